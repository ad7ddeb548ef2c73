package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the keywords of one schema object, each with the check that it makes sense for the schema's
 * type.
 */
final class Keywords {
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "string", Set.of("minLength", "maxLength", "pattern", "format", "enum", "const"),
          "integer", allNumeric("format", "enum", "const"),
          "number", allNumeric("format"),
          "boolean", Set.of("const"),
          "array", Set.of("items", "minItems", "maxItems", "uniqueItems"),
          "object",
              Set.of(
                  "properties",
                  "required",
                  "additionalProperties",
                  "minProperties",
                  "maxProperties"));

  private final JsonObject schema;
  private final Place place;

  Keywords(JsonObject schema, Place place) {
    this.schema = schema;
    this.place = place;
  }

  private static Set<String> allNumeric(String... others) {
    Set<String> all = new HashSet<>(List.of(others));
    all.addAll(List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"));
    return Set.copyOf(all);
  }

  /** The types the schema lists, at least one. */
  List<String> types() {
    List<String> types = new ArrayList<>();
    switch (schema.getValue("type")) {
      case String one -> types.add(one);
      case JsonArray several -> several.forEach(type -> types.add(String.valueOf(type)));
      case null -> throw place.refuse("the schema names no type");
      default -> throw place.refuse("type must be a name or a list of names");
    }
    return types;
  }

  /**
   * Every keyword must be known for the type: what is not understood must not be skipped silently.
   */
  void refuseUnknown(String type) {
    Set<String> allowed = ALLOWED.get(type);
    if (allowed == null) {
      throw place.refuse("type '" + type + "' is not supported");
    }
    for (String keyword : schema.fieldNames()) {
      if (!keyword.equals("type")
          && !References.isAnnotation(keyword)
          && !allowed.contains(keyword)) {
        throw place.refuse("keyword '" + keyword + "' is not supported for type " + type);
      }
    }
  }

  boolean has(String keyword) {
    return schema.containsKey(keyword);
  }

  String message() {
    return text("x-message", null);
  }

  String text(String keyword, String otherwise) {
    Object value = schema.getValue(keyword);
    if (value == null || value instanceof String) {
      return value == null ? otherwise : (String) value;
    }
    throw place.refuse("'" + keyword + "' must be a text");
  }

  boolean flag(String keyword) {
    Object value = schema.getValue(keyword);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw place.refuse("'" + keyword + "' must be true or false");
  }

  /** A bound; null when the keyword is absent. */
  BigDecimal decimal(String keyword) {
    Object value = schema.getValue(keyword);
    BigDecimal number = Numbers.decimal(value);
    if (value != null && number == null) {
      throw place.refuse("'" + keyword + "' must be a number");
    }
    return number;
  }

  int count(String keyword, int otherwise) {
    BigDecimal number = decimal(keyword);
    if (number == null) {
      return otherwise;
    }
    long count = Numbers.saturated(number);
    if (!Numbers.isIntegral(number) || count < 0 || count > Integer.MAX_VALUE) {
      throw place.refuse("'" + keyword + "' must be a count");
    }
    return (int) count;
  }

  Span span(String minKeyword, String maxKeyword) {
    Span span = new Span(count(minKeyword, 0), count(maxKeyword, Integer.MAX_VALUE));
    if (span.min() > span.max()) {
      throw place.refuse("'" + minKeyword + "' is above '" + maxKeyword + "'");
    }
    return span;
  }

  JsonObject object(String keyword) {
    Object value = schema.getValue(keyword);
    if (value instanceof JsonObject object) {
      return object;
    }
    throw place.refuse("'" + keyword + "' must be an object");
  }

  /**
   * The values of enum or const without null, null when the schema has neither.
   *
   * @param elementType what every value must be
   */
  List<Object> choices(Class<?> elementType) {
    Object listed =
        has("const") ? new JsonArray().add(schema.getValue("const")) : schema.getValue("enum");
    if (listed == null) {
      return null;
    }
    if (!(listed instanceof JsonArray array) || (has("const") && has("enum"))) {
      throw place.refuse("enum must be a list, and cannot stand beside const");
    }
    List<Object> values = new ArrayList<>();
    for (Object value : array) {
      if (value == null && types().contains("null")) {
        continue;
      }
      if (!elementType.isInstance(value) || values.contains(value)) {
        throw place.refuse("enum value '" + value + "' is of the wrong type or listed twice");
      }
      values.add(value);
    }
    if (values.isEmpty()) {
      throw place.refuse("enum lists no value");
    }
    return values;
  }
}
