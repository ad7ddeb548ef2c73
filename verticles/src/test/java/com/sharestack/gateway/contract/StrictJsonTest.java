package com.sharestack.gateway.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.gateway.contract.BadBody.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {
  private static Object parse(String text) {
    return StrictJson.parse(Buffer.buffer(text));
  }

  private static BadBody refused(Buffer body, Kind kind) {
    BadBody bad = assertThrows(BadBody.class, () -> StrictJson.parse(body));
    assertEquals(kind, bad.kind(), bad.getMessage());
    assertFalse(
        bad.getMessage().matches("(?is).*(jackson|exception|line|column|token|char ).*"),
        bad.getMessage());
    assertTrue(
        bad.getMessage().codePointAt(0) > 0x4E00, "the reason is Chinese: " + bad.getMessage());
    return bad;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":NaN} | SYNTAX",
        "[Infinity] | SYNTAX",
        "[-Infinity] | SYNTAX",
        "{\"a\":1} x | SYNTAX",
        "{} {} | SYNTAX",
        "{\"a\":1 | SYNTAX",
        "[1,] | SYNTAX",
        "{\"a\":1,} | SYNTAX",
        "{'a':1} | SYNTAX",
        "{a:1} | SYNTAX",
        "// no | SYNTAX",
        "[1/**/] | SYNTAX",
        "[01] | SYNTAX",
        "[+1] | SYNTAX",
        "[.5] | SYNTAX",
        "[5.] | SYNTAX",
        "[0x10] | SYNTAX",
        "tru | SYNTAX",
        "] | SYNTAX",
        "\"a\tb\" | SYNTAX",
        "\"\\x\" | SYNTAX",
        "` ` | EMPTY",
        "{\"a\":1,\"a\":1} | DUPLICATE_KEY",
        "{\"a\":1,\"\\u0061\":2} | DUPLICATE_KEY",
        "{\"x\":{\"a\":null,\"a\":null}} | DUPLICATE_KEY",
        "\"\\ud800\" | ENCODING",
        "\"\\udc00\\ud800\" | ENCODING",
        "{\"\\ud83d\":1} | ENCODING",
        "1e400 | TOO_LARGE",
        "[-1e309] | TOO_LARGE",
        "1e-500 | TOO_LARGE",
        "1e99999999999 | TOO_LARGE",
      })
  void malformedOrAmbiguousTextIsRefused(String text, Kind kind) {
    refused(Buffer.buffer(text), kind);
  }

  @ParameterizedTest
  @CsvSource({
    "22C328",
    "22EDA08022",
    "22C0AF22",
    "22F490808022",
    "22FF22",
    "EFBBBF7B7D",
    "FEFF007B007D",
    "7B"
  })
  void bytesThatAreNotCleanUtf8AreRefused(String hex) {
    refused(
        Buffer.buffer(HexFormat.of().parseHex(hex)),
        hex.equals("7B") ? Kind.SYNTAX : Kind.ENCODING);
  }

  @Test
  void anEmptyBodyIsItsOwnKind() {
    refused(Buffer.buffer(), Kind.EMPTY);
  }

  @Test
  void nestingEndsAtThirtyTwo() {
    assertInstanceOf(io.vertx.core.json.JsonArray.class, parse("[".repeat(32) + "]".repeat(32)));
    refused(Buffer.buffer("[".repeat(33) + "]".repeat(33)), Kind.TOO_DEEP);
    refused(Buffer.buffer("[".repeat(1000) + "]".repeat(1000)), Kind.TOO_DEEP);
    refused(Buffer.buffer("{\"a\":".repeat(1000) + "1" + "}".repeat(1000)), Kind.TOO_DEEP);
  }

  @Test
  void everyLengthHasALimit() {
    refused(Buffer.buffer("9".repeat(StrictJson.MAX_NUMBER_CHARS + 1)), Kind.TOO_LARGE);
    refused(Buffer.buffer("0." + "9".repeat(StrictJson.MAX_NUMBER_CHARS)), Kind.TOO_LARGE);
    refused(Buffer.buffer("\"" + "x".repeat(StrictJson.MAX_TEXT_CHARS + 1) + "\""), Kind.TOO_LARGE);
    refused(
        Buffer.buffer("{\"" + "k".repeat(StrictJson.MAX_NAME_CHARS + 1) + "\":1}"), Kind.TOO_LARGE);
    refused(Buffer.buffer("[" + "0,".repeat(StrictJson.MAX_TOKENS) + "0]"), Kind.TOO_LARGE);
  }

  @Test
  void numbersKeepTheirExactValue() {
    assertEquals(9_007_199_254_740_993L, parse("9007199254740993"));
    assertEquals(new BigInteger("9223372036854775808"), parse("9223372036854775808"));
    assertEquals(new BigDecimal("29.90"), parse("29.90"));
    assertEquals(new BigDecimal("1E+2"), parse("1e2"));
    assertEquals(new BigDecimal("99999999.99"), parse("99999999.99"));
  }

  @Test
  void containersArePlainInsideAndScalarsMayStandAlone() {
    JsonObject value = (JsonObject) parse("{\"a\":{\"b\":[null,true,\"\\ud83d\\ude00汉\"]}}");
    assertEquals(Map.of("b", java.util.Arrays.asList(null, true, "😀汉")), value.getMap().get("a"));
    assertInstanceOf(List.class, ((Map<?, ?>) value.getMap().get("a")).get("b"));
    assertEquals("x", parse(" \"x\" "));
    assertEquals(null, parse("null"));
  }

  @Test
  void aBadBodyBecomesAProblemOfTheBody() {
    Problem problem = refused(Buffer.buffer("{"), Kind.SYNTAX).toProblem();
    assertEquals(new Problem("", "body", "请求体不是有效的 JSON"), problem);
  }
}
