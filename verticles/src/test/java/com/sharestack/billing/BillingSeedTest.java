package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Plan;
import com.sharestack.contract.PlansListRequest;
import com.sharestack.contract.UserType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillingSeedTest {

  @Test
  void theDemoPlansAreReadAndTheDemoReaderCanSubscribe() throws IOException {
    try (BillingNode billing = new BillingNode("billing_seed")) {
      apply(billing, "/sql/seed/S003__billing.sql");
      billing.know(1004, UserType.CREATOR, false);

      assertEquals(List.of("0.00", "29.90", "299.00"), prices(billing, 1002));
      assertEquals(List.of("0.00", "58.00", "699.00"), prices(billing, 1003));
      assertEquals(List.of("0.00"), prices(billing, 1004));
      assertEquals(0, billing.number("SELECT COUNT(*) FROM subscriptions"));
      Plan free = plans(billing, 1004).get(0);
      assertEquals(PlanRules.defaultEntitlements(0), free.entitlements());
      assertEquals(PlanRules.defaultEntitlements(1), plans(billing, 1002).get(1).entitlements());
      assertTrue(
          billing
              .subscribe(BillingNode.caller(1005L, "reader", false, List.of()), free)
              .id()
              .startsWith("sub_"));
    }
  }

  private static void apply(BillingNode billing, String file) throws IOException {
    try (InputStream in = BillingSeedTest.class.getResourceAsStream(file)) {
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Arrays.stream(sql.split(";\n")).filter(one -> !one.isBlank()).forEach(billing::update);
    }
  }

  private static List<Plan> plans(BillingNode billing, long creator) {
    return billing
        .await(
            billing.plans.list(BillingNode.anonymous(), new PlansListRequest(creator, null, 1, 20)))
        .plans();
  }

  private static List<String> prices(BillingNode billing, long creator) {
    return plans(billing, creator).stream()
        .map(Plan::price)
        .map(BigDecimal::toPlainString)
        .toList();
  }
}
