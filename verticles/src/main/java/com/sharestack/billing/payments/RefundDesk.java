package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.earnings.EarningLines;
import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RefundPolicy.Policy;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.RefundStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Opens and approves refunds, in the transaction of whoever decided; the channel is told later, by
 * {@link RefundRuns}. The payment is locked by the caller, who also posts the journals, last.
 */
public final class RefundDesk {

  /** Refunds arrive within 3 business days (Refund.estimated_arrival); weekends make it 5. */
  private static final Duration ARRIVAL = Duration.ofDays(5);

  private final PaymentRepository payments;
  private final RefundRepository refunds;
  private final OrderKinds kinds;
  private final EarningLines earnings;

  RefundDesk(
      PaymentRepository payments,
      RefundRepository refunds,
      OrderKinds kinds,
      EarningLines earnings) {
    this.payments = payments;
    this.refunds = refunds;
    this.kinds = kinds;
    this.earnings = earnings;
  }

  /**
   * Why and by whom.
   *
   * @param manual asked for by a person
   */
  public record Cause(Policy policy, String reason, boolean manual, boolean notifyUser) {

    public static Cause system(String reason) {
      return new Cause(Policy.SYSTEM, reason, false, true);
    }
  }

  /** Money that fulfilled nothing goes back in full; no share was ever booked. */
  void openUnfulfilled(Tx tx, PaymentRow payment, String reason, Instant now) {
    openSystem(tx, payment, RefundRow.Kind.UNFULFILLED, Cause.system(reason), now);
  }

  /** Money of another amount goes back in full. */
  Journal openSuspense(Tx tx, PaymentRow payment, Instant now) {
    String id =
        openSystem(tx, payment, RefundRow.Kind.SUSPENSE, Cause.system("amount_mismatch"), now);
    return SalePostings.suspenseRefundApproved(
        id, payment.choice().method(), payment.heldFen(), now);
  }

  /** Money of nobody we know goes back in full; there is nobody to tell. */
  Journal openUnmatched(Tx tx, PaymentRow payment, Instant now) {
    Cause cause = new Cause(Policy.SYSTEM, "unmatched_money", false, false);
    String id = openSystem(tx, payment, RefundRow.Kind.SUSPENSE, cause, now);
    return SalePostings.suspenseRefundApproved(
        id, payment.choice().method(), payment.heldFen(), now);
  }

  private String openSystem(
      Tx tx, PaymentRow payment, RefundRow.Kind kind, Cause cause, Instant now) {
    RefundRow row = draft(payment, kind, payment.heldFen(), cause, RefundStatus.PROCESSING, now);
    refunds.insert(tx, row, new IdempotencyKey(null, null), now);
    payments.addReserved(tx, payment.id(), row.amountFen());
    return row.publicId();
  }

  /**
   * A request that waits for staff: it reserves its amount and changes nothing else.
   *
   * @return the rf_ id
   */
  String openForReview(
      Tx tx,
      PaymentRow payment,
      long refundFen,
      Cause cause,
      IdempotencyKey idempotency,
      Instant now) {
    RefundRow row =
        draft(payment, RefundRow.Kind.SALE, refundFen, cause, RefundStatus.PENDING, now);
    refunds.insert(tx, row, idempotency, null);
    payments.addReserved(tx, payment.id(), refundFen);
    return row.publicId();
  }

  /** What an approval left to do: the journals to post last, and the refunds it made. */
  public record Approved(List<Journal> journals, List<String> refundIds) {}

  /**
   * Refunds a fulfilled payment now, with every payment that goes back along with it (refund_rules
   * .effect). All of them are the payer's and of one creator.
   */
  public Approved openApproved(
      Tx tx,
      PaymentRow payment,
      long refundFen,
      Cause cause,
      IdempotencyKey idempotency,
      Instant now) {
    RefundRow row =
        draft(payment, RefundRow.Kind.SALE, refundFen, cause, RefundStatus.PROCESSING, now);
    long id = refunds.insert(tx, row, idempotency, now);
    payments.addReserved(tx, payment.id(), refundFen);
    return approve(tx, payment, id, row, cause, now);
  }

  /** Staff approved a waiting request; its reservation stands and fits {@code row.amountFen()}. */
  Approved approveWaiting(Tx tx, PaymentRow payment, RefundRow row, Instant now) {
    return approve(
        tx,
        payment,
        row.id(),
        row,
        new Cause(row.policy(), row.reason(), row.manual(), row.notifyUser()),
        now);
  }

  private record Due(PaymentRow payment, long refundId, RefundRow refund) {}

  private Approved approve(
      Tx tx, PaymentRow first, long refundId, RefundRow refund, Cause cause, Instant now) {
    List<Journal> journals = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Deque<Due> due = new ArrayDeque<>(List.of(new Due(first, refundId, refund)));
    while (!due.isEmpty()) {
      Due next = due.poll();
      PaymentRow payment = next.payment();
      long fen = next.refund().amountFen();
      boolean full = payment.returned().refundFen() + fen == payment.amountFen();
      journals.add(book(tx, next, now));
      ids.add(next.refund().publicId());
      for (String along :
          kinds.of(payment).refunded(tx, payment, full, next.refund().policy(), now)) {
        PaymentRow other =
            payments.lock(tx, payments.find(tx, along).orElseThrow().id()).orElseThrow();
        rest(tx, other, cause, now).ifPresent(due::add);
      }
    }
    return new Approved(journals, ids);
  }

  /**
   * Refunds all that is left of a fulfilled payment, like {@link #openApproved}. A request for some
   * of it that waits for staff becomes this refund: only one may be under way.
   *
   * @return empty when nothing is left
   * @throws io.vertx.serviceproxy.ServiceException CONFLICT reason refund_in_progress while the
   *     channel is at a refund of some of it: what is left can only follow that
   */
  public Optional<Approved> openRest(Tx tx, PaymentRow payment, Cause cause, Instant now) {
    return rest(tx, payment, cause, now)
        .map(due -> approve(tx, due.payment(), due.refundId(), due.refund(), cause, now));
  }

  private Optional<Due> rest(Tx tx, PaymentRow payment, Cause cause, Instant now) {
    long restFen = payment.amountFen() - payment.reservedFen();
    Optional<RefundRow> open = refunds.open(tx, payment.id());
    if (open.isEmpty() && restFen == 0) {
      return Optional.empty();
    }
    if (open.isPresent() && open.get().status() != RefundStatus.PENDING) {
      if (restFen == 0) {
        return Optional.empty();
      }
      throw Errors.of(
          ErrorCode.CONFLICT,
          "reason",
          "refund_in_progress",
          "payment_id",
          payment.publicId(),
          "message",
          "部分退款处理中，请稍后再试");
    }
    payments.addReserved(tx, payment.id(), restFen);
    if (open.isPresent()) {
      long fen = open.get().amountFen() + restFen;
      refunds.enlarge(tx, open.get().id(), fen, fen == payment.heldFen(), cause.policy(), now);
      RefundRow whole = refunds.lock(tx, open.get().id()).orElseThrow();
      return Optional.of(new Due(payment, whole.id(), whole));
    }
    RefundRow row =
        draft(payment, RefundRow.Kind.SALE, restFen, cause, RefundStatus.PROCESSING, now);
    return Optional.of(
        new Due(payment, refunds.insert(tx, row, new IdempotencyKey(null, null), now), row));
  }

  private Journal book(Tx tx, Due due, Instant now) {
    PaymentRow payment = due.payment();
    RefundSplit split =
        RefundSplit.of(payment.shares(), payment.returned(), due.refund().amountFen());
    // no settlement exists yet: every earning is still pending, and so is what it gives back
    CreatorPart from = CreatorPart.unsettled(split.creatorFen());
    refunds.approve(tx, due.refundId(), split, now.plus(ARRIVAL), now);
    payments.addReturned(tx, payment.id(), split, 1);
    String ref = due.refund().publicId();
    earnings.refund(tx, ref, payment.publicId(), split, from, false, now);
    return SalePostings.refundApproved(
        ref, payment.choice().method(), payment.creatorId(), split, from, now);
  }

  private static RefundRow draft(
      PaymentRow payment,
      RefundRow.Kind kind,
      long fen,
      Cause cause,
      RefundStatus status,
      Instant now) {
    return new RefundRow(
        0,
        Ids.random("rf_", 12),
        payment.id(),
        payment.publicId(),
        payment.userId(),
        payment.creatorId(),
        kind,
        fen,
        fen == payment.heldFen(),
        cause.reason(),
        cause.policy(),
        cause.manual(),
        status,
        RefundSplit.NONE,
        payment.choice().method(),
        Ids.random("R", 27),
        null,
        0,
        cause.notifyUser(),
        null,
        status == RefundStatus.PENDING ? null : now.plus(ARRIVAL),
        null,
        now);
  }
}
