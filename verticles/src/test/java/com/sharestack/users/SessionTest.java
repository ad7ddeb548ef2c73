package com.sharestack.users;

import static com.sharestack.users.UsersNode.refused;
import static com.sharestack.users.UsersNode.unauthorized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.Caller;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.Revocation;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.RevocationsQuery;
import com.sharestack.contract.SessionsRevokedSinceRequest;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.TokenPair;
import com.sharestack.platform.service.Signals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_sessions");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @Test
  void aRefreshTokenIsExchangedOnceForAPairOfTheSameSession() {
    users.reader("refreshes");
    LoginResult login = users.login("refreshes");
    TokenPair next = users.refresh(login.refreshToken());
    assertNotEquals(login.refreshToken(), next.refreshToken());
    assertEquals(UsersNode.sessionId(login.accessToken()), UsersNode.sessionId(next.accessToken()));
    unauthorized("refresh_reused", () -> users.refresh(login.refreshToken()));
    users.refresh(next.refreshToken());
  }

  @Test
  void ofTwentyParallelRefreshesOneWinsAndTheSessionLives() {
    users.reader("many_tabs");
    String token = users.login("many_tabs").refreshToken();
    List<Future<TokenPair>> calls =
        users.node.await(
            () -> {
              List<Future<TokenPair>> all =
                  IntStream.range(0, 20).mapToObj(i -> users.refreshLater(token)).toList();
              Future.join(all).otherwiseEmpty().await();
              return all;
            });
    List<Future<TokenPair>> won = calls.stream().filter(Future::succeeded).toList();
    assertEquals(1, won.size());
    calls.stream()
        .filter(Future::failed)
        .forEach(
            lost ->
                assertEquals(
                    "refresh_reused",
                    ((ServiceException) lost.cause()).getDebugInfo().getString("reason")));
    users.refresh(won.getFirst().result().refreshToken());
  }

  @Test
  void reuseAfterTheGraceEndsTheSessionAndIsReportedOnce() {
    long userId = users.reader("stolen");
    String old = users.login("stolen").refreshToken();
    String current = users.refresh(old).refreshToken();
    users.node.clock().advance(Duration.ofSeconds(9));
    unauthorized("refresh_reused", () -> users.refresh(old));
    current = users.refresh(current).refreshToken();
    users.node.clock().advance(Duration.ofSeconds(2));
    unauthorized("refresh_reused", () -> users.refresh(old));
    unauthorized("refresh_reused", () -> users.refresh(old));
    String thief = current;
    unauthorized("refresh_invalid", () -> users.refresh(thief));
    assertEquals(
        1,
        users.count(
            """
            SELECT COUNT(*) FROM security_events WHERE user_id = ? AND event_type = 'session_revoked'
              AND details LIKE '%refresh_reused%'
            """,
            userId));
    assertEquals(
        1,
        users.count(
            "SELECT COUNT(*) FROM mails WHERE user_id = ? AND template = 'session_stolen'",
            userId));
  }

  @Test
  void unknownAndExpiredTokensAreInvalid() {
    unauthorized("refresh_invalid", () -> users.refresh("no such token"));
    users.reader("expires");
    String token = users.login("expires").refreshToken();
    users.node.clock().advance(Duration.ofDays(30));
    unauthorized("refresh_invalid", () -> users.refresh(token));
  }

  @Test
  void accountsThatAreNotActiveGetNoTokens() {
    long userId = users.reader("goes_away");
    String token = users.login("goes_away").refreshToken();
    users.sql("UPDATE users SET status = 'deactivated' WHERE user_id = ?", userId);
    unauthorized("refresh_invalid", () -> users.refresh(token));
    users.sql("UPDATE users SET status = 'banned' WHERE user_id = ?", userId);
    refused(403, "ACCOUNT_BANNED", () -> users.refresh(token));
    users.sql("UPDATE users SET status = 'active' WHERE user_id = ?", userId);
    users.refresh(token);
  }

  @Test
  void aLogoutEndsTheSessionOnceAndGatewaysHearOfIt() throws Exception {
    users.reader("logs_out");
    LoginResult login = users.login("logs_out");
    Caller caller = users.session(login);
    CompletableFuture<String> heard = new CompletableFuture<>();
    var listener =
        users
            .node
            .vertx()
            .eventBus()
            .<JsonObject>consumer(
                Signals.SESSION_REVOKED,
                hint -> heard.complete(hint.body().getString("session_id")));
    assertEquals("已退出登录", users.logout(caller).message());
    assertEquals(caller.sessionId(), heard.get(5, TimeUnit.SECONDS));
    listener.unregister();
    unauthorized("token_revoked", () -> users.logout(caller));
    unauthorized("refresh_invalid", () -> users.refresh(login.refreshToken()));
    assertEquals(
        1,
        users.count(
            "SELECT COUNT(*) FROM security_events WHERE user_id = ? AND event_type = 'logout'",
            caller.userId()));
  }

  @Test
  void nobodyLogsOutTheSessionOfSomebodyElse() {
    users.reader("victim_one");
    long attacker = users.reader("attacker_one");
    LoginResult login = users.login("victim_one");
    Caller mixed =
        UsersNode.anybody()
            .userId(attacker)
            .sessionId(UsersNode.sessionId(login.accessToken()))
            .build();
    unauthorized("token_revoked", () -> users.logout(mixed));
    users.refresh(login.refreshToken());
  }

  /** All end in one instant: only a cursor gets past a full page of them. */
  @Test
  void revocationsArePagedEvenWhenAllCarryTheSameTime() {
    users.reader("ends_all");
    Set<String> ended = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      ended.add(UsersNode.sessionId(users.login("ends_all").accessToken()));
    }
    Instant at = users.node.clock().instant().plus(Duration.ofDays(400));
    for (String session : ended) {
      users.sql(
          "UPDATE sessions SET revoked_at = ?, revoke_reason = 'account_state' WHERE session_id ="
              + " ?",
          at,
          session);
    }
    List<String> read = new ArrayList<>();
    String cursor = null;
    do {
      Revocations page = revokedSince(new RevocationsQuery(at.minusSeconds(1), 3, cursor));
      page.revocations().stream().map(Revocation::sessionId).forEach(read::add);
      cursor = page.nextCursor();
    } while (cursor != null);
    assertEquals(ended.size(), read.size(), "no repeats");
    assertEquals(ended, Set.copyOf(read));
    assertNull(revokedSince(new RevocationsQuery(at.plusSeconds(60), 3, null)).nextCursor());
    refused(400, "VALIDATION_ERROR", () -> revokedSince(new RevocationsQuery(at, 1_001, null)));
    refused(400, "VALIDATION_ERROR", () -> revokedSince(new RevocationsQuery(at, 3, "';--")));
  }

  private static Revocations revokedSince(RevocationsQuery query) {
    SessionsService sessions = users.node.client(SessionsService.class);
    return users.node.await(
        () ->
            sessions
                .revokedSince(UsersNode.anybody().build(), new SessionsRevokedSinceRequest(query))
                .await());
  }
}
