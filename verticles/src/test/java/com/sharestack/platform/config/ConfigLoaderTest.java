package com.sharestack.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

  private static final String KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJABE=";
  private static final String SIGNS = "k3Jh9-signs-well-0123456789-abcdefg";

  @TempDir Path folder;

  private static String refusal(Map<String, String> environment) {
    return assertThrows(ConfigException.class, () -> ConfigLoader.load(environment)).getMessage();
  }

  private static Map<String, String> production() {
    Map<String, String> environment = new HashMap<>();
    environment.put("SHARESTACK_MODE", "production");
    environment.put("SHARESTACK_MYSQL_URL", "mysql://app:x@db:3306/sharestack");
    environment.put("SHARESTACK_REDIS_URL", "redis://cache:6379");
    environment.put("SHARESTACK_SECRETS_JWT", SIGNS);
    environment.put("SHARESTACK_SECRETS_DATA", KEY);
    environment.put("SHARESTACK_SECRETS_INDEX", KEY);
    return environment;
  }

  private static String productionRefusal(String variable, String value) {
    Map<String, String> environment = production();
    if (value == null) {
      environment.remove(variable);
    } else {
      environment.put(variable, value);
    }
    return refusal(environment);
  }

  @Test
  void linksFollowAChangedPortUnlessAnAddressIsSet() {
    assertEquals(
        "http://127.0.0.1:18080",
        ConfigLoader.load(Map.of("SHARESTACK_HTTP_PORT", "18080")).http().publicUrl());
    assertEquals(
        "https://read.example.com",
        ConfigLoader.load(Map.of("SHARESTACK_HTTP_PUBLIC_URL", "https://read.example.com"))
            .http()
            .publicUrl());
  }

  @Test
  void withoutAnyVariableTheDefaultsOfDevelopmentHold() {
    Config config = ConfigLoader.load(Map.of());
    assertEquals(Config.Mode.DEV, config.mode());
    assertEquals(8080, config.http().port());
    assertTrue(config.has("gateway") && config.has("worker") && config.has("sandbox"));
    assertNull(config.mail().host());
    assertNull(config.mysql().url());
    assertEquals(12, config.auth().passwordCost(), "the real cost, not that of tests");
    assertTrue(
        config.http().corsOrigins().contains("http://localhost:3000"), "dev.yaml is laid over");
  }

  @Test
  void theEnvironmentWinsOverTheFilesInEveryShape() {
    Config config =
        ConfigLoader.load(
            Map.of(
                "SHARESTACK_MODE", "test",
                "SHARESTACK_HTTP_PORT", " 8181 ",
                "SHARESTACK_ROLES", "gateway, users,",
                "SHARESTACK_SEED", "true",
                "SHARESTACK_CLUSTER_ENABLED", "false",
                "SHARESTACK_REDIS_PREFIX", "a:b",
                "SHARESTACK_INSTANCES_GATEWAY", "3",
                "SHARESTACK_MYSQL_URL", "",
                "HOME", "/root"));
    assertEquals(Config.Mode.TEST, config.mode());
    assertEquals(8181, config.http().port());
    assertEquals(List.of("gateway", "users"), config.roles());
    assertTrue(config.seed());
    assertFalse(config.cluster().enabled());
    assertEquals("a:b", config.redis().prefix());
    assertEquals(3, config.instances().get("gateway"));
    assertNull(config.mysql().url(), "an empty variable is none");
    assertEquals(4, config.auth().passwordCost(), "test.yaml is laid over");
  }

  @Test
  void aFileMayHoldTheValue() throws IOException {
    Path file = Files.writeString(folder.resolve("jwt"), SIGNS + "\n");
    Config config = ConfigLoader.load(Map.of("SHARESTACK_SECRETS_JWT_FILE", file.toString()));
    assertEquals(SIGNS, config.secrets().jwt());
    assertEquals(
        "SHARESTACK_SECRETS_JWT_FILE: cannot read /nowhere/jwt.",
        refusal(Map.of("SHARESTACK_SECRETS_JWT_FILE", "/nowhere/jwt")));
  }

  @Test
  void aValueAndAFileForTheSameKeyContradictEachOther() {
    assertEquals(
        "Set SHARESTACK_SECRETS_JWT or SHARESTACK_SECRETS_JWT_FILE, not both.",
        refusal(Map.of("SHARESTACK_SECRETS_JWT", SIGNS, "SHARESTACK_SECRETS_JWT_FILE", "/x")));
  }

  @Test
  void theModeIsReadFromAFileToo() throws IOException {
    Path file = Files.writeString(folder.resolve("mode"), "test\n");
    Config config = ConfigLoader.load(Map.of("SHARESTACK_MODE_FILE", file.toString()));
    assertEquals(Config.Mode.TEST, config.mode());
    assertEquals(4, config.auth().passwordCost(), "with the files of that mode");
  }

  @Test
  void aVariableThatMatchesNoKeyEndsTheStart() {
    assertEquals(
        "Unknown environment variable SHARESTACK_HTTP_PROT, SHARESTACK_REDIS_URLS:"
            + " see config/README.md for the names.",
        refusal(Map.of("SHARESTACK_HTTP_PROT", "1", "SHARESTACK_REDIS_URLS", "x")));
  }

  @Test
  void variablesOfLauncherLoggingAndTestsAreNotKeys() {
    ConfigLoader.load(
        Map.of(
            "SHARESTACK_JAVA", "x",
            "SHARESTACK_LOG", "DEBUG",
            "SHARESTACK_LOG_ROOT", "INFO",
            "SHARESTACK_CACHE", "/x",
            "SHARESTACK_TEST_MYSQL_URL", "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SHARESTACK_HTTP_PORT | http | SHARESTACK_HTTP_PORT must be a whole number, not 'http'.",
        "SHARESTACK_HTTP_PORT | 70000 | http.port must be between 0 and 65535, not 70000.",
        "SHARESTACK_MAIL_PORT | 65536 | mail.port must be between 0 and 65535, not 65536.",
        "SHARESTACK_MAIL_POLL_MILLIS | 0 | mail.poll_millis must be at least 1.",
        "SHARESTACK_SANDBOX_SMTP_PORT | -1 | sandbox.smtp_port must be between 0 and 65535, not"
            + " -1.",
        "SHARESTACK_MANAGEMENT_PORT | -1 | management.port must be between 0 and 65535, not -1.",
        "SHARESTACK_SEED | yes | SHARESTACK_SEED must be true or false, not 'yes'.",
        "SHARESTACK_MODE | staging | There is no config/staging.yaml: SHARESTACK_MODE is dev, test"
            + " or production.",
      })
  void aValueThatDoesNotFitIsNamed(String variable, String value, String sentence) {
    assertEquals(sentence, refusal(Map.of(variable, value)));
  }

  @Test
  void anUnknownRoleIsNamedWithTheKnownOnes() {
    String sentence = refusal(Map.of("SHARESTACK_ROLES", "gateway,userz"));
    assertTrue(sentence.startsWith("roles: 'userz' is none of ["), sentence);
    assertTrue(sentence.contains("users"), sentence);
  }

  @Test
  void aCompleteProductionConfigurationIsTaken() {
    Config config = ConfigLoader.load(production());
    assertEquals(Config.Mode.PRODUCTION, config.mode());
    assertFalse(config.seed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "SHARESTACK_ROLES | gateway,sandbox | The sandbox role must not run in production: take it"
            + " out of roles.",
        "SHARESTACK_MYSQL_URL | - | Production needs SHARESTACK_MYSQL_URL and SHARESTACK_REDIS_URL:"
            + " it runs no embedded servers.",
        "SHARESTACK_REDIS_URL | - | Production needs SHARESTACK_MYSQL_URL and SHARESTACK_REDIS_URL:"
            + " it runs no embedded servers.",
        "SHARESTACK_SEED | true | Production takes no demo data: set SHARESTACK_SEED=false.",
        "SHARESTACK_AUTH_PASSWORD_COST | 11 | auth.password_cost must be at least 12 in"
            + " production.",
        "SHARESTACK_SECRETS_GENERATED | true | Production refuses generated secrets: set"
            + " SHARESTACK_SECRETS_*.",
        "SHARESTACK_SECRETS_JWT | - | SHARESTACK_SECRETS_JWT must be a random text of at least 32"
            + " bytes, no default.",
        "SHARESTACK_SECRETS_JWT | k3Jh9-too-short-0123456789abcde | SHARESTACK_SECRETS_JWT must be"
            + " a random text of at least 32 bytes, no default.",
        "SHARESTACK_SECRETS_JWT | changeme-changeme-0123456789-abcdef | SHARESTACK_SECRETS_JWT must"
            + " be a random text of at least 32 bytes, no default.",
        "SHARESTACK_SECRETS_JWT | abababababababababababababababababab | SHARESTACK_SECRETS_JWT"
            + " must be a random text of at least 32 bytes, no default.",
        "SHARESTACK_SECRETS_DATA | - | SHARESTACK_SECRETS_DATA must be 32 random bytes in Base64.",
        "SHARESTACK_SECRETS_DATA | not base64 at all! | SHARESTACK_SECRETS_DATA must be 32 random"
            + " bytes in Base64.",
        "SHARESTACK_SECRETS_DATA | q83vEjRWeJq83vEjRWeJqw== | SHARESTACK_SECRETS_DATA must be 32"
            + " random bytes in Base64.",
        "SHARESTACK_SECRETS_INDEX | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= |"
            + " SHARESTACK_SECRETS_INDEX must be 32 random bytes in Base64.",
        "SHARESTACK_SECRETS_INDEX | - | SHARESTACK_SECRETS_INDEX must be 32 random bytes in"
            + " Base64.",
      })
  void productionRefusesWhatIsNotForIt(String variable, String value, String sentence) {
    assertEquals(sentence, productionRefusal(variable, value));
  }

  @Test
  void secretsAreNotPrinted() {
    Map<String, String> environment = production();
    environment.put("SHARESTACK_MAIL_PASSWORD", "mail-login-42");
    Config config = ConfigLoader.load(environment);
    assertEquals("mail-login-42", config.mail().password());
    String text = config.toString();
    assertFalse(text.contains("mail-login-42"), text);
    assertFalse(text.contains(SIGNS) || text.contains(KEY), text);
    assertFalse(text.contains("app:x@"), "passwords of addresses neither: " + text);
  }
}
