package com.sharestack.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docker/compose.yaml as far as it can be checked without an engine. */
class ComposeFileTest {

  private static final Path FOLDER = Path.of("..", "docker");
  private static final Pattern VARIABLE =
      Pattern.compile("(?<!\\$)\\$\\{(\\w+)(:-([^}]*)|:\\?)\\}");
  private static final String KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJABE=";

  /** What a file .env has, as docker/README.md makes it. */
  private static final Map<String, String> DOT_ENV =
      Map.of(
          "MYSQL_PASSWORD", "0a1b2c3d4e5f",
          "REDIS_PASSWORD", "5f4e3d2c1b0a",
          "STORAGE_ACCESS_KEY", "00112233445566778899",
          "STORAGE_SECRET_KEY", "8899aabbccddeeff0011",
          "SECRETS_JWT", "k3Jh9-signs-well-0123456789-abcdefg",
          "SECRETS_DATA", KEY,
          "SECRETS_INDEX", KEY);

  private static String text() throws IOException {
    return Files.readString(FOLDER.resolve("compose.yaml"));
  }

  private static JsonNode compose() throws IOException {
    return new YAMLMapper().readTree(text());
  }

  private static String filled(String value) {
    return VARIABLE
        .matcher(value)
        .replaceAll(
            variable -> {
              String known = DOT_ENV.get(variable.group(1));
              return Matcher.quoteReplacement(known == null ? variable.group(3) : known);
            });
  }

  /** What a node's container sees; the anchor is read itself, merging is the engine's. */
  private static Map<String, String> environment(String service) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (JsonNode part :
        List.of(
            compose().get("x-environment"),
            compose().at("/services/" + service + "/environment"))) {
      for (var field : part.properties()) {
        if (!field.getKey().equals("<<")) {
          environment.put(field.getKey(), filled(field.getValue().asText()));
        }
      }
    }
    return environment;
  }

  @Test
  void everyVariableOfTheNodesIsOneAndTheyStartInProduction() throws IOException {
    Set<String> hosts = new HashSet<>();
    for (String service : List.of("app1", "app2")) {
      Config config = ConfigLoader.load(environment(service));
      assertEquals(Config.Mode.PRODUCTION, config.mode());
      hosts.add(config.cluster().host());
      assertEquals(
          compose().at("/services/" + service + "/networks/inside/ipv4_address").asText(),
          config.cluster().host());
      assertTrue(config.cluster().members().contains(config.cluster().host() + ":5701"));
      assertTrue(config.has("worker") && config.has("billing"), "reports are made here");
    }
    assertEquals(2, hosts.size());
  }

  @Test
  void theStoreOfTheNodesIsTheOneThatRuns() throws IOException {
    Config.Storage storage = ConfigLoader.load(environment("app1")).storage();
    JsonNode store = compose().at("/services/store");
    assertEquals("http://store:9000", storage.endpoint());
    assertEquals(storage.accessKey(), filled(store.at("/environment/MINIO_ROOT_USER").asText()));
    assertEquals(
        storage.secretKey(), filled(store.at("/environment/MINIO_ROOT_PASSWORD").asText()));
    assertTrue(storage.pathStyle());
    assertNotEquals(storage.endpoint(), storage.publicUrl(), "clients are not inside");
    assertTrue(
        filled(store.at("/ports/0").asText())
            .startsWith(storage.publicUrl().replaceAll(".*:", "") + ":"));
    JsonNode bucket = compose().at("/services/store-bucket");
    assertEquals("store/" + storage.bucket(), bucket.at("/command/2").asText());
    assertEquals(
        "http://" + storage.accessKey() + ":" + storage.secretKey() + "@store:9000",
        filled(bucket.at("/environment/MC_HOST_store").asText()));
    assertEquals(
        "service_completed_successfully",
        compose().at("/x-node/depends_on/store-bucket/condition").asText());
  }

  @Test
  void whatIsKeptHasANamedVolumeAndEveryPartAnImageOfOneVersion() throws IOException {
    JsonNode services = compose().get("services");
    Set<String> volumes = new TreeSet<>();
    compose().get("volumes").fieldNames().forEachRemaining(volumes::add);
    Set<String> used = new TreeSet<>();
    for (var service : services.properties()) {
      for (JsonNode volume : service.getValue().path("volumes")) {
        if (!volume.asText().startsWith("./")) {
          used.add(volume.asText().replaceAll(":.*", ""));
        }
      }
      String image = service.getValue().path("image").asText("sharestack");
      assertTrue(image.equals("sharestack") || image.matches("[^:]+:.*\\d.*"), image);
      for (var other : service.getValue().path("depends_on").properties()) {
        assertTrue(services.has(other.getKey()), other.getKey());
      }
    }
    assertEquals(volumes, used);
    assertTrue(used.containsAll(List.of("mysql", "store")), used.toString());
  }

  /** A secret has no default; the file that makes them makes them all. */
  @Test
  void everySecretComesFromTheEnvironmentAndTheReadmeMakesIt() throws IOException {
    Set<String> required =
        VARIABLE
            .matcher(text())
            .results()
            .filter(variable -> variable.group(3) == null)
            .map(variable -> variable.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> made =
        Pattern.compile("(?m)^(\\w+)=\\$\\(openssl")
            .matcher(Files.readString(FOLDER.resolve("README.md")))
            .results()
            .map(line -> line.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(DOT_ENV.keySet()), required);
    assertEquals(required, made);
  }
}
