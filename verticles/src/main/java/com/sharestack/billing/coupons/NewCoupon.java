package com.sharestack.billing.coupons;

import com.sharestack.contract.CouponDiscountType;
import java.time.Instant;
import java.util.List;

/**
 * A coupon to store; fields as in {@link CouponRow}.
 *
 * @param creatorId null for a coupon of the platform
 * @param code upper case, null for none
 * @param budgetFen platform coupons only
 */
public record NewCoupon(
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
    Long budgetFen,
    boolean stackable,
    Instant startsAt,
    Instant expiresAt,
    boolean draft) {}
