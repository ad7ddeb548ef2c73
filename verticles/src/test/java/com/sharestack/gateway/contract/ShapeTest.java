package com.sharestack.gateway.contract;

import static com.sharestack.gateway.contract.Fixtures.check;
import static com.sharestack.gateway.contract.Fixtures.json;
import static com.sharestack.gateway.contract.Fixtures.object;
import static com.sharestack.gateway.contract.Fixtures.shape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.gateway.contract.Fixtures.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ShapeTest {

  /**
   * The table holds one rule per line: schema, value, and its normal form ("= …") or the reason ("!
   * …").
   */
  @ParameterizedTest
  @CsvFileSource(resources = "shapes.csv", delimiter = '|', quoteCharacter = '`')
  void everyRuleHoldsAsTheTableSays(String schema, String value, String expected) {
    Outcome outcome = check(schema, value);
    if (expected.startsWith("!")) {
      assertEquals(List.of(expected.substring(1).strip()), outcome.reasons());
    } else {
      assertEquals(List.of(), outcome.reasons());
      assertEquals(json(expected.substring(1)), outcome.value());
    }
  }

  @Test
  void moneyIsNormalisedToTwoDecimals() {
    String money = "{'type':['number','string'],'format':'money'}";
    for (String text : List.of("29.9", "29.90", "29.900", "'29.9'", "' 29.90 '")) {
      assertEquals(new BigDecimal("29.90"), check(money, text).value(), text);
    }
    assertEquals("5.00", check(money, "5").value().toString());
    assertEquals("0.00", check(money, "0e-5").value().toString());
  }

  @Test
  void lengthIsCountedInCodePointsAfterTrimmingAndComposing() {
    String name = "{'type':'string','maxLength':2}";
    assertEquals("😀汉", check(name, "'\u3000😀汉\u00A0'").value());
    assertEquals("\u00E9\u1F82", check(name, "'e\u0301\u03B1\u0313\u0300\u0345'").value());
    assertEquals(List.of("长度不能超过 2 个字符"), check(name, "'😀😀😀'").reasons());
  }

  @Test
  void aPasswordIsComposedButNeverTrimmed() {
    String password = "{'type':'string','format':'password','minLength':3}";
    assertEquals(" \u00E9 ", check(password, "' e\u0301 '").value());
  }

  @Test
  void combiningMarksCannotStallTheNormaliser() {
    String hostile = "a" + "\u0301".repeat(300_000) + "\u0323".repeat(300_000);
    Shape unbounded = shape("{'type':'string'}");
    Outcome outcome =
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> check(unbounded, hostile));
    assertEquals(List.of(Reasons.TOO_MANY_MARKS), outcome.reasons());
  }

  @Test
  void aCatastrophicPatternEndsAsNoMatch() {
    Shape bad = shape("{'type':'string','pattern':'^(([a-z])+.)+[A-Z]([a-z])+$','maxLength':200}");
    Outcome outcome =
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> check(bad, "a".repeat(200)));
    assertEquals(List.of(Reasons.BAD_FORMAT), outcome.reasons());
  }

  @Test
  void allProblemsAreCollectedWithPointerAndField() {
    Outcome outcome =
        check(
            """
            {'type':'object','required':['title','a/b~c'],'properties':{
              'title':{'type':'string'},'a/b~c':{'type':'integer'},
              'items':{'type':'array','items':{'type':'object','properties':{'name':{'type':'string','minLength':1}}}}}}
            """,
            "{'a/b~c':'x','items':[{'name':'ok'},{'name':'  '}]}");
    assertEquals(
        List.of(
            new Problem("/title", "title", "不能为空"),
            new Problem("/a~1b~0c", "a/b~c", "必须是整数"),
            new Problem("/items/1/name", "items[1].name", "不能为空")),
        outcome.problems());
  }

  @Test
  void collectingEndsAtTwentyProblems() {
    Shape list = shape("{'type':'array','items':{'type':'integer'}}");
    JsonArray hostile = new JsonArray();
    for (int i = 0; i < 100_000; i++) {
      hostile.add("x");
    }
    assertEquals(Problems.LIMIT, check(list, hostile).problems().size());
  }

  @Test
  void partialObjectsKeepAbsentAndNullApart() {
    String patch =
        "{'type':'object','x-partial':true,'properties':{'bio':{'type':['string','null'],'default':'x'},'n':{'type':'integer','default':1}}}";
    assertEquals(new JsonObject(), check(patch, "{}").value());
    assertEquals(object("{'bio':null}"), check(patch, "{'bio':null}").value());
    assertEquals(List.of("不能为空"), check(patch, "{'n':null}").reasons());
  }

  @Test
  void aListDefaultIsNotSharedBetweenRequests() {
    Shape shape =
        shape(
            "{'type':'object','properties':{'t':{'type':'array','items':{'type':'string'},'default':['a']}}}");
    ((JsonObject) check(shape, new JsonObject()).value()).getJsonArray("t").add("b");
    assertEquals(object("{'t':['a']}"), check(shape, new JsonObject()).value());
  }

  @Test
  void freeObjectsPassUnchangedWithinTheirLimits() {
    String free = "{'type':'object','x-free':true,'x-max-bytes':30}";
    assertEquals(object("{'a':[' x ',null,1.50]}"), check(free, "{'a':[' x ',null,1.50]}").value());
    assertEquals(List.of("内容过大，最多 30 字节"), check(free, "{'a':'汉汉汉汉汉汉汉汉'}").reasons());
    String deep = "{'a':".repeat(17) + "1" + "}".repeat(17);
    assertEquals(List.of("嵌套过深"), check("{'type':'object','x-free':true}", deep).reasons());
  }

  @Test
  void theMeasuredSizeIsTheEncodedSize() {
    JsonObject value =
        object(
            "{'a':[1,-2.50,true,null,'q\\\\\\n"
                + "\\u0001\\u007f','é汉😀'],'':{},'b':[[]],'c':{'x':'\\t'}}");
    JsonSize size = new JsonSize(1000, 10);
    size.measure(value);
    assertEquals(value.encode().getBytes(StandardCharsets.UTF_8).length, size.bytes());
  }

  @Test
  void checkingANormalFormChangesNothing() {
    String schema =
        "{'type':'object','properties':{'m':{'type':'number','format':'money'},'t':{'type':'string','format':'date-time'},'n':{'type':'integer','default':3}}}";
    Object once = check(schema, "{'m':5.0,'t':'2024-02-29T08:00:00.5+08:00','x':1}").value();
    assertEquals(object("{'m':5.00,'t':'2024-02-29T00:00:00.500Z','n':3}"), once);
    assertEquals(once, check(shape(schema), once).value());
    assertTrue(((JsonObject) once).fieldNames().stream().noneMatch("x"::equals));
  }
}
