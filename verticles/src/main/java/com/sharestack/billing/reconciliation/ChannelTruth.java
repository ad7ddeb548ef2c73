package com.sharestack.billing.reconciliation;

import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.RefundRow;
import com.sharestack.billing.payments.Settlement.Outcome;
import com.sharestack.billing.rails.Refund;
import com.sharestack.billing.rails.RefundState;
import com.sharestack.billing.rails.Reply;
import com.sharestack.billing.rails.Trade;
import com.sharestack.billing.rails.TradeState;
import com.sharestack.contract.RefundStatus;
import io.vertx.serviceproxy.ServiceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a channel about one payment or refund and lets the state machines of the payments decide;
 * nothing here writes a state. An unanswered question changes nothing.
 */
final class ChannelTruth {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelTruth.class);

  private final PaymentCore core;
  private final PaymentParts parts;

  ChannelTruth(PaymentCore core) {
    this.core = core;
    this.parts = core.parts();
  }

  /** Whether asking changed the payment, or added a second transaction to it. */
  boolean takePayment(String paymentId) {
    PaymentRow payment = payment(paymentId);
    try {
      Outcome outcome = core.calls().ask(payment, Action.QUERY);
      return outcome == Outcome.COMPLETED
          || outcome == Outcome.LATE
          || outcome == Outcome.DUPLICATE
          || outcome == Outcome.MISMATCH;
    } catch (ServiceException unanswered) {
      LOG.warn("payment {} could not be asked about: {}", paymentId, unanswered.getMessage());
      return false;
    }
  }

  /** Whether asking made the refund a success. */
  boolean takeRefund(String refundId) {
    RefundRow refund = refund(refundId);
    if (refundReply(refund) instanceof Reply.Answered<Refund> answered) {
      parts
          .db()
          .tx(
              tx ->
                  core.refundSettlement()
                      .apply(
                          tx, Channels.channel(refund.method()).orElseThrow(), answered.value()));
    }
    return refund(refundId).status() == RefundStatus.SUCCESS;
  }

  /** Whether the channel says of the payment what the row says. */
  boolean agreesOnPayment(String paymentId) {
    PaymentRow row = payment(paymentId);
    Reply<Trade> reply =
        parts.channels().require(row.choice().method()).query(row.tradeNo()).await();
    return row.paid()
        && reply instanceof Reply.Answered<Trade> answered
        && (answered.value().state() == TradeState.PAID
            || answered.value().state() == TradeState.REFUNDED)
        && row.transactionId().equals(answered.value().transactionId())
        && row.heldFen() == answered.value().amountFen();
  }

  /** Whether the channel says of the refund what the row says. */
  boolean agreesOnRefund(String refundId) {
    RefundRow row = refund(refundId);
    return row.status() == RefundStatus.SUCCESS
        && refundReply(row) instanceof Reply.Answered<Refund> answered
        && answered.value().state() == RefundState.SUCCESS
        && (answered.value().amountFen() < 0 || answered.value().amountFen() == row.amountFen());
  }

  private Reply<Refund> refundReply(RefundRow refund) {
    return parts
        .channels()
        .require(refund.method())
        .queryRefund(payment(refund.paymentPublicId()).tradeNo(), refund.outRefundNo())
        .await();
  }

  private PaymentRow payment(String id) {
    return parts.payments().find(parts.db(), id).orElseThrow();
  }

  private RefundRow refund(String id) {
    return parts.refunds().find(parts.db(), id).orElseThrow();
  }
}
