package com.sharestack.billing.coupons;

import com.sharestack.contract.CouponCreate;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a coupon must be, beyond the shapes the contract checks (entry coupons.create). */
public final class CouponTerms {

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int SHORTEST_NAME = 2;
  private static final long MOST_PERCENT = 100;
  private static final long MOST_TRIAL_DAYS = 30;

  private CouponTerms() {}

  /**
   * The coupon to store for {@code creatorId}.
   *
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR
   */
  public static NewCoupon accept(long creatorId, CouponCreate wanted, Instant now) {
    String name = wanted.name().strip();
    if (name.codePointCount(0, name.length()) < SHORTEST_NAME) {
      throw Errors.invalid("name", "名称须为 2-60 个字符");
    }
    boolean trial = wanted.discountType() == CouponDiscountType.TRIAL_DAYS;
    if (trial) {
      requireTrialOnly(wanted);
    }
    Long maxDiscountFen = wanted.maxDiscount() == null ? null : Money.toFen(wanted.maxDiscount());
    if (maxDiscountFen != null && wanted.discountType() != CouponDiscountType.PERCENTAGE) {
      throw Errors.invalid("max_discount", "只有折扣类优惠券可以设置最高优惠");
    }
    Instant startsAt = wanted.startsAt() == null ? now : wanted.startsAt();
    requireWindow(startsAt, wanted.expiresAt(), now);
    return new NewCoupon(
        creatorId,
        name,
        wanted.code() == null ? null : Coupons.normalised(wanted.code()),
        wanted.discountType(),
        value(wanted.discountType(), wanted.discountValue()),
        maxDiscountFen,
        wanted.minAmount() == null ? null : Money.toFen(wanted.minAmount()),
        distinct(wanted.planIds()),
        trial || wanted.articleIds() == null ? null : distinct(wanted.articleIds()),
        wanted.newUsersOnly(),
        wanted.forRenewal(),
        wanted.appliesToCycles(),
        wanted.totalQuantity(),
        wanted.perUserLimit(),
        null,
        wanted.stackableWithPromotion(),
        startsAt,
        wanted.expiresAt(),
        wanted.draft());
  }

  /** Days of trial belong to the first period of a subscription and to nothing else. */
  private static void requireTrialOnly(CouponCreate wanted) {
    if (wanted.forRenewal()) {
      throw Errors.invalid("for_renewal", "试用类优惠券不能用于续费");
    }
    if (wanted.appliesToCycles() > 1) {
      throw Errors.invalid("applies_to_cycles", "试用类优惠券只作用于首期");
    }
    if (wanted.articleIds() != null && !wanted.articleIds().isEmpty()) {
      throw Errors.invalid("article_ids", "试用类优惠券不能用于单篇购买");
    }
  }

  private static void requireWindow(Instant startsAt, Instant expiresAt, Instant now) {
    if (!expiresAt.isAfter(startsAt)) {
      throw Errors.invalid("expires_at", "结束时间须晚于开始时间");
    }
    if (!expiresAt.isAfter(now)) {
      throw Errors.invalid("expires_at", "结束时间须晚于当前时间");
    }
    if (Duration.between(startsAt, expiresAt).compareTo(LONGEST) > 0) {
      throw Errors.invalid("expires_at", "有效期最长 366 天");
    }
  }

  /** Percent, fen or days. */
  private static long value(CouponDiscountType type, BigDecimal wanted) {
    return switch (type) {
      case FIXED_AMOUNT -> Money.toFen(wanted);
      case PERCENTAGE -> whole(wanted, MOST_PERCENT, "折扣比例须为 1-100 的整数");
      case TRIAL_DAYS -> whole(wanted, MOST_TRIAL_DAYS, "试用天数须为 1-30 的整数");
    };
  }

  private static long whole(BigDecimal wanted, long most, String complaint) {
    boolean fits =
        wanted.stripTrailingZeros().scale() <= 0
            && wanted.signum() > 0
            && wanted.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!fits) {
      throw Errors.invalid("discount_value", complaint);
    }
    return wanted.longValueExact();
  }

  private static List<Long> distinct(List<Long> ids) {
    return ids == null ? List.of() : ids.stream().distinct().toList();
  }
}
