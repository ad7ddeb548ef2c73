package com.sharestack.billing.reconciliation;

import com.sharestack.billing.ledger.FeeRepository;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.PlatformPostings;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.rails.BillException;
import com.sharestack.billing.rails.BillFile;
import com.sharestack.billing.rails.BillLine;
import com.sharestack.billing.rails.BillTotals;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Refusal;
import com.sharestack.billing.rails.Reply;
import com.sharestack.billing.reconciliation.BillRepository.Page;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.billing.reconciliation.Walk.Result;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the bill of a channel with payments and refunds: download, then every line, then every
 * payment and refund of the day. One page is one step of the job.
 */
final class ChannelRun {

  private static final int LINES_AT_ONCE = 500;

  /** Most journals that one transaction takes. */
  private static final int JOURNALS_AT_ONCE = 50;

  private static final Duration BILL_PAUSE = Duration.ofHours(1);

  /** Hours in which a bill must appear. */
  private static final int BILL_TRIES = 24;

  private final PaymentParts parts;
  private final JobQueue queue;
  private final Walk walk;
  private final ReconciliationRepository runs;
  private final ChannelTruth truth;
  private final BillRepository bills = new BillRepository();
  private final FeeRepository fees = new FeeRepository();

  ChannelRun(PaymentCore core, JobQueue queue, Walk walk, ReconciliationRepository runs) {
    this.parts = core.parts();
    this.queue = queue;
    this.walk = walk;
    this.runs = runs;
    this.truth = new ChannelTruth(core);
  }

  void step(Job job, Run run) {
    switch (job.payload().getString("phase", "load")) {
      case "load" -> load(job, run);
      case "lines" -> lines(job, run);
      case "payments" -> rows(job, run, false);
      default -> rows(job, run, true);
    }
  }

  private static PaymentMethod method(Run run) {
    return PaymentMethod.of(run.platform().literal());
  }

  private void load(Job job, Run run) {
    Rail rail = parts.channels().require(method(run));
    switch (rail.bill(run.day()).await()) {
      case Reply.Answered<BillFile> answered -> {
        store(run, answered.value());
        walk.next(job, run, List.of(), Walk.phase(job.payload(), "lines"));
      }
      case Reply.Refused<BillFile> refused -> {
        if (refused.reason() != Refusal.BILL_NOT_READY) {
          throw new IllegalStateException("the channel refuses its bill: " + refused.code());
        }
        wait(job, run);
      }
      case Reply.Unknown<BillFile> unknown -> throw new IllegalStateException(unknown.cause());
      case Reply.NotSent<BillFile> unsent -> throw new IllegalStateException(unsent.cause());
    }
  }

  /** A day without any business may never get a bill. */
  private void wait(Job job, Run run) {
    int tries = job.payload().getInteger("tries", 0) + 1;
    if (tries < BILL_TRIES) {
      JsonObject left = job.payload().copy().put("tries", tries);
      parts
          .db()
          .tx(
              tx -> {
                queue.advance(tx, job, left, parts.clock().instant().plus(BILL_PAUSE));
                return null;
              });
      return;
    }
    String platform = run.platform().literal();
    boolean quiet =
        bills.paidOn(parts.db(), platform, run.day(), null, 1).rows().isEmpty()
            && bills.refundedOn(parts.db(), platform, run.day(), null, 1).rows().isEmpty();
    walk.end(
        job, run, quiet ? null : "the channel has no bill of the day", List.of(), job.payload());
  }

  private void store(Run run, BillFile file) {
    String platform = run.platform().literal();
    LocalDate day = run.day();
    bills.clear(parts.db(), platform, day);
    List<BillLine> some = new ArrayList<>(LINES_AT_ONCE);
    int[] next = {1};
    try {
      BillTotals totals =
          file.read(
              line -> {
                some.add(line);
                if (some.size() == LINES_AT_ONCE) {
                  bills.insert(parts.db(), platform, day, next[0], some);
                  next[0] += some.size();
                  some.clear();
                }
              });
      bills.insert(parts.db(), platform, day, next[0], some);
      runs.totals(
          parts.db(),
          run.id(),
          totals.payments() + totals.refunds(),
          totals.paymentsFen() - totals.refundsFen());
    } catch (BillException unreliable) {
      throw new IllegalStateException("the bill cannot be relied on", unreliable);
    }
  }

  /** What a page of lines is compared with. */
  private record Known(
      Map<String, LocalMoney> payments,
      Map<String, LocalMoney> named,
      Map<String, LocalMoney> refunds,
      Map<String, Long> accrued,
      Map<String, Long> adjusted) {

    LocalMoney local(BillEntry entry) {
      return (entry.refund() ? refunds : payments).get(entry.key());
    }

    long bookedFen(BillEntry entry, LocalMoney local) {
      return (entry.refund() ? 0 : accrued.getOrDefault(local.publicId(), 0L))
          + adjusted.getOrDefault(entry.key(), 0L);
    }
  }

  private Known known(Run run, List<BillEntry> page) {
    String platform = run.platform().literal();
    List<String> transactions =
        page.stream().filter(entry -> !entry.refund()).map(BillEntry::key).distinct().toList();
    List<String> refundNumbers =
        page.stream().filter(BillEntry::refund).map(BillEntry::key).distinct().toList();
    Map<String, LocalMoney> payments = bills.byTransaction(parts.db(), platform, transactions);
    return new Known(
        payments,
        bills.byTradeNo(
            parts.db(),
            platform,
            page.stream()
                .filter(entry -> !entry.refund() && !payments.containsKey(entry.key()))
                .map(entry -> entry.line().outTradeNo())
                .distinct()
                .toList()),
        bills.refunds(parts.db(), platform, refundNumbers),
        fees.accrued(parts.db(), payments.values().stream().map(LocalMoney::publicId).toList()),
        fees.adjusted(
            parts.db(), method(run), page.stream().map(BillEntry::key).distinct().toList()));
  }

  private void lines(Job job, Run run) {
    String platform = run.platform().literal();
    List<BillEntry> page =
        bills.page(parts.db(), platform, run.day(), job.payload().getInteger("line", 0), Walk.PAGE);
    List<BillEntry> repaired = repair(run, page, known(run, page));
    Known known = known(run, page);
    List<Result> results = new ArrayList<>();
    List<Journal> toBook = new ArrayList<>();
    for (BillEntry entry : page) {
      compare(run, entry, known, results, toBook);
    }
    for (BillEntry entry : repaired) {
      results.add(new Result(repairedFound(run, entry, known), true));
    }
    book(toBook);
    JsonObject left = job.payload().copy();
    Walk.checked(left, "payment_consistency", page.size());
    Walk.checked(left, "amount_accuracy", page.size());
    Walk.checked(left, "rule_correctness", page.size());
    if (page.size() < Walk.PAGE) {
      Walk.checked(left, "summary_accuracy", 1);
      walk.next(job, run, results, Walk.phase(left, "payments"));
    } else {
      walk.next(job, run, results, left.put("line", page.getLast().number()));
    }
  }

  /** Lines of successes that we do not have: the channel is asked, and what it says is taken in. */
  private List<BillEntry> repair(Run run, List<BillEntry> page, Known known) {
    List<BillEntry> repaired = new ArrayList<>();
    for (BillEntry entry : page) {
      if (entry.repeated()) {
        continue;
      }
      LocalMoney local = known.local(entry);
      LocalMoney named = known.named().get(entry.line().outTradeNo());
      if (!entry.refund() && local == null && named != null) {
        if (truth.takePayment(named.publicId())
            && !bills
                .byTransaction(parts.db(), run.platform().literal(), Set.of(entry.key()))
                .isEmpty()) {
          repaired.add(entry);
        }
      } else if (entry.refund()
          && local != null
          && !local.status().equals("success")
          && BillRules.succeeded(entry)
          && truth.takeRefund(local.publicId())) {
        repaired.add(entry);
      }
    }
    return repaired;
  }

  private static Found repairedFound(Run run, BillEntry entry, Known known) {
    return BillRules.repaired(run.platform().literal(), entry, known.local(entry));
  }

  private void compare(
      Run run, BillEntry entry, Known known, List<Result> results, List<Journal> toBook) {
    String platform = run.platform().literal();
    LocalMoney local = known.local(entry);
    List<Found> found =
        entry.refund()
            ? BillRules.refund(platform, entry, local)
            : BillRules.payment(
                platform, entry, local, known.named().get(entry.line().outTradeNo()));
    found.forEach(one -> results.add(new Result(one, false)));
    if (local == null || entry.repeated()) {
      return;
    }
    long bookedFen = known.bookedFen(entry, local);
    switch (BillRules.fee(entry, local, bookedFen)) {
      case BOOKED -> {
        // nothing to do
      }
      case TO_BOOK ->
          toBook.add(
              PlatformPostings.channelFeeAdjusted(
                  method(run),
                  entry.key(),
                  entry.line().feeFen() - bookedFen,
                  parts.clock().instant()));
      case DIFFERENT ->
          results.add(new Result(BillRules.feeDiffers(platform, entry, local, bookedFen), false));
    }
  }

  /** Keyed by the line: a page that is walked again finds them booked. */
  private void book(List<Journal> journals) {
    for (int from = 0; from < journals.size(); from += JOURNALS_AT_ONCE) {
      List<Journal> some =
          journals.subList(from, Math.min(journals.size(), from + JOURNALS_AT_ONCE));
      parts.db().tx(tx -> parts.ledger().post(tx, some));
    }
  }

  private void rows(Job job, Run run, boolean refunds) {
    String platform = run.platform().literal();
    BillRepository.Place after = Walk.place(job.payload());
    Page page =
        refunds
            ? bills.refundedOn(parts.db(), platform, run.day(), after, Walk.PAGE)
            : bills.paidOn(parts.db(), platform, run.day(), after, Walk.PAGE);
    Set<String> billed =
        bills.billed(
            parts.db(),
            platform,
            run.day(),
            refunds,
            page.rows().stream().map(LocalMoney::number).toList());
    List<Result> results =
        page.rows().stream()
            .filter(local -> !billed.contains(local.number()))
            .map(local -> new Result(BillRules.missingThere(platform, local, refunds), false))
            .toList();
    JsonObject left = Walk.checked(job.payload().copy(), "payment_consistency", page.rows().size());
    if (page.end() != null) {
      walk.next(job, run, results, Walk.at(left, page.end()));
    } else if (refunds) {
      walk.end(job, run, null, results, left);
    } else {
      walk.next(job, run, results, Walk.phase(left, "refunds"));
    }
  }
}
