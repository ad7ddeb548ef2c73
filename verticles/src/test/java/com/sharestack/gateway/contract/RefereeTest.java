package com.sharestack.gateway.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JSON Schema library is the referee: on thousands of random values our shapes must agree with
 * it. Where we differ on purpose, the value is first rewritten by a {@link Difference} into what
 * the library would understand; everything else must then agree exactly.
 */
class RefereeTest {
  private static final int VALUES = 3_000;

  private static final List<String> SCHEMAS =
      List.of(
          "{'type':'string','minLength':1,'maxLength':3}",
          "{'type':['string','null'],'minLength':2}",
          "{'type':'string','enum':['a','bb','汉']}",
          "{'type':'string','pattern':'^[a-z]+$','maxLength':4}",
          "{'type':'integer'}",
          "{'type':'integer','minimum':-3,'exclusiveMaximum':5}",
          "{'type':'integer','multipleOf':2,'enum':[0,2,4,6]}",
          "{'type':'number','format':'double','exclusiveMinimum':-2,'maximum':3}",
          "{'type':'number','format':'money','multipleOf':0.01,'minimum':0}",
          "{'type':'boolean'}",
          "{'type':'boolean','const':true}",
          "{'type':'array','items':{'type':'integer'},'minItems':1,'maxItems':3,'uniqueItems':true}",
          "{'type':'array','items':{'type':['string','null'],'maxLength':2},'uniqueItems':true}",
          "{'type':'object','additionalProperties':{'type':'integer'},'maxProperties':2}",
          "{'type':'object','required':['a'],'properties':{'a':{'type':'string','minLength':1},'b':{'type':['integer','null'],'default':4}}}",
          "{'type':'object','required':['b'],'properties':{'a':{'type':'array','items':{'type':'object','required':['c'],"
              + "'properties':{'c':{'type':'string'},'b':{'type':'boolean'}}}},'b':{'oneOf':[{'type':'integer'},{'type':'null'}]}}}",
          "{'allOf':[{'type':'object','required':['a'],'properties':{'a':{'type':'string'}}},"
              + "{'type':'object','required':['b'],'properties':{'b':{'type':'integer','minimum':0}}}]}");

  /**
   * Where we differ from JSON Schema, deliberately. Formats differ too and are tested in
   * shapes.csv.
   */
  enum Difference {
    /** Texts are trimmed before anything is judged. */
    TRIMMED_TEXT,
    /** Texts are composed (NFC) before anything is judged. */
    COMPOSED_TEXT,
    /** 5.0 is the integer 5; the library refuses a BigDecimal. */
    INTEGRAL_DECIMAL
  }

  @Test
  void shapesAndLibraryAgreeExceptForNamedDifferences() {
    Map<Difference, Integer> seen = new EnumMap<>(Difference.class);
    for (String schema : SCHEMAS) {
      Shape shape = Fixtures.shape(schema);
      Validator referee = referee(schema);
      RandomJson random = new RandomJson(new Random(schema.hashCode()), Fixtures.object(schema));
      int valid = 0;
      for (int i = 0; i < VALUES; i++) {
        Object value = random.next();
        boolean ours = Fixtures.check(shape, value).problems().isEmpty();
        boolean theirs = referee.validate(rewrite(value, seen)).getValid();
        assertEquals(theirs, ours, () -> schema + " on " + value);
        valid += ours ? 1 : 0;
      }
      assertTrue(
          valid > VALUES / 20 && valid < VALUES * 19 / 20,
          schema + ": " + valid + " valid values prove little");
    }
    for (Difference difference : Difference.values()) {
      assertTrue(seen.getOrDefault(difference, 0) > 100, difference + " was hardly tried: " + seen);
    }
  }

  @Test
  void normalFormsAreValidForTheLibraryAndStable() {
    for (String schema : SCHEMAS) {
      Shape shape = Fixtures.shape(schema);
      Validator referee = referee(schema);
      RandomJson random = new RandomJson(new Random(7), Fixtures.object(schema));
      for (int i = 0; i < VALUES; i++) {
        Object value = random.next();
        Fixtures.Outcome once = Fixtures.check(shape, value);
        if (once.problems().isEmpty()) {
          assertTrue(
              referee.validate(once.value()).getValid(), () -> schema + " on " + once.value());
          assertEquals(once.value(), Fixtures.check(shape, once.value()).value());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740992", "1e300", "-9223372036854775809"})
  void onlyWeRefuseIntegersThatJavaScriptCannotHold(String number) {
    assertEquals(1, Fixtures.check("{'type':'integer'}", number).problems().size());
  }

  private static Validator referee(String schema) {
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setBaseUri("app://test")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Flag);
    return Validator.create(JsonSchema.of(new JsonObject(schema.replace('\'', '"'))), options);
  }

  private static Object rewrite(Object value, Map<Difference, Integer> seen) {
    return switch (value) {
      case String text -> {
        String trimmed = note(text, text.strip(), Difference.TRIMMED_TEXT, seen);
        String composed = java.text.Normalizer.normalize(trimmed, java.text.Normalizer.Form.NFC);
        yield note(trimmed, composed, Difference.COMPOSED_TEXT, seen);
      }
      case java.math.BigDecimal number when number.stripTrailingZeros().scale() <= 0 ->
          note((Object) number, number.longValueExact(), Difference.INTEGRAL_DECIMAL, seen);
      case JsonArray array -> {
        JsonArray out = new JsonArray();
        array.forEach(item -> out.add(rewrite(item, seen)));
        yield out;
      }
      case JsonObject object -> {
        JsonObject out = new JsonObject();
        object.forEach(entry -> out.put(entry.getKey(), rewrite(entry.getValue(), seen)));
        yield out;
      }
      case null, default -> value;
    };
  }

  private static <T> T note(
      T before, T after, Difference difference, Map<Difference, Integer> seen) {
    if (!before.equals(after)) {
      seen.merge(difference, 1, Integer::sum);
    }
    return after;
  }
}
