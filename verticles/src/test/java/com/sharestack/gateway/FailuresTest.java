package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiGateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services that are slow, away, broken or say what they should not. */
class FailuresTest {

  private static final String PLAN = "/subscription-plans/1";
  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start(
            "gw_failures",
            "SHARESTACK_HTTP_CALL_TIMEOUT_MILLIS",
            "300",
            "SHARESTACK_SERVICES_CALL_TIMEOUT_MILLIS",
            "300");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static ApiAnswer failing(Throwable failure) {
    gateway.answer(PlansService.class, "get", (c, r) -> Future.failedFuture(failure));
    return gateway.api().get(PLAN);
  }

  private static void isInternal(ApiAnswer answer) {
    assertEquals("500 INTERNAL_ERROR", answer.status() + " " + answer.errorCode());
    assertTrue(answer.details().isEmpty());
    assertFalse(answer.text().contains("secret"), answer.text());
  }

  @Test
  void aServiceThatDoesNotAnswerIsATimeout() {
    gateway.answer(PlansService.class, "get", (c, r) -> Promise.promise().future());
    ApiAnswer answer = gateway.api().get(PLAN);
    assertEquals("504 GATEWAY_TIMEOUT", answer.status() + " " + answer.errorCode());
  }

  @Test
  void aServiceThatNobodyHostsIsUnavailable() {
    ApiAnswer answer = gateway.api().get("/articles/1/trial");
    assertEquals("503 SERVICE_UNAVAILABLE", answer.status() + " " + answer.errorCode());
    assertEquals("1", answer.header("Retry-After"));
  }

  @Test
  void theTextOfAnUnexpectedFailureStaysInside() {
    isInternal(failing(new NullPointerException("secret")));
    isInternal(failing(new IllegalStateException("secret")));
    isInternal(failing(new ServiceException(500, "java.lang.secret")));
    isInternal(failing(new ServiceException(-1, "secret")));
    isInternal(failing(new ServiceException(418, "secret")));
    isInternal(failing(Errors.of(ErrorCode.INTERNAL_ERROR, "cause", "secret")));
    gateway.answer(
        PlansService.class,
        "get",
        (c, r) -> {
          throw new IllegalArgumentException("secret");
        });
    isInternal(gateway.api().get(PLAN));
  }

  @Test
  void anExpectedFailureArrivesWithItsDetails() {
    ApiAnswer answer = failing(Errors.of(ErrorCode.PLAN_NOT_FOUND, "plan_id", 1));
    assertEquals("404 PLAN_NOT_FOUND", answer.status() + " " + answer.errorCode());
    assertEquals(1, answer.details().getInteger("plan_id"));
    assertEquals("no-store", answer.header("Cache-Control"));
  }

  @Test
  void theStatusIsThatOfTheCodeWhateverTheServiceSays() {
    assertEquals(404, failing(new ServiceException(200, "PLAN_NOT_FOUND")).status());
  }

  @Test
  void usersThatCannotBeAskedMakeATokenUselessForNow() {
    gateway.answer(UsersService.class, "profileGet", (c, r) -> ApiGateway.sample(OwnProfile.class));
    gateway.answer(UsersService.class, "principals", (c, r) -> Promise.promise().future());
    ApiAnswer slow = gateway.as(READER).get("/users/profile");
    assertEquals("504 GATEWAY_TIMEOUT", slow.status() + " " + slow.errorCode());
    gateway.answer(
        UsersService.class,
        "principals",
        (c, r) -> Future.failedFuture(new NullPointerException("secret")));
    isInternal(gateway.as(READER).get("/users/profile"));
    gateway.answer(
        UsersService.class,
        "principals",
        (c, r) -> Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE)));
    assertEquals(503, gateway.as(READER).get("/users/profile").status());
  }
}
