package com.sharestack.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** default.yaml, the Config record and config/README.md name the same keys. */
class ConfigReferenceTest {

  private static final Path README = Path.of("..", "config", "README.md");

  private static Map<String, String> yaml() throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    try (InputStream in = Config.class.getResourceAsStream("/config/default.yaml")) {
      flatten("", new YAMLMapper().readTree(in), keys);
    }
    return keys;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> keys) {
    for (var field : node.properties()) {
      String key = prefix + field.getKey();
      if (field.getValue().isObject()) {
        flatten(key + ".", field.getValue(), keys);
      } else {
        keys.put(key, text(field.getValue()));
      }
    }
  }

  /** A default as the table shows it. */
  private static String text(JsonNode value) {
    if (value.isArray()) {
      StringBuilder list = new StringBuilder();
      value.forEach(item -> list.append(list.isEmpty() ? "" : ",").append(item.asText()));
      return list.isEmpty() ? "none" : list.toString();
    }
    return value.isNull() ? "none" : value.asText();
  }

  private static void components(String prefix, Class<?> type, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + SnakeCaseStrategy.INSTANCE.translate(component.getName());
      if (component.getType().isRecord()) {
        components(key + ".", component.getType(), keys);
      } else {
        keys.add(key);
      }
    }
  }

  @Test
  void everyComponentOfTheRecordHasADefaultAndNoDefaultIsForNothing() throws IOException {
    Set<String> components = new TreeSet<>();
    components("", Config.class, components);
    Set<String> keys = new TreeSet<>();
    yaml().keySet().forEach(key -> keys.add(key.startsWith("instances.") ? "instances" : key));
    assertEquals(components, keys);
  }

  @Test
  void everyKeyIsDocumentedWithItsVariableAndItsDefault() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(README)) {
      // | `http.port` | `SHARESTACK_HTTP_PORT` | unit | default | meaning |
      String[] cells = line.split("\\|");
      if (cells.length == 6 && cells[1].strip().matches("`[a-z0-9_.]+`")) {
        String key = cells[1].strip().replace("`", "");
        assertEquals(
            "`SHARESTACK_" + key.toUpperCase(Locale.ROOT).replace('.', '_') + "`",
            cells[2].strip(),
            key);
        documented.put(key, cells[4].strip().replace("`", ""));
        assertTrue(cells[5].strip().length() > 10, key + " has no meaning");
      }
    }
    assertEquals(new java.util.TreeMap<>(yaml()), new java.util.TreeMap<>(documented));
  }

  @Test
  void variablesThatAreNoKeysAreDocumentedToo() throws IOException {
    String text = Files.readString(README);
    for (String variable :
        Set.of(
            "SHARESTACK_JAVA",
            "SHARESTACK_LOG",
            "SHARESTACK_LOG_ROOT",
            "SHARESTACK_CACHE",
            "SHARESTACK_TEST_MYSQL_URL",
            "SHARESTACK_TEST_REDIS_URL")) {
      assertTrue(text.contains("`" + variable + "`"), variable);
    }
  }

  @Test
  void noTwoKeysShareAVariable() throws IOException {
    Set<String> variables = new TreeSet<>();
    for (String key : yaml().keySet()) {
      assertTrue(variables.add(key.toUpperCase(Locale.ROOT).replace('.', '_')), key);
    }
  }
}
