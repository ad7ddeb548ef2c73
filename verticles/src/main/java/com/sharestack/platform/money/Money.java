package com.sharestack.platform.money;

import java.math.BigDecimal;

/** Conversion between fen (a {@code long}, inside) and yuan with two decimals (JSON). */
public final class Money {

  private Money() {}

  /**
   * @throws ArithmeticException when the amount has more than two decimals or exceeds a long
   */
  public static long toFen(BigDecimal yuan) {
    return yuan.movePointRight(2).longValueExact();
  }

  public static BigDecimal ofFen(long fen) {
    return BigDecimal.valueOf(fen, 2);
  }

  public static BigDecimal ofFen(Long fen) {
    return fen == null ? null : BigDecimal.valueOf(fen, 2);
  }
}
