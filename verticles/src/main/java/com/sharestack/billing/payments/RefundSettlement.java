package com.sharestack.billing.payments;

import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Refund;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.PaymentRefundedEvent;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.RefundStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What verified news of a channel does to a refund (entries webhooks.*, refunds.create). */
public final class RefundSettlement {

  /** How long an accepted refund is left alone before it is asked about. */
  static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  /** What came of it; stored with the notification. */
  public enum Outcome {
    REFUNDED,
    REFUND_PROCESSING,
    REFUND_FAILED,
    UNKNOWN_REFUND,
    NOTHING
  }

  private final PaymentParts parts;

  RefundSettlement(PaymentParts parts) {
    this.parts = parts;
  }

  /** Takes in what the rail says of a refund of ours. */
  public Outcome apply(Tx tx, Channel channel, Refund news) {
    Instant now = parts.clock().instant();
    Optional<RefundRow> seen =
        parts
            .refunds()
            .byRefundNo(tx, news.outRefundNo() == null ? "" : news.outRefundNo())
            .filter(row -> Channels.channel(row.method()).equals(Optional.of(channel)));
    if (seen.isEmpty()) {
      ticket(tx, "unknown_refund", channel.code() + ":" + news.outRefundNo(), null, news, now);
      return Outcome.UNKNOWN_REFUND;
    }
    PaymentRow payment = parts.payments().lock(tx, seen.get().paymentId()).orElseThrow();
    RefundRow refund = parts.refunds().lock(tx, seen.get().id()).orElseThrow();
    return switch (news.state()) {
      case SUCCESS -> succeeded(tx, payment, refund, news, now);
      case PROCESSING -> processing(tx, refund, now);
      case CLOSED, ABNORMAL -> failed(tx, payment, refund, news.rawState(), now);
      case UNKNOWN -> Outcome.NOTHING;
    };
  }

  private Outcome succeeded(Tx tx, PaymentRow payment, RefundRow refund, Refund news, Instant now) {
    if (refund.status() == RefundStatus.SUCCESS) {
      return Outcome.NOTHING;
    }
    boolean fits =
        (news.amountFen() < 0 || news.amountFen() == refund.amountFen())
            && (news.refundedTotalFen() < 0
                || news.refundedTotalFen() >= payment.refundedFen() + refund.amountFen());
    boolean running =
        refund.status() == RefundStatus.PROCESSING || refund.status() == RefundStatus.FAILED;
    if (!fits || !running) {
      ticket(tx, "refund_difference", refund.publicId(), payment, news, now);
      return Outcome.NOTHING;
    }
    parts
        .refunds()
        .succeed(
            tx, refund.id(), news.refundId(), news.doneAt() == null ? now : news.doneAt(), now);
    parts.payments().addRefunded(tx, payment.id(), refund.amountFen(), now);
    boolean all = payment.refundedFen() + refund.amountFen() == payment.heldFen();
    PaymentStatus status = move(tx, payment, all, now);
    if (refund.kind() == RefundRow.Kind.SALE) {
      parts.earnings().refundCompleted(tx, refund.publicId());
    }
    parts.trail().log(tx, payment.id(), Action.REFUND, payment.status(), status, null, null, now);
    publish(tx, payment, refund, RefundStatus.SUCCESS, now);
    parts
        .ledger()
        .post(
            tx,
            SalePostings.refundCompleted(
                refund.publicId(),
                refund.method(),
                refund.kind() == RefundRow.Kind.SALE ? refund.creatorId() : 0,
                refund.amountFen(),
                now));
    return Outcome.REFUNDED;
  }

  /** Mismatched money sits on a failed payment, which stays failed. */
  private PaymentStatus move(Tx tx, PaymentRow payment, boolean all, Instant now) {
    Optional<PaymentMachine.Transition> transition =
        PaymentMachine.next(
            payment.status(), all ? PaymentEvent.REFUNDED_IN_FULL : PaymentEvent.REFUNDED_IN_PART);
    transition.ifPresent(to -> parts.payments().move(tx, payment, to, payment.failureCode(), now));
    return transition.map(PaymentMachine.Transition::to).orElse(payment.status());
  }

  private Outcome processing(Tx tx, RefundRow refund, Instant now) {
    if (refund.status() != RefundStatus.PROCESSING) {
      return Outcome.NOTHING;
    }
    parts.refunds().accepted(tx, refund.id(), now, now.plus(LOOK_AGAIN));
    return Outcome.REFUND_PROCESSING;
  }

  /** The channel ended it without money moving; the claim stays, people must act. */
  Outcome failed(Tx tx, PaymentRow payment, RefundRow refund, String why, Instant now) {
    if (refund.status() != RefundStatus.PROCESSING) {
      return Outcome.NOTHING;
    }
    parts.refunds().fail(tx, refund.id(), why, now);
    parts
        .trail()
        .log(
            tx,
            payment.id(),
            Action.REFUND,
            payment.status(),
            payment.status(),
            "refund_failed",
            new JsonObject().put("refund_id", refund.publicId()).put("reason", why),
            now);
    parts
        .trail()
        .ticket(
            tx,
            "refund_failed",
            refund.publicId(),
            payment.id(),
            refund.amountFen(),
            new JsonObject().put("reason", why),
            now);
    return Outcome.REFUND_FAILED;
  }

  void publish(Tx tx, PaymentRow payment, RefundRow refund, RefundStatus status, Instant now) {
    if (payment.userId() == 0) {
      return; // money of nobody we know
    }
    parts
        .outbox()
        .publish(
            tx,
            EventTopic.PAYMENT_REFUNDED,
            new PaymentRefundedEvent(
                refund.publicId(),
                payment.publicId(),
                payment.userId(),
                payment.creatorId(),
                payment.order().id(),
                Money.ofFen(refund.amountFen()),
                payment.description(),
                status,
                refund.policy().literal(),
                refund.kind() == RefundRow.Kind.SALE,
                refund.notifyUser(),
                now));
  }

  private void ticket(
      Tx tx, String kind, String ref, PaymentRow payment, Refund news, Instant now) {
    parts
        .trail()
        .ticket(
            tx,
            kind,
            ref,
            payment == null ? null : payment.id(),
            news.amountFen() < 0 ? null : news.amountFen(),
            new JsonObject()
                .put("out_trade_no", news.outTradeNo())
                .put("state", news.rawState())
                .put("refunded_total_fen", news.refundedTotalFen()),
            now);
  }
}
