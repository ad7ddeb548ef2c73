package com.sharestack.billing;

import com.sharestack.billing.coupons.CouponItem;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.coupons.Reservation;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a first order asks and promises: coupon, trial, dates. */
final class OrderTerms {

  /** How long an order waits for its first payment. */
  static final Duration ORDER_LIFE = Duration.ofHours(24);

  private final SubscriptionParts parts;

  OrderTerms(SubscriptionParts parts) {
    this.parts = parts;
  }

  /** The coupon code as it is stored; null without one. */
  static String code(SubscriptionCreate order) {
    return order.promoCode() == null ? null : Coupons.normalised(order.promoCode());
  }

  static SubscriptionSource source(PlanRow plan) {
    return plan.priced() ? SubscriptionSource.PAID : SubscriptionSource.FREE;
  }

  /** Takes the coupon's place for the order. */
  Optional<Reservation> reserve(
      Tx tx, long userId, SubscriptionCreate order, PlanRow plan, String publicId) {
    if (order.promoCode() == null) {
      return Optional.empty();
    }
    Reservation reserved =
        parts
            .coupons()
            .reserve(
                tx,
                order.promoCode(),
                userId,
                publicId,
                CouponItem.plan(plan.id(), plan.creatorId()),
                plan.priceFen());
    boolean useless =
        reserved.trialDays() > 0 && (!trialOpen(tx, userId, plan) || !refundable(plan));
    if (useless) {
      throw Errors.of(ErrorCode.COUPON_INVALID, "reason", "trial_used", "message", "该订阅不能再享受试用");
    }
    return Optional.of(reserved);
  }

  /** A lifetime has no first period that a trial could lie in. */
  private static boolean refundable(PlanRow plan) {
    return plan.cycle() != BillingCycle.LIFETIME;
  }

  private boolean trialOpen(Tx tx, long userId, PlanRow plan) {
    return parts.switches().trialEnabled(tx, plan.creatorId())
        && !parts.subscriptions().hadTrial(tx, userId, plan.creatorId());
  }

  /** What the order would get if it were paid now; set anew from the real time of payment. */
  void preview(
      Tx tx,
      String publicId,
      PlanRow plan,
      SubscriptionCreate order,
      Optional<Reservation> coupon,
      Instant now) {
    SubscriptionRow row = parts.subscriptions().find(tx, publicId).orElseThrow();
    SubscriptionEdit edit = new SubscriptionEdit(row);
    int trialDays = plan.trialDays() + coupon.map(Reservation::trialDays).orElse(0);
    edit.planId = plan.id();
    edit.priceFen = plan.priceFen();
    edit.cycle = plan.cycle();
    edit.source = source(plan);
    edit.promoCode = code(order);
    edit.periodStart = now;
    edit.periodEnd = plan.priced() ? Periods.end(now, plan.cycle(), Periods.anchorDay(now)) : null;
    edit.trialEndsAt =
        trialDays > 0 && trialOpen(tx, row.userId(), plan)
            ? Periods.trialEnd(now, plan.trialDays(), trialDays - plan.trialDays())
            : null;
    edit.orderEndsAt = now.plus(ORDER_LIFE);
    parts.subscriptions().store(tx, edit, now);
  }
}
