package com.sharestack.billing.reconciliation;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.ledger.FeeRepository;
import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.ledger.PlatformPostings;
import com.sharestack.billing.ledger.PostedJournalRepository;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.payments.UnmatchedMoney;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.rails.BillLine;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Difference;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.ReconciliationDifferenceKind;
import com.sharestack.contract.ReconciliationDifferenceStatus;
import com.sharestack.contract.ReconciliationPlatform;
import com.sharestack.contract.ReconciliationResolve;
import com.sharestack.contract.ReconciliationStatus;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Callers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;

/** Starts runs, does their steps, closes their differences. */
public final class Reconciliations implements JobHandler {

  /** Of the jobs. */
  public static final String JOB = "reconciliation";

  private static final LocalTime INTERNAL_AT = LocalTime.of(2, 0);
  private static final LocalTime CHANNELS_AT = LocalTime.of(10, 0);
  private static final int ATTEMPTS = 5;
  private static final JournalType ADJUSTED = JournalType.CHANNEL_FEE_ADJUSTED;

  private static final List<ReconciliationPlatform> PLATFORMS =
      List.of(
          ReconciliationPlatform.INTERNAL,
          ReconciliationPlatform.WECHAT,
          ReconciliationPlatform.ALIPAY);

  private final PaymentParts parts;
  private final JobQueue queue;
  private final ReconciliationRepository runs = new ReconciliationRepository();
  private final PostedJournalRepository journals = new PostedJournalRepository();
  private final FeeRepository fees = new FeeRepository();
  private final BillRepository bills = new BillRepository();
  private final UnmatchedMoney unmatched;
  private final ChannelTruth truth;
  private final Walk walk;
  private final ChannelRun channelRun;
  private final InternalRun internalRun;

  public Reconciliations(PaymentCore core) {
    this.parts = core.parts();
    this.queue = new JobQueue(parts.db(), parts.clock());
    this.truth = new ChannelTruth(core);
    this.unmatched = new UnmatchedMoney(core);
    this.walk = new Walk(parts, queue, runs);
    this.channelRun = new ChannelRun(core, queue, walk, runs);
    this.internalRun = new InternalRun(parts, walk);
  }

  public ReconciliationRepository runs() {
    return runs;
  }

  public JobQueue queue() {
    return queue;
  }

  /**
   * Queues a run.
   *
   * @return its rec_ id
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR, INVALID_STATE
   */
  public String start(Caller caller, LocalDate day, ReconciliationPlatform platform) {
    if (!day.isBefore(LocalDate.ofInstant(parts.clock().instant(), Periods.ZONE))) {
      throw Errors.invalid("date", "只能核对今天以前的日期");
    }
    if (!configured(platform)) {
      throw Errors.invalid("platform", "该支付渠道未启用");
    }
    try {
      return parts
          .db()
          .tx(
              tx -> {
                String id = insert(tx, false, platform, day, caller.userId());
                audit(tx, caller, "admin.finance.reconciliations_run", id, null, "running", null);
                return id;
              });
    } catch (DuplicateKeyException atWork) {
      throw Errors.of(
          ErrorCode.INVALID_STATE,
          "status",
          ReconciliationStatus.RUNNING.literal(),
          "reconciliation_id",
          runs.running(parts.db(), platform, day).map(Run::publicId).orElse(null));
    }
  }

  private boolean configured(ReconciliationPlatform platform) {
    return platform == ReconciliationPlatform.INTERNAL
        || parts.channels().rail(PaymentMethod.of(platform.literal())).isPresent();
  }

  private String insert(
      Tx tx, boolean daily, ReconciliationPlatform platform, LocalDate day, Long staffId) {
    String id = Ids.random("rec_", 12);
    long row = runs.insert(tx, id, daily, platform, day, staffId, parts.clock().instant());
    queue.enqueue(tx, JOB, id, new JsonObject().put("run", row), ATTEMPTS);
    return id;
  }

  /**
   * The schedule: yesterday, once per platform, from its hour on; any number of processes may ask.
   *
   * @return false, there is nothing more to do at once
   */
  public boolean schedule() {
    ZonedDateTime now = parts.clock().instant().atZone(Periods.ZONE);
    LocalDate day = now.toLocalDate().minusDays(1);
    for (ReconciliationPlatform platform : PLATFORMS) {
      LocalTime hour = platform == ReconciliationPlatform.INTERNAL ? INTERNAL_AT : CHANNELS_AT;
      if (now.toLocalTime().isBefore(hour)
          || !configured(platform)
          || runs.hadDaily(parts.db(), platform, day)) {
        continue;
      }
      try {
        parts.db().tx(tx -> insert(tx, true, platform, day, null));
      } catch (DuplicateKeyException another) {
        // another process was first, or a manual run is under way: then in the next round
      }
    }
    return false;
  }

  @Override
  public void step(Job job) {
    Run run = runs.byId(parts.db(), job.payload().getLong("run")).orElseThrow();
    if (run.status() != ReconciliationStatus.RUNNING) {
      walk.end(job, run, null, List.of(), job.payload());
      return;
    }
    try {
      if (run.platform() == ReconciliationPlatform.INTERNAL) {
        internalRun.step(job, run);
      } else {
        channelRun.step(job, run);
      }
    } catch (RuntimeException failure) {
      if (job.attempts() < job.maxAttempts()) {
        throw failure;
      }
      walk.end(job, run, failure.getMessage(), List.of(), job.payload());
    }
  }

  /** The job ended without a step's word: the run is over too. */
  @Override
  public void dead(Tx tx, Job job) {
    runs.end(
        tx,
        job.payload().getLong("run"),
        ReconciliationStatus.ERROR,
        new JsonArray(),
        "the work was given up",
        parts.clock().instant());
  }

  /**
   * Closes an open difference.
   *
   * @throws io.vertx.serviceproxy.ServiceException NOT_FOUND, INVALID_STATE, VALIDATION_ERROR
   */
  public Difference resolve(Caller caller, String runId, long id, ReconciliationResolve body) {
    Run run = runs.find(parts.db(), runId).orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
    Difference seen =
        runs.difference(parts.db(), run.id(), id).orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
    requireOpen(seen.status());
    ReconciliationDifferenceStatus after = ReconciliationDifferenceStatus.RESOLVED;
    switch (body.resolution()) {
      case "sync_from_channel" -> sync(run, seen.found());
      case "refund_suspense" -> requireUnmatched(caller, seen.found());
      case "adjusted" -> requirePosted(body.adjustmentId());
      default -> after = ReconciliationDifferenceStatus.IGNORED;
    }
    ReconciliationDifferenceStatus to = after;
    try {
      close(caller, run, seen, id, body, to);
    } catch (DuplicateKeyException atOnce) {
      requireOpen(runs.difference(parts.db(), run.id(), id).orElseThrow().status());
      throw still("not_unmatched");
    }
    return runs.difference(parts.db(), run.id(), id).orElseThrow();
  }

  private void close(
      Caller caller,
      Run run,
      Difference seen,
      long id,
      ReconciliationResolve body,
      ReconciliationDifferenceStatus to) {
    parts
        .db()
        .tx(
            tx -> {
              Instant now = parts.clock().instant();
              if ("refund_suspense".equals(body.resolution())) {
                sendBack(tx, caller, run, seen.found(), body.note());
              }
              boolean closed =
                  runs.close(
                      tx,
                      id,
                      to,
                      body.resolution(),
                      body.note(),
                      body.adjustmentId(),
                      caller.userId(),
                      now);
              if (!closed) {
                requireOpen(runs.difference(tx, run.id(), id).orElseThrow().status());
              }
              parts
                  .trail()
                  .resolve(
                      tx,
                      ReconciliationRepository.ticket(seen.found()),
                      seen.found().ref(),
                      caller.userId(),
                      body.note(),
                      now);
              audit(
                  tx,
                  caller,
                  "admin.finance.reconciliations_resolve",
                  run.publicId(),
                  "open",
                  to.literal(),
                  new JsonObject()
                      .put("difference_id", id)
                      .put("resolution", body.resolution())
                      .put("note", body.note())
                      .put("adjustment_id", body.adjustmentId()));
              return null;
            });
  }

  private static void requireOpen(ReconciliationDifferenceStatus status) {
    if (status != ReconciliationDifferenceStatus.OPEN) {
      throw Errors.of(ErrorCode.INVALID_STATE, "status", status.literal());
    }
  }

  private static void requireUnmatched(Caller caller, Found found) {
    if (!Callers.may(caller, "refund:manage")) {
      throw Errors.of(ErrorCode.FORBIDDEN, "permission", "refund:manage");
    }
    if (found.kind() != ReconciliationDifferenceKind.MISSING_LOCAL
        || found.paymentId() != null
        || found.transactionId() == null
        || found.outRefundNo() != null
        || found.ref().contains("#")) {
      throw still("not_unmatched");
    }
  }

  /** In the transaction that closes the difference: of two at once one closes it. */
  private void sendBack(Tx tx, Caller caller, Run run, Found found, String note) {
    BillLine line =
        bills
            .payment(tx, run.platform().literal(), run.day(), found.transactionId())
            .orElseThrow(() -> still("not_in_the_bill"));
    boolean sent =
        unmatched.refund(
            tx,
            caller,
            new UnmatchedMoney.Found(
                PaymentMethod.of(run.platform().literal()),
                line.outTradeNo(),
                line.transactionId(),
                line.amountFen(),
                line.at()),
            note);
    if (!sent) {
      throw still("not_unmatched");
    }
  }

  private void requirePosted(String adjustmentId) {
    if (adjustmentId == null
        || journals.find(parts.db(), JournalType.MANUAL_ADJUSTMENT, adjustmentId).isEmpty()) {
      throw Errors.invalid("adjustment_id", "须为已入账的调账单");
    }
  }

  /** The channel's word, through the state machine of the payment or the refund. */
  private void sync(Run run, Found found) {
    if (found.kind() == ReconciliationDifferenceKind.LEDGER_MISMATCH) {
      throw still("not_of_a_channel");
    }
    if (found.kind() == ReconciliationDifferenceKind.FEE_MISMATCH) {
      bookFee(run, found);
      return;
    }
    boolean agrees;
    if (found.refundId() != null) {
      truth.takeRefund(found.refundId());
      agrees = truth.agreesOnRefund(found.refundId());
    } else if (found.paymentId() != null) {
      truth.takePayment(found.paymentId());
      agrees = truth.agreesOnPayment(found.paymentId()) && ofTheLine(found);
    } else {
      throw still("no_payment");
    }
    if (!agrees) {
      throw still("still_different");
    }
  }

  /** Another transaction of the same order is still a difference. */
  private boolean ofTheLine(Found found) {
    return parts.payments().find(parts.db(), found.paymentId()).stream()
        .allMatch(row -> found.transactionId().equals(row.transactionId()));
  }

  private static RuntimeException still(String reason) {
    return Errors.of(
        ErrorCode.INVALID_STATE,
        "status",
        ReconciliationDifferenceStatus.OPEN.literal(),
        "reason",
        reason);
  }

  /** channel_fee_adjusted: what the bill has more than the books have by now. */
  private void bookFee(Run run, Found found) {
    PaymentMethod channel = PaymentMethod.of(run.platform().literal());
    String line = found.outRefundNo() != null ? found.outRefundNo() : found.transactionId();
    long bookedFen =
        fees.adjusted(parts.db(), channel, List.of(line)).getOrDefault(line, 0L)
            + (found.refundId() != null
                ? 0
                : fees.accrued(parts.db(), List.of(found.paymentId()))
                    .getOrDefault(found.paymentId(), 0L));
    if (bookedFen == found.channelFen()) {
      return;
    }
    String free =
        List.of(line, FeeRepository.correction(line)).stream()
            .filter(
                name ->
                    journals.find(parts.db(), ADJUSTED, channel.literal() + ":" + name).isEmpty())
            .findFirst()
            .orElseThrow(() -> still("fee_adjusted_before"));
    parts
        .db()
        .tx(
            tx ->
                parts
                    .ledger()
                    .post(
                        tx,
                        PlatformPostings.channelFeeAdjusted(
                            channel,
                            free,
                            found.channelFen() - bookedFen,
                            parts.clock().instant())));
  }

  private void audit(
      Tx tx,
      Caller caller,
      String action,
      String id,
      String before,
      String after,
      JsonObject payload) {
    parts
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(action, "reconciliation", id, before, after, payload),
            parts.clock().instant());
  }
}
