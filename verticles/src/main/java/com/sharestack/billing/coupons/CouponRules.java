package com.sharestack.billing.coupons;

import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponStatus;
import java.time.Instant;
import java.util.Optional;

/** Whether a coupon may be used for an order. Pure. */
final class CouponRules {

  private CouponRules() {}

  /**
   * What the coupon's rules ask about the payer.
   *
   * @param taken places of this coupon that he holds or has used up
   * @param paidBefore an earlier completed payment with the creator, or with anybody for a coupon
   *     of the platform
   */
  record Payer(long userId, int taken, boolean paidBefore) {}

  /**
   * The first reason against it; empty when it may be used. What a stranger must not learn comes
   * first.
   */
  static Optional<CouponReason> against(
      CouponRow coupon, CouponItem item, Payer payer, long listPriceFen, Instant now) {
    if (hidden(coupon, item)) {
      return Optional.of(CouponReason.NOT_FOUND);
    }
    if (payer.userId() == item.creatorId()) {
      return Optional.of(CouponReason.SELF);
    }
    return time(coupon, now)
        .or(() -> fit(coupon, item, listPriceFen))
        .or(() -> person(coupon, payer))
        .or(() -> left(coupon, item, listPriceFen));
  }

  /** Draft, disabled, or of another creator than the item's. */
  private static boolean hidden(CouponRow coupon, CouponItem item) {
    return coupon.status() == CouponStatus.DRAFT
        || coupon.status() == CouponStatus.DISABLED
        || (coupon.creatorId() != null && coupon.creatorId() != item.creatorId());
  }

  private static Optional<CouponReason> time(CouponRow coupon, Instant now) {
    if (!now.isBefore(coupon.expiresAt())) {
      return Optional.of(CouponReason.EXPIRED);
    }
    if (coupon.status() == CouponStatus.PAUSED) {
      return Optional.of(CouponReason.PAUSED);
    }
    return now.isBefore(coupon.startsAt())
        ? Optional.of(CouponReason.NOT_STARTED)
        : Optional.empty();
  }

  private static Optional<CouponReason> fit(CouponRow coupon, CouponItem item, long listPriceFen) {
    if (listPriceFen == 0 || !covers(coupon, item)) {
      return Optional.of(CouponReason.SCOPE);
    }
    return coupon.minAmountFen() != null && listPriceFen < coupon.minAmountFen()
        ? Optional.of(CouponReason.MIN_AMOUNT)
        : Optional.empty();
  }

  private static boolean covers(CouponRow coupon, CouponItem item) {
    boolean trial = coupon.discountType() == CouponDiscountType.TRIAL_DAYS;
    return switch (item.kind()) {
      case PLAN -> coupon.planIds().isEmpty() || coupon.planIds().contains(item.id());
      case RENEWAL ->
          coupon.forRenewal()
              && !trial
              && (coupon.planIds().isEmpty() || coupon.planIds().contains(item.id()));
      case ARTICLE ->
          coupon.articleIds() != null
              && !trial
              && (coupon.articleIds().isEmpty() || coupon.articleIds().contains(item.id()));
    };
  }

  private static Optional<CouponReason> person(CouponRow coupon, Payer payer) {
    if (coupon.newUsersOnly() && payer.paidBefore()) {
      return Optional.of(CouponReason.NEW_USERS_ONLY);
    }
    return payer.taken() >= coupon.perUserLimit()
        ? Optional.of(CouponReason.PER_USER)
        : Optional.empty();
  }

  private static Optional<CouponReason> left(CouponRow coupon, CouponItem item, long listPriceFen) {
    boolean full = coupon.placesLeft() != null && coupon.placesLeft() <= 0;
    return full || !coupon.budgetBears(budgetFen(coupon, item, listPriceFen))
        ? Optional.of(CouponReason.EXHAUSTED)
        : Optional.empty();
  }

  /** What one use takes from the budget: the discount of every charge that it covers. */
  static long budgetFen(CouponRow coupon, CouponItem item, long listPriceFen) {
    return coupon.creatorId() != null
        ? 0
        : Math.multiplyExact(coupon.discount().off(listPriceFen), (long) cycles(coupon, item));
  }

  /** Charges one use covers; a single sale has one. */
  static int cycles(CouponRow coupon, CouponItem item) {
    return item.isPlan() ? coupon.appliesToCycles() : 1;
  }
}
