package com.sharestack.gateway.contract;

import java.math.BigDecimal;

/**
 * A whole number within ±(2^53 - 1). 5.0 is taken for 5, as JavaScript knows no difference; 5.5 and
 * texts are refused.
 *
 * @param step {@code multipleOf}, 0 when there is none
 * @param belowReason said when the value is below min, which may be the limit of the type
 * @param aboveReason the same for max
 * @param choice null when every value is welcome
 */
record IntegerShape(
    String message,
    long min,
    String belowReason,
    long max,
    String aboveReason,
    long step,
    Choice choice)
    implements Shape {
  /** Parameters of up to so many characters are numbers; longer ones are beyond any range. */
  private static final int MAX_TEXT = 18;

  @Override
  public Object check(Object value, Path path, Problems problems) {
    long number;
    if (value instanceof Long exact) {
      number = exact;
    } else {
      BigDecimal decimal = Numbers.decimal(value);
      if (decimal == null || !Numbers.isIntegral(decimal)) {
        return refuseType(value, path, problems, Reasons.NOT_INTEGER);
      }
      number = Numbers.saturated(decimal);
    }
    String reason = violation(number);
    return reason == null ? (Object) number : refuse(path, problems, reason);
  }

  private String violation(long number) {
    if (number < min || number > max) {
      return number < min ? belowReason : aboveReason;
    }
    if (step != 0 && number % step != 0) {
      return Reasons.multipleOf(Long.toString(step));
    }
    return choice == null || choice.admits(number) ? null : choice.reason();
  }

  /**
   * Digits with an optional minus; what is too long for a long saturates, so that the range refuses
   * it.
   */
  @Override
  public Object decode(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    if (!Text.isDigits(digits)) {
      return text;
    }
    if (digits.length() > MAX_TEXT) {
      return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return Long.parseLong(text);
  }
}
