package com.sharestack.gateway.contract;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount in yuan, normalised to a BigDecimal of scale 2. A JSON number, or a plain decimal text
 * where the contract's type lists string; never more than two decimals, never an exponent, within
 * ±(2^53 - 1) fen.
 */
record MoneyShape(String message, DecimalRange range, boolean textAllowed) implements Shape {
  static final int DECIMALS = 2;
  static final BigDecimal MAX = BigDecimal.valueOf(Numbers.MAX_SAFE, DECIMALS);

  private static final int MAX_DIGITS = 14;

  @Override
  public Object check(Object value, Path path, Problems problems) {
    BigDecimal amount =
        textAllowed && value instanceof String text
            ? Numbers.plain(Text.trim(text), MAX_DIGITS, DECIMALS)
            : Numbers.decimal(value);
    if (amount == null || !isPlain(amount)) {
      return refuseType(value, path, problems, Reasons.NOT_MONEY);
    }
    String reason = range.violation(amount);
    return reason == null
        ? amount.setScale(DECIMALS, RoundingMode.UNNECESSARY)
        : refuse(path, problems, reason);
  }

  /** The range is asked before setScale, so no exponent can blow the number up. */
  private static boolean isPlain(BigDecimal amount) {
    return amount.scale() >= 0
        && (amount.scale() <= DECIMALS || amount.stripTrailingZeros().scale() <= DECIMALS);
  }

  @Override
  public Object decode(String text) {
    BigDecimal amount = Numbers.plain(text, MAX_DIGITS, DECIMALS);
    return amount == null ? text : amount;
  }
}
