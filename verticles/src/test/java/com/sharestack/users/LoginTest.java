package com.sharestack.users;

import static com.sharestack.users.UsersNode.PASSWORD;
import static com.sharestack.users.UsersNode.anybody;
import static com.sharestack.users.UsersNode.refused;
import static com.sharestack.users.UsersNode.unauthorized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.RegisterBody;
import com.sharestack.contract.UserType;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoginTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_login");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @Test
  void theAddressTheNameAndThePhoneAllLogIn() {
    users.node.clock().set(Instant.now());
    String code = users.node.await(() -> users.codes().issue("register", "+8613900139000"));
    long userId =
        users
            .register(UsersNode.body("Three_Ways").phone("13900139000").phoneCode(code).build())
            .userId();
    for (String identifier : List.of("THREE_ways", "three_ways@EXAMPLE.com", "13900139000")) {
      LoginResult result = users.login(identifier);
      assertEquals(userId, result.user().userId(), identifier);
      assertEquals("139****9000", result.user().phone());
      assertEquals("three_ways@example.com", result.user().email());
      assertEquals("Bearer", result.tokenType());
      assertEquals(3600, result.expiresIn());
      assertEquals(List.of("user"), result.user().roles());
      AccessTokens.Claims claims = users.verified(result.accessToken());
      assertEquals(userId, claims.userId());
      assertTrue(claims.sessionId().matches("ses_[0-9A-Za-z]{24}"), claims.sessionId());
    }
  }

  @Test
  void anUnknownIdentifierAnswersAndWorksLikeAWrongPassword() {
    users.reader("known_one");
    double before = verifications();
    unauthorized(
        "invalid_credentials", () -> users.login(anybody().build(), "known_one", "Wrong-1"));
    assertEquals(before + 1, verifications(), "one hash is checked");
    for (String unknown : List.of("nobody_here", "nobody@example.com", "13700137000", "没有这个人")) {
      before = verifications();
      unauthorized("invalid_credentials", () -> users.login(anybody().build(), unknown, "Wrong-1"));
      assertEquals(before + 1, verifications(), "the same work for " + unknown);
    }
  }

  @Test
  void anAccountWithoutAPasswordAnswersTheSame() {
    String code = users.node.await(() -> users.codes().issue("register", "+8613900139001"));
    users.register(
        RegisterBody.builder()
            .phone("13900139001")
            .phoneCode(code)
            .userType(UserType.READER)
            .agreeTerms(true)
            .build());
    double before = verifications();
    unauthorized(
        "invalid_credentials", () -> users.login(anybody().build(), "13900139001", "Wrong-1"));
    assertEquals(before + 1, verifications());
  }

  @Test
  void fiveFailuresLockAKnownAndAnUnknownIdentifierAlike() {
    users.reader("lock_me");
    for (String identifier : List.of("lock_me", "no_such_lock")) {
      for (int i = 0; i < 5; i++) {
        unauthorized(
            "invalid_credentials", () -> users.login(anybody().build(), identifier, "Wrong-1"));
      }
      ServiceException locked =
          refused(
              423, "ACCOUNT_LOCKED", () -> users.login(anybody().build(), identifier, PASSWORD));
      long retryAfter = locked.getDebugInfo().getLong("retry_after");
      assertTrue(retryAfter > 880 && retryAfter <= 900, "seconds: " + retryAfter);
    }
    users.node.clock().advance(Duration.ofMinutes(15).plusSeconds(1));
    unauthorized(
        "invalid_credentials", () -> users.login(anybody().build(), "no_such_lock", "Wrong-1"));
    assertEquals("lock_me", users.login("lock_me").user().username());
  }

  @Test
  void aSuccessClearsTheCounter() {
    users.reader("clears_it");
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 4; i++) {
        unauthorized(
            "invalid_credentials", () -> users.login(anybody().build(), "clears_it", "Wrong-1"));
      }
      users.login("clears_it");
    }
  }

  /** Else a hundred guesses sent at once would all be judged before the fifth is counted. */
  @Test
  void ofManyParallelGuessesOnlyFiveAreAnswered() {
    users.reader("guess_me");
    for (String identifier : List.of("guess_me", "guess_nobody")) {
      List<String> answers =
          users.node.await(
              () -> {
                List<Future<LoginResult>> guesses =
                    IntStream.range(0, 12)
                        .mapToObj(
                            i -> users.loginLater(anybody().build(), identifier, "Wrong-" + i))
                        .toList();
                Future.join(guesses).otherwiseEmpty().await();
                return guesses.stream().map(guess -> guess.cause().getMessage()).toList();
              });
      assertEquals(5, answers.stream().filter("UNAUTHORIZED"::equals).count(), answers.toString());
      assertEquals(
          7, answers.stream().filter("ACCOUNT_LOCKED"::equals).count(), answers.toString());
    }
  }

  @Test
  void theStateOfAnAccountShowsOnlyToWhoKnowsThePassword() {
    long userId = users.reader("was_banned");
    users.sql("UPDATE users SET status = 'banned', ban_reason = '发布广告' WHERE user_id = ?", userId);
    unauthorized(
        "invalid_credentials", () -> users.login(anybody().build(), "was_banned", "Wrong-1"));
    JsonObject details =
        refused(403, "ACCOUNT_BANNED", () -> users.login("was_banned")).getDebugInfo();
    assertEquals("发布广告", details.getString("reason"));
    assertTrue(details.containsKey("banned_until") && details.containsKey("appeal_token"));
    assertNull(details.getString("banned_until"));
    users.sql(
        "UPDATE users SET status = 'deactivated', ban_reason = NULL WHERE user_id = ?", userId);
    refused(403, "ACCOUNT_DEACTIVATED", () -> users.login("was_banned"));
    users.sql(
        "UPDATE users SET status = 'pending_deletion', deletion_due_at = '2027-01-01 00:00:00'"
            + " WHERE user_id = ?",
        userId);
    assertEquals(
        "2027-01-01T00:00:00Z",
        refused(403, "ACCOUNT_PENDING_DELETION", () -> users.login("was_banned"))
            .getDebugInfo()
            .getString("scheduled_deletion_date"));
  }

  @Test
  void aBanThatRanOutEndsWithTheLogin() {
    long userId = users.reader("ban_over");
    users.sql(
        "UPDATE users SET status = 'banned', ban_reason = 'x', banned_until = ? WHERE user_id = ?",
        users.node.clock().instant().minusSeconds(1),
        userId);
    users.login("ban_over");
    assertEquals("active", users.text("SELECT status FROM users WHERE user_id = ?", userId));
  }

  @Test
  void theEleventhLoginEndsTheSessionUnusedForLongest() {
    users.reader("ten_live");
    LoginResult first = users.login("ten_live");
    users.node.clock().advance(Duration.ofSeconds(1));
    LoginResult second = users.login("ten_live");
    for (int i = 0; i < 8; i++) {
      users.node.clock().advance(Duration.ofSeconds(1));
      users.login("ten_live");
    }
    String refreshed = users.refresh(first.refreshToken()).refreshToken();
    users.node.clock().advance(Duration.ofSeconds(1));
    users.login("ten_live");
    unauthorized("refresh_invalid", () -> users.refresh(second.refreshToken()));
    users.refresh(refreshed);
    assertEquals(
        10,
        users.count(
            "SELECT COUNT(*) FROM sessions WHERE user_id = ? AND revoked_at IS NULL",
            first.user().userId()));
  }

  @Test
  void aLoginFromAnUnknownDeviceIsReportedAndTheFirstOneIsNot() {
    long userId = users.reader("two_devices");
    Caller phone = anybody().deviceId("device-a").build();
    users.login(phone, "two_devices", PASSWORD);
    users.login(phone, "two_devices", PASSWORD);
    assertEquals(0, suspicious(userId));
    users.login(anybody().deviceId("device-b").deviceName("新手机").build(), "two_devices", PASSWORD);
    assertEquals(1, suspicious(userId));
    JsonObject event =
        new JsonObject(
            users.text("SELECT payload FROM outbox WHERE topic = 'user.login_suspicious'"));
    assertEquals("203.0.113.*", event.getString("ip_masked"));
    assertEquals(List.of("unknown_device"), event.getJsonArray("reasons").getList());
    assertEquals(
        1,
        users.count(
            "SELECT COUNT(*) FROM mails WHERE user_id = ? AND template = 'suspicious_login'",
            userId));
  }

  @Test
  void everyAttemptIsInTheSecurityLog() {
    long userId = users.reader("is_logged");
    unauthorized(
        "invalid_credentials", () -> users.login(anybody().build(), "is_logged", "Wrong-1"));
    users.login("is_logged");
    assertEquals(1, events(userId, "login_failed"));
    assertEquals(1, events(userId, "login_success"));
  }

  private static long suspicious(long userId) {
    return events(userId, "suspicious_login");
  }

  private static long events(long userId, String type) {
    return users.count(
        "SELECT COUNT(*) FROM security_events WHERE user_id = ? AND event_type = ?", userId, type);
  }

  private static double verifications() {
    return users.node.platform().meters().timer("sharestack.passwords", "work", "verify").count();
  }
}
