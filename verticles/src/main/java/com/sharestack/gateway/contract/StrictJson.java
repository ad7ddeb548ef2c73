package com.sharestack.gateway.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.sharestack.gateway.contract.BadBody.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a request body, strictly: what two readers could understand differently is refused.
 * Malformed UTF-8, byte order marks, lone surrogates, duplicate keys, NaN and Infinity, comments,
 * anything after the value: all {@link BadBody}. Everything has a limit.
 */
public final class StrictJson {
  public static final int MAX_DEPTH = 32;
  public static final int MAX_TEXT_CHARS = 2_000_000;
  public static final int MAX_NAME_CHARS = 512;
  public static final int MAX_NUMBER_CHARS = 100;
  public static final int MAX_TOKENS = 200_000;

  /**
   * Beyond this power of ten no double can follow, and printing the number in full would be an
   * attack.
   */
  private static final int MAX_EXPONENT = 308;

  /**
   * Jackson's own depth limit is one higher: ours answers with its own reason, theirs is the safety
   * net.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + 1)
                  .maxStringLength(MAX_TEXT_CHARS)
                  .maxNameLength(MAX_NAME_CHARS)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private static final String TOO_LONG = "请求体中的字段名、文本或数字过长，或内容过多";
  private static final String NUMBER_RANGE = "请求体中的数字超出范围";

  private StrictJson() {}

  /**
   * @return {@link JsonObject} or {@link JsonArray} (plain maps and lists inside), String, Boolean,
   *     Long, BigInteger (integers beyond a long), BigDecimal (everything with a point or an
   *     exponent) or null
   * @throws BadBody also for an empty body ({@link Kind#EMPTY}): whether one may be empty is the
   *     caller's decision
   */
  public static Object parse(Buffer body) {
    CharBuffer text = decode(body);
    try (JsonParser parser =
        FACTORY.createParser(
            text.array(), text.arrayOffset() + text.position(), text.remaining())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new BadBody("请求体不能为空", Kind.EMPTY);
      }
      Object value = value(parser, first, 0);
      if (parser.nextToken() != null) {
        throw new BadBody("请求体在 JSON 之后还有多余的内容", Kind.SYNTAX);
      }
      return wrap(value);
    } catch (StreamConstraintsException e) {
      throw new BadBody(TOO_LONG, Kind.TOO_LARGE);
    } catch (NumberFormatException e) {
      // Jackson lets this one through for an exponent beyond an int.
      throw new BadBody(NUMBER_RANGE, Kind.TOO_LARGE);
    } catch (IOException e) {
      throw new BadBody("请求体不是有效的 JSON", Kind.SYNTAX);
    }
  }

  private static CharBuffer decode(Buffer body) {
    CharBuffer text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body.getBytes()));
    } catch (CharacterCodingException e) {
      throw new BadBody("请求体不是有效的 UTF-8 文本", Kind.ENCODING);
    }
    if (text.hasRemaining() && text.charAt(0) == '\uFEFF') {
      throw new BadBody("请求体不能以字节顺序标记（BOM）开头", Kind.ENCODING);
    }
    return text;
  }

  private static Object value(JsonParser parser, JsonToken token, int depth) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser, deeper(depth));
      case START_ARRAY -> array(parser, deeper(depth));
      case VALUE_STRING -> wellFormed(parser.getText(), MAX_TEXT_CHARS);
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      default -> throw new BadBody("请求体不是有效的 JSON", Kind.SYNTAX);
    };
  }

  private static int deeper(int depth) {
    if (depth >= MAX_DEPTH) {
      throw new BadBody("请求体嵌套过深，最多 " + MAX_DEPTH + " 层", Kind.TOO_DEEP);
    }
    return depth + 1;
  }

  /**
   * Looks for duplicates itself: the map is there anyway, and the parser's own detector reports
   * them only as text.
   */
  private static Map<String, Object> object(JsonParser parser, int depth) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = wellFormed(parser.currentName(), MAX_NAME_CHARS);
      if (map.containsKey(name)) {
        throw new BadBody("请求体中有重复的字段：" + name, Kind.DUPLICATE_KEY);
      }
      map.put(name, value(parser, parser.nextToken(), depth));
    }
    return map;
  }

  private static List<Object> array(JsonParser parser, int depth) throws IOException {
    List<Object> list = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      list.add(value(parser, token, depth));
    }
    return list;
  }

  private static BigDecimal decimal(JsonParser parser) throws IOException {
    refuseLongerThan(MAX_NUMBER_CHARS, parser.getTextLength());
    BigDecimal number = parser.getDecimalValue();
    long exponent = (long) number.precision() - number.scale() - 1;
    if (exponent > MAX_EXPONENT || number.scale() > MAX_EXPONENT + MAX_NUMBER_CHARS) {
      throw new BadBody(NUMBER_RANGE, Kind.TOO_LARGE);
    }
    return number;
  }

  /**
   * Escapes can spell half a character (\ud800); it has no UTF-8 form and would be stored as a
   * question mark.
   */
  private static String wellFormed(String text, int maxChars) {
    refuseLongerThan(maxChars, text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          throw new BadBody("请求体含有无效的 Unicode 字符", Kind.ENCODING);
        }
        i++;
      }
    }
    return text;
  }

  /**
   * The parser keeps its own limits only where its buffers overflow, so they are asked here again.
   */
  private static void refuseLongerThan(int maxChars, int chars) {
    if (chars > maxChars) {
      throw new BadBody(TOO_LONG, Kind.TOO_LARGE);
    }
  }

  @SuppressWarnings("unchecked")
  private static Object wrap(Object value) {
    return switch (value) {
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
      case List<?> list -> new JsonArray(list);
      case null, default -> value;
    };
  }
}
