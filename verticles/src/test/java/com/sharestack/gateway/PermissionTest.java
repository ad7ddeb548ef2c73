package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Principal;
import com.sharestack.contract.Principals;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersService;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.gateway.contract.Operations;
import com.sharestack.platform.tokens.AccessTokens;
import com.sharestack.testing.SettableClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code x-permission}: no operation of today's contract has one, so a small document does. */
class PermissionTest {

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = new SettableClock();
  private final AccessTokens tokens =
      new AccessTokens(vertx, "tests-sign-with-0123456789abcdefghijkl", "i", "a", 60);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Operation operation() {
    JsonObject get =
        new JsonObject()
            .put("operationId", "reviews.list")
            .put("tags", new JsonArray().add("content"))
            .put("x-auth", "user")
            .put("x-permission", "content:manage")
            .put("x-service", "reviews")
            .put("x-method", "list")
            .put("responses", new JsonObject().put("200", new JsonObject()));
    JsonObject document =
        new JsonObject()
            .put("openapi", "3.1.0")
            .put("paths", new JsonObject().put("/reviews", new JsonObject().put("get", get)))
            .put("components", new JsonObject().put("schemas", new JsonObject()));
    return Operations.load(document).all().getFirst();
  }

  private static <T> T answering(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> Future.succeededFuture(answer)));
  }

  private int status(String... permissions) throws Exception {
    Principal principal =
        new Principal(
            5, AccountStatus.ACTIVE, UserType.READER, false, List.of(), List.of(permissions));
    UsersService users = answering(UsersService.class, new Principals(List.of(principal)));
    var revocations =
        new com.sharestack.gateway.Revocations(
            answering(SessionsService.class, new Revocations(List.of(), null)), clock, 60);
    revocations.poll();
    Authentication authentication =
        new Authentication(
            tokens, revocations, new com.sharestack.gateway.Principals(users, 1), clock);
    Operation operation = operation();
    var server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    authentication
                        .authenticate(new Exchange(request, operation, Map.of(), "r", "ip"))
                        .onSuccess(in -> request.response().end())
                        .onFailure(
                            out ->
                                request
                                    .response()
                                    .setStatusCode(
                                        ((io.vertx.serviceproxy.ServiceException) out)
                                            .failureCode())
                                    .end()))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
            .header(
                "Authorization",
                "Bearer " + tokens.issue(5, "ses", "jti", "reader", List.of(), clock.instant()))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void onlyWhoHoldsThePermissionMayCall() throws Exception {
    assertEquals(403, status());
    assertEquals(403, status("content", "content:manage:all", "users:manage"));
    assertEquals(200, status("users:manage", "content:manage"));
    assertEquals(200, status("*"));
  }
}
