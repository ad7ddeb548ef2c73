package com.sharestack.users;

import static com.sharestack.users.UsersNode.body;
import static com.sharestack.users.UsersNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AuthRegisterRequest;
import com.sharestack.contract.RegisterBody;
import com.sharestack.contract.RegisteredUser;
import com.sharestack.contract.UserType;
import com.sharestack.platform.crypto.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RegistrationTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_register");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @Test
  void anAccountIsMadeWithAllItsRowsAndAMailWhoseTokenIsStoredHashed() {
    RegisteredUser made =
        users.register(body("Zhang_San").email("Zhang.San@Example.COM").displayName("张三").build());
    assertEquals("Zhang_San", made.username());
    assertEquals("zhang.san@example.com", made.email());
    assertFalse(made.emailVerified());
    for (String table :
        List.of(
            "user_profiles",
            "user_privacy",
            "user_preferences",
            "user_counts",
            "user_terms",
            "password_history")) {
      assertEquals(
          1,
          users.count("SELECT COUNT(*) FROM " + table + " WHERE user_id = ?", made.userId()),
          table);
    }
    JsonObject mail =
        new JsonObject(users.text("SELECT payload FROM mails WHERE user_id = ?", made.userId()));
    String link = mail.getString("link");
    assertTrue(
        link.startsWith(users.node.config().http().publicUrl() + "/verify-email?token="), link);
    byte[] hash = SecretToken.hash(link.substring(link.indexOf('=') + 1));
    assertEquals(
        1,
        users.count(
            """
            SELECT COUNT(*) FROM account_tokens
            WHERE user_id = ? AND token_hash = ? AND purpose = 'verify_email'
              AND email_key = 'zhang.san@example.com'
              AND TIMESTAMPDIFF(SECOND, created_at, expires_at) = 86400
            """,
            made.userId(),
            Buffer.buffer(hash)));
    String stored = users.text("SELECT password_hash FROM users WHERE user_id = ?", made.userId());
    assertTrue(stored.startsWith("$2a$04$"), "bcrypt of the configured cost");
  }

  @Test
  void nameAndAddressAreUniqueWhateverTheirCase() {
    users.reader("first_one");
    assertEquals("username", taken(body("FIRST_one").email("other@example.com").build()));
    assertEquals("email", taken(body("second_one").email("First_One@EXAMPLE.com").build()));
  }

  @Test
  void ofParallelRegistrationsWithOneAddressTheDatabaseLetsOneWin() {
    List<Throwable> failures =
        users.node.await(
            () -> {
              List<Future<RegisteredUser>> calls =
                  IntStream.range(0, 8)
                      .mapToObj(i -> body("racer_" + i).email("race@example.com").build())
                      .map(
                          b ->
                              users.auth.register(
                                  UsersNode.anybody().build(), new AuthRegisterRequest(b)))
                      .toList();
              Future.join(calls).otherwiseEmpty().await();
              return calls.stream().filter(Future::failed).map(Future::cause).toList();
            });
    assertEquals(7, failures.size());
    failures.forEach(
        failure -> {
          assertEquals("CONFLICT", failure.getMessage());
          assertEquals("email", ((ServiceException) failure).getDebugInfo().getString("field"));
        });
    assertEquals(1, users.count("SELECT COUNT(*) FROM users WHERE email_key = 'race@example.com'"));
    assertEquals(
        1, users.count("SELECT COUNT(*) FROM mails WHERE to_address = 'race@example.com'"));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertEquals(
        "email",
        invalid(RegisterBody.builder().userType(UserType.READER).agreeTerms(true).build()));
    assertEquals("username", invalid(body("x_y_z").username(null).build()));
    assertEquals("password", invalid(body("x_y_z").password(null).build()));
    assertEquals("phone_code", invalid(body("x_y_z").phone("13800138009").build()));
    assertEquals("username", invalid(body("Admin").email("a@example.com").build()));
    assertEquals("password", invalid(body("x_y_z").password("P@ssw0rd").build()));
  }

  @Test
  void aPhoneWithItsCodeIsEnoughAndIsStoredSealed() {
    String code = users.node.await(() -> users.codes().issue("register", "+8613800138001"));
    RegisterBody body =
        RegisterBody.builder()
            .phone("13800138001")
            .phoneCode(code)
            .userType(UserType.CREATOR)
            .agreeTerms(true)
            .build();
    RegisteredUser made = users.register(body);
    assertTrue(made.username().matches("user_[0-9a-z]{8}"), made.username());
    assertEquals("138****8001", made.phone());
    assertTrue(made.phoneVerified());
    assertNull(made.email());
    assertEquals(
        0, users.count("SELECT COUNT(*) FROM users WHERE INSTR(phone_cipher, '13800138001') > 0"));
    assertEquals("phone", taken(body), "the number is found again, by its index");
  }

  @Test
  void aCodeWorksOnceAndDiesAfterFiveWrongTries() {
    String target = "+8613800138002";
    String right = users.node.await(() -> users.codes().issue("register", target));
    String wrong = right.equals("000000") ? "111111" : "000000";
    for (long left = 4; left >= 0; left--) {
      assertEquals(left, attemptsLeft(target, wrong));
    }
    assertEquals(0, attemptsLeft(target, right), "destroyed");
    String next = users.node.await(() -> users.codes().issue("register", target));
    assertEquals(
        0,
        refused(
                400,
                "VERIFICATION_CODE_INVALID",
                () -> users.node.await(() -> consume("login", target, next)))
            .getDebugInfo()
            .getLong("attempts_left"),
        "a code is bound to its purpose");
    users.node.await(() -> consume("register", target, next));
    assertEquals(0, attemptsLeft(target, next), "used up");
  }

  @Test
  void aTakenNameDoesNotUseUpTheCode() {
    users.reader("name_taken");
    String code = users.node.await(() -> users.codes().issue("register", "+8613800138003"));
    RegisterBody.Builder body =
        body("name_taken").email("fresh@example.com").phone("13800138003").phoneCode(code);
    assertEquals("username", taken(body.build()));
    assertEquals("138****8003", users.register(body.username("name_free").build()).phone());
  }

  @Test
  void housekeepingDeletesOldLinksAndKeepsFreshOnes() {
    long userId = users.reader("keeps_house");
    Housekeeping housekeeping =
        new Housekeeping(new RetentionRepository(users.node.db()), users.node.clock());
    users.node.await(() -> purge(housekeeping));
    assertEquals(1, users.count("SELECT COUNT(*) FROM account_tokens WHERE user_id = ?", userId));
    users.sql(
        "UPDATE account_tokens SET expires_at = ? WHERE user_id = ?",
        users.node.clock().instant().minus(Duration.ofDays(31)),
        userId);
    users.node.await(() -> purge(housekeeping));
    assertEquals(0, users.count("SELECT COUNT(*) FROM account_tokens WHERE user_id = ?", userId));
  }

  private static boolean purge(Housekeeping housekeeping) {
    housekeeping.purge();
    return true;
  }

  private static boolean consume(String purpose, String target, String code) {
    users.codes().consume(purpose, target, code);
    return true;
  }

  private static long attemptsLeft(String target, String code) {
    return refused(
            400,
            "VERIFICATION_CODE_INVALID",
            () -> users.node.await(() -> consume("register", target, code)))
        .getDebugInfo()
        .getLong("attempts_left");
  }

  private static String taken(RegisterBody body) {
    return refused(409, "CONFLICT", () -> users.register(body)).getDebugInfo().getString("field");
  }

  private static String invalid(RegisterBody body) {
    return refused(400, "VALIDATION_ERROR", () -> users.register(body))
        .getDebugInfo()
        .getString("field");
  }
}
