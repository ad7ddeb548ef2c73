package com.sharestack.users;

import static com.sharestack.users.UsersNode.PASSWORD;
import static com.sharestack.users.UsersNode.anybody;
import static com.sharestack.users.UsersNode.refused;
import static com.sharestack.users.UsersNode.unauthorized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AuthCheckStepUpRequest;
import com.sharestack.contract.AuthReauthenticateRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ReauthenticateBody;
import com.sharestack.contract.SecurityTokenResult;
import com.sharestack.contract.StepUpCheck;
import com.sharestack.contract.StepUpMethod;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** auth.reauthenticate and auth.check_step_up on the database. */
class ReauthenticationTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_reauth");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  private static Caller session(String username) {
    users.reader(username);
    return users.session(users.login(username));
  }

  private static Future<SecurityTokenResult> proveLater(
      Caller caller, StepUpMethod method, String value) {
    return users.auth.reauthenticate(
        caller, new AuthReauthenticateRequest(new ReauthenticateBody(method, value)));
  }

  private static String prove(Caller caller, StepUpMethod method, String value) {
    return users.node.await(() -> proveLater(caller, method, value).await().securityToken());
  }

  private static StepUpMethod check(Caller caller, String token, String password) {
    return users.node.await(
        () ->
            users
                .auth
                .checkStepUp(caller, new AuthCheckStepUpRequest(new StepUpCheck(token, password)))
                .await()
                .method());
  }

  private static JsonArray methods(org.junit.jupiter.api.function.Executable call) {
    return refused(403, "REAUTH_REQUIRED", call).getDebugInfo().getJsonArray("methods");
  }

  @Test
  void aTokenServesItsSessionForTenMinutesAsOftenAsItIsShown() {
    Caller caller = session("proves");
    SecurityTokenResult made =
        users.node.await(() -> proveLater(caller, StepUpMethod.PASSWORD, PASSWORD).await());
    assertEquals(600, made.expiresIn());
    String token = made.securityToken();
    users.node.clock().advance(Duration.ofSeconds(599));
    assertEquals(StepUpMethod.PASSWORD, check(caller, token, null));
    assertEquals(StepUpMethod.PASSWORD, check(caller, token, null));
    users.node.clock().advance(Duration.ofSeconds(1));
    assertEquals(JsonArray.of("password"), methods(() -> check(caller, token, null)));
  }

  @Test
  void noOtherSessionAndNobodyElseCanUseIt() {
    Caller caller = session("owns_it");
    String token = prove(caller, StepUpMethod.PASSWORD, PASSWORD);
    Caller elsewhere = users.session(users.login("owns_it"));
    Caller stranger = session("wants_it");
    methods(() -> check(elsewhere, token, null));
    methods(() -> check(stranger, token, null));
    methods(() -> check(caller, token + "x", null));
    methods(() -> check(caller, null, null));
    assertEquals(StepUpMethod.PASSWORD, check(caller, token, null));
  }

  @Test
  void aMethodTheAccountHasNotIsRefusedWithThoseItHas() {
    Caller caller = session("has_password");
    assertEquals(
        JsonArray.of("password"), methods(() -> prove(caller, StepUpMethod.TOTP, "123456")));
    assertEquals(
        JsonArray.of("password"),
        methods(() -> prove(caller, StepUpMethod.EMAIL_CODE, "123456")),
        "an address that is not verified proves nothing");
    users.sql("UPDATE users SET email_verified = 1 WHERE user_id = ?", caller.userId());
    assertEquals(
        JsonArray.of("password", "email_code"),
        methods(() -> prove(caller, StepUpMethod.SMS_CODE, "123456")));
    users.sql(
        "UPDATE users SET email_verified = 0, password_hash = NULL WHERE user_id = ?",
        caller.userId());
    assertEquals(JsonArray.of(), methods(() -> prove(caller, StepUpMethod.PASSWORD, PASSWORD)));
    assertEquals(JsonArray.of(), methods(() -> check(caller, null, PASSWORD)));
  }

  @Test
  void aCodeProvesOnlyTheAccountItWasMadeFor() {
    Caller caller = session("mail_one");
    users.sql("UPDATE users SET email_verified = 1 WHERE user_id = ?", caller.userId());
    String code =
        users.node.await(
            () ->
                users
                    .codes()
                    .issue(
                        "reauthenticate",
                        VerificationCodes.ofUser(caller.userId(), "mail_one@example.com")));
    String wrong = code.equals("000000") ? "000001" : "000000";
    assertEquals(
        4,
        refused(
                400,
                "VERIFICATION_CODE_INVALID",
                () -> prove(caller, StepUpMethod.EMAIL_CODE, wrong))
            .getDebugInfo()
            .getInteger("attempts_left"));
    Caller other = session("mail_two");
    users.sql("UPDATE users SET email_verified = 1 WHERE user_id = ?", other.userId());
    refused(400, "VERIFICATION_CODE_INVALID", () -> prove(other, StepUpMethod.EMAIL_CODE, code));
    String token = prove(caller, StepUpMethod.EMAIL_CODE, code);
    assertEquals(StepUpMethod.EMAIL_CODE, check(caller, token, null));
    refused(400, "VERIFICATION_CODE_INVALID", () -> prove(caller, StepUpMethod.EMAIL_CODE, code));
  }

  @Test
  void failuresCountWithThoseOfLoginAndLockEverything() {
    Caller caller = session("counts");
    String token = prove(caller, StepUpMethod.PASSWORD, PASSWORD);
    for (int i = 0; i < 2; i++) {
      unauthorized("invalid_credentials", () -> prove(caller, StepUpMethod.PASSWORD, "Wrong-1"));
      unauthorized("invalid_credentials", () -> check(caller, null, "Wrong-1"));
    }
    unauthorized("invalid_credentials", () -> users.login(anybody().build(), "counts", "Wrong-1"));
    ServiceException locked =
        refused(423, "ACCOUNT_LOCKED", () -> prove(caller, StepUpMethod.PASSWORD, PASSWORD));
    assertTrue(locked.getDebugInfo().getLong("retry_after") > 880);
    refused(423, "ACCOUNT_LOCKED", () -> check(caller, null, PASSWORD));
    refused(423, "ACCOUNT_LOCKED", () -> users.login("counts"));
    assertEquals(StepUpMethod.PASSWORD, check(caller, token, null), "a proof that was given holds");
    assertEquals(
        1,
        users.count(
            """
            SELECT COUNT(*) FROM security_events
            WHERE user_id = ? AND event_type = 'account_locked'
            """,
            caller.userId()));
    users.node.clock().advance(Duration.ofMinutes(15));
    prove(caller, StepUpMethod.PASSWORD, PASSWORD);
    assertEquals(
        0,
        users.count("SELECT failed_logins FROM users WHERE user_id = ?", caller.userId()),
        "a success clears the count");
  }

  @Test
  void ofManyParallelGuessesOnlyFiveAreAnswered() {
    Caller caller = session("guessed");
    List<String> answers =
        users.node.await(
            () -> {
              List<Future<SecurityTokenResult>> guesses =
                  IntStream.range(0, 12)
                      .mapToObj(i -> proveLater(caller, StepUpMethod.PASSWORD, "Wrong-" + i))
                      .toList();
              Future.join(guesses).otherwiseEmpty().await();
              return guesses.stream().map(guess -> guess.cause().getMessage()).toList();
            });
    assertEquals(5, answers.stream().filter("UNAUTHORIZED"::equals).count(), answers.toString());
    assertEquals(7, answers.stream().filter("ACCOUNT_LOCKED"::equals).count(), answers.toString());
  }

  @Test
  void aStaleTokenLeavesRoomForThePassword() {
    Caller caller = session("falls_back");
    assertEquals(StepUpMethod.PASSWORD, check(caller, "stale", PASSWORD));
    unauthorized("invalid_credentials", () -> check(caller, "stale", "Wrong-1"));
  }
}
