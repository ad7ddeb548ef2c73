package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Refund;
import com.sharestack.billing.rails.RefundRequest;
import com.sharestack.billing.rails.RefundState;
import com.sharestack.billing.rails.Refusal;
import com.sharestack.billing.rails.Reply;
import com.sharestack.contract.RefundStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the channels to refund and asks what became of it (entry refunds.create): the same
 * out_refund_no at every try, so that trying again never pays twice. Any number of processes may
 * run it.
 */
public final class RefundRuns {

  private static final Logger LOG = LoggerFactory.getLogger(RefundRuns.class);
  private static final int BATCH = 10;

  /** Longer than a call may take; a process that died meanwhile leaves the row to another. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  /** Pauses after the first, second, … try; after the last one people must look. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(12));

  private final PaymentParts parts;
  private final RefundSettlement settlement;

  RefundRuns(PaymentParts parts, RefundSettlement settlement) {
    this.parts = parts;
    this.settlement = settlement;
  }

  /**
   * Takes what is due.
   *
   * @return whether there may be more at once
   */
  public boolean run() {
    Instant now = parts.clock().instant();
    List<RefundRow> due =
        parts.db().tx(tx -> parts.refunds().claimDue(tx, now, now.plus(LEASE), BATCH));
    due.forEach(this::step);
    return due.size() == BATCH;
  }

  private void step(RefundRow refund) {
    try {
      if (refund.status() != RefundStatus.PROCESSING) {
        return;
      }
      Optional<Rail> rail = parts.channels().rail(refund.method());
      if (rail.isEmpty()) {
        postpone(refund, "the channel is not configured");
        return;
      }
      PaymentRow payment =
          parts.payments().find(parts.db(), refund.paymentPublicId()).orElseThrow();
      if (refund.acceptedAt() == null) {
        told(refund, payment, tell(rail.get(), refund, payment));
      } else {
        asked(refund, rail.get().queryRefund(payment.tradeNo(), refund.outRefundNo()).await());
      }
    } catch (RuntimeException failure) {
      LOG.warn("refund {} comes again: {}", refund.publicId(), failure.toString());
    }
  }

  private static Reply<Refund> tell(Rail rail, RefundRow refund, PaymentRow payment) {
    return rail.refund(
            new RefundRequest(
                payment.tradeNo(),
                refund.outRefundNo(),
                refund.amountFen(),
                payment.heldFen(),
                "退款"))
        .await();
  }

  private void told(RefundRow refund, PaymentRow payment, Reply<Refund> reply) {
    switch (reply) {
      case Reply.Answered<Refund> answered -> {
        if (answered.value().state() == RefundState.UNKNOWN) {
          // Alipay says of a repeat that nothing moved now; whether it moved before, a query tells
          askBeforeGivingUp(refund, payment, "no state");
        } else {
          apply(refund, answered.value());
        }
      }
      case Reply.Refused<Refund> refused -> {
        if (refused.reason() == Refusal.BALANCE_LOW || refused.reason() == Refusal.FREQUENCY) {
          postpone(refund, refused.code());
        } else {
          askBeforeGivingUp(refund, payment, refused.code());
        }
      }
      case Reply.Unknown<Refund> unknown -> postpone(refund, unknown.cause());
      case Reply.NotSent<Refund> unsent -> postpone(refund, unsent.cause());
    }
  }

  /** It may have been done by an earlier try whose answer was lost: ask before giving up. */
  private void askBeforeGivingUp(RefundRow refund, PaymentRow payment, String code) {
    Rail rail = parts.channels().require(refund.method());
    Reply<Refund> known = rail.queryRefund(payment.tradeNo(), refund.outRefundNo()).await();
    if (known instanceof Reply.Answered<Refund> answered) {
      apply(refund, answered.value());
    } else if (known instanceof Reply.Refused<Refund>) {
      fail(refund, code);
    } else {
      postpone(refund, code);
    }
  }

  private void asked(RefundRow refund, Reply<Refund> reply) {
    if (reply instanceof Reply.Answered<Refund> answered) {
      apply(refund, answered.value());
      return;
    }
    postpone(refund, "query: " + reply.getClass().getSimpleName());
  }

  private void apply(RefundRow refund, Refund news) {
    Channel channel = Channels.channel(refund.method()).orElseThrow();
    RefundSettlement.Outcome outcome = parts.db().tx(tx -> settlement.apply(tx, channel, news));
    if (outcome == RefundSettlement.Outcome.NOTHING) {
      postpone(refund, "no news");
    }
  }

  private void postpone(RefundRow refund, String cause) {
    if (refund.acceptedAt() == null && refund.attempts() > PAUSES.size()) {
      fail(refund, cause);
      return;
    }
    Instant now = parts.clock().instant();
    Duration pause =
        refund.acceptedAt() == null
            ? PAUSES.get(Math.max(0, refund.attempts() - 1))
            : RefundSettlement.LOOK_AGAIN;
    parts.refunds().postpone(parts.db(), refund.id(), now.plus(pause), cause, now);
  }

  private void fail(RefundRow refund, String cause) {
    parts
        .db()
        .tx(
            tx -> {
              PaymentRow payment = parts.payments().lock(tx, refund.paymentId()).orElseThrow();
              RefundRow locked = parts.refunds().lock(tx, refund.id()).orElseThrow();
              return settlement.failed(tx, payment, locked, cause, parts.clock().instant());
            });
  }
}
