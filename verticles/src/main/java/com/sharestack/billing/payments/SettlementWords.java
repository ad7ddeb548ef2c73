package com.sharestack.billing.payments;

import com.sharestack.billing.earnings.Sale;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.rails.Trade;
import com.sharestack.contract.PaymentCompletedEvent;
import com.sharestack.contract.PaymentFailedEvent;
import com.sharestack.platform.money.Money;
import java.time.Instant;

/** What a settled payment tells others: its earning line and its events, as pure functions. */
final class SettlementWords {

  private SettlementWords() {}

  static Sale sale(PaymentRow payment, Instant now, Instant holdUntil) {
    OrderRef order = payment.order();
    return new Sale(
        payment.publicId(),
        payment.creatorId(),
        payment.userId(),
        false,
        order.purpose(),
        order.id(),
        payment.publicId(),
        order.articleId() == null
            ? Sale.Item.plan(order.planId(), payment.description())
            : Sale.Item.article(order.articleId(), payment.description()),
        payment.choice().method(),
        payment.shares(),
        null,
        RevenueRates.DEFAULT,
        now,
        holdUntil);
  }

  static Instant paidAt(Trade trade, Instant now) {
    return trade.paidAt() == null ? now : trade.paidAt();
  }

  static PaymentCompletedEvent completed(PaymentRow payment, Instant now) {
    return new PaymentCompletedEvent(
        payment.publicId(),
        payment.userId(),
        payment.creatorId(),
        payment.order().id(),
        payment.order().purpose(),
        Money.ofFen(payment.amountFen()),
        payment.description(),
        payment.choice().method(),
        payment.late(),
        now);
  }

  static PaymentFailedEvent failed(PaymentRow payment, Instant now) {
    return new PaymentFailedEvent(
        payment.publicId(),
        payment.userId(),
        payment.order().id(),
        payment.order().purpose(),
        Money.ofFen(payment.amountFen()),
        payment.description(),
        payment.failureCode(),
        now);
  }
}
