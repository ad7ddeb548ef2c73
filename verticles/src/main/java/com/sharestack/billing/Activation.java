package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;

/** How a subscription begins and ends to give access; the row is locked. */
final class Activation {

  private final SubscriptionParts parts;

  Activation(SubscriptionParts parts) {
    this.parts = parts;
  }

  /**
   * The first payment completed. The dates of the order were previews: what counts is when it was
   * paid, never later than now.
   *
   * @return when the trial is over; null without one
   */
  Instant paid(Tx tx, SubscriptionRow row, PaymentRow payment, Instant now) {
    Instant start = payment.paidAt().isAfter(now) ? now : payment.paidAt();
    SubscriptionEdit edit = new SubscriptionEdit(row);
    if (row.trialEndsAt() != null) {
      edit.trialEndsAt = start.plus(Duration.between(row.periodStart(), row.trialEndsAt()));
    }
    boolean trialing = edit.trialEndsAt != null && now.isBefore(edit.trialEndsAt);
    edit.on(trialing ? SubscriptionEvent.PAID_WITH_TRIAL : SubscriptionEvent.PAID);
    begin(tx, edit, start, payment.publicId(), payment.amountFen(), now);
    return trialing ? edit.trialEndsAt : null;
  }

  /**
   * Nothing is due: a row that was born active, or an unpaid order priced anew. There is nothing to
   * give back, so no trial.
   */
  void granted(Tx tx, SubscriptionRow row, Instant now) {
    SubscriptionEdit edit = new SubscriptionEdit(row);
    if (row.status() == SubscriptionStatus.PENDING_PAYMENT) {
      edit.on(SubscriptionEvent.GRANTED);
    }
    edit.trialEndsAt = null;
    begin(tx, edit, now, null, 0, now);
  }

  private void begin(
      Tx tx, SubscriptionEdit edit, Instant start, String paymentId, long paidFen, Instant now) {
    SubscriptionRow row = edit.before;
    boolean periodic = row.priceFen() > 0;
    edit.activatedAt = start;
    edit.periodStart = start;
    edit.anchorDay = periodic ? Periods.anchorDay(start) : null;
    edit.periodEnd = periodic ? Periods.end(start, row.cycle(), edit.anchorDay) : null;
    edit.promoCode = null;
    if (parts.coupons().use(tx, row.publicId())) {
      edit.coupon = new SubscriptionRow.CouponUse(row.publicId(), 1);
    }
    parts.subscriptions().store(tx, edit, now);
    parts
        .periods()
        .insert(
            tx,
            row.id(),
            row.planId(),
            start,
            edit.periodEnd,
            row.priceFen(),
            paidFen,
            paymentId,
            paymentId,
            0,
            now);
    parts.tables().plans().markSold(tx, row.planId());
    parts.tables().counters().accessBegan(tx, row.creatorId(), row.planId(), row.planPriced());
    parts.news().activated(tx, row, now);
  }

  /** The order was not paid in time, or is given up: its coupon's place is free again. */
  void abandon(Tx tx, SubscriptionRow order, Instant now) {
    SubscriptionEdit edit = new SubscriptionEdit(order).on(SubscriptionEvent.PAYMENT_ABANDONED);
    parts.coupons().release(tx, order.publicId());
    parts.subscriptions().store(tx, edit, now);
    parts.news().expired(tx, order, edit.endedReason, now);
  }

  /** Ends a subscription that gave access. */
  void end(Tx tx, SubscriptionRow row, SubscriptionEvent event, Instant now) {
    SubscriptionEdit edit = new SubscriptionEdit(row).on(event);
    if (edit.status != SubscriptionStatus.EXPIRED) {
      throw new IllegalArgumentException(event + " ends nothing");
    }
    parts.subscriptions().store(tx, edit, now);
    parts.tables().counters().accessEnded(tx, row.creatorId(), row.planId(), row.planPriced());
    parts.news().expired(tx, row, edit.endedReason, now);
  }
}
