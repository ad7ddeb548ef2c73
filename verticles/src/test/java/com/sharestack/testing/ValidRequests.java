package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Smallest requests that the contract's schemas take. What they name need not exist. */
public final class ValidRequests {

  /** Texts of which each pattern of the contract takes one. */
  private static final List<String> TEXTS =
      List.of(
          "Probe text",
          "probe",
          "PROBE-2026",
          "CNY",
          "a1b2c3",
          "482913",
          "13912345678",
          "img_a1b2c3d4",
          "vid_a1b2c3d4",
          "sub_a1b2c3d4e5f6",
          "pur_a1b2c3d4e5f6",
          "adj_a1b2c3d4e5f6",
          "rpt_a1b2c3d4e5f6",
          "stl_a1b2c3d4e5f6",
          "0192f7a5-3c1d-7e4f-8a2b-5c6d7e8f9a0b",
          "0192F7A53C1D7E4F8A2B5C6D7E8F9A0B",
          "index,follow");

  private ValidRequests() {}

  /** What the schema leaves open and the service does not. */
  private static final Map<String, Object> BY_NAME =
      Map.of("payment_method", "wechat", "discount_value", 10);

  /** An object with its required fields only. */
  public static JsonObject smallest(RequestSchema schema) {
    JsonObject object = new JsonObject();
    var properties = schema.properties();
    for (String name : schema.required()) {
      Object known = BY_NAME.get(name);
      object.put(name, known == null ? value(properties.get(name)) : known);
    }
    return object;
  }

  public static Object value(RequestSchema schema) {
    if (schema.has("const")) {
      return schema.json().getValue("const");
    }
    if (schema.has("enum")) {
      return schema.json().getJsonArray("enum").getValue(0);
    }
    return switch (schema.type()) {
      case "integer" -> Math.max(1, schema.number("minimum", 1));
      case "number" -> new BigDecimal("29.90");
      case "boolean" -> false;
      case "string" -> text(schema);
      case "array" -> array(schema);
      case "object" -> smallest(schema);
      default -> throw new IllegalArgumentException("no value for " + schema);
    };
  }

  private static JsonArray array(RequestSchema schema) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < schema.number("minItems", 0); i++) {
      array.add(value(schema.items()));
    }
    return array;
  }

  private static String text(RequestSchema schema) {
    return switch (schema.format()) {
      case "date" -> "2026-10-01";
      case "date-time" -> "2027-01-01T08:00:00Z";
      case "email" -> "probe@example.com";
      case "uri" -> "https://example.com/probe";
      case "password" -> ApiAccount.PASSWORD;
      default -> plain(schema);
    };
  }

  private static String plain(RequestSchema schema) {
    String pattern = schema.json().getString("pattern", "(?s).*");
    int min = schema.number("minLength", 0);
    int max = schema.number("maxLength", Integer.MAX_VALUE);
    return TEXTS.stream()
        .filter(text -> text.length() >= min && text.length() <= max)
        .filter(text -> java.util.regex.Pattern.compile(pattern).matcher(text).find())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("ValidRequests.TEXTS has none for " + schema));
  }
}
