package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.CREATOR;
import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanCreated;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiRedisLink;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same key twice. */
class IdempotencyTest {

  private static final String PLANS = "/subscription-plans";
  private static ApiRedisLink link;
  private static ApiGateway gateway;
  private final String key = Ids.random("key_", 20);

  @BeforeAll
  static void start() {
    link = new ApiRedisLink(TestNode.environment("gw_idem_r").get("SHARESTACK_REDIS_URL"));
    gateway = ApiGateway.start("gw_idem", "SHARESTACK_REDIS_URL", link.url());
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    link.close();
  }

  @BeforeEach
  void plansAreCreated() {
    gateway.answer(PlansService.class, "create", (c, r) -> ApiGateway.sample(PlanCreated.class));
    gateway.forgetCalls();
  }

  private static void refuses(ErrorCode code, Object... details) {
    gateway.answer(
        PlansService.class, "create", (c, r) -> Future.failedFuture(Errors.of(code, details)));
  }

  private static JsonObject plan(String name) {
    return new JsonObject()
        .put("name", name)
        .put("price", new BigDecimal("29.90"))
        .put("currency", "CNY")
        .put("billing_cycle", "monthly");
  }

  private ApiAnswer create(String name) {
    return gateway.as(READER).with("Idempotency-Key", key).post(PLANS, plan(name));
  }

  @Test
  void aRepeatGetsTheFirstAnswerAndReachesNoService() {
    ApiAnswer first = create("a");
    for (int i = 0; i < 20; i++) {
      ApiAnswer repeat = create("a");
      assertEquals(201, repeat.status());
      assertEquals("true", repeat.header("Idempotent-Replayed"));
      assertEquals(first.data(), repeat.data());
    }
    assertNull(first.header("Idempotent-Replayed"));
    assertEquals(1, gateway.calls().size());
  }

  @Test
  void aRepeatMayBeWrittenDifferentlyAsLongAsItMeansTheSame() {
    create("a");
    String body =
        "{ \"billing_cycle\":\"monthly\",\"currency\":\"CNY\", \"price\": 29.9,"
            + " \"trial_days\":0, \"unknown\":1, \"name\" : \"\\u0061\" }";
    ApiAnswer repeat = gateway.as(READER).with("Idempotency-Key", key).post(PLANS, body);
    assertEquals("true", repeat.header("Idempotent-Replayed"), repeat.toString());
  }

  @Test
  void theSameKeyForAnotherRequestIsAConflict() {
    create("a");
    ApiAnswer other = create("b");
    assertEquals("409 IDEMPOTENCY_CONFLICT", other.status() + " " + other.errorCode());
    assertEquals(1, gateway.calls().size());
  }

  @Test
  void keysBelongToTheirUserAndOperation() {
    gateway.answer(
        SubscriptionsService.class,
        "create",
        (c, r) -> ApiGateway.sample(SubscriptionCreated.class));
    create("a");
    ApiClient other = gateway.as(CREATOR).with("Idempotency-Key", key);
    assertNull(other.post(PLANS, plan("a")).header("Idempotent-Replayed"));
    ApiClient same = gateway.as(READER).with("Idempotency-Key", key);
    ApiAnswer subscription = same.post("/subscriptions", new JsonObject().put("plan_id", 1));
    assertEquals(201, subscription.status());
    assertNull(subscription.header("Idempotent-Replayed"));
  }

  @Test
  void whileTheFirstRunsTheSecondIsToldToWait() throws Exception {
    Promise<PlanCreated> running = Promise.promise();
    gateway.answer(PlansService.class, "create", (c, r) -> running.future());
    var first = gateway.as(READER).with("Idempotency-Key", key).sendAsync("POST", PLANS, plan("a"));
    gateway.eventually("the first call runs", () -> gateway.calls().size() == 1);

    ApiAnswer second = create("a");
    assertEquals("409 IDEMPOTENCY_IN_PROGRESS", second.status() + " " + second.errorCode());
    assertEquals("1", second.header("Retry-After"));
    assertEquals("IDEMPOTENCY_CONFLICT", create("b").errorCode());

    running.complete(ApiGateway.sample(PlanCreated.class).result());
    assertEquals(201, first.get().status());
    assertEquals("true", create("a").header("Idempotent-Replayed"));
    assertEquals(1, gateway.calls().size());
  }

  @Test
  void aRefusalIsReplayedWithItsDetails() {
    refuses(ErrorCode.CONFLICT, "reason", "PLAN_EXISTS");
    assertEquals(409, create("a").status());
    ApiAnswer repeat = create("a");
    assertEquals("409 CONFLICT", repeat.status() + " " + repeat.errorCode());
    assertEquals("PLAN_EXISTS", repeat.details().getString("reason"));
    assertEquals("true", repeat.header("Idempotent-Replayed"));
    assertEquals(1, gateway.calls().size());
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT", "RATE_LIMIT_EXCEEDED"})
  void aFailureOfTheMomentLetsTheSameKeyTryAgain(ErrorCode code) {
    refuses(code, "retry_after", 1);
    assertEquals(code.status(), create("a").status());
    plansAreCreated();
    ApiAnswer again = create("a");
    assertEquals(201, again.status());
    assertNull(again.header("Idempotent-Replayed"));
  }

  @Test
  void aThrowLetsTheSameKeyTryAgain() {
    gateway.answer(
        PlansService.class,
        "create",
        (c, r) -> {
          throw new NullPointerException("secret");
        });
    assertEquals(500, create("a").status());
    plansAreCreated();
    assertEquals(201, create("a").status());
  }

  @Test
  void aVeryLargeAnswerIsNotKept() {
    JsonObject sample = ApiClient.sample("PlanCreated");
    sample.getJsonObject("plan").put("metadata", new JsonObject().put("text", "x".repeat(70_000)));
    gateway.answer(
        PlansService.class,
        "create",
        (c, r) -> Future.succeededFuture(Wire.read(sample, PlanCreated.class)));
    create("a");
    assertNull(create("a").header("Idempotent-Replayed"));
    assertEquals(2, gateway.calls().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "with space", "tab\tinside-it"})
  void aMalformedKeyIsAValidationError(String malformed) {
    ApiAnswer answer = gateway.as(READER).with("Idempotency-Key", malformed).post(PLANS, plan("a"));
    assertEquals(List.of("Idempotency-Key"), answer.invalidFields());
    assertEquals(0, gateway.calls().size());
  }

  @Test
  void aTooLongKeyIsAValidationErrorAndTheLongestIsNot() {
    ApiClient reader = gateway.as(READER);
    assertEquals(
        400, reader.with("Idempotency-Key", "k".repeat(65)).post(PLANS, plan("a")).status());
    String longest = Ids.random("", 64);
    assertEquals(201, reader.with("Idempotency-Key", longest).post(PLANS, plan("a")).status());
  }

  @Test
  void keyAndHashReachTheServiceAndTheHashFollowsTheContent() {
    create("a");
    var caller = gateway.calls().getFirst().caller();
    assertEquals(key, caller.idempotencyKey());
    assertEquals(64, caller.requestHash().length());
    gateway.as(READER).with("Idempotency-Key", Ids.random("key_", 20)).post(PLANS, plan("b"));
    assertNotEquals(caller.requestHash(), gateway.calls().getLast().caller().requestHash());
    gateway.as(READER).post(PLANS, plan("a"));
    assertNull(gateway.calls().getLast().caller().idempotencyKey());
    assertNull(gateway.calls().getLast().caller().requestHash());
  }

  @Test
  void withoutRedisTheCallGoesThroughAndTheServiceDecides() {
    link.cut();
    try {
      assertEquals(201, create("a").status());
      assertEquals(201, create("a").status());
      assertEquals(2, gateway.calls().size());
      var callers = gateway.calls().stream().map(ApiGateway.Call::caller).toList();
      assertEquals(key, callers.get(1).idempotencyKey());
      assertEquals(callers.get(0).requestHash(), callers.get(1).requestHash());
    } finally {
      link.mend();
      gateway.eventually(
          "Redis is back",
          () ->
              gateway
                  .node()
                  .await(
                      () ->
                          gateway
                              .node()
                              .platform()
                              .cache()
                              .send(io.vertx.redis.client.Command.PING)
                              .map(true)
                              .otherwise(false)
                              .await()));
    }
  }
}
