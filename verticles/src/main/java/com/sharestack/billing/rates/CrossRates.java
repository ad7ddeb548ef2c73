package com.sharestack.billing.rates;

import com.sharestack.contract.DisplayCurrency;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Rates between any two currencies out of their quotes against CNY; half-up, once. */
final class CrossRates {

  static final int DECIMALS = 6;

  /** An older quote is no answer (billing contract, exchangeRates.get). */
  static final Duration STALE_AFTER = Duration.ofHours(48);

  /** For equal currencies, whatever the quotes. */
  static final BigDecimal ONE = BigDecimal.ONE.setScale(DECIMALS);

  private CrossRates() {}

  /**
   * @param asOf of the older of both quotes
   */
  record Rate(BigDecimal value, Instant asOf) {

    boolean fresh(Instant now) {
      return !asOf.plus(STALE_AFTER).isBefore(now);
    }
  }

  /** Empty when one of them is not quoted, or so small against the other that nothing is left. */
  static Optional<Rate> of(
      Map<DisplayCurrency, Quote> quotes, DisplayCurrency from, DisplayCurrency to) {
    Quote divisor = quotes.get(from);
    Quote dividend = quotes.get(to);
    if ((divisor == null && from != DisplayCurrency.CNY)
        || (dividend == null && to != DisplayCurrency.CNY)) {
      return Optional.empty();
    }
    BigDecimal value = perCny(dividend).divide(perCny(divisor), DECIMALS, RoundingMode.HALF_UP);
    return value.signum() == 0
        ? Optional.empty()
        : Optional.of(new Rate(value, older(divisor, dividend)));
  }

  /** Null stands for CNY itself. */
  private static BigDecimal perCny(Quote quote) {
    return quote == null ? BigDecimal.ONE : quote.perCny();
  }

  private static Instant older(Quote one, Quote other) {
    if (one == null || other == null) {
      return one == null ? other.asOf() : one.asOf();
    }
    return one.asOf().isBefore(other.asOf()) ? one.asOf() : other.asOf();
  }
}
