package com.sharestack.gateway.contract;

import java.math.BigDecimal;

/**
 * Bounds of a number with decimals; every number may be null: then there is no such bound.
 *
 * @param limit the absolute value that the type itself cannot pass
 * @param step {@code multipleOf}
 */
record DecimalRange(
    BigDecimal min,
    boolean minExclusive,
    BigDecimal max,
    boolean maxExclusive,
    BigDecimal limit,
    BigDecimal step) {

  /** The reason why the value is not admitted, null when it is. */
  String violation(BigDecimal value) {
    if (min != null && value.compareTo(min) < (minExclusive ? 1 : 0)) {
      return reason();
    }
    if (max != null && value.compareTo(max) > (maxExclusive ? -1 : 0)) {
      return reason();
    }
    if (limit != null && value.abs().compareTo(limit) > 0) {
      return value.signum() < 0
          ? Reasons.range(text(limit.negate()), false, null, false)
          : Reasons.range(null, false, text(limit), false);
    }
    boolean fits = step == null || value.remainder(step).signum() == 0;
    return fits ? null : Reasons.multipleOf(step.toPlainString());
  }

  private String reason() {
    return Reasons.range(text(min), minExclusive, text(max), maxExclusive);
  }

  private static String text(BigDecimal bound) {
    return bound == null ? null : bound.toPlainString();
  }
}
