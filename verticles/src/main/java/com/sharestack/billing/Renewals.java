package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.Optional;

/**
 * Further periods: how one is added when it is paid, and how the subscription rolls into it. A
 * period always starts at the end of the one before, also out of grace.
 */
final class Renewals {

  private final SubscriptionParts parts;

  Renewals(SubscriptionParts parts) {
    this.parts = parts;
  }

  private static String couponOrder(SubscriptionRow row, Instant periodStart) {
    return row.publicId() + "@" + periodStart.getEpochSecond();
  }

  /**
   * The id under which a renewal that is ordered now takes the place of a coupon. A period that was
   * refunded is ordered anew; the place that it used up is not taken a second time.
   */
  String couponOrder(Sql sql, SubscriptionRow row, Instant periodStart) {
    String first = couponOrder(row, periodStart);
    return parts
        .coupons()
        .newest(sql, first)
        .map(place -> place.used() ? following(first, place.orderId()) : place.orderId())
        .orElse(first);
  }

  private static String following(String first, String last) {
    int number =
        last.equals(first) ? 1 : Integer.parseInt(last.substring(last.lastIndexOf('#') + 1));
    return first + "#" + (number + 1);
  }

  /** The place that the renewal under way holds. */
  Optional<String> reserved(Sql sql, SubscriptionRow row, Instant periodStart) {
    return parts
        .coupons()
        .newest(sql, couponOrder(row, periodStart))
        .filter(place -> !place.used())
        .map(Coupons.Place::orderId);
  }

  /** The place that the renewal of the period used up; that of the last one. */
  Optional<String> used(Sql sql, SubscriptionRow row, Instant periodStart) {
    return parts
        .coupons()
        .newest(sql, couponOrder(row, periodStart))
        .filter(Coupons.Place::used)
        .map(Coupons.Place::orderId);
  }

  /**
   * Whether the subscription still waits for the payment: it is not over, and the period is the
   * next one and not there yet. After a cancellation the period is added all the same (entry
   * subscriptions.cancel).
   */
  boolean awaits(Sql sql, SubscriptionRow row, PaymentRow payment) {
    boolean lives =
        row.status() == SubscriptionStatus.ACTIVE
            || row.status() == SubscriptionStatus.PAST_DUE
            || row.status() == SubscriptionStatus.CANCELLED;
    return lives
        && parts
            .periods()
            .last(sql, row.id())
            .filter(last -> payment.order().periodStart().equals(last.end()))
            .isPresent();
  }

  /** A renewal payment completed: the period is there, the subscription active. */
  void paid(Tx tx, SubscriptionRow row, PaymentRow payment, Instant now) {
    add(
        tx,
        row,
        new Next(
            payment.order().planId(), payment.order().periodStart(), payment.price().listFen()),
        payment.publicId(),
        payment.amountFen(),
        now);
  }

  /**
   * The period to add.
   *
   * @param planId another than the running one when a scheduled change goes with it
   * @param priceFen locked price of the period
   */
  record Next(long planId, Instant start, long priceFen) {}

  /**
   * @param paymentId null when nothing was due
   */
  void add(Tx tx, SubscriptionRow row, Next next, String paymentId, long paidFen, Instant now) {
    PlanRow plan = parts.tables().plans().find(tx, next.planId()).orElseThrow();
    BillingCycle cycle = next.planId() == row.planId() ? row.cycle() : plan.cycle();
    int anchor = row.anchorDay() == null ? Periods.anchorDay(next.start()) : row.anchorDay();
    Instant end = next.priceFen() == 0 ? null : Periods.end(next.start(), cycle, anchor);
    Optional<String> ownCoupon = reserved(tx, row, next.start());
    ownCoupon.ifPresent(order -> parts.coupons().use(tx, order));
    parts
        .periods()
        .insert(
            tx,
            row.id(),
            next.planId(),
            next.start(),
            end,
            next.priceFen(),
            paidFen,
            paymentId,
            paymentId,
            0,
            now);
    SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.RENEWAL_PAID);
    edit.coupon =
        ownCoupon
            .map(order -> new SubscriptionRow.CouponUse(order, 1))
            .orElseGet(() -> covered(row.coupon()));
    edit.promoCode = null;
    if (edit.anchorDay == null) {
      edit.anchorDay = anchor;
    }
    parts.news().renewed(tx, row, plan, paymentId, next.start(), end, now);
    if (!now.isBefore(next.start())) {
      enter(tx, edit, parts.periods().at(tx, row.id(), next.start()).orElseThrow(), now);
    }
    parts.subscriptions().store(tx, edit, now);
  }

  private static SubscriptionRow.CouponUse covered(SubscriptionRow.CouponUse coupon) {
    return coupon == null
        ? null
        : new SubscriptionRow.CouponUse(
            coupon.orderId(), Math.min(Byte.MAX_VALUE, coupon.charges() + 1));
  }

  /** The period that follows the running one, when it is paid. */
  Optional<Period> ahead(Sql sql, SubscriptionRow row) {
    return row.periodEnd() == null
        ? Optional.empty()
        : parts.periods().at(sql, row.id(), row.periodEnd());
  }

  /** The running period is over and the next one paid: plan, price and dates become its. */
  void enter(Tx tx, SubscriptionEdit edit, Period period, Instant now) {
    SubscriptionRow row = edit.before;
    edit.periodStart = period.start();
    edit.periodEnd = period.end();
    edit.priceFen = period.priceFen();
    if (period.planId() == row.planId()) {
      return;
    }
    edit.planId = period.planId();
    edit.cycle = period.cycle();
    edit.source = period.planPriced() ? SubscriptionSource.PAID : SubscriptionSource.FREE;
    edit.pending = null;
    edit.changedAt = now;
    String name = parts.tables().plans().find(tx, period.planId()).orElseThrow().name();
    move(tx, row, period.planId(), period.planPriced());
    parts.news().planChanged(tx, row, period.planId(), name, now);
  }

  /** The subscriber counts for another plan. */
  void move(Tx tx, SubscriptionRow row, long planId, boolean priced) {
    CounterRepository counters = parts.tables().counters();
    counters.lockCreator(tx, row.creatorId());
    counters.accessEnded(tx, row.creatorId(), row.planId(), row.planPriced());
    counters.accessBegan(tx, row.creatorId(), planId, priced);
    parts.tables().plans().markSold(tx, planId);
  }
}
