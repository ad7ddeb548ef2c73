package com.sharestack.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.config.Config;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_hasher", "SHARESTACK_AUTH_PASSWORD_COST", "5");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  /** bcrypt itself stops reading after 72 bytes. */
  @Test
  void theLastCharacterOfALongPasswordCounts() {
    PasswordHasher hasher = hasher(4, 1);
    String longPassword = "Aa1!" + "长".repeat(123);
    String hash = users.node.await(() -> hasher.hash(longPassword + "甲"));
    assertTrue(users.node.await(() -> hasher.matches(longPassword + "甲", hash)));
    assertFalse(users.node.await(() -> hasher.matches(longPassword + "乙", hash)));
    assertNotEquals(hash, users.node.await(() -> hasher.hash(longPassword + "甲")), "salted");
  }

  @Test
  void aPasswordIsTheSameComposedOrDecomposedButNeverTrimmed() {
    PasswordHasher hasher = hasher(4, 1);
    String hash = users.node.await(() -> hasher.hash("Ren\u00e9-1234"));
    assertTrue(users.node.await(() -> hasher.matches("Rene\u0301-1234", hash)));
    assertFalse(users.node.await(() -> hasher.matches("Ren\u00e9-1234 ", hash)));
  }

  @Test
  void whoWouldWaitTooLongHearsSoAtOnce() throws Exception {
    PasswordHasher hasher = hasher(9, 1);
    try (ExecutorService callers = Executors.newFixedThreadPool(40)) {
      List<CompletableFuture<String>> calls =
          IntStream.range(0, 40)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> outcome(hasher), callers))
              .toList();
      List<String> outcomes = calls.stream().map(CompletableFuture::join).toList();
      assertTrue(outcomes.contains("done"), outcomes.toString());
      assertTrue(outcomes.contains("SERVICE_UNAVAILABLE"), outcomes.toString());
    }
    assertEquals("done", outcome(hasher), "and the pool is free again");
  }

  private static String outcome(PasswordHasher hasher) {
    try {
      return users.node.await(() -> hasher.hash("Aa1!Aa1!")) == null ? "nothing" : "done";
    } catch (ServiceException refusal) {
      return refusal.getMessage();
    }
  }

  @Test
  void aHashOfALowerCostIsReplacedByTheNextLogin() {
    long userId = users.reader("old_hash");
    PasswordHasher cheaper = hasher(4, 1);
    String cheap = users.node.await(() -> cheaper.hash(UsersNode.PASSWORD));
    users.sql("UPDATE users SET password_hash = ? WHERE user_id = ?", cheap, userId);
    users.login("old_hash");
    String stronger = stored(userId);
    assertTrue(stronger.startsWith("$2a$05$"), stronger.substring(0, 7));
    users.login("old_hash");
    assertEquals(stronger, stored(userId), "once is enough");
  }

  private static String stored(long userId) {
    return users.text("SELECT password_hash FROM users WHERE user_id = ?", userId);
  }

  private static PasswordHasher hasher(int cost, int threads) {
    Config.Auth auth = users.node.config().auth();
    return users.node.await(
        () ->
            new PasswordHasher(
                users.node.vertx(),
                new Config.Auth(
                    auth.issuer(),
                    auth.audience(),
                    auth.accessSeconds(),
                    cost,
                    threads,
                    auth.revocationPollMillis(),
                    auth.principalSeconds()),
                new SimpleMeterRegistry()));
  }
}
