package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.coupons.CouponItem;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.ArticleRef;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Coupon;
import com.sharestack.contract.CouponCreate;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponScope;
import com.sharestack.contract.CouponStatus;
import com.sharestack.contract.CouponValidate;
import com.sharestack.contract.CouponValidation;
import com.sharestack.contract.CouponVerdictReason;
import com.sharestack.contract.CouponsCreateRequest;
import com.sharestack.contract.CouponsService;
import com.sharestack.contract.CouponsValidateRequest;
import com.sharestack.contract.Plan;
import com.sharestack.contract.SubscriptionSettings;
import com.sharestack.contract.SubscriptionSettingsGetRequest;
import com.sharestack.contract.SubscriptionSettingsService;
import com.sharestack.contract.SubscriptionSettingsUpdate;
import com.sharestack.contract.SubscriptionSettingsUpdateRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CouponsServiceTest {

  private static BillingNode billing;
  private static CouponsService coupons;
  private static SubscriptionSettingsService settings;
  private static int addresses;

  private Caller creator;
  private Plan plan;

  @BeforeAll
  static void start() {
    billing = new BillingNode("coupons_service");
    coupons = billing.node.client(CouponsService.class);
    settings = billing.node.client(SubscriptionSettingsService.class);
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  @BeforeEach
  void issue() {
    creator = billing.creator();
    plan = billing.create(creator, BillingNode.draft("会员", "29.90").isActive(true));
    switchCoupons(creator, true);
  }

  private static SubscriptionSettings switchCoupons(Caller creator, boolean on) {
    return billing
        .await(
            settings.update(
                creator,
                new SubscriptionSettingsUpdateRequest(
                    SubscriptionSettingsUpdate.builder().couponsEnabled(Patch.of(on)).build())))
        .settings();
  }

  private static CouponCreate.Builder tenOff(String code) {
    return CouponCreate.builder()
        .name("新年优惠")
        .code(code)
        .discountType(CouponDiscountType.FIXED_AMOUNT)
        .discountValue(new BigDecimal("10.00"))
        .planIds(List.of())
        .articleIds(List.of())
        .newUsersOnly(false)
        .forRenewal(false)
        .appliesToCycles(1)
        .perUserLimit(1)
        .stackableWithPromotion(false)
        .draft(false)
        .expiresAt(in(Duration.ofDays(30)));
  }

  private static Instant in(Duration time) {
    return billing.node.clock().instant().plus(time).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Coupon create(Caller caller, CouponCreate.Builder wanted) {
    return billing.await(coupons.create(caller, new CouponsCreateRequest(wanted.build()))).coupon();
  }

  /** Each reader has an address of his own: addresses have a limit too. */
  private static Caller reader() {
    Caller reader = billing.reader();
    return Caller.builder()
        .userId(reader.userId())
        .userType(reader.userType())
        .verified(false)
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .ip("198.51.100." + ++addresses)
        .build();
  }

  private static CouponValidation validate(Caller caller, String code, long planId) {
    return billing.await(
        coupons.validate(
            caller, new CouponsValidateRequest(new CouponValidate(code, planId, null))));
  }

  private static CouponValidation validateArticle(Caller caller, String code, long articleId) {
    return billing.await(
        coupons.validate(
            caller, new CouponsValidateRequest(new CouponValidate(code, null, articleId))));
  }

  private static BigDecimal yuan(String text) {
    return new BigDecimal(text);
  }

  @Test
  void aCouponIsTheCreatorsOwnAndActiveAtOnce() {
    Coupon coupon = create(creator, tenOff("new-year").totalQuantity(100));
    assertEquals("NEW-YEAR", coupon.code());
    assertEquals(CouponScope.CREATOR, coupon.scope());
    assertEquals(CouponScope.CREATOR, coupon.fundedBy());
    assertEquals(creator.userId(), coupon.creatorId());
    assertEquals(CouponStatus.ACTIVE, coupon.status());
    assertEquals(yuan("10.00"), coupon.discountValue());
    assertEquals(List.of(), coupon.articleIds());
    assertEquals(0, coupon.reservedCount());
    assertEquals(
        1,
        billing.number(
            "SELECT COUNT(*) FROM billing_audit WHERE action = 'coupons.create' AND target_id = ?",
            String.valueOf(coupon.id())));
    assertEquals(CouponStatus.DRAFT, create(creator, tenOff(null).draft(true)).status());
  }

  @Test
  void codesAreUniqueOverThePlatformInAnyCase() {
    create(creator, tenOff("Unique-1"));
    Caller other = billing.creator();
    switchCoupons(other, true);
    assertEquals(
        "CONFLICT CODE_TAKEN", failureOf(() -> create(other, tenOff("uNIQUE-1"))).named("reason"));
    assertEquals(
        0, billing.number("SELECT COUNT(*) FROM coupons WHERE creator_id = ?", other.userId()));
  }

  @Test
  void withoutTheSwitchThereIsNoCoupon() {
    switchCoupons(creator, false);
    assertEquals(
        "CONFLICT coupons_disabled",
        failureOf(() -> create(creator, tenOff("OFF-1"))).named("reason"));
    assertEquals(
        "FORBIDDEN NOT_A_CREATOR",
        failureOf(() -> create(billing.reader(), tenOff("OFF-2"))).named("reason"));
  }

  @Test
  void plansAndArticlesOfOthersAreNotFound() {
    Plan foreign = billing.create(billing.creator(), BillingNode.draft("别家", "9.90"));
    assertEquals(
        "PLAN_NOT_FOUND " + foreign.id(),
        failureOf(() -> create(creator, tenOff("X-001").planIds(List.of(plan.id(), foreign.id()))))
            .named("plan_id"));
    article(501, creator.userId());
    article(502, foreign.creatorId());
    for (long unknown : List.of(502L, 503L)) {
      assertEquals(
          "NOT_FOUND " + unknown,
          failureOf(() -> create(creator, tenOff("X-002").articleIds(List.of(501L, unknown))))
              .named("article_id"));
    }
    Coupon own =
        create(creator, tenOff("X-003").planIds(List.of(plan.id())).articleIds(List.of(501L)));
    assertEquals(List.of(plan.id()), own.planIds());
    assertEquals(List.of(501L), own.articleIds());
    assertNull(create(creator, tenOff("X-004").articleIds(null)).articleIds());
  }

  private static void article(long id, long author) {
    billing.articles.put(
        id,
        ArticleRef.builder()
            .articleId(id)
            .title("文章" + id)
            .contentType(ContentType.ARTICLE)
            .authorId(author)
            .status(ArticleStatus.PUBLISHED)
            .visibility(Visibility.PAID)
            .includedInSubscription(false)
            .build());
    billing.decisions.put(
        id,
        new AccessDecision(
            true,
            author,
            null,
            ArticleStatus.PUBLISHED,
            Visibility.PAID,
            new BigDecimal("15.00"),
            false));
  }

  @Test
  void theSameRequestTwiceAtOnceIsOneCoupon() {
    Caller keyed = BillingNode.withKey(creator, "key-coupon-1", "ab".repeat(32));
    List<CompletableFuture<Long>> answers =
        IntStream.range(0, 4)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> create(keyed, tenOff("KEYED-1")).id()))
            .toList();
    assertEquals(1, answers.stream().map(CompletableFuture::join).distinct().count());
    Caller otherRequest = BillingNode.withKey(creator, "key-coupon-1", "cd".repeat(32));
    assertEquals(
        "IDEMPOTENCY_CONFLICT", failureOf(() -> create(otherRequest, tenOff("KEYED-2"))).code());
  }

  @Test
  void aCodeIsCheckedAgainstAPlanOrAnArticle() {
    create(creator, tenOff("CHECK-1"));
    article(510, creator.userId());
    Caller reader = reader();
    CouponValidation good = validate(reader, " check-1", plan.id());
    assertTrue(good.valid());
    assertNull(good.reason());
    assertEquals("新年优惠", good.coupon().name());
    assertEquals(yuan("10.00"), good.discountAmount());
    assertEquals(yuan("19.90"), good.finalAmount());
    assertEquals(yuan("5.00"), validateArticle(reader, "CHECK-1", 510).finalAmount());
    assertEquals(
        0,
        billing.number("SELECT COUNT(*) FROM coupon_uses WHERE creator_id = ?", creator.userId()));
  }

  @Test
  void strangersLearnTheSameOfUnknownDraftAndForeignCodes() {
    create(creator, tenOff("DRAFT-1").draft(true));
    Caller other = billing.creator();
    switchCoupons(other, true);
    create(other, tenOff("FOREIGN-1"));
    Caller reader = reader();
    CouponValidation unknown = validate(reader, "UNKNOWN-1", plan.id());
    assertEquals(
        new CouponValidation(
            false, CouponVerdictReason.NOT_FOUND, null, yuan("0.00"), yuan("29.90")),
        unknown);
    assertEquals(unknown, validate(reader, "DRAFT-1", plan.id()));
    assertEquals(unknown, validate(reader, "FOREIGN-1", plan.id()));
    assertEquals(unknown, validate(reader, "优惠优惠", plan.id()));
  }

  @Test
  void aReasonIsGivenForACouponThatIsNoUse() {
    Coupon coupon = create(creator, tenOff("USED-UP").totalQuantity(1));
    Caller reader = reader();
    Coupons orders = new Coupons(billing.node.clock());
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx ->
                        orders.reserve(
                            tx,
                            "USED-UP",
                            reader.userId(),
                            "sub_used_up",
                            CouponItem.plan(plan.id(), creator.userId()),
                            2990)));
    assertEquals(CouponVerdictReason.PER_USER, validate(reader, "USED-UP", plan.id()).reason());
    CouponValidation exhausted = validate(reader(), "USED-UP", plan.id());
    assertEquals(CouponVerdictReason.EXHAUSTED, exhausted.reason());
    assertEquals(coupon.name(), exhausted.coupon().name());
    assertEquals(CouponVerdictReason.SELF, validate(creator, "USED-UP", plan.id()).reason());
    create(creator, tenOff("LATER-1").startsAt(in(Duration.ofDays(1))));
    assertEquals(CouponVerdictReason.NOT_STARTED, validate(reader, "LATER-1", plan.id()).reason());
  }

  @Test
  void exactlyOneThingForSaleIsNamed() {
    Caller reader = reader();
    Plan draft = billing.create(creator, BillingNode.draft("草稿", "9.90"));
    assertEquals(
        "VALIDATION_ERROR plan_id",
        failureOf(
                () ->
                    billing.await(
                        coupons.validate(
                            reader,
                            new CouponsValidateRequest(new CouponValidate("ABCD", 1L, 1L)))))
            .named("field"));
    assertEquals(
        "VALIDATION_ERROR plan_id",
        failureOf(() -> validate(reader, "ABCD", draft.id())).named("field"));
    assertEquals(
        "VALIDATION_ERROR article_id",
        failureOf(() -> validateArticle(reader, "ABCD", 599)).named("field"));
  }

  @Test
  void tenWrongCodesBlockTheUserForAnHourButNobodyElse() {
    create(creator, tenOff("RIGHT-1"));
    Caller guesser = reader();
    for (int i = 0; i < 10; i++) {
      validate(guesser, "GUESS-" + i, plan.id());
    }
    Failures blocked = failureOf(() -> validate(guesser, "RIGHT-1", plan.id()));
    assertEquals("RATE_LIMIT_EXCEEDED", blocked.code());
    long wait = blocked.details().getLong("retry_after");
    assertTrue(wait > 3500 && wait <= 3600, "waits " + wait);
    assertTrue(validate(reader(), "RIGHT-1", plan.id()).valid());

    billing.node.clock().advance(Duration.ofMinutes(61));
    assertTrue(validate(guesser, "RIGHT-1", plan.id()).valid());
  }

  @Test
  void settingsAreDefaultsUntilSavedAndChangeFieldByField() {
    Caller fresh = billing.creator();
    SubscriptionSettings defaults =
        billing.await(settings.get(fresh, new SubscriptionSettingsGetRequest())).settings();
    assertTrue(defaults.autoRenewEnabled() && defaults.trialEnabled());
    assertEquals(false, defaults.couponsEnabled());
    assertNull(defaults.updatedAt());

    switchCoupons(fresh, true);
    SubscriptionSettings changed =
        billing
            .await(
                settings.update(
                    fresh,
                    new SubscriptionSettingsUpdateRequest(
                        SubscriptionSettingsUpdate.builder()
                            .trialEnabled(Patch.of(false))
                            .welcomeTitle(Patch.of("欢迎"))
                            .build())))
            .settings();
    assertTrue(changed.couponsEnabled());
    assertEquals(false, changed.trialEnabled());
    assertEquals("欢迎", changed.welcomeTitle());
    assertEquals(
        changed.welcomeTitle(),
        billing
            .await(settings.get(fresh, new SubscriptionSettingsGetRequest()))
            .settings()
            .welcomeTitle());
    assertEquals(
        "FORBIDDEN NOT_A_CREATOR",
        failureOf(
                () ->
                    billing.await(
                        settings.get(billing.reader(), new SubscriptionSettingsGetRequest())))
            .named("reason"));
  }
}
