package com.sharestack.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the schemas of the contract mean in Java; refuses every construct it does not know. */
final class Schemas {

  static final String PACKAGE = "com.sharestack.contract";
  static final ClassName JSON_OBJECT = ClassName.get("io.vertx.core.json", "JsonObject");
  static final ClassName PATCH = ClassName.get(PACKAGE + ".wire", "Patch");

  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          "allOf",
          "oneOf",
          "$ref",
          "enum",
          "format",
          "items",
          "additionalProperties",
          "minLength",
          "maxLength",
          "pattern",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "minItems",
          "maxItems",
          "uniqueItems",
          "multipleOf",
          "default",
          "const",
          "title",
          "description",
          "example",
          "examples",
          "readOnly",
          "maxProperties",
          "x-partial",
          "x-free",
          "x-event",
          "x-message",
          "x-internal",
          "x-max-bytes",
          "x-relative");
  private static final Set<String> STRING_FORMATS =
      Set.of("date-time", "date", "email", "uri", "password");

  private final ObjectNode document;

  Schemas(ObjectNode document) {
    this.document = document;
  }

  Iterable<Map.Entry<String, JsonNode>> components() {
    return document.path("components").path("schemas").properties();
  }

  /** A property of an object: its schema and whether it must be present. */
  record Property(JsonNode schema, boolean required) {}

  JsonNode resolve(JsonNode schema) {
    JsonNode node = schema;
    while (node.has("$ref")) {
      node = document.at(node.get("$ref").asText().substring(1));
    }
    return node;
  }

  boolean isEnum(JsonNode schema) {
    return schema.has("enum") && !schema.has("properties");
  }

  boolean isRecord(JsonNode schema) {
    return (schema.has("properties") || schema.has("allOf")) && !isFree(schema);
  }

  private static boolean isFree(JsonNode schema) {
    return schema.path("x-free").asBoolean();
  }

  /** The properties of an object schema, those of {@code allOf} first, in the order written. */
  Map<String, Property> properties(String place, JsonNode schema) {
    Map<String, Property> found = new LinkedHashMap<>();
    JsonNode node = resolve(schema);
    check(place, node);
    for (JsonNode part : node.path("allOf")) {
      found.putAll(properties(place, part));
    }
    Set<String> required = new LinkedHashSet<>();
    node.path("required").forEach(name -> required.add(name.asText()));
    for (var property : node.path("properties").properties()) {
      found.put(
          property.getKey(), new Property(property.getValue(), required.remove(property.getKey())));
    }
    for (String inherited : required) {
      Property known = found.get(inherited);
      if (known == null) {
        throw new ContractException(place, "requires '" + inherited + "', which it does not have");
      }
      found.put(inherited, new Property(known.schema(), true));
    }
    return found;
  }

  boolean nullable(JsonNode schema) {
    JsonNode node = resolve(schema);
    for (JsonNode type : node.path("type")) {
      if (type.asText().equals("null")) {
        return true;
      }
    }
    for (JsonNode choice : node.path("oneOf")) {
      if (choice.path("type").asText().equals("null")) {
        return true;
      }
    }
    return node.path("type").asText().equals("null");
  }

  /** The boxed Java type of a schema. */
  TypeName type(String place, JsonNode schema) {
    check(place, schema);
    if (schema.has("$ref")) {
      String ref = schema.get("$ref").asText();
      JsonNode target = resolve(schema);
      if (isRecord(target) || isEnum(target)) {
        return ClassName.get(PACKAGE, ref.substring(ref.lastIndexOf('/') + 1));
      }
      return type(ref, target);
    }
    if (schema.has("oneOf")) {
      return type(place, nonNullChoice(place, schema));
    }
    if (schema.has("properties") || schema.has("allOf")) {
      throw new ContractException(place, "is an inline object; name it in components/schemas");
    }
    return switch (kind(place, schema)) {
      case "string" -> stringType(place, schema);
      case "integer" ->
          schema.path("format").asText().equals("int32") ? TypeName.INT.box() : TypeName.LONG.box();
      case "number" -> numberType(place, schema);
      case "boolean" -> TypeName.BOOLEAN.box();
      case "array" -> {
        if (!schema.has("items")) {
          throw new ContractException(place, "is an array without items");
        }
        yield ParameterizedTypeName.get(
            ClassName.get(List.class), type(place + "/items", schema.get("items")));
      }
      case "object" -> objectType(place, schema);
      case String other -> throw new ContractException(place, "has the unknown type " + other);
    };
  }

  private JsonNode nonNullChoice(String place, JsonNode schema) {
    JsonNode choice = null;
    for (JsonNode option : schema.get("oneOf")) {
      if (!option.path("type").asText().equals("null")) {
        if (choice != null) {
          throw new ContractException(place, "oneOf is known only as 'this or null'");
        }
        choice = option;
      }
    }
    if (choice == null || !nullable(schema)) {
      throw new ContractException(place, "oneOf is known only as 'this or null'");
    }
    return choice;
  }

  /** The one type besides null; {@code [number, string]} is a number that may come as text. */
  private static String kind(String place, JsonNode schema) {
    JsonNode type = schema.get("type");
    if (type == null) {
      if (schema.has("const")) {
        return schema.get("const").isBoolean() ? "boolean" : "string";
      }
      throw new ContractException(place, "has no type");
    }
    if (type.isTextual()) {
      return type.asText();
    }
    Set<String> kinds = new LinkedHashSet<>();
    type.forEach(t -> kinds.add(t.asText()));
    kinds.remove("null");
    if (kinds.equals(Set.of("number", "string"))
        && schema.path("format").asText().equals("money")) {
      return "number";
    }
    if (kinds.size() != 1) {
      throw new ContractException(place, "may have one type besides null, not " + kinds);
    }
    return kinds.iterator().next();
  }

  private static TypeName stringType(String place, JsonNode schema) {
    String format = schema.path("format").asText();
    if (!format.isEmpty() && !STRING_FORMATS.contains(format)) {
      throw new ContractException(place, "has the unknown string format " + format);
    }
    return switch (format) {
      case "date-time" -> ClassName.get(Instant.class);
      case "date" -> ClassName.get(LocalDate.class);
      default -> ClassName.get(String.class);
    };
  }

  private static TypeName numberType(String place, JsonNode schema) {
    return switch (schema.path("format").asText()) {
      case "money" -> ClassName.get(BigDecimal.class);
      case "double" -> TypeName.DOUBLE.box();
      default -> throw new ContractException(place, "a number needs format money or double");
    };
  }

  private TypeName objectType(String place, JsonNode schema) {
    if (isFree(schema)) {
      return JSON_OBJECT;
    }
    if (schema.path("additionalProperties").isObject()) {
      return ParameterizedTypeName.get(
          ClassName.get(Map.class),
          ClassName.get(String.class),
          type(place + "/additionalProperties", schema.get("additionalProperties")));
    }
    throw new ContractException(place, "is an object of nothing; give properties or x-free: true");
  }

  private static void check(String place, JsonNode schema) {
    for (var key : schema.properties()) {
      if (!KNOWN.contains(key.getKey())) {
        throw new ContractException(place, "uses '" + key.getKey() + "', which is not known");
      }
    }
    if (schema.has("additionalProperties") && schema.has("properties")) {
      throw new ContractException(place, "mixes properties and additionalProperties");
    }
  }
}
