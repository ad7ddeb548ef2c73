package com.sharestack.billing.coupons;

import com.sharestack.billing.pricing.Discount;
import com.sharestack.billing.pricing.Discount.Funding;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponStatus;
import java.time.Instant;
import java.util.List;

/**
 * A coupon as stored.
 *
 * @param creatorId null for a coupon of the platform
 * @param code public code, null when it has none
 * @param discountValue percent, fen or days, by type
 * @param planIds empty for all
 * @param articleIds empty for all, null for no single sales
 * @param totalQuantity null for unlimited
 * @param budgetFen null for unlimited
 * @param status draft, active, paused or disabled; {@link #shownStatus} knows expired
 * @param revision counts changes of the terms
 */
public record CouponRow(
    long id,
    Long creatorId,
    String name,
    String code,
    CouponDiscountType discountType,
    long discountValue,
    Long maxDiscountFen,
    Long minAmountFen,
    List<Long> planIds,
    List<Long> articleIds,
    boolean newUsersOnly,
    boolean forRenewal,
    int appliesToCycles,
    Integer totalQuantity,
    int perUserLimit,
    int claimedCount,
    int reservedCount,
    int usedCount,
    Long budgetFen,
    long reservedFen,
    long spentFen,
    boolean stackable,
    Instant startsAt,
    Instant expiresAt,
    CouponStatus status,
    int revision,
    Instant createdAt) {

  public Funding fundedBy() {
    return creatorId == null ? Funding.PLATFORM : Funding.CREATOR;
  }

  /** The terms as the price takes them. */
  public Discount discount() {
    return new Discount(
        fundedBy(),
        switch (discountType) {
          case PERCENTAGE -> Discount.Kind.PERCENTAGE;
          case FIXED_AMOUNT -> Discount.Kind.FIXED_AMOUNT;
          case TRIAL_DAYS -> Discount.Kind.NONE;
        },
        discountType == CouponDiscountType.TRIAL_DAYS ? 0 : discountValue,
        maxDiscountFen,
        minAmountFen,
        stackable);
  }

  public int trialDays() {
    return discountType == CouponDiscountType.TRIAL_DAYS ? Math.toIntExact(discountValue) : 0;
  }

  /** Places that are still free; null for unlimited. */
  Integer placesLeft() {
    return totalQuantity == null ? null : totalQuantity - reservedCount - usedCount;
  }

  /** Whether the budget bears {@code fen} more. */
  boolean budgetBears(long fen) {
    return budgetFen == null || spentFen + reservedFen + fen <= budgetFen;
  }

  public CouponStatus shownStatus(Instant now) {
    return status != CouponStatus.DISABLED && !now.isBefore(expiresAt)
        ? CouponStatus.EXPIRED
        : status;
  }
}
