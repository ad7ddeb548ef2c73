package com.sharestack.platform.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service on the bus behind its guard, called through the generated proxy. */
@Timeout(60)
class ServiceHostTest {

  private static final int LIMIT = 8;
  private static final Caller CALLER = Callers.system("req_1");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Vertx vertx;
  private volatile ServiceHost host;

  @BeforeEach
  void start() {
    Wire.keepDecimalsExact();
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static Throwable failure(Future<?> future) {
    return assertThrows(CompletionException.class, () -> get(future)).getCause();
  }

  private TrialService serve(TrialService service) {
    get(
        vertx.deployVerticle(
            new AbstractVerticle() {
              @Override
              public void start(Promise<Void> started) {
                host =
                    new ServiceHost(
                        vertx,
                        "content",
                        Set.of("content", "billing"),
                        new ServiceHost.Limits(LIMIT, 300),
                        meters);
                host.serve(TrialService.class, service);
                host.registered().onComplete(started);
              }
            },
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    return ServiceHost.client(vertx, TrialService.class, Set.of("content"), 10_000);
  }

  private static Future<TrialContent> call(TrialService client) {
    return client.get(CALLER, new TrialGetRequest(1));
  }

  @Test
  void callsThatAwaitRunAtTheSameTime() {
    AtomicInteger running = new AtomicInteger();
    Promise<Void> everybodyIsHere = Promise.promise();
    TrialService client =
        serve(
            (caller, request) -> {
              if (running.incrementAndGet() == LIMIT) {
                everybodyIsHere.complete();
              }
              everybodyIsHere.future().await(); // one call at a time would never get past this
              return Future.succeededFuture();
            });
    get(Future.all(IntStream.range(0, LIMIT).mapToObj(i -> call(client)).toList()));
    assertEquals(LIMIT, running.get());
  }

  @Test
  void aThrownExpectedFailureArrivesWithCodeNameAndDetails() {
    JsonObject details =
        new JsonObject()
            .put("reason", "TITLE")
            .putNull("nothing")
            .put("list", new JsonArray().add(1));
    TrialService client =
        serve(
            (caller, request) -> {
              throw Errors.of(ErrorCode.CONFLICT, details);
            });
    ServiceException conflict = (ServiceException) failure(call(client));
    assertEquals(409, conflict.failureCode());
    assertEquals("CONFLICT", conflict.getMessage());
    assertEquals(details, conflict.getDebugInfo());
    assertTrue(Errors.is(conflict, ErrorCode.CONFLICT));
  }

  @Test
  void aFailedFutureArrivesLikeAThrownFailure() {
    TrialService client =
        serve(
            (caller, request) ->
                Future.failedFuture(Errors.of(ErrorCode.NOT_FOUND, "resource", "x")));
    ServiceException missing = (ServiceException) failure(call(client));
    assertEquals(404, missing.failureCode());
    assertEquals("x", missing.getDebugInfo().getString("resource"));
  }

  @Test
  void anUnexpectedFailureIsAnInternalErrorWithoutItsText() {
    List<TrialService> broken =
        List.of(
            (caller, request) -> {
              throw new NullPointerException("secret text");
            },
            (caller, request) -> {
              throw new StackOverflowError("secret text");
            },
            (caller, request) -> Future.failedFuture("secret text"),
            (caller, request) -> null);
    for (TrialService service : broken) {
      Vertx own = vertx;
      ServiceException error = (ServiceException) failure(call(serve(service)));
      assertEquals(500, error.failureCode());
      assertEquals("INTERNAL_ERROR", error.getMessage());
      assertFalse(error.getDebugInfo().encode().contains("secret"));
      get(own.close());
      start();
    }
  }

  @Test
  void callsBeyondTheLimitAreRefusedAtOnceAndLaterOnesServedAgain() {
    AtomicInteger running = new AtomicInteger();
    Promise<Void> allRunning = Promise.promise();
    Promise<Void> release = Promise.promise();
    TrialService client =
        serve(
            (caller, request) -> {
              if (running.incrementAndGet() == LIMIT) {
                allRunning.complete();
              }
              release.future().await();
              return Future.succeededFuture();
            });
    List<Future<TrialContent>> calls =
        IntStream.range(0, LIMIT).mapToObj(i -> call(client)).toList();
    get(allRunning.future());
    ServiceException refused = (ServiceException) failure(call(client));
    assertEquals(503, refused.failureCode());
    assertEquals("OVERLOADED", refused.getDebugInfo().getString("reason"));
    assertEquals(LIMIT, meters.get("sharestack.service.in_flight").gauge().value());
    release.complete();
    get(Future.all(calls));
    get(call(client));
    assertEquals(0, meters.get("sharestack.service.in_flight").gauge().value());
  }

  @Test
  void outcomesAreCountedByNameOfTheError() {
    TrialService client =
        serve(
            (caller, request) -> {
              throw Errors.of(ErrorCode.NOT_FOUND);
            });
    failure(call(client));
    assertEquals(
        1,
        meters
            .get("sharestack.service.calls")
            .tags("service", "trial", "method", "get", "outcome", "NOT_FOUND")
            .timer()
            .count());
  }

  @Test
  void theCallerArrivesWhole() {
    Promise<Caller> seen = Promise.promise();
    TrialService client =
        serve(
            (caller, request) -> {
              seen.complete(caller);
              return Future.succeededFuture();
            });
    Caller caller =
        Caller.builder()
            .userId((1L << 53) - 1)
            .roles(List.of("creator"))
            .permissions(List.of("content:manage"))
            .requestId("req_2")
            .tokenExpiresAt(java.time.Instant.parse("2026-11-23T01:02:03Z"))
            .build();
    assertNull(get(client.get(caller, new TrialGetRequest(7))));
    assertEquals(caller, get(seen.future()));
  }

  @Test
  void anotherDomainThatIsAwayOrSilentIsSaidAsSuch() {
    AtomicInteger round = new AtomicInteger();
    TrialService client =
        serve(
            (caller, request) -> {
              if (round.getAndIncrement() == 1) {
                vertx.eventBus().localConsumer(PlansService.ADDRESS, silent -> {});
              }
              host.client(PlansService.class).get(caller, null).await();
              return Future.succeededFuture();
            });
    ServiceException away = (ServiceException) failure(call(client));
    assertEquals(503, away.failureCode());
    assertEquals("SERVICE_AWAY", away.getDebugInfo().getString("reason"));
    ServiceException silent = (ServiceException) failure(call(client));
    assertEquals("GATEWAY_TIMEOUT", silent.getMessage());
    assertEquals(504, silent.failureCode());
  }

  @Test
  void aServiceOfAnotherDomainIsNotHosted() {
    serve((caller, request) -> Future.succeededFuture());
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> host.serve(PlansService.class, null));
    assertEquals("PlansService is not a service of content", refusal.getMessage());
    assertThrows(IllegalStateException.class, () -> host.serve(Runnable.class, () -> {}));
    assertThrows(IllegalStateException.class, () -> host.client(Runnable.class));
  }

  @Test
  void servicesWithoutAnImplementationAreNamedBeforeTheFirstRequest() {
    serve((caller, request) -> Future.succeededFuture());
    String sentence = assertThrows(IllegalStateException.class, host::requireComplete).getMessage();
    assertTrue(
        sentence.startsWith("the contract names services of content that nothing implements: "),
        sentence);
    assertTrue(sentence.contains("articles") && sentence.contains("categories"), sentence);
    assertFalse(sentence.contains("trial"), "that one is implemented: " + sentence);
    assertFalse(sentence.contains("plans"), "that one is another domain's: " + sentence);
  }
}
