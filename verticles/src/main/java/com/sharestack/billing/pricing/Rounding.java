package com.sharestack.billing.pricing;

import java.math.BigInteger;

/** The one rounding of the money formulas. */
final class Rounding {

  private Rounding() {}

  /**
   * {@code a * b / c} rounded half up (halves away from zero), exact however large the product.
   *
   * @param c above zero
   * @throws ArithmeticException when the result exceeds a long
   */
  static long mulDiv(long a, long b, long c) {
    if (c <= 0) {
      throw new IllegalArgumentException("divisor " + c);
    }
    BigInteger doubled = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).shiftLeft(1).abs();
    BigInteger divisor = BigInteger.valueOf(c);
    long magnitude = doubled.add(divisor).divide(divisor.shiftLeft(1)).longValueExact();
    return Long.signum(a) * Long.signum(b) * magnitude;
  }
}
