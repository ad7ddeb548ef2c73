package com.sharestack.gateway.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.regex.PatternSyntaxException;

/** Compiles the schemas of single values. */
final class ScalarShapes {
  StringShape string(Keywords keywords, Place place) {
    Span declared = keywords.span("minLength", "maxLength");
    StringFormat format = format(keywords, place);
    SafePattern pattern = pattern(keywords, declared, place);
    List<Object> choices = keywords.choices(String.class);
    Choice choice = choices == null ? null : Choice.of(choices);
    Span length = new Span(declared.min(), Math.min(declared.max(), lengthLimit(format, pattern)));
    return new StringShape(keywords.message(), length, format, pattern, choice);
  }

  /** Where the contract sets no limit, the format or the pattern does. */
  private static int lengthLimit(StringFormat format, SafePattern pattern) {
    return switch (format) {
      case EMAIL -> EmailAddress.MAX_LENGTH;
      case URI, URI_OR_PATH -> WebAddress.MAX_LENGTH;
      default -> pattern == null ? Integer.MAX_VALUE : SafePattern.MAX_CHARS;
    };
  }

  private static StringFormat format(Keywords keywords, Place place) {
    boolean relative = keywords.flag("x-relative");
    String name = keywords.text("format", "");
    if (relative && !name.equals("uri")) {
      throw place.refuse("x-relative is for format uri");
    }
    return switch (name) {
      case "" -> StringFormat.TEXT;
      case "password" -> StringFormat.PASSWORD;
      case "date-time" -> StringFormat.DATE_TIME;
      case "date" -> StringFormat.DATE;
      case "email" -> StringFormat.EMAIL;
      case "uri" -> relative ? StringFormat.URI_OR_PATH : StringFormat.URI;
      default -> throw place.refuse("format '" + name + "' is not supported for type string");
    };
  }

  private static SafePattern pattern(Keywords keywords, Span length, Place place) {
    String source = keywords.text("pattern", null);
    if (source == null) {
      return null;
    }
    if (keywords.has("maxLength") && length.max() > SafePattern.MAX_CHARS) {
      throw place.refuse(
          "a text with a pattern may have at most " + SafePattern.MAX_CHARS + " characters");
    }
    try {
      return new SafePattern(source);
    } catch (PatternSyntaxException e) {
      throw place.refuse("'" + source + "' is no pattern: " + e.getDescription());
    }
  }

  IntegerShape integer(Keywords keywords, Place place) {
    long limit =
        switch (keywords.text("format", "int64")) {
          case "int32" -> Integer.MAX_VALUE;
          case "int64" -> Numbers.MAX_SAFE;
          default -> throw place.refuse("an integer has format int32 or int64");
        };
    Long min =
        largest(
            whole(keywords, "minimum", 0, place), whole(keywords, "exclusiveMinimum", 1, place));
    Long max =
        smallest(
            whole(keywords, "maximum", 0, place), whole(keywords, "exclusiveMaximum", -1, place));
    Long step = whole(keywords, "multipleOf", 0, place);
    if (step != null && step <= 0) {
      throw place.refuse("'multipleOf' must be positive");
    }
    long lower = Math.max(Objects.requireNonNullElse(min, -limit), -limit);
    long upper = Math.min(Objects.requireNonNullElse(max, limit), limit);
    if (lower > upper) {
      throw place.refuse("no integer fits between the bounds");
    }
    String declared = Reasons.range(text(min), false, text(max), false);
    return new IntegerShape(
        keywords.message(),
        lower,
        min == null ? Reasons.range(text(-limit), false, null, false) : declared,
        upper,
        max == null ? Reasons.range(null, false, text(limit), false) : declared,
        step == null ? 0 : step,
        integers(keywords, place));
  }

  private static String text(Long bound) {
    return bound == null ? null : bound.toString();
  }

  private static Choice integers(Keywords keywords, Place place) {
    List<Object> values = keywords.choices(Number.class);
    if (values == null) {
      return null;
    }
    return Choice.of(
        values.stream().map(value -> exact(Numbers.decimal(value), "enum", place)).toList());
  }

  private static Long whole(Keywords keywords, String keyword, int shift, Place place) {
    BigDecimal bound = keywords.decimal(keyword);
    return bound == null ? null : exact(bound, keyword, place) + (Long) (long) shift;
  }

  private static Long exact(BigDecimal number, String keyword, Place place) {
    long value = number == null ? Long.MAX_VALUE : Numbers.saturated(number);
    if (number == null || !Numbers.isIntegral(number) || Math.abs(value) > Numbers.MAX_SAFE) {
      throw place.refuse("'" + keyword + "' of an integer must be an integer within ±(2^53 - 1)");
    }
    return value;
  }

  private static Long largest(Long a, Long b) {
    return a == null || b == null ? (a == null ? b : a) : (Long) Math.max(a, b);
  }

  private static Long smallest(Long a, Long b) {
    return a == null || b == null ? (a == null ? b : a) : (Long) Math.min(a, b);
  }

  Shape number(Keywords keywords, Place place) {
    return switch (keywords.text("format", "double")) {
      case "money" -> money(keywords, false, place);
      case "double" -> new DoubleShape(keywords.message(), range(keywords, null, place));
      default -> throw place.refuse("a number has format money or double");
    };
  }

  /** {@code type: [number, string]}: a decimal that may also come as a text. */
  Shape moneyOrText(Keywords keywords, Place place) {
    if (!"money".equals(keywords.text("format", ""))) {
      throw place.refuse("only format money may be a number or a string");
    }
    return money(keywords, true, place);
  }

  private static MoneyShape money(Keywords keywords, boolean textAllowed, Place place) {
    return new MoneyShape(keywords.message(), range(keywords, MoneyShape.MAX, place), textAllowed);
  }

  /**
   * @param limit beyond which no value is admitted, null for none
   */
  private static DecimalRange range(Keywords keywords, BigDecimal limit, Place place) {
    if ((keywords.has("minimum") && keywords.has("exclusiveMinimum"))
        || (keywords.has("maximum") && keywords.has("exclusiveMaximum"))) {
      throw place.refuse("a bound is either inclusive or exclusive");
    }
    boolean minExclusive = keywords.has("exclusiveMinimum");
    boolean maxExclusive = keywords.has("exclusiveMaximum");
    BigDecimal min = keywords.decimal(minExclusive ? "exclusiveMinimum" : "minimum");
    BigDecimal max = keywords.decimal(maxExclusive ? "exclusiveMaximum" : "maximum");
    BigDecimal step = keywords.decimal("multipleOf");
    if (step != null && step.signum() <= 0) {
      throw place.refuse("'multipleOf' must be positive");
    }
    return new DecimalRange(min, minExclusive, max, maxExclusive, limit, step);
  }

  BooleanShape bool(Keywords keywords) {
    List<Object> choices = keywords.choices(Boolean.class);
    return new BooleanShape(keywords.message(), choices == null ? null : Choice.of(choices));
  }
}
