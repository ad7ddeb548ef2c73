package com.sharestack.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  private static final String KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJABE=";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("data/secrets.properties");
  }

  private Config.Secrets complete(String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    Config config = ConfigLoader.load(environment).withData(folder.resolve("data"));
    return Secrets.complete(config).secrets();
  }

  @Test
  void theFirstStartMakesThemAndEveryLaterOneKeepsThem() throws IOException {
    Config.Secrets first = complete();
    assertTrue(first.generated());
    assertEquals(32, Base64.getDecoder().decode(first.data()).length);
    assertEquals(32, Base64.getDecoder().decode(first.index()).length);
    assertTrue(first.jwt().length() >= 32);
    assertTrue(first.mysqlPassword().matches("[0-9a-f]{64}"));
    assertNotEquals(first.data(), first.index());
    byte[] kept = Files.readAllBytes(file());
    assertEquals(first, complete());
    assertEquals(List.of(file()), files(), "no draft is left");
    assertTrue(java.util.Arrays.equals(kept, Files.readAllBytes(file())));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(file().getParent())) {
      return files.toList();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void onlyItsOwnerReadsTheFile() throws IOException {
    complete();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void twoInstallationsHaveDifferentOnes() {
    Config.Secrets one = complete();
    Config other = ConfigLoader.load(Map.of()).withData(folder.resolve("other"));
    assertNotEquals(one.jwt(), Secrets.complete(other).secrets().jwt());
  }

  @Test
  void givenOnesWinOverTheFile() {
    Config.Secrets given = complete("SHARESTACK_SECRETS_DATA", KEY);
    assertEquals(KEY, given.data());
    assertNotEquals(KEY, given.index());
  }

  @Test
  void withEverythingGivenNoFileIsMade() {
    Config.Secrets given =
        complete(
            "SHARESTACK_SECRETS_JWT", KEY,
            "SHARESTACK_SECRETS_DATA", KEY,
            "SHARESTACK_SECRETS_INDEX", KEY,
            "SHARESTACK_MYSQL_URL", "mysql://a:b@c:1/d",
            "SHARESTACK_REDIS_URL", "redis://c:1");
    assertFalse(given.generated());
    assertFalse(Files.exists(file()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwt", "data", "index", "mysql", "redis"})
  void aFileWithoutOneOfThemIsIncomplete(String name) throws IOException {
    complete();
    String whole = Files.readString(file());
    for (String broken :
        List.of(
            whole.replaceFirst("(?m)^" + name + "=.*\\R", ""),
            whole.replaceFirst("(?m)^" + name + "=.*$", name + "="))) {
      assertNotEquals(whole, broken);
      Files.writeString(file(), broken);
      assertEquals(
          "The secrets file %s cannot be used: it is incomplete; restore it, or move the data folder away"
              .formatted(file()),
          assertThrows(ConfigException.class, this::complete).getMessage());
    }
  }
}
