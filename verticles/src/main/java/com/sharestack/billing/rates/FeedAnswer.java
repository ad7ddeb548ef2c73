package com.sharestack.billing.rates;

import com.sharestack.contract.DisplayCurrency;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the answer of a source: {@code {base, rates: {USD: 0.1389, …}}} and its time as {@code
 * as_of} (RFC 3339), {@code timestamp} (epoch seconds) or {@code date}. Whatever else stands in it
 * is not looked at; one bad number spoils the whole, because then nothing there can be trusted.
 */
final class FeedAnswer {

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** More than any currency is worth; keeps nonsense out of the column. */
  private static final BigDecimal MOST = new BigDecimal("1000000000");

  private FeedAnswer() {}

  /**
   * @throws IllegalArgumentException with a sentence about what is wrong
   */
  static List<Quote> read(JsonObject answer, Instant now) {
    Instant asOf = asOf(answer);
    if (asOf.isAfter(now.plus(CLOCKS_DIFFER))) {
      throw new IllegalArgumentException("rates of the future: " + asOf);
    }
    if (!(answer.getValue("base") instanceof String base)
        || !(answer.getValue("rates") instanceof JsonObject rates)) {
      throw new IllegalArgumentException("base and rates are missing");
    }
    JsonObject all = rates.copy().put(base, BigDecimal.ONE);
    BigDecimal cny = rate(all, DisplayCurrency.CNY);
    if (cny == null) {
      throw new IllegalArgumentException("CNY is neither the base nor among the rates");
    }
    List<Quote> quotes = new ArrayList<>();
    for (DisplayCurrency currency : DisplayCurrency.values()) {
      BigDecimal rate = rate(all, currency);
      if (currency != DisplayCurrency.CNY && rate != null) {
        quotes.add(new Quote(currency, perCny(currency, rate, cny), asOf));
      }
    }
    return quotes;
  }

  private static BigDecimal perCny(DisplayCurrency currency, BigDecimal rate, BigDecimal cny) {
    BigDecimal perCny = rate.divide(cny, Quote.DECIMALS, RoundingMode.HALF_UP);
    if (perCny.signum() == 0 || perCny.compareTo(MOST) >= 0) {
      throw new IllegalArgumentException(currency.literal() + " per CNY cannot be " + perCny);
    }
    return perCny;
  }

  private static BigDecimal rate(JsonObject rates, DisplayCurrency currency) {
    Object value = rates.getValue(currency.literal());
    if (value == null) {
      return null;
    }
    if (!(value instanceof Number)) {
      throw new IllegalArgumentException(currency.literal() + " is no number");
    }
    BigDecimal rate = new BigDecimal(value.toString());
    if (rate.signum() <= 0 || rate.compareTo(MOST) >= 0 || rate.scale() > 30) {
      throw new IllegalArgumentException(currency.literal() + " cannot be " + rate);
    }
    return rate;
  }

  private static Instant asOf(JsonObject answer) {
    try {
      if (answer.getValue("as_of") instanceof String text) {
        return Instant.parse(text);
      }
      if (answer.getValue("timestamp") instanceof Number seconds) {
        return Instant.ofEpochSecond(new BigDecimal(seconds.toString()).longValueExact());
      }
      if (answer.getValue("date") instanceof String day) {
        return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
    } catch (DateTimeException | ArithmeticException unreadable) {
      throw new IllegalArgumentException("the time is unreadable: " + unreadable.getMessage());
    }
    throw new IllegalArgumentException("as_of, timestamp and date are missing");
  }
}
