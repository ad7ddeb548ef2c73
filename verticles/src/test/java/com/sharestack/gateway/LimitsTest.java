package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.CREATOR;
import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AuthService;
import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.CategoryList;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiRedisLink;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits as clients see them. Each test has an address or an account of its own. */
class LimitsTest {

  private static final int ADDRESS_LIMIT = 8;
  private static final int USER_LIMIT = 12;
  private static ApiRedisLink link;
  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    link = new ApiRedisLink(TestNode.environment("gw_limits_r").get("SHARESTACK_REDIS_URL"));
    gateway =
        ApiGateway.start(
                "gw_limits",
                "SHARESTACK_REDIS_URL",
                link.url(),
                "SHARESTACK_HTTP_TRUSTED_PROXIES",
                "127.0.0.1,10.0.0.1",
                "SHARESTACK_RATES_ADDRESS_PER_MINUTE",
                String.valueOf(ADDRESS_LIMIT),
                "SHARESTACK_RATES_USER_PER_MINUTE",
                String.valueOf(USER_LIMIT),
                "SHARESTACK_RATES_OPERATION_FACTOR",
                "1")
            .answer(
                CategoriesService.class,
                "list",
                (c, r) -> Future.succeededFuture(new CategoryList(List.of())))
            .answer(UsersService.class, "profileGet", (c, r) -> ApiGateway.sample(OwnProfile.class))
            .answer(AuthService.class, "login", (c, r) -> ApiGateway.sample(LoginResult.class))
            .answer(
                SubscriptionsService.class,
                "create",
                (c, r) -> ApiGateway.sample(SubscriptionCreated.class));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    link.close();
  }

  private static ApiClient from(String address) {
    return gateway.api().with("X-Forwarded-For", address);
  }

  @Test
  void anAddressGetsItsLimitAndIsThenToldWhenToComeBack() {
    ApiClient client = from("203.0.113.1");
    for (int i = 1; i <= ADDRESS_LIMIT; i++) {
      ApiAnswer answer = client.get("/categories");
      assertEquals(200, answer.status());
      assertEquals(String.valueOf(ADDRESS_LIMIT), answer.header("X-RateLimit-Limit"));
      assertEquals(String.valueOf(ADDRESS_LIMIT - i), answer.header("X-RateLimit-Remaining"));
    }
    ApiAnswer refused = client.get("/categories");
    assertEquals("429 RATE_LIMIT_EXCEEDED", refused.status() + " " + refused.errorCode());
    assertEquals("0", refused.header("X-RateLimit-Remaining"));
    int seconds = Integer.parseInt(refused.header("Retry-After"));
    assertTrue(seconds >= 50 && seconds <= 60, "Retry-After " + seconds);
    assertEquals(seconds, refused.details().getInteger("retry_after"));
    assertEquals(String.valueOf(seconds), refused.header("X-RateLimit-Reset"));
    assertEquals(200, from("203.0.113.2").get("/categories").status());
  }

  @Test
  void aUserIsCountedByAccountWhateverTheAddress() {
    for (int i = 0; i < USER_LIMIT; i++) {
      ApiClient client = gateway.as(READER).with("X-Forwarded-For", "198.51.100." + i);
      assertEquals(200, client.get("/users/profile").status());
    }
    assertEquals(429, gateway.as(READER).get("/users/profile").status());
    assertEquals(200, gateway.as(CREATOR).get("/users/profile").status());
  }

  @Test
  void anOperationsOwnLimitComesOnTop() {
    JsonObject login = new JsonObject().put("email", "a@b.cn").put("password", "secret");
    ApiClient client = from("203.0.113.3");
    for (int i = 0; i < ADDRESS_LIMIT; i++) {
      ApiAnswer answer = client.post("/auth/login", login);
      assertEquals(200, answer.status());
      assertEquals("10", answer.header("X-RateLimit-Limit"));
    }
    ApiAnswer refused = client.post("/auth/login", login);
    assertEquals(429, refused.status());
    assertEquals(String.valueOf(ADDRESS_LIMIT), refused.header("X-RateLimit-Limit"));
  }

  @Test
  void requestsThatAreRefusedForTheirContentCountToo() {
    ApiClient client = from("203.0.113.4");
    for (int i = 0; i < ADDRESS_LIMIT; i++) {
      assertEquals(400, client.get("/categories?parent_id=x").status());
    }
    assertEquals(429, client.get("/categories").status());
  }

  @Test
  void theNearestAddressThatIsNoProxyOfOursCounts() {
    for (int i = 0; i < ADDRESS_LIMIT; i++) {
      ApiClient forged = from("192.0.2." + i + ", 203.0.113.5, 10.0.0.1");
      assertEquals(200, forged.get("/categories?parent_id=" + (i + 1)).status());
    }
    assertEquals(429, from("203.0.113.5").get("/categories").status());
    assertEquals("203.0.113.5", gateway.calls().getLast().caller().ip());
  }

  @Test
  void withoutRedisOpenRulesAdmitAndClosedRulesRefuse() {
    gateway.account(
        2001,
        com.sharestack.contract.AccountStatus.ACTIVE,
        com.sharestack.contract.UserType.READER);
    link.cut();
    try {
      ApiClient client = from("203.0.113.6");
      for (int i = 0; i < ADDRESS_LIMIT; i++) {
        assertEquals(200, client.get("/categories").status());
      }
      assertEquals(429, client.get("/categories").status());
      ApiAnswer closed =
          gateway.as(2001).post("/subscriptions", new JsonObject().put("plan_id", 1));
      assertEquals("503 SERVICE_UNAVAILABLE", closed.status() + " " + closed.errorCode());
      assertEquals("1", closed.header("Retry-After"));
      assertNull(
          gateway.calls().stream()
              .filter(call -> call.operation().equals("SubscriptionsService.create"))
              .findAny()
              .orElse(null));
    } finally {
      link.mend();
    }
  }
}
