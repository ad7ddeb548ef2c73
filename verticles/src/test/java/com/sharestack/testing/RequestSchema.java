package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A schema of the contract with its references followed, as far as requests use the language.
 *
 * @param json no {@code $ref}, no {@code oneOf}
 */
public record RequestSchema(JsonObject json, boolean nullable) {

  static RequestSchema of(JsonObject schema) {
    if (schema.containsKey("$ref")) {
      return of(ApiContract.get().schema(schema.getString("$ref").replaceFirst(".*/", "")));
    }
    if (schema.containsKey("oneOf")) {
      JsonObject some =
          schema.getJsonArray("oneOf").stream()
              .map(JsonObject.class::cast)
              .filter(choice -> !"null".equals(choice.getValue("type")))
              .findFirst()
              .orElseThrow();
      return new RequestSchema(of(some).json(), true);
    }
    if (schema.containsKey("allOf")) {
      throw new IllegalArgumentException("a request of several parts: " + schema);
    }
    boolean nullable = schema.getValue("type") instanceof JsonArray all && all.contains("null");
    return new RequestSchema(schema, nullable);
  }

  /** {@code string}, {@code integer}, …; a number that may come as text is a number. */
  public String type() {
    return switch (json.getValue("type")) {
      case JsonArray several -> several.getString(0);
      case null -> "boolean";
      case Object one -> (String) one;
    };
  }

  /** Whether texts are taken for this number. */
  public boolean textToo() {
    return json.getValue("type") instanceof JsonArray several
        && several.contains("number")
        && several.contains("string");
  }

  public String format() {
    return json.getString("format", "");
  }

  public boolean free() {
    return json.getBoolean("x-free", false);
  }

  public Map<String, RequestSchema> properties() {
    Map<String, RequestSchema> all = new LinkedHashMap<>();
    json.getJsonObject("properties", new JsonObject())
        .forEach(property -> all.put(property.getKey(), of((JsonObject) property.getValue())));
    return all;
  }

  public List<String> required() {
    return json.getJsonArray("required", new JsonArray()).stream().map(String.class::cast).toList();
  }

  public RequestSchema items() {
    return of(json.getJsonObject("items"));
  }

  /** A number of the schema, or {@code otherwise}. */
  public int number(String keyword, int otherwise) {
    return json.getValue(keyword) instanceof Number number ? number.intValue() : otherwise;
  }

  public boolean has(String keyword) {
    return json.containsKey(keyword);
  }
}
