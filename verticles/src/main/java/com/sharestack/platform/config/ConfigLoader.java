package com.sharestack.platform.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code config/default.yaml}, lays {@code config/<mode>.yaml} over it and then the
 * environment: key {@code http.max_body_bytes} is the variable {@code
 * SHARESTACK_HTTP_MAX_BODY_BYTES}; with {@code _FILE} appended, the variable names a file that
 * holds the value. A variable that begins with SHARESTACK_ and matches no key ends the start: a
 * typo must not be a silent default.
 */
public final class ConfigLoader {

  private static final String PREFIX = "SHARESTACK_";
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper BIND =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  /** Read by the launcher or by tests, not keys of the configuration. */
  private static final Set<String> OTHERS =
      Set.of("SHARESTACK_JAVA", "SHARESTACK_LOG", "SHARESTACK_LOG_ROOT", "SHARESTACK_CACHE");

  private ConfigLoader() {}

  /**
   * @throws ConfigException naming the key, the variable or the file that is wrong
   */
  public static Config load(Map<String, String> environment) {
    ObjectNode tree = read("default");
    String mode = value(PREFIX + "MODE", environment, new TreeSet<>(environment.keySet()));
    if (mode == null) {
      mode = tree.path("mode").asText();
    }
    overlay(tree, read(mode.toLowerCase(Locale.ROOT)));
    Set<String> unknown = new TreeSet<>();
    for (String name : environment.keySet()) {
      if (name.startsWith(PREFIX) && !name.startsWith(PREFIX + "TEST_") && !OTHERS.contains(name)) {
        unknown.add(name);
      }
    }
    apply(tree, PREFIX, environment, unknown);
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "Unknown environment variable "
              + String.join(", ", unknown)
              + ": see config/README.md for the names.");
    }
    completePublicUrl((ObjectNode) tree.get("http"));
    try {
      return ConfigRules.check(BIND.treeToValue(tree, Config.class));
    } catch (IOException e) {
      throw new ConfigException("The configuration does not fit: " + e.getMessage());
    }
  }

  private static ObjectNode read(String name) {
    try (InputStream in = ConfigLoader.class.getResourceAsStream("/config/" + name + ".yaml")) {
      if (in == null) {
        throw new ConfigException(
            "There is no config/" + name + ".yaml: SHARESTACK_MODE is dev, test or production.");
      }
      return (ObjectNode) YAML.readTree(in);
    } catch (IOException e) {
      throw new ConfigException("config/" + name + ".yaml cannot be read: " + e.getMessage());
    }
  }

  /** Links must follow a changed port: unless one is set, the address is that of the server. */
  private static void completePublicUrl(ObjectNode http) {
    if (http.get("public_url").isNull()) {
      http.put(
          "public_url", "http://" + http.get("host").asText() + ":" + http.get("port").asText());
    }
  }

  private static void overlay(ObjectNode base, JsonNode over) {
    for (var field : over.properties()) {
      JsonNode present = base.get(field.getKey());
      if (present == null) {
        throw new ConfigException("config key " + field.getKey() + " is not in default.yaml");
      }
      if (present.isObject() && field.getValue().isObject()) {
        overlay((ObjectNode) present, field.getValue());
      } else {
        base.set(field.getKey(), field.getValue());
      }
    }
  }

  private static void apply(
      ObjectNode node, String prefix, Map<String, String> environment, Set<String> unknown) {
    for (var field : node.properties()) {
      String variable = prefix + field.getKey().toUpperCase(Locale.ROOT);
      if (field.getValue().isObject()) {
        apply((ObjectNode) field.getValue(), variable + "_", environment, unknown);
      } else {
        String value = value(variable, environment, unknown);
        if (value != null) {
          field.setValue(parse(variable, value, field.getValue()));
        }
      }
    }
  }

  private static String value(
      String variable, Map<String, String> environment, Set<String> unknown) {
    boolean given = unknown.remove(variable);
    boolean inFile = unknown.remove(variable + "_FILE");
    if (given && inFile) {
      throw new ConfigException("Set " + variable + " or " + variable + "_FILE, not both.");
    }
    if (!inFile) {
      return environment.get(variable);
    }
    Path file = Path.of(environment.get(variable + "_FILE"));
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigException(variable + "_FILE: cannot read " + file + ".");
    }
  }

  private static JsonNode parse(String variable, String text, JsonNode shape) {
    if (shape.isArray()) {
      var list = YAML.createArrayNode();
      for (String item : text.split(",")) {
        if (!item.isBlank()) {
          list.add(item.strip());
        }
      }
      return list;
    }
    if (shape.isNumber()) {
      try {
        return YAML.getNodeFactory().numberNode(Long.parseLong(text.strip()));
      } catch (NumberFormatException e) {
        throw new ConfigException(variable + " must be a whole number, not '" + text + "'.");
      }
    }
    if (shape.isBoolean()) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new ConfigException(variable + " must be true or false, not '" + text + "'.");
      }
      return YAML.getNodeFactory().booleanNode(text.equals("true"));
    }
    return text.isBlank() ? YAML.getNodeFactory().nullNode() : YAML.getNodeFactory().textNode(text);
  }
}
