package com.sharestack.users;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.config.ConfigLoader;
import io.vertx.serviceproxy.ServiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {

  private final PasswordPolicy policy = PasswordPolicy.bundled();

  @ParameterizedTest
  @ValueSource(
      strings = {"TestPass123!", "SecurePass123!", "MyPassword456!", "密Aa1 密密密", "Aa1!🎉🎉🎉🎉"})
  void passwordsOfTheDocumentsAndOfOtherScriptsAreAccepted(String password) {
    assertDoesNotThrow(() -> policy.check("password", password, "test", "test@example.com"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Aa1!Aa1", "alllower1!", "ALLUPPER1!", "NoDigits!!", "NoSpecial11", "Aa1!🎉🎉🎉"})
  void tooShortOrWithoutOneClassIsRefused(String password) {
    assertEquals("password", refused(password, "somebody", "some@example.com"));
  }

  @Test
  void lengthIsCountedInCodePointsUpTo128() {
    String longest = "Aa1!" + "🎉".repeat(124);
    assertDoesNotThrow(() -> policy.check("password", longest, null, null));
    assertEquals("password", refused(longest + "x", null, null));
  }

  @Test
  void theNameTheAddressAndTheMailboxAreRefusedInAnyCase() {
    assertEquals("password", refused("Zhang.San1", null, "zhang.san1@example.com"));
    assertEquals("password", refused("Zhang.San1@Example.com", null, "zhang.san1@example.com"));
    assertEquals("password", refused("Name_1234", "name_1234", null));
    assertDoesNotThrow(() -> policy.check("password", "Name_1234x", "name_1234", null));
  }

  @Test
  void aWellKnownPasswordIsRefusedInAnyCase() {
    assertEquals("new_password", refused("new_password", "P@SSw0rd", null, null));
    assertEquals("password", refused("Password123!", null, null));
  }

  /** Others are refused by the class rule already; samples of the documents must stay usable. */
  @Test
  void theWeakListHoldsOnlyPasswordsThatPassTheClassRuleAndNoSample() throws IOException {
    List<String> lines;
    try (var in = PasswordPolicy.class.getResourceAsStream("/users/weak-passwords.txt")) {
      lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("# "))
              .toList();
    }
    assertTrue(lines.size() > 1_000, "the list is bundled: " + lines.size());
    Set<String> seen = new HashSet<>();
    for (String line : lines) {
      assertTrue(line.length() >= 8 && PasswordPolicy.mixed(line), line);
      assertTrue(seen.add(line.toLowerCase(Locale.ROOT)), "twice: " + line);
    }
    for (String sample :
        List.of("testpass123!", "securepass123!", "mypassword456!", "sharestack@2026")) {
      assertFalse(seen.contains(sample), sample);
    }
  }

  @Test
  void theDefaultCostIsWhatTheContractAsksFor() {
    assertTrue(ConfigLoader.load(Map.of("SHARESTACK_MODE", "dev")).auth().passwordCost() >= 12);
  }

  private String refused(String password, String username, String email) {
    return refused("password", password, username, email);
  }

  private String refused(String field, String password, String username, String email) {
    ServiceException refusal =
        assertThrows(ServiceException.class, () -> policy.check(field, password, username, email));
    assertEquals(400, refusal.failureCode());
    return refusal.getDebugInfo().getString("field");
  }
}
