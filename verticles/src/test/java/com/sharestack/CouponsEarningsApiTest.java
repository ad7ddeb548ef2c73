package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** coupons.*, subscriptionSettings.* and earnings.* through HTTP and bus, on all roles. */
class CouponsEarningsApiTest {

  private static TestNode node;
  private static ApiClient anonymous;
  private static ApiClient creator;
  private static ApiClient reader;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("coupons_api");
    anonymous = new ApiClient(node.node().httpPort());
    creator = account("couponmaker", "creator");
    reader = account("couponreader", "reader");
    creator.put("/subscription-settings", new JsonObject().put("coupons_enabled", true));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ApiClient account(String name, String type) {
    return ApiAccount.of(anonymous, name, type).api();
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  private static JsonObject twentyPercent(String code) {
    return new JsonObject()
        .put("name", "八折券")
        .put("code", code)
        .put("discount_type", "percentage")
        .put("discount_value", 20)
        .put("max_discount", "5.00")
        .put(
            "expires_at",
            Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static JsonObject created(JsonObject wanted) {
    ApiAnswer answer = creator.post("/coupons", wanted);
    assertEquals(201, answer.status());
    return answer.data().getJsonObject("coupon");
  }

  /** A priced plan on sale without the certification a creator of tests does not have. */
  private static long plan(ApiClient owner) {
    long id =
        owner
            .post(
                "/subscription-plans",
                new JsonObject()
                    .put("name", "会员")
                    .put("price", 29.90)
                    .put("currency", "CNY")
                    .put("billing_cycle", "monthly"))
            .data()
            .getJsonObject("plan")
            .getLong("id");
    node.await(
        () ->
            node.db()
                .update(
                    "UPDATE plans SET is_active = 1, ever_activated = 1 WHERE plan_id = ?", id));
    return id;
  }

  @Test
  void aCouponIsIssuedAndCheckedBeforeAnOrder() {
    long plan = plan(creator);
    JsonObject coupon = created(twentyPercent("save-20"));
    assertEquals("SAVE-20", coupon.getString("code"));
    assertEquals("20", coupon.getValue("discount_value").toString());
    assertEquals(new JsonArray(), coupon.getJsonArray("plan_ids"));
    assertEquals(new JsonArray(), coupon.getJsonArray("article_ids"));

    JsonObject asked = new JsonObject().put("code", "Save-20").put("plan_id", plan);
    JsonObject checked = reader.post("/coupons/validate", asked).data();
    assertTrue(checked.getBoolean("valid"));
    assertEquals("5.00", checked.getValue("discount_amount").toString());
    assertEquals("24.90", checked.getValue("final_amount").toString());
    assertEquals("八折券", checked.getJsonObject("coupon").getString("name"));

    JsonObject unknown =
        reader.post("/coupons/validate", asked.copy().put("code", "NONE-SUCH")).data();
    assertFalse(unknown.getBoolean("valid"));
    assertEquals("not_found", unknown.getString("reason"));
    assertNull(unknown.getValue("coupon"));
    assertEquals("409 CONFLICT", code(creator.post("/coupons", twentyPercent("SAVE-20"))));
  }

  @Test
  void absentArticlesAreAllAndNullIsNone() {
    assertEquals(new JsonArray(), created(twentyPercent("ALL-ITEMS")).getJsonArray("article_ids"));
    JsonObject none = created(twentyPercent("NO-ITEMS").putNull("article_ids"));
    assertTrue(none.containsKey("article_ids"));
    assertNull(none.getValue("article_ids"));
  }

  @Test
  void malformedCouponsAreRefused() {
    assertEquals("400 VALIDATION_ERROR", code(creator.post("/coupons", twentyPercent("a b c"))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(creator.post("/coupons", twentyPercent("BAD-1").put("discount_value", 33.5))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(
            creator.post(
                "/coupons", twentyPercent("BAD-2").put("expires_at", "2020-01-01T00:00:00Z"))));
    assertEquals(
        "404 PLAN_NOT_FOUND",
        code(
            creator.post(
                "/coupons", twentyPercent("BAD-3").put("plan_ids", new JsonArray().add(999999)))));
    assertEquals(
        "404 NOT_FOUND",
        code(
            creator.post(
                "/coupons",
                twentyPercent("BAD-4").put("article_ids", new JsonArray().add(999999)))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(reader.post("/coupons/validate", new JsonObject().put("code", "SAVE-20"))));
  }

  @Test
  void readersNeitherIssueCouponsNorEarn() {
    assertEquals("403 FORBIDDEN", code(reader.post("/coupons", twentyPercent("READER-1"))));
    assertEquals("401 UNAUTHORIZED", code(anonymous.post("/coupons", twentyPercent("READER-1"))));
    assertEquals(
        "401 UNAUTHORIZED",
        code(
            anonymous.post(
                "/coupons/validate", new JsonObject().put("code", "ABCD").put("plan_id", 1))));
    for (String path :
        new String[] {
          "/earnings", "/earnings/balance", "/earnings/transactions", "/subscription-settings"
        }) {
      assertEquals("403 FORBIDDEN", code(reader.get(path)));
      assertEquals("401 UNAUTHORIZED", code(anonymous.get(path)));
    }
  }

  @Test
  void settingsAreChangedFieldByField() {
    ApiClient other = account("settingsmaker", "creator");
    JsonObject defaults = other.get("/subscription-settings").data().getJsonObject("settings");
    assertFalse(defaults.getBoolean("coupons_enabled"));
    assertTrue(defaults.getBoolean("trial_enabled"));
    assertNull(defaults.getValue("updated_at"));
    JsonObject changed =
        other
            .put(
                "/subscription-settings",
                new JsonObject().put("welcome_title", "欢迎").put("trial_enabled", false))
            .data()
            .getJsonObject("settings");
    assertEquals("欢迎", changed.getString("welcome_title"));
    assertFalse(changed.getBoolean("trial_enabled"));
    assertTrue(changed.getBoolean("auto_renew_enabled"));
    assertEquals("409 CONFLICT", code(other.post("/coupons", twentyPercent("DISABLED-1"))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(other.put("/subscription-settings", new JsonObject().putNull("trial_enabled"))));
  }

  @Test
  void aNewCreatorHasEarnedNothingYet() {
    JsonObject summary = creator.get("/earnings").data().getJsonObject("summary");
    assertEquals("0.00", summary.getValue("total_revenue").toString());
    assertEquals(0, summary.getInteger("subscriber_count"));
    assertEquals(200, creator.get("/earnings?period=quarter").status());
    assertEquals("400 VALIDATION_ERROR", code(creator.get("/earnings?start_date=2026-01-01")));
    assertEquals("400 VALIDATION_ERROR", code(creator.get("/earnings?period=decade")));

    JsonObject balance = creator.get("/earnings/balance").data().getJsonObject("balance");
    assertEquals("0.00", balance.getValue("available").toString());
    assertEquals("CNY", balance.getString("currency"));

    ApiAnswer list = creator.get("/earnings/transactions");
    assertEquals(new JsonArray(), list.data().getJsonArray("transactions"));
    assertEquals("400 VALIDATION_ERROR", code(creator.get("/earnings/transactions?type=gift")));
    assertEquals(
        "400 VALIDATION_ERROR", code(creator.get("/earnings/transactions?settlement_id=stl_1")));
  }
}
