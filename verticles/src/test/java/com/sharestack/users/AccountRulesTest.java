package com.sharestack.users;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "Jane@Example.COM, EMAIL, jane@example.com",
    "' jane@example.com ', EMAIL, jane@example.com",
    "13800138000, PHONE, +8613800138000",
    "12800138000, USERNAME, 12800138000",
    "Zhang_San, USERNAME, zhang_san"
  })
  void anIdentifierIsAnAddressAMobileNumberOrAName(String typed, String kind, String value) {
    assertEquals(new Identifier(Identifier.Kind.valueOf(kind), value), Identifier.of(typed));
  }

  @Test
  void composedAndDecomposedAddressesAreOne() {
    assertEquals(Identifier.emailKey("ren\u00e9@x.cn"), Identifier.emailKey("rene\u0301@x.cn"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin",
        "ROOT",
        "System",
        "ShareStack",
        "support",
        "official",
        "api",
        "deleted_",
        "Deleted_17",
        "13800138000"
      })
  void reservedNamesAreRefused(String name) {
    assertEquals(
        "username",
        assertThrows(ServiceException.class, () -> Usernames.check(name))
            .getDebugInfo()
            .getString("field"));
  }

  @Test
  void namesThatOnlyContainAReservedWordAreFree() {
    List.of("admin1", "the_api", "deleted", Usernames.generate()).forEach(Usernames::check);
    assertTrue(Usernames.generate().matches("user_[0-9a-z]{8}"));
  }

  @ParameterizedTest
  @CsvSource({"+8613800138000, 138****8000", "13912345678, 139****5678", "+12, ****"})
  void phonesAreMasked(String phone, String masked) {
    assertEquals(masked, Masking.phone(phone));
  }

  @ParameterizedTest
  @CsvSource({
    "jane@example.com, j***@example.com",
    "😀x@example.com, 😀***@example.com",
    "@x, ***@x"
  })
  void addressesAreMasked(String email, String masked) {
    assertEquals(masked, Masking.email(email));
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.7, 203.0.113.*", "2001:db8:1:2::7, 2001:db8:1:*", "::1, ::1:*"})
  void networkAddressesAreMasked(String ip, String masked) {
    assertEquals(masked, Masking.ip(ip));
  }

  @Test
  void theFifthFailureInARowLocksForFifteenMinutes() {
    LoginLock lock = LoginLock.NONE;
    for (int i = 0; i < 4; i++) {
      lock = lock.afterFailure(NOW);
      assertFalse(lock.lockedAt(NOW), "failure " + (i + 1));
    }
    lock = lock.afterFailure(NOW);
    assertTrue(lock.lockedAt(NOW));
    assertEquals(900, lock.retryAfterSeconds(NOW));
    assertEquals(1, lock.retryAfterSeconds(NOW.plusMillis(899_999)));
    assertTrue(lock.lockedAt(NOW.plusMillis(899_999)));
    assertFalse(lock.lockedAt(NOW.plusSeconds(900)));
    assertEquals(new LoginLock(1, null), lock.afterFailure(NOW.plusSeconds(900)));
  }

  @Test
  void aSessionEndsAfterThirtyDaysUnlessItIsRemembered() {
    SessionTerms once = SessionTerms.atLogin(false, NOW);
    assertEquals(days(30), once.expiresAt());
    assertEquals(days(30), once.extended(days(20)).expiresAt());
    SessionTerms remembered = SessionTerms.atLogin(true, NOW);
    assertEquals(days(30), remembered.expiresAt());
    assertEquals(days(50), remembered.extended(days(20)).expiresAt());
    assertEquals(days(180), remembered.extended(days(170)).expiresAt());
  }

  @Test
  void aBanThatRanOutIsNone() {
    Account.Standing banned = new Account.Standing(AccountStatus.BANNED, NOW, "spam", null);
    assertEquals(AccountStatus.BANNED, banned.at(NOW.minusMillis(1)));
    assertEquals(AccountStatus.ACTIVE, banned.at(NOW));
    Account.Standing forGood = new Account.Standing(AccountStatus.BANNED, null, "spam", null);
    assertEquals(AccountStatus.BANNED, forGood.at(NOW.plus(Duration.ofDays(36_500))));
  }

  @ParameterizedTest
  @CsvSource({
    "PUBLIC,    false, false, false, false",
    "FOLLOWERS, false, false, false, true",
    "FOLLOWERS, false, true,  false, false",
    "FOLLOWERS, true,  false, false, false",
    "FOLLOWERS, false, false, true,  false",
    "PRIVATE,   false, true,  false, true",
    "PRIVATE,   true,  false, false, false",
    "PRIVATE,   false, false, true,  false"
  })
  void whoSeesAProfile(
      ProfileVisibility setting, boolean owner, boolean follower, boolean sells, boolean hidden) {
    assertEquals(hidden, setting.hides(owner, follower, sells));
  }

  @Test
  void keysOfABatchAreDistinctBoundedAndPadded() {
    assertEquals(List.of(3L, 1L), Batch.distinct("ids", List.of(3L, 1L, 3L), 2));
    assertThrows(ServiceException.class, () -> Batch.distinct("ids", List.of(1L, 2L, 3L), 2));
    assertArrayEquals(new Object[] {1L}, Batch.arguments(List.of(1L)));
    assertArrayEquals(new Object[] {1L, 2L}, Batch.arguments(List.of(1L, 2L)));
    assertArrayEquals(new Object[] {1L, 2L, 3L, 3L}, Batch.arguments(List.of(1L, 2L, 3L)));
    assertEquals(4, Batch.arguments(List.of(1L, 2L, 3L, 4L)).length);
    assertEquals(8, Batch.arguments(List.of(1L, 2L, 3L, 4L, 5L)).length);
  }

  @Test
  void aCursorComesBackAsThePlaceItWasMadeOf() {
    SessionRepository.Place place = new SessionRepository.Place(NOW.plusMillis(7), "ses_Ab1", 0);
    assertEquals(place, RevocationCursor.read(RevocationCursor.of(place)));
    assertThrows(ServiceException.class, () -> RevocationCursor.read("1.x' OR 1=1"));
  }

  private static Instant days(int days) {
    return NOW.plus(Duration.ofDays(days));
  }
}
