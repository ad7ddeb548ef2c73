package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/**
 * Random values that mostly have the types a schema asks for, near its bounds; one in eight is
 * anything at all.
 */
final class RandomJson {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          " a ",
          "bb",
          "汉",
          "汉\u3000",
          "abc",
          "abcd",
          "abcde",
          "😀",
          "😀😀",
          "e\u0301",
          "a1",
          "A",
          "\ta\n",
          "e\u0301bc");
  private static final List<String> DECIMALS =
      List.of("0.0", "2.0", "1.5", "-2.0", "3.01", "0.005", "29.90", "1E+1", "-0.5", "4.000");
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final Random random;
  private final JsonObject schema;

  RandomJson(Random random, JsonObject schema) {
    this.random = random;
    this.schema = schema;
  }

  Object next() {
    return of(schema, 0);
  }

  private Object of(JsonObject hint, int depth) {
    if (random.nextInt(8) == 0) {
      return anything(depth);
    }
    if (hint.containsKey("allOf")) {
      JsonObject both = new JsonObject();
      for (Object member : hint.getJsonArray("allOf")) {
        if (of((JsonObject) member, depth) instanceof JsonObject part) {
          both.mergeIn(part);
        }
      }
      return both;
    }
    if (hint.containsKey("oneOf")) {
      JsonArray members = hint.getJsonArray("oneOf");
      return of(members.getJsonObject(random.nextInt(members.size())), depth);
    }
    Object type = hint.getValue("type");
    if (type instanceof JsonArray several) {
      type = several.getValue(random.nextInt(several.size()));
    }
    return switch ((String) type) {
      case "string" -> TEXTS.get(random.nextInt(TEXTS.size()));
      case "integer" ->
          random.nextInt(4) == 0 ? decimal() : (Object) (long) (random.nextInt(14) - 5);
      // Money refuses exponents, which the library does not know about: 1E+1 is for integers.
      case "number" -> decimal().setScale(3);
      case "boolean" -> random.nextBoolean();
      case "array" -> array(hint.getJsonObject("items"), depth);
      case "object" -> object(hint, depth);
      default -> null;
    };
  }

  private BigDecimal decimal() {
    return new BigDecimal(DECIMALS.get(random.nextInt(DECIMALS.size())));
  }

  private JsonArray array(JsonObject items, int depth) {
    JsonArray array = new JsonArray();
    for (int i = random.nextInt(5); i > 0; i--) {
      array.add(of(items, depth + 1));
    }
    return array;
  }

  private JsonObject object(JsonObject hint, int depth) {
    JsonObject object = new JsonObject();
    for (String name : NAMES) {
      JsonObject properties = hint.getJsonObject("properties", new JsonObject());
      JsonObject property =
          properties.getJsonObject(name, hint.getJsonObject("additionalProperties"));
      if (random.nextInt(5) > 0) {
        object.put(name, property == null ? anything(depth + 1) : of(property, depth + 1));
      }
    }
    return object;
  }

  private Object anything(int depth) {
    return switch (random.nextInt(depth > 2 ? 5 : 7)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> (long) random.nextInt(10);
      case 3 -> decimal().setScale(3);
      case 4 -> TEXTS.get(random.nextInt(TEXTS.size()));
      case 5 -> new JsonArray().add(anything(depth + 1));
      default -> new JsonObject().put("a", anything(depth + 1)).put("z", anything(depth + 1));
    };
  }
}
