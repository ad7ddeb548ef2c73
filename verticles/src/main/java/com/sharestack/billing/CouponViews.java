package com.sharestack.billing;

import com.sharestack.billing.coupons.CouponRow;
import com.sharestack.contract.Coupon;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponScope;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.time.Instant;

/** Stored coupons as the contract shows them. */
final class CouponViews {

  private CouponViews() {}

  static Coupon coupon(CouponRow row, Instant now) {
    CouponScope scope = row.creatorId() == null ? CouponScope.PLATFORM : CouponScope.CREATOR;
    return Coupon.builder()
        .id(row.id())
        .scope(scope)
        .fundedBy(scope)
        .creatorId(row.creatorId())
        .name(row.name())
        .code(row.code())
        .discountType(row.discountType())
        .discountValue(value(row))
        .maxDiscount(Money.ofFen(row.maxDiscountFen()))
        .minAmount(Money.ofFen(row.minAmountFen()))
        .planIds(row.planIds())
        .articleIds(row.articleIds())
        .newUsersOnly(row.newUsersOnly())
        .forRenewal(row.forRenewal())
        .appliesToCycles(row.appliesToCycles())
        .totalQuantity(row.totalQuantity())
        .perUserLimit(row.perUserLimit())
        .claimedCount(row.claimedCount())
        .reservedCount(row.reservedCount())
        .usedCount(row.usedCount())
        .stackableWithPromotion(row.stackable())
        .startsAt(row.startsAt())
        .expiresAt(row.expiresAt())
        .status(row.shownStatus(now))
        .createdAt(row.createdAt())
        .build();
  }

  /** Percent and days are whole numbers, an amount has two decimals. */
  static BigDecimal value(CouponRow row) {
    return row.discountType() == CouponDiscountType.FIXED_AMOUNT
        ? Money.ofFen(row.discountValue())
        : BigDecimal.valueOf(row.discountValue());
  }
}
