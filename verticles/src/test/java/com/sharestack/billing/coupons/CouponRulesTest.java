package com.sharestack.billing.coupons;

import static com.sharestack.billing.coupons.CouponFixture.AT;
import static com.sharestack.billing.coupons.CouponFixture.CREATOR;
import static com.sharestack.billing.coupons.CouponFixture.PLAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.coupons.CouponRules.Payer;
import com.sharestack.billing.pricing.Discount.Funding;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CouponRulesTest {

  private static final Payer STRANGER = new Payer(42, 0, false);
  private static final CouponItem ARTICLE = CouponItem.article(9, CREATOR);
  private static final CouponItem RENEWAL = CouponItem.renewal(71, CREATOR);
  private static final long PRICE = 2990;

  private CouponStatus status = CouponStatus.ACTIVE;
  private int reserved;
  private int used;
  private long reservedFen;
  private long spentFen;

  private CouponRow coupon(Consumer<CouponFixture.Terms> change) {
    CouponFixture.Terms terms = CouponFixture.tenOff("TEN-OFF");
    change.accept(terms);
    return new CouponRow(
        1,
        terms.creatorId,
        "测试券",
        terms.code,
        terms.type,
        terms.value,
        terms.maxFen,
        terms.minFen,
        terms.planIds,
        terms.articleIds,
        terms.newUsersOnly,
        terms.forRenewal,
        terms.cycles,
        terms.quota,
        terms.perUser,
        0,
        reserved,
        used,
        terms.budgetFen,
        reservedFen,
        spentFen,
        false,
        terms.startsAt,
        terms.expiresAt,
        status,
        1,
        AT);
  }

  private static Optional<CouponReason> against(CouponRow coupon, CouponItem item) {
    return CouponRules.against(coupon, item, STRANGER, PRICE, AT);
  }

  private static CouponReason reason(CouponRow coupon, CouponItem item) {
    return against(coupon, item).orElseThrow();
  }

  @Test
  void anActiveCouponOfTheSellerIsUsableForPlansAndArticles() {
    assertTrue(against(coupon(terms -> {}), PLAN).isEmpty());
    assertTrue(against(coupon(terms -> {}), ARTICLE).isEmpty());
  }

  @Test
  void draftsDisabledOnesAndThoseOfOthersAreAllNotFound() {
    status = CouponStatus.DRAFT;
    assertEquals(CouponReason.NOT_FOUND, reason(coupon(terms -> {}), PLAN));
    status = CouponStatus.DISABLED;
    assertEquals(CouponReason.NOT_FOUND, reason(coupon(terms -> {}), PLAN));
    status = CouponStatus.ACTIVE;
    assertEquals(CouponReason.NOT_FOUND, reason(coupon(terms -> terms.creatorId = 8L), PLAN));
    assertTrue(against(coupon(terms -> terms.platform(null)), PLAN).isEmpty());
  }

  @Test
  void theSellerDoesNotBuyFromHimselfWithACoupon() {
    assertEquals(
        Optional.of(CouponReason.SELF),
        CouponRules.against(coupon(terms -> {}), PLAN, new Payer(CREATOR, 0, false), PRICE, AT));
  }

  @Test
  void itsTimeIncludesTheStartAndExcludesTheEnd() {
    Instant end = AT.plus(Duration.ofDays(7));
    CouponRow coupon = coupon(terms -> {});
    assertEquals(
        Optional.of(CouponReason.NOT_STARTED),
        CouponRules.against(coupon, PLAN, STRANGER, PRICE, AT.minusMillis(1)));
    assertTrue(CouponRules.against(coupon, PLAN, STRANGER, PRICE, AT).isEmpty());
    assertTrue(CouponRules.against(coupon, PLAN, STRANGER, PRICE, end.minusMillis(1)).isEmpty());
    assertEquals(
        Optional.of(CouponReason.EXPIRED), CouponRules.against(coupon, PLAN, STRANGER, PRICE, end));
    assertEquals(CouponStatus.EXPIRED, coupon.shownStatus(end));
    assertEquals(CouponStatus.ACTIVE, coupon.shownStatus(AT));
    status = CouponStatus.PAUSED;
    assertEquals(CouponReason.PAUSED, reason(coupon(terms -> {}), PLAN));
  }

  @Test
  void scopeNamesPlansAndArticlesAndRenewalsHaveToBeMeant() {
    assertEquals(CouponReason.SCOPE, reason(coupon(terms -> terms.planIds = List.of(72L)), PLAN));
    assertTrue(against(coupon(terms -> terms.planIds = List.of(72L, 71L)), PLAN).isEmpty());
    assertEquals(CouponReason.SCOPE, reason(coupon(terms -> terms.articleIds = null), ARTICLE));
    assertEquals(
        CouponReason.SCOPE, reason(coupon(terms -> terms.articleIds = List.of(8L)), ARTICLE));
    assertTrue(against(coupon(terms -> terms.articleIds = List.of(9L)), ARTICLE).isEmpty());
    assertEquals(CouponReason.SCOPE, reason(coupon(terms -> {}), RENEWAL));
    assertTrue(against(coupon(terms -> terms.forRenewal = true), RENEWAL).isEmpty());
    assertEquals(
        CouponReason.SCOPE,
        reason(
            coupon(
                terms -> {
                  terms.forRenewal = true;
                  terms.planIds = List.of(72L);
                }),
            RENEWAL));
  }

  @Test
  void aFreeItemNeedsNoCoupon() {
    assertEquals(
        Optional.of(CouponReason.SCOPE),
        CouponRules.against(coupon(terms -> {}), PLAN, STRANGER, 0, AT));
  }

  @Test
  void daysOfTrialAreForTheFirstPeriodOnlyAndTakeNothingOff() {
    Consumer<CouponFixture.Terms> trial =
        terms -> terms.type(CouponDiscountType.TRIAL_DAYS, 14).forRenewal = true;
    assertTrue(against(coupon(trial), PLAN).isEmpty());
    assertEquals(CouponReason.SCOPE, reason(coupon(trial), ARTICLE));
    assertEquals(CouponReason.SCOPE, reason(coupon(trial), RENEWAL));
    assertEquals(0, coupon(trial).discount().off(PRICE));
    assertEquals(14, coupon(trial).trialDays());
  }

  @Test
  void theMinimumIsMetByAnEqualAmount() {
    assertEquals(CouponReason.MIN_AMOUNT, reason(coupon(terms -> terms.minFen = PRICE + 1), PLAN));
    assertTrue(against(coupon(terms -> terms.minFen = PRICE), PLAN).isEmpty());
  }

  @Test
  void newUsersHaveNeverPaidAndNobodyExceedsHisPlaces() {
    Payer paid = new Payer(42, 0, true);
    assertEquals(
        Optional.of(CouponReason.NEW_USERS_ONLY),
        CouponRules.against(coupon(terms -> terms.newUsersOnly()), PLAN, paid, PRICE, AT));
    assertTrue(CouponRules.against(coupon(terms -> {}), PLAN, paid, PRICE, AT).isEmpty());
    assertEquals(
        Optional.of(CouponReason.PER_USER),
        CouponRules.against(
            coupon(terms -> terms.perUser(2)), PLAN, new Payer(42, 2, false), PRICE, AT));
    assertTrue(
        CouponRules.against(
                coupon(terms -> terms.perUser(2)), PLAN, new Payer(42, 1, false), PRICE, AT)
            .isEmpty());
  }

  @Test
  void reservedAndUsedPlacesCountAgainstTheQuota() {
    reserved = 1;
    used = 1;
    assertEquals(CouponReason.EXHAUSTED, reason(coupon(terms -> terms.quota(2)), PLAN));
    assertTrue(against(coupon(terms -> terms.quota(3)), PLAN).isEmpty());
  }

  @Test
  void thePlatformsBudgetBearsEveryChargeOfAUseAndCreatorsHaveNone() {
    Consumer<CouponFixture.Terms> terms = wanted -> wanted.platform(3000L).cycles(3);
    assertEquals(3000, CouponRules.budgetFen(coupon(terms), PLAN, PRICE));
    assertEquals(1000, CouponRules.budgetFen(coupon(terms), ARTICLE, PRICE));
    assertTrue(against(coupon(terms), PLAN).isEmpty());
    spentFen = 1;
    assertEquals(CouponReason.EXHAUSTED, reason(coupon(terms), PLAN));
    assertTrue(against(coupon(terms), ARTICLE).isEmpty());
    assertEquals(0, CouponRules.budgetFen(coupon(wanted -> {}), PLAN, PRICE));
    assertEquals(Funding.PLATFORM, coupon(terms).fundedBy());
    assertEquals(Funding.CREATOR, coupon(wanted -> {}).fundedBy());
  }

  @Test
  void tenWrongCodesInTenMinutesBlockForAnHour() {
    WrongCodes wrong = WrongCodes.NONE;
    for (int i = 0; i < 9; i++) {
      wrong = wrong.with(AT.plusSeconds(i));
      assertFalse(wrong.blocks(AT.plusSeconds(i)));
    }
    Instant tenMinutesAfterTheFirst = AT.plusSeconds(600);
    assertFalse(wrong.with(tenMinutesAfterTheFirst).blocks(tenMinutesAfterTheFirst));
    Instant tenth = tenMinutesAfterTheFirst.minusMillis(1);
    WrongCodes blocked = wrong.with(tenth);
    assertTrue(blocked.blocks(tenth));
    assertTrue(blocked.blocks(tenth.plus(Duration.ofHours(1)).minusMillis(1)));
    assertFalse(blocked.blocks(tenth.plus(Duration.ofHours(1))));
    assertEquals(List.of(), blocked.at());
  }
}
