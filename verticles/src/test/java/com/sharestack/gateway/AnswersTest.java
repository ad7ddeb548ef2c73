package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.Category;
import com.sharestack.contract.CategoryList;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.PlanDetail;
import com.sharestack.contract.PlanPage;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a service's answer on its way out. */
class AnswersTest {

  private static final AtomicInteger PARENT = new AtomicInteger();
  private static ApiGateway gateway;

  /** A query of its own for each test: answers of other tests are kept for a minute. */
  private final String categories = "/categories?parent_id=" + PARENT.incrementAndGet();

  @BeforeAll
  static void start() {
    gateway = ApiGateway.start("gw_answers", "SHARESTACK_INSTANCES_GATEWAY", "1");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void categoriesAreFew() {
    gateway.forgetCalls();
    categories("一");
  }

  private static void categories(String name) {
    JsonObject category = ApiClient.sample("Category").put("name", name);
    CategoryList list = new CategoryList(List.of(Wire.read(category, Category.class)));
    gateway.answer(CategoriesService.class, "list", (c, r) -> Future.succeededFuture(list));
  }

  private static void planOf(String price) {
    JsonObject sample = ApiClient.sample("PlanDetail");
    sample.getJsonObject("plan").put("price", new BigDecimal(price));
    gateway.answer(
        PlansService.class,
        "get",
        (c, r) -> Future.succeededFuture(Wire.read(sample, PlanDetail.class)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"29.90", "0.00", "99999999.99", "0.10", "100.00"})
  void moneyArrivesDigitByDigit(String price) {
    planOf(price);
    String text = gateway.api().get("/subscription-plans/1").text();
    assertTrue(text.contains("\"price\":" + price + ","), text);
  }

  @Test
  void theEnvelopeSaysVersionTimeAndRequest() {
    ApiAnswer answer = gateway.api().with("X-Request-Id", "my-id_1").get(categories);
    assertEquals("my-id_1", answer.meta().getString("request_id"));
    assertEquals("v1", answer.meta().getString("version"));
    assertTrue(
        answer.meta().getString("timestamp").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
    assertEquals("application/json; charset=utf-8", answer.header("Content-Type"));
  }

  @Test
  void everyAnswerCarriesTheRulesForBrowsers() {
    for (ApiAnswer answer : List.of(gateway.api().get(categories), gateway.api().get("/nothing"))) {
      assertEquals("nosniff", answer.header("X-Content-Type-Options"));
      assertEquals("DENY", answer.header("X-Frame-Options"));
      assertEquals("no-referrer", answer.header("Referrer-Policy"));
      assertEquals(
          "default-src 'none'; frame-ancestors 'none'", answer.header("Content-Security-Policy"));
      assertNull(answer.header("Strict-Transport-Security"));
      assertNull(answer.header("Server"));
    }
  }

  @Test
  void whatIsUnchangedIsNotSentAgain() {
    planOf("29.90");
    ApiAnswer first = gateway.as(READER).get("/subscription-plans/1");
    String tag = first.header("ETag");
    assertTrue(tag.startsWith("W/\""), tag);
    assertEquals("private, no-cache", first.header("Cache-Control"));

    ApiClient again = gateway.as(READER);
    assertEquals(304, again.with("If-None-Match", tag).get("/subscription-plans/1").status());
    assertEquals(
        304, again.with("If-None-Match", "\"x\", " + tag).get("/subscription-plans/1").status());
    assertEquals(304, again.with("If-None-Match", "*").get("/subscription-plans/1").status());
    assertEquals(200, again.with("If-None-Match", "\"x\"").get("/subscription-plans/1").status());

    planOf("29.91");
    ApiAnswer changed = again.with("If-None-Match", tag).get("/subscription-plans/1");
    assertEquals(200, changed.status());
    assertNotEquals(tag, changed.header("ETag"));
  }

  @Test
  void tagsAreComparedWeakly() {
    planOf("29.90");
    String tag = gateway.api().get("/subscription-plans/1").header("ETag");
    ApiClient strong = gateway.api().with("If-None-Match", tag.substring(2));
    assertEquals(304, strong.get("/subscription-plans/1").status());
  }

  @Test
  void publicAnswersAreKeptForAnonymousCallersOnly() {
    ApiAnswer first = gateway.api().get(categories);
    assertEquals("public, max-age=60", first.header("Cache-Control"));
    assertTrue(first.header("Vary").contains("Authorization"));
    categories("二");
    ApiAnswer kept = gateway.api().get(categories);
    assertEquals(first.data(), kept.data());
    assertEquals(1, gateway.calls().size());
    assertNotEquals(first.meta().getString("request_id"), kept.meta().getString("request_id"));

    ApiAnswer signedIn = gateway.as(READER).get(categories);
    assertNotEquals(first.data(), signedIn.data());
    assertEquals("private, no-cache", signedIn.header("Cache-Control"));
    assertEquals(first.data(), gateway.api().get(categories).data());
    assertNotEquals(first.data(), gateway.api().get(categories + "&include_count=true").data());
  }

  @Test
  void manyAnonymousCallersAtOnceAreOneCall() throws Exception {
    Promise<CategoryList> slow = Promise.promise();
    gateway.answer(CategoriesService.class, "list", (c, r) -> slow.future());
    List<CompletableFuture<ApiAnswer>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(gateway.api().sendAsync("GET", categories, null));
    }
    gateway.eventually("a call", () -> !gateway.calls().isEmpty());
    slow.complete(new CategoryList(List.of()));
    for (CompletableFuture<ApiAnswer> answer : answers) {
      assertEquals(200, answer.get().status());
    }
    assertEquals(1, gateway.calls().size());
  }

  @Test
  void aFailedPublicAnswerIsNotKept() {
    gateway.answer(
        CategoriesService.class,
        "list",
        (c, r) -> Future.failedFuture(new IllegalStateException("secret")));
    assertEquals(500, gateway.api().get(categories).status());
    categories("一");
    assertEquals(200, gateway.api().get(categories).status());
  }

  @Test
  void fieldsMoveOrAreCopiedToMetaAsTheContractSays() {
    gateway.answer(
        NotificationsService.class, "list", (c, r) -> ApiGateway.sample(NotificationPage.class));
    ApiAnswer list = gateway.as(READER).get("/notifications");
    assertEquals(200, list.status());
    assertTrue(list.data().containsKey("pagination"));
    assertEquals(list.data().getJsonObject("pagination"), list.meta().getJsonObject("pagination"));
    assertFalse(list.data().containsKey("cache_hit"));
    assertEquals(false, list.meta().getBoolean("cache_hit"));
    assertTrue(list.meta().getString("query_time").matches("\\d+ms"));
    assertEquals("no-store", list.header("Cache-Control"));

    gateway.answer(PlansService.class, "list", (c, r) -> ApiGateway.sample(PlanPage.class));
    ApiAnswer plans = gateway.api().get("/subscription-plans?creator_id=1");
    assertFalse(plans.data().containsKey("pagination"));
    assertTrue(plans.meta().containsKey("pagination"));
    assertFalse(plans.meta().containsKey("query_time"));
  }

  @Test
  void aFieldMayChooseTheOtherStatus() {
    for (Boolean replayed : new Boolean[] {true, false, null}) {
      SubscriptionCreated sample = ApiGateway.sample(SubscriptionCreated.class).result();
      SubscriptionCreated created =
          new SubscriptionCreated(sample.subscription(), sample.payment(), replayed);
      gateway.answer(
          SubscriptionsService.class, "create", (c, r) -> Future.succeededFuture(created));
      ApiAnswer answer =
          gateway.as(READER).post("/subscriptions", new JsonObject().put("plan_id", 1));
      assertEquals(Boolean.TRUE.equals(replayed) ? 200 : 201, answer.status());
      assertFalse(answer.data().containsKey("replayed"));
      assertNull(answer.header("Idempotent-Replayed"));
    }
  }

  @Test
  void onlyLongAnswersAreCompressed() throws Exception {
    ApiClient client = gateway.api().with("Accept-Encoding", "gzip");
    assertNull(client.get(categories).header("Content-Encoding"));

    categories("长".repeat(2000));
    ApiAnswer plain = gateway.api().get(categories + "&include_count=true");
    assertNull(plain.header("Content-Encoding"));
    ApiAnswer packed = client.page("GET", "/api/v1" + categories + "&include_count=true");
    assertEquals("gzip", packed.header("Content-Encoding"));
    assertTrue(packed.header("Vary").contains("Accept-Encoding"));
    assertTrue(packed.body().length < plain.body().length / 5);
    byte[] text =
        new GZIPInputStream(new java.io.ByteArrayInputStream(packed.body())).readAllBytes();
    JsonObject unpacked = new JsonObject(new String(text, StandardCharsets.UTF_8));
    assertEquals(plain.data(), unpacked.getJsonObject("data"));
  }
}
