package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a schema must refuse, and what it may take but nothing may break on. */
public final class WrongRequests {

  /** As the gateway's; beyond it the whole body is refused. */
  private static final int DEPTH = 40;

  /** The gateway's limit of a free object that declares none. */
  private static final int FREE_BYTES = 65_536;

  /** Longer queries are refused for their length, whatever they say. */
  private static final int QUERY_BYTES = 1_500;

  private static final String HUGE_NUMBER = "99999999999999999999";
  private static final Pattern RAW = Pattern.compile("\"@raw@([^@]*)@\"");

  private WrongRequests() {}

  /**
   * One bad body.
   *
   * @param field that the answer must name; null when the body may be taken, and only must not
   *     break anything
   */
  public record Wrong(String name, String body, String field) {}

  /** A bad value for one place of a body. */
  private record Value(String name, Object value, String field) {}

  /**
   * Bodies that are wrong as a whole; every one must be refused.
   *
   * @param base a valid body
   */
  public static List<Wrong> wholes(JsonObject base) {
    String valid = encode(base);
    String open = valid.equals("{}") ? "{" : valid.substring(0, valid.length() - 1) + ",";
    String deep = "{\"probe\":".repeat(DEPTH) + "1" + "}".repeat(DEPTH);
    List<Wrong> all = new ArrayList<>();
    all.add(new Wrong("a list", "[]", "body"));
    all.add(new Wrong("null", "null", "body"));
    all.add(new Wrong("a text", "\"x\"", "body"));
    all.add(new Wrong("a number", "7", "body"));
    all.add(new Wrong("blanks", "  ", "body"));
    all.add(new Wrong("no JSON", "<xml/>", "body"));
    all.add(new Wrong("a form", "title=x&content=y", "body"));
    all.add(new Wrong("an open end", valid.substring(0, valid.length() - 1), "body"));
    all.add(new Wrong("two values", valid + valid, "body"));
    all.add(new Wrong("deep nesting", open + "\"probe\":" + deep + "}", "body"));
    all.add(new Wrong("deep lists", "[".repeat(1000) + "]".repeat(1000), "body"));
    all.add(new Wrong("a duplicate key", open + "\"probe\":1,\"probe\":2}", "body"));
    all.add(new Wrong("NaN", open + "\"probe\":NaN}", "body"));
    all.add(new Wrong("1e999", open + "\"probe\":1e999}", "body"));
    all.add(new Wrong("a lone surrogate", open + "\"probe\":\"\\ud800\"}", "body"));
    all.add(new Wrong("a lone surrogate as a key", open + "\"\\udc00\":1}", "body"));
    all.add(new Wrong("a bare NUL", open + "\"probe\":\"\u0000\"}", "body"));
    all.add(new Wrong("a comment", "/* */" + valid, "body"));
    all.add(new Wrong("a byte order mark", "\uFEFF" + valid, "body"));
    return all;
  }

  /**
   * Bodies with one wrong field each.
   *
   * @param valid a valid body
   */
  public static List<Wrong> fields(RequestSchema schema, JsonObject valid) {
    List<Wrong> all = new ArrayList<>();
    for (String name : schema.required()) {
      JsonObject less = valid.copy();
      less.remove(name);
      all.add(new Wrong("without " + name, encode(less), name));
    }
    schema
        .properties()
        .forEach(
            (name, property) -> {
              for (Value wrong : values(property, name)) {
                JsonObject body = valid.copy().put(name, wrong.value());
                all.add(new Wrong(name + " " + wrong.name(), encode(body), wrong.field()));
              }
            });
    all.add(
        new Wrong(
            "unknown fields",
            encode(valid.copy().put("probe", 1).put("__proto__", new JsonObject())),
            null));
    return all;
  }

  private static List<Value> values(RequestSchema schema, String field) {
    List<Value> all = new ArrayList<>();
    if (!schema.nullable()) {
      all.add(new Value("null", null, field));
    } else {
      all.add(new Value("null, which is allowed", null, null));
    }
    switch (schema.type()) {
      case "string" -> texts(schema, field, all);
      case "integer" -> integers(schema, field, all);
      case "number" -> numbers(schema, field, all);
      case "boolean" -> booleans(schema, field, all);
      case "array" -> arrays(schema, field, all);
      default -> objects(schema, field, all);
    }
    return all;
  }

  private static void texts(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("a number", 123, field));
    all.add(new Value("true", true, field));
    all.add(new Value("an object", new JsonObject(), field));
    all.add(new Value("a list", new JsonArray().add("x"), field));
    for (Text text : wrongTexts(schema)) {
      all.add(new Value(text.name(), text.text(), text.refused() ? field : null));
    }
  }

  private record Text(String name, String text, boolean refused) {}

  private static List<Text> wrongTexts(RequestSchema schema) {
    List<Text> all = new ArrayList<>();
    boolean choice = schema.has("enum");
    boolean formed = schema.has("pattern") || !schema.format().isEmpty();
    boolean secret = schema.format().equals("password");
    int min = schema.number("minLength", 0);
    if (schema.has("maxLength")) {
      all.add(new Text("too long", "x".repeat(schema.number("maxLength", 0) + 1), true));
      all.add(new Text("long in code points", "😀".repeat(schema.number("maxLength", 0)), false));
    }
    if (min > 0) {
      all.add(new Text("empty", "", true));
      all.add(new Text("blank", "    ", !secret));
    }
    if (min > 1) {
      all.add(new Text("too short", "x".repeat(min - 1), true));
    }
    if (choice) {
      all.add(new Text("no choice", "nonsense", true));
      all.add(new Text("a choice in other case", upper(schema), true));
    }
    switch (schema.format()) {
      case "date" -> {
        all.add(new Text("no day", "2026-02-30", true));
        all.add(new Text("year 0", "0000-00-00", true));
        all.add(new Text("word", "yesterday", true));
        all.add(new Text("far future", "9999-12-31", false));
      }
      case "date-time" -> {
        all.add(new Text("no time", "2026-13-01T25:00:00Z", true));
        all.add(new Text("no zone", "2026-01-01T00:00:00", true));
        all.add(new Text("far future", "9999-12-31T23:59:59Z", false));
        all.add(new Text("long past", "0001-01-01T00:00:00Z", false));
      }
      case "email" -> all.add(new Text("no address", "a@", true));
      case "uri" -> {
        all.add(new Text("script", "javascript:alert(1)", true));
        all.add(new Text("no address", "http://", true));
      }
      default -> {}
    }
    boolean strict = choice || (formed && !secret && !schema.format().equals("uri"));
    boolean anything = schema.json().getString("pattern", "").equals("^[!-~]+$");
    all.add(new Text("NUL", "pr\u0000be", true));
    all.add(new Text("script", "<script>alert('1')</script>", strict && !anything));
    all.add(new Text("SQL", "' OR 1=1 -- \\\" %_;", strict));
    all.add(new Text("marks", "\u202Eabc\u0007\uFFFF", strict));
    return all;
  }

  private static String upper(RequestSchema schema) {
    String first = schema.json().getJsonArray("enum").getString(0);
    String upper = first.toUpperCase(java.util.Locale.ROOT);
    return upper.equals(first) ? first.toLowerCase(java.util.Locale.ROOT) : upper;
  }

  private static void integers(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("a text", "abc", field));
    all.add(new Value("a number as text", "5", field));
    all.add(new Value("a fraction", new BigDecimal("1.5"), field));
    all.add(new Value("true", true, field));
    all.add(new Value("an object", new JsonObject(), field));
    all.add(new Value("beyond 2^53", 9_007_199_254_740_993L, field));
    all.add(new Value("beyond a long", raw(HUGE_NUMBER), field));
    all.add(new Value("1e300", raw("1e300"), field));
    all.add(new Value("1e999", raw("1e999"), "body"));
    all.add(new Value("NaN", raw("NaN"), "body"));
    if (schema.has("minimum")) {
      all.add(new Value("too small", schema.number("minimum", 0) - 1, field));
    }
    if (schema.has("maximum")) {
      all.add(new Value("too large", schema.number("maximum", 0) + 1, field));
    }
    if (schema.format().equals("int32")) {
      all.add(new Value("beyond an int", 2_147_483_648L, field));
    } else if (!schema.has("maximum")) {
      all.add(new Value("the largest", 9_007_199_254_740_991L, null));
    }
  }

  private static void numbers(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("a word", "abc", field));
    all.add(new Value("true", true, field));
    all.add(new Value("a list", new JsonArray(), field));
    all.add(new Value("three places", new BigDecimal("1.234"), field));
    all.add(new Value("beyond all money", raw("1e30"), field));
    all.add(new Value("1e-300", raw("1e-300"), field));
    all.add(new Value("1e999", raw("1e999"), "body"));
    all.add(new Value("Infinity", raw("-Infinity"), "body"));
    all.add(new Value("Infinity as text", "Infinity", field));
    all.add(new Value("hexadecimal text", "0x10", field));
    all.add(new Value("an exponent as text", "1e99999999", field));
    all.add(new Value("a number as text", "29.90", schema.textToo() ? null : field));
    if (schema.json().getValue("minimum") instanceof Number min) {
      BigDecimal less = new BigDecimal(min.toString()).subtract(new BigDecimal("0.01"));
      all.add(new Value("too small", less, field));
    }
    if (schema.json().getValue("maximum") instanceof Number max) {
      BigDecimal more = new BigDecimal(max.toString()).add(new BigDecimal("0.01"));
      all.add(new Value("too large", more, field));
    }
  }

  private static void booleans(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("a text", "true", field));
    all.add(new Value("a number", 1, field));
    all.add(new Value("a list", new JsonArray(), field));
    if (schema.has("const")) {
      all.add(new Value("the other", !schema.json().getBoolean("const"), field));
    }
  }

  private static void arrays(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("an object", new JsonObject(), field));
    all.add(new Value("a text", "x", field));
    all.add(new Value("a number", 1, field));
    if (schema.has("maxItems")) {
      JsonArray many = new JsonArray();
      for (int i = 0; i <= schema.number("maxItems", 0); i++) {
        many.add(ValidRequests.value(schema.items()));
      }
      all.add(new Value("too many", many, field));
    }
    for (Value item : values(schema.items(), field + "[0]")) {
      all.add(new Value("item " + item.name(), new JsonArray().add(item.value()), item.field()));
    }
  }

  private static void objects(RequestSchema schema, String field, List<Value> all) {
    all.add(new Value("a text", "x", field));
    all.add(new Value("a list", new JsonArray(), field));
    all.add(new Value("a number", 1, field));
    if (schema.free()) {
      int bytes = schema.number("x-max-bytes", FREE_BYTES);
      all.add(new Value("too large", new JsonObject().put("k", "x".repeat(bytes)), field));
      return;
    }
    for (String name : schema.required()) {
      JsonObject less = ValidRequests.smallest(schema);
      less.remove(name);
      all.add(new Value("without " + name, less, field + "." + name));
    }
    schema
        .properties()
        .forEach(
            (name, property) -> {
              for (Value inner : values(property, field + "." + name)) {
                JsonObject whole = ValidRequests.smallest(schema).put(name, inner.value());
                all.add(new Value(name + " " + inner.name(), whole, inner.field()));
              }
            });
  }

  /**
   * Wrong values of a query parameter.
   *
   * @param refused whether it must be; otherwise nothing may break
   */
  public record WrongText(String name, String text, boolean refused) {}

  public static List<WrongText> query(RequestSchema schema) {
    List<WrongText> all = new ArrayList<>();
    switch (schema.type()) {
      case "integer" -> {
        for (String text : List.of("", "abc", "1.5", "1e3", "0x1", " 1", "+1", HUGE_NUMBER)) {
          all.add(new WrongText("'" + text + "'", text, true));
        }
        all.add(new WrongText("2^63", "9223372036854775808", true));
        all.add(new WrongText("-2^63", "-9223372036854775808", true));
        if (schema.has("minimum")) {
          String less = String.valueOf(schema.number("minimum", 0) - 1);
          all.add(new WrongText("too small", less, true));
        }
        boolean bounded = schema.has("maximum");
        String more = String.valueOf(schema.number("maximum", 0) + 1L);
        String largest = schema.format().equals("int32") ? "2147483647" : "9007199254740991";
        all.add(
            new WrongText(
                bounded ? "too large" : "the largest", bounded ? more : largest, bounded));
        if (bounded) {
          all.add(new WrongText("the last", String.valueOf(schema.number("maximum", 0)), false));
        }
      }
      case "number" -> {
        for (String text : List.of("", "abc", "1.234", "NaN", "1e999999999", "-1", "0x1p3")) {
          all.add(new WrongText("'" + text + "'", text, true));
        }
      }
      case "boolean" -> {
        for (String text : List.of("", "yes", "1", "TRUE")) {
          all.add(new WrongText("'" + text + "'", text, true));
        }
      }
      case "string" ->
          wrongTexts(schema).stream()
              .filter(text -> text.text().getBytes(StandardCharsets.UTF_8).length < QUERY_BYTES)
              .forEach(text -> all.add(new WrongText(text.name(), text.text(), text.refused())));
      default -> throw new IllegalArgumentException("a parameter of type " + schema.type());
    }
    return all;
  }

  /** A token that the JSON encoder would not write. */
  private static String raw(String token) {
    return "@raw@" + token + "@";
  }

  private static String encode(JsonObject body) {
    return RAW.matcher(body.encode()).replaceAll(token -> Matcher.quoteReplacement(token.group(1)));
  }
}
