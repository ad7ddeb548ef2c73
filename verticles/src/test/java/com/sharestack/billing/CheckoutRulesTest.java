package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.platform.config.Config;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutRulesTest {

  private static final long READER = 7;
  private static final long CREATOR = 8;

  private final CheckoutRules rules =
      new CheckoutRules(
          new Config.Billing(true, List.of("wechat", "alipay"), List.of("pay.example.cn"), null));

  private static SubscriptionCreate order(
      String method, String promo, boolean autoRenew, String returnUrl) {
    return new SubscriptionCreate(9, method, promo, autoRenew, returnUrl);
  }

  private static PlanRow plan(long priceFen, BillingCycle cycle, boolean active) {
    Instant at = Instant.parse("2026-10-01T00:00:00Z");
    return new PlanRow(
        9,
        CREATOR,
        "方案",
        "",
        priceFen,
        cycle,
        List.of(),
        0,
        active,
        true,
        false,
        false,
        PlanRules.defaultEntitlements(priceFen),
        new JsonObject(),
        0,
        at,
        at);
  }

  private static final PlanRow FREE = plan(0, BillingCycle.MONTHLY, true);
  private static final PlanRow PRICED = plan(2990, BillingCycle.MONTHLY, true);

  @ParameterizedTest
  @ValueSource(strings = {"stripe", "unionpay", "paypal", "WECHAT"})
  void aChannelThatIsUnknownOrSwitchedOffIsUnsupportedEvenForAFreePlan(String method) {
    assertEquals(
        "PAYMENT_METHOD_UNSUPPORTED " + method,
        failureOf(() -> rules.requireForm(order(method, null, false, null)))
            .named("payment_method"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://pay.example.cn/done",
        "https://evil.example.com/",
        "https://pay.example.cn@evil.example.com/",
        "https://user@pay.example.cn/",
        "https://pay.example.cn.evil.com/",
        "javascript:alert(1)",
        "not a url"
      })
  void aPayerIsSentBackOnlyToKnownHosts(String url) {
    assertEquals(
        "VALIDATION_ERROR return_url",
        failureOf(() -> rules.requireForm(order("wechat", null, false, url))).named("field"));
  }

  @Test
  void aKnownHostOverHttpsIsAccepted() {
    assertDoesNotThrow(
        () -> rules.requireForm(order("wechat", null, false, "https://PAY.example.cn/done?x=1")));
  }

  @Test
  void nobodySubscribesToHimselfWhateverElseIsWrong() {
    PlanRow inactive = plan(0, BillingCycle.MONTHLY, false);
    assertEquals(
        "SELF_PURCHASE_NOT_ALLOWED",
        failureOf(
                () -> CheckoutRules.requireFit(CREATOR, inactive, order(null, "XXXX", true, null)))
            .code());
  }

  @Test
  void aPlanThatIsNotActiveIsNotSold() {
    PlanRow inactive = plan(0, BillingCycle.MONTHLY, false);
    assertEquals(
        "PLAN_NOT_ACTIVE inactive",
        failureOf(() -> CheckoutRules.requireFit(READER, inactive, order(null, null, false, null)))
            .named("status"));
  }

  @Test
  void aCouponCodeIsUnknown() {
    assertEquals(
        "COUPON_INVALID unknown",
        failureOf(() -> CheckoutRules.requireFit(READER, FREE, order(null, "SAVE10", false, null)))
            .named("reason"));
  }

  @Test
  void aMethodMayBeLeftOutOnlyWhenNothingIsDue() {
    assertDoesNotThrow(
        () -> CheckoutRules.requireFit(READER, FREE, order(null, null, false, null)));
    assertEquals(
        "VALIDATION_ERROR payment_method",
        failureOf(() -> CheckoutRules.requireFit(READER, PRICED, order(null, null, false, null)))
            .named("field"));
  }

  @Test
  void whatHasNoRenewalCannotRenewByItself() {
    PlanRow lifetime = plan(69_900, BillingCycle.LIFETIME, true);
    assertEquals(
        "AUTO_RENEW_UNAVAILABLE FREE_PLAN",
        failureOf(() -> CheckoutRules.requireFit(READER, FREE, order(null, null, true, null)))
            .named("reason"));
    assertEquals(
        "AUTO_RENEW_UNAVAILABLE LIFETIME_PLAN",
        failureOf(
                () -> CheckoutRules.requireFit(READER, lifetime, order("wechat", null, true, null)))
            .named("reason"));
    assertEquals(
        "AUTO_RENEW_UNAVAILABLE PAYMENT_METHOD",
        failureOf(
                () -> CheckoutRules.requireFit(READER, PRICED, order("unionpay", null, true, null)))
            .named("reason"));
    assertDoesNotThrow(
        () -> CheckoutRules.requireFit(READER, PRICED, order("alipay", null, true, null)));
  }
}
