package com.sharestack.billing.payments;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.Looks;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.ledger.PostedJournalRepository;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Refund;
import com.sharestack.billing.rails.RefundState;
import com.sharestack.billing.rails.Reply;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.RefundApprovedEvent;
import com.sharestack.contract.RefundRejectedEvent;
import com.sharestack.contract.RefundReview;
import com.sharestack.contract.RefundStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What staff decides about a refund (admin.finance.refunds_review): pending to processing or
 * rejected, failed to processing again or, when the channel has refused for good, to rejected.
 */
public final class RefundReviews {

  private static final String TICKET = "refund_failed";

  /** An order that is opened again may meet a new one of the same buyer. */
  private static final int LOOKS = 2;

  private final PaymentParts parts;
  private final RefundDesk desk;
  private final RefundSettlement settlement;
  private final PostedJournalRepository journals = new PostedJournalRepository();

  public RefundReviews(PaymentCore core) {
    this.parts = core.parts();
    this.desk = core.desk();
    this.settlement = core.refundSettlement();
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException NOT_FOUND, SELF_ACTION_FORBIDDEN,
   *     SECOND_APPROVER_REQUIRED, INVALID_STATE, REFUND_AMOUNT_EXCEEDED, VALIDATION_ERROR
   */
  public void decide(Caller caller, String refundId, RefundReview body) {
    requireReason(body);
    RefundRow seen =
        parts
            .refunds()
            .find(parts.db(), refundId)
            .orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
    if (Callers.isUser(caller, seen.userId()) || Callers.isUser(caller, seen.creatorId())) {
      throw Errors.of(ErrorCode.SELF_ACTION_FORBIDDEN);
    }
    boolean reject = "reject".equals(body.decision());
    if (reject && seen.status() == RefundStatus.FAILED && seen.kind() == RefundRow.Kind.SALE) {
      requireRefusedForGood(seen);
    }
    PaymentRow paid = parts.payments().find(parts.db(), seen.paymentPublicId()).orElseThrow();
    Looks.until(
        LOOKS, () -> Optional.of(parts.db().tx(tx -> decided(tx, caller, paid, seen, body))));
  }

  private RefundStatus decided(
      Tx tx, Caller caller, PaymentRow paid, RefundRow seen, RefundReview body) {
    Instant now = parts.clock().instant();
    if (!"retry".equals(body.decision())) {
      parts.kinds().of(paid).lockBefore(tx, paid);
    }
    PaymentRow payment = parts.payments().lock(tx, paid.id()).orElseThrow();
    RefundRow refund = parts.refunds().lock(tx, seen.id()).orElseThrow();
    List<Journal> due =
        switch (body.decision()) {
          case "approve" -> approve(tx, caller, payment, refund, body, now);
          case "retry" -> retry(tx, caller, payment, refund, now);
          default -> reject(tx, caller, payment, refund, body.reason(), now);
        };
    parts.ledger().post(tx, due);
    return refund.status();
  }

  private static void requireReason(RefundReview body) {
    if ("reject".equals(body.decision()) && (body.reason() == null || body.reason().isBlank())) {
      throw Errors.invalid("reason", "拒绝退款须填写原因");
    }
    if (body.refundAmount() != null && !"approve".equals(body.decision())) {
      throw Errors.invalid("refund_amount", "只有批准时可以调整金额");
    }
  }

  private List<Journal> approve(
      Tx tx, Caller caller, PaymentRow payment, RefundRow refund, RefundReview body, Instant now) {
    requireState(refund, RefundStatus.PENDING);
    if (caller.userId().equals(parts.refunds().requestedBy(tx, refund.id()))) {
      throw Errors.of(ErrorCode.SECOND_APPROVER_REQUIRED);
    }
    long fen = body.refundAmount() == null ? refund.amountFen() : Money.toFen(body.refundAmount());
    if (fen > refund.amountFen()) {
      throw Errors.of(
          ErrorCode.REFUND_AMOUNT_EXCEEDED, "refundable_amount", Money.ofFen(refund.amountFen()));
    }
    parts.refunds().decide(tx, refund.id(), fen, fen == payment.heldFen(), caller.userId(), now);
    parts.payments().addReserved(tx, payment.id(), fen - refund.amountFen());
    RefundDesk.Approved approved =
        desk.approveWaiting(
            tx,
            parts.payments().lock(tx, payment.id()).orElseThrow(),
            parts.refunds().lock(tx, refund.id()).orElseThrow(),
            now);
    parts
        .outbox()
        .publish(
            tx,
            EventTopic.REFUND_APPROVED,
            new RefundApprovedEvent(
                refund.publicId(),
                payment.publicId(),
                payment.userId(),
                payment.creatorId(),
                Money.ofFen(fen),
                now));
    written(
        tx,
        caller,
        payment,
        refund,
        RefundStatus.PROCESSING,
        new JsonObject()
            .put("decision", "approve")
            .put("asked_fen", refund.amountFen())
            .put("approved_fen", fen)
            .put("reason", body.reason()),
        now);
    return approved.journals();
  }

  private List<Journal> retry(
      Tx tx, Caller caller, PaymentRow payment, RefundRow refund, Instant now) {
    requireState(refund, RefundStatus.FAILED);
    parts.refunds().retry(tx, refund.id(), now);
    written(
        tx,
        caller,
        payment,
        refund,
        RefundStatus.PROCESSING,
        new JsonObject().put("decision", "retry"),
        now);
    return List.of();
  }

  private List<Journal> reject(
      Tx tx, Caller caller, PaymentRow payment, RefundRow refund, String reason, Instant now) {
    boolean forGood =
        refund.status() == RefundStatus.FAILED && refund.kind() == RefundRow.Kind.SALE;
    if (!forGood) {
      requireState(refund, RefundStatus.PENDING);
    }
    parts.refunds().reject(tx, refund.id(), reason, caller.userId(), now);
    List<Journal> due = forGood ? reverse(tx, caller, payment, refund, reason, now) : List.of();
    parts.payments().addReserved(tx, payment.id(), -refund.amountFen());
    settlement.publish(tx, payment, refund, RefundStatus.REJECTED, now);
    parts
        .outbox()
        .publish(
            tx,
            EventTopic.REFUND_REJECTED,
            new RefundRejectedEvent(
                refund.publicId(),
                payment.publicId(),
                payment.userId(),
                payment.creatorId(),
                Money.ofFen(refund.amountFen()),
                now));
    written(
        tx,
        caller,
        payment,
        refund,
        RefundStatus.REJECTED,
        new JsonObject().put("decision", "reject").put("reason", reason),
        now);
    return due;
  }

  /**
   * refund_rejected_by_channel_final: the shares of the sale are what they were before, and who was
   * refunded in full has again what he paid for. Where that cannot be, staff sees a ticket.
   */
  private List<Journal> reverse(
      Tx tx, Caller caller, PaymentRow payment, RefundRow refund, String reason, Instant now) {
    Journal approved =
        journals.find(tx, JournalType.REFUND_APPROVED, refund.publicId()).orElseThrow();
    parts.payments().addReturned(tx, payment.id(), refund.split(), -1);
    parts.earnings().refundReversed(tx, refund.publicId(), now);
    parts.trail().resolve(tx, TICKET, refund.publicId(), caller.userId(), reason, now);
    boolean nothingKept = payment.returned().refundFen() == payment.amountFen();
    if (nothingKept && !parts.kinds().of(payment).takenBack(tx, payment, now)) {
      parts
          .trail()
          .ticket(
              tx,
              "access_not_restored",
              refund.publicId(),
              payment.id(),
              payment.amountFen(),
              new JsonObject()
                  .put("payment_id", payment.publicId())
                  .put("order_id", payment.order().id()),
              now);
    }
    return List.of(SalePostings.refundRejectedByChannel(approved, now));
  }

  /** Money that the channel may have sent, or may still send, is not taken back into the books. */
  private void requireRefusedForGood(RefundRow refund) {
    PaymentRow payment = parts.payments().find(parts.db(), refund.paymentPublicId()).orElseThrow();
    Reply<Refund> reply =
        parts
            .channels()
            .require(refund.method())
            .queryRefund(payment.tradeNo(), refund.outRefundNo())
            .await();
    switch (reply) {
      case Reply.Answered<Refund> answered -> {
        Channel channel = Channels.channel(refund.method()).orElseThrow();
        if (answered.value().state() == RefundState.SUCCESS) {
          parts.db().tx(tx -> settlement.apply(tx, channel, answered.value()));
          throw invalid(RefundStatus.SUCCESS);
        }
        if (answered.value().state() == RefundState.PROCESSING) {
          throw Errors.of(
              ErrorCode.INVALID_STATE,
              "status",
              refund.status().literal(),
              "reason",
              "processing_at_channel");
        }
      }
      case Reply.Refused<Refund> unknownThere -> {
        // the channel has no such refund
      }
      case Reply.Unknown<Refund> unknown -> throw away();
      case Reply.NotSent<Refund> unsent -> throw away();
    }
  }

  private static RuntimeException away() {
    return Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "CHANNEL_AWAY");
  }

  private static void requireState(RefundRow refund, RefundStatus wanted) {
    if (refund.status() != wanted) {
      throw invalid(refund.status());
    }
  }

  private static RuntimeException invalid(RefundStatus status) {
    return Errors.of(ErrorCode.INVALID_STATE, "status", status.literal());
  }

  private void written(
      Tx tx,
      Caller caller,
      PaymentRow payment,
      RefundRow refund,
      RefundStatus after,
      JsonObject what,
      Instant now) {
    parts
        .trail()
        .log(
            tx,
            payment.id(),
            Action.REFUND,
            payment.status(),
            payment.status(),
            null,
            new JsonObject()
                .put("refund_id", refund.publicId())
                .put("decision", what.getString("decision"))
                .put("staff", caller.userId()),
            now);
    parts
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                "admin.finance.refunds_review",
                "refund",
                refund.publicId(),
                refund.status().literal(),
                after.literal(),
                what),
            now);
  }
}
