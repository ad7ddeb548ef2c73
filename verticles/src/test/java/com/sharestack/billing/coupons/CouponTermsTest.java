package com.sharestack.billing.coupons;

import static com.sharestack.billing.coupons.CouponFixture.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.contract.CouponCreate;
import com.sharestack.contract.CouponDiscountType;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CouponTermsTest {

  private static CouponCreate.Builder wanted(CouponDiscountType type, String value) {
    return CouponCreate.builder()
        .name("早鸟优惠")
        .code("early-2026")
        .discountType(type)
        .discountValue(new BigDecimal(value))
        .planIds(List.of())
        .articleIds(List.of())
        .newUsersOnly(false)
        .forRenewal(false)
        .appliesToCycles(1)
        .perUserLimit(1)
        .stackableWithPromotion(false)
        .draft(false)
        .expiresAt(AT.plus(Duration.ofDays(30)));
  }

  private static NewCoupon accept(CouponCreate.Builder wanted) {
    return CouponTerms.accept(7, wanted.build(), AT);
  }

  private static String refusedField(CouponCreate.Builder wanted) {
    ServiceException refused = assertThrows(ServiceException.class, () -> accept(wanted));
    assertEquals("VALIDATION_ERROR", refused.getMessage());
    return refused.getDebugInfo().getString("field");
  }

  @Test
  void theCodeIsStoredInUpperCaseAndTheStartIsNow() {
    NewCoupon coupon = accept(wanted(CouponDiscountType.FIXED_AMOUNT, "10.5"));
    assertEquals("EARLY-2026", coupon.code());
    assertEquals(1050, coupon.discountValue());
    assertEquals(AT, coupon.startsAt());
    assertNull(accept(wanted(CouponDiscountType.FIXED_AMOUNT, "1").code(null)).code());
  }

  @Test
  void percentAndDaysAreWholeNumbersWithinTheirBounds() {
    assertEquals(100, accept(wanted(CouponDiscountType.PERCENTAGE, "100.00")).discountValue());
    for (String percent : List.of("0.5", "33.3", "101", "100.01")) {
      assertEquals("discount_value", refusedField(wanted(CouponDiscountType.PERCENTAGE, percent)));
    }
    assertEquals(30, accept(wanted(CouponDiscountType.TRIAL_DAYS, "30")).discountValue());
    assertEquals("discount_value", refusedField(wanted(CouponDiscountType.TRIAL_DAYS, "31")));
  }

  @Test
  void aCapIsForPercentagesOnly() {
    BigDecimal cap = new BigDecimal("5.00");
    assertEquals(
        500L,
        accept(wanted(CouponDiscountType.PERCENTAGE, "20").maxDiscount(cap)).maxDiscountFen());
    assertEquals(
        "max_discount",
        refusedField(wanted(CouponDiscountType.FIXED_AMOUNT, "20").maxDiscount(cap)));
  }

  @Test
  void daysOfTrialHaveNoSingleSalesRenewalsOrFurtherCycles() {
    CouponDiscountType trial = CouponDiscountType.TRIAL_DAYS;
    assertNull(accept(wanted(trial, "7")).articleIds());
    assertEquals("article_ids", refusedField(wanted(trial, "7").articleIds(List.of(1L))));
    assertEquals("for_renewal", refusedField(wanted(trial, "7").forRenewal(true)));
    assertEquals("applies_to_cycles", refusedField(wanted(trial, "7").appliesToCycles(2)));
  }

  @Test
  void itRunsAtMostAYearAndEndsInTheFuture() {
    CouponDiscountType fixed = CouponDiscountType.FIXED_AMOUNT;
    accept(wanted(fixed, "1").expiresAt(AT.plus(Duration.ofDays(366))));
    assertEquals(
        "expires_at",
        refusedField(wanted(fixed, "1").expiresAt(AT.plus(Duration.ofDays(366)).plusMillis(1))));
    assertEquals("expires_at", refusedField(wanted(fixed, "1").expiresAt(AT)));
    assertEquals(
        "expires_at",
        refusedField(
            wanted(fixed, "1")
                .startsAt(AT.minus(Duration.ofDays(3)))
                .expiresAt(AT.minus(Duration.ofDays(1)))));
    assertEquals(
        "expires_at", refusedField(wanted(fixed, "1").startsAt(AT.plus(Duration.ofDays(31)))));
  }

  @Test
  void absentArticlesAreAllAndNullIsNone() {
    assertEquals(List.of(), accept(wanted(CouponDiscountType.PERCENTAGE, "20")).articleIds());
    assertNull(accept(wanted(CouponDiscountType.PERCENTAGE, "20").articleIds(null)).articleIds());
    assertEquals("name", refusedField(wanted(CouponDiscountType.PERCENTAGE, "20").name(" 券 ")));
  }
}
