package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.PlanCreate;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanRulesTest {

  private static PlanCreate.Builder plan() {
    return PlanCreate.builder()
        .name("月度会员")
        .description("")
        .price(new BigDecimal("29.90"))
        .currency("CNY")
        .billingCycle(BillingCycle.MONTHLY);
  }

  private static NewPlan accept(PlanCreate.Builder wanted) {
    return PlanRules.accept(8, wanted.build());
  }

  @ParameterizedTest
  @CsvSource({"0.00, 0", "1.00, 100", "29.90, 2990", "99999999.99, 9999999999"})
  void aPriceIsKeptInFen(BigDecimal price, long fen) {
    assertEquals(fen, accept(plan().price(price)).priceFen());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.01", "0.99", "100000000.00"})
  void aPriceBelowOneYuanOrAboveTheCapIsRefused(BigDecimal price) {
    assertEquals(
        "VALIDATION_ERROR price", failureOf(() -> accept(plan().price(price))).named("field"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"USD", "EUR", "JPY"})
  void onlyYuanAreCharged(String currency) {
    assertEquals(
        "CURRENCY_UNSUPPORTED " + currency,
        failureOf(() -> accept(plan().currency(currency))).named("currency"));
  }

  @Test
  void aFreePlanHasNoTrial() {
    assertEquals(
        "VALIDATION_ERROR trial_days",
        failureOf(() -> accept(plan().price(BigDecimal.ZERO).trialDays(7))).named("field"));
  }

  @Test
  void aLifetimePlanHasNoTrial() {
    assertEquals(
        "VALIDATION_ERROR trial_days",
        failureOf(() -> accept(plan().billingCycle(BillingCycle.LIFETIME).trialDays(1)))
            .named("field"));
    assertEquals(30, accept(plan().trialDays(30)).trialDays());
  }

  @Test
  void metadataHoldsFourKilobytesOfUtf8() {
    // {"note":""} is 11 bytes; 汉 is 3
    String fits = "a".repeat(2) + "汉".repeat(1361);
    assertDoesNotThrow(() -> accept(plan().metadata(new JsonObject().put("note", fits))));
    assertEquals(
        "VALIDATION_ERROR metadata",
        failureOf(() -> accept(plan().metadata(new JsonObject().put("note", fits + "a"))))
            .named("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sort_order\":\"1\"}",
        "{\"sort_order\":3000000000}",
        "{\"default\":1}",
        "{\"recommended\":\"yes\"}",
        "{\"category\":7}",
        "{\"target_audience\":null}"
      })
  void knownKeysOfMetadataHaveAType(String metadata) {
    String key = new JsonObject(metadata).fieldNames().iterator().next();
    assertEquals(
        "VALIDATION_ERROR metadata." + key,
        failureOf(() -> accept(plan().metadata(new JsonObject(metadata)))).named("field"));
  }

  @Test
  void aNameOfSpacesIsNone() {
    assertEquals(
        "VALIDATION_ERROR name", failureOf(() -> accept(plan().name("  \t"))).named("field"));
  }

  @Test
  void aFreePlanOpensWhatIsForSubscribersAndAPricedOneAlsoWhatIsPaid() {
    assertEquals(
        List.of(EntitlementLevel.SUBSCRIBERS),
        accept(plan().price(BigDecimal.ZERO)).entitlements().visibilityLevels());
    assertEquals(
        List.of(EntitlementLevel.SUBSCRIBERS, EntitlementLevel.PAID),
        accept(plan()).entitlements().visibilityLevels());
  }

  @Test
  void onlyAnActivePricedPlanNeedsACertifiedCreator() {
    assertTrue(PlanRules.needsCertification(accept(plan().isActive(true))));
    assertFalse(PlanRules.needsCertification(accept(plan().isActive(false))));
    assertFalse(PlanRules.needsCertification(accept(plan().isActive(true).price(BigDecimal.ZERO))));
  }
}
