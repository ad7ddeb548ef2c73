package com.sharestack.gateway.contract;

import java.math.BigDecimal;

/**
 * A number of which the last digits do not matter (a rate, a coordinate), normalised to a finite
 * Double.
 */
record DoubleShape(String message, DecimalRange range) implements Shape {
  private static final int MAX_DIGITS = 20;

  @Override
  public Object check(Object value, Path path, Problems problems) {
    BigDecimal number = Numbers.decimal(value);
    if (number == null || Double.isInfinite(number.doubleValue())) {
      return refuseType(value, path, problems, Reasons.NOT_NUMBER);
    }
    String reason = range.violation(number);
    return reason == null ? (Object) number.doubleValue() : refuse(path, problems, reason);
  }

  @Override
  public Object decode(String text) {
    BigDecimal number = Numbers.plain(text, MAX_DIGITS, MAX_DIGITS);
    return number == null ? text : number;
  }
}
