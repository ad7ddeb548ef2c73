package com.sharestack.gateway.contract;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers of all the classes a JSON reader may produce, seen as one. */
final class Numbers {
  /** 2^53 - 1: beyond it a JavaScript client cannot tell two integers apart. */
  static final long MAX_SAFE = 9_007_199_254_740_991L;

  private static final int MAX_LONG_DIGITS = 19;

  private Numbers() {}

  /** The exact decimal value, null when this is no finite number. */
  static BigDecimal decimal(Object value) {
    return switch (value) {
      case BigDecimal number -> number;
      case Long number -> BigDecimal.valueOf(number);
      case Integer number -> BigDecimal.valueOf(number);
      case BigInteger number -> new BigDecimal(number);
      case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
      case Float number when Float.isFinite(number) -> new BigDecimal(number.toString());
      case null, default -> null;
    };
  }

  /** True for 5, 5.0 and 5e2; work is bounded by the digits written, not by the exponent. */
  static boolean isIntegral(BigDecimal number) {
    return number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
  }

  /** The value of an integral number, saturated to the range of a long. */
  static long saturated(BigDecimal number) {
    if ((long) number.precision() - number.scale() > MAX_LONG_DIGITS) {
      return number.signum() == 0 ? 0 : number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    BigInteger exact = number.toBigInteger();
    if (exact.bitLength() < Long.SIZE) {
      return exact.longValue();
    }
    return exact.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /**
   * A number as people write it: optional minus, digits without leading zeros, optional fraction;
   * no exponent, at most {@code maxDigits} digits before the point. Null when the text is anything
   * else.
   */
  static BigDecimal plain(String text, int maxDigits, int maxDecimals) {
    int start = text.startsWith("-") ? 1 : 0;
    int point = text.indexOf('.');
    int end = point < 0 ? text.length() : point;
    boolean fraction =
        point < 0
            || (text.length() - point - 1 <= maxDecimals
                && Text.isDigits(text.substring(point + 1)));
    boolean whole =
        end - start <= maxDigits && Text.isDigits(text.substring(start, Math.max(start, end)));
    boolean leadingZero = end - start > 1 && text.charAt(start) == '0';
    return whole && fraction && !leadingZero ? new BigDecimal(text) : null;
  }
}
