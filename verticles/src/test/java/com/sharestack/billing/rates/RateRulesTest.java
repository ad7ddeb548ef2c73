package com.sharestack.billing.rates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.DisplayCurrency;
import com.sharestack.contract.wire.Wire;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a source and crossing its quotes, without database or network. */
class RateRulesTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @BeforeAll
  static void decimals() {
    Wire.keepDecimalsExact();
  }

  private static Quote quote(DisplayCurrency currency, String perCny, Instant asOf) {
    return new Quote(currency, new BigDecimal(perCny), asOf);
  }

  private static final Map<DisplayCurrency, Quote> QUOTES =
      Map.of(
          DisplayCurrency.USD, quote(DisplayCurrency.USD, "0.1400000000", NOON),
          DisplayCurrency.JPY, quote(DisplayCurrency.JPY, "21.0000000000", NOON.minusSeconds(60)));

  @ParameterizedTest
  @CsvSource({
    "CNY, USD, 0.140000",
    "USD, CNY, 7.142857",
    "USD, JPY, 150.000000",
    "JPY, USD, 0.006667",
    "JPY, CNY, 0.047619"
  })
  void anyTwoQuotedCurrenciesHaveARateRoundedOnce(
      DisplayCurrency from, DisplayCurrency to, String rate) {
    assertEquals(new BigDecimal(rate), CrossRates.of(QUOTES, from, to).orElseThrow().value());
  }

  @Test
  void aRateIsAsOldAsTheOlderOfItsQuotes() {
    assertEquals(
        NOON.minusSeconds(60),
        CrossRates.of(QUOTES, DisplayCurrency.USD, DisplayCurrency.JPY).orElseThrow().asOf());
    assertTrue(CrossRates.of(QUOTES, DisplayCurrency.USD, DisplayCurrency.GBP).isEmpty());
    assertTrue(CrossRates.of(Map.of(), DisplayCurrency.CNY, DisplayCurrency.GBP).isEmpty());
  }

  @Test
  void itIsFreshForExactly48Hours() {
    CrossRates.Rate rate = new CrossRates.Rate(BigDecimal.ONE, NOON);
    Instant edge = NOON.plus(CrossRates.STALE_AFTER);
    assertTrue(rate.fresh(edge));
    assertFalse(rate.fresh(edge.plusMillis(1)));
  }

  @Test
  void aSourceMayCountFromAnyBase() {
    JsonObject ofCny =
        new JsonObject(
            """
            {"base": "CNY", "as_of": "2026-11-23T11:00:00Z", "rates": {"USD": 0.14, "XAU": 1}}
            """);
    assertEquals(
        List.of(quote(DisplayCurrency.USD, "0.1400000000", Instant.parse("2026-11-23T11:00:00Z"))),
        FeedAnswer.read(ofCny, NOON));
    JsonObject ofUsd =
        new JsonObject(
            """
            {"base": "USD", "timestamp": 1795431600, "rates": {"CNY": 7, "JPY": 150.5}}
            """);
    assertEquals(
        List.of("USD 0.1428571429", "JPY 21.5000000000"),
        FeedAnswer.read(ofUsd, Instant.ofEpochSecond(1_795_431_600)).stream()
            .map(read -> read.currency().literal() + " " + read.perCny())
            .toList());
    JsonObject ofADay =
        new JsonObject("{\"base\": \"EUR\", \"date\": \"2026-11-23\", \"rates\": {\"CNY\": 8}}");
    assertEquals(
        Instant.parse("2026-11-23T00:00:00Z"), FeedAnswer.read(ofADay, NOON).getFirst().asOf());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"base\": \"CNY\", \"rates\": {\"USD\": 0.14}} | as_of, timestamp and date are missing",
        "{\"as_of\": \"yesterday\"} | the time is unreadable",
        "{\"as_of\": \"2026-11-24T00:00:00Z\"} | rates of the future",
        "{\"date\": \"2026-11-23\", \"base\": \"CNY\"} | base and rates are missing",
        "{\"date\": \"2026-11-23\", \"base\": \"USD\", \"rates\": {\"JPY\": 150}} | CNY is neither",
        "{\"date\": \"2026-11-23\", \"base\": \"CNY\", \"rates\": {\"USD\": 0}} | USD cannot be 0",
        "{\"date\": \"2026-11-23\", \"base\": \"CNY\", \"rates\": {\"USD\": -1}} | USD cannot be"
            + " -1",
        "{\"date\": \"2026-11-23\", \"base\": \"CNY\", \"rates\": {\"USD\": \"x\"}} | USD is no"
            + " number",
        "{\"date\": \"2026-11-23\", \"base\": \"CNY\", \"rates\": {\"USD\": 1e-20}} | USD per CNY"
            + " cannot"
      })
  void oneBadNumberSpoilsTheWholeAnswer(String answer, String sentence) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> FeedAnswer.read(new JsonObject(answer), NOON));
    assertTrue(refusal.getMessage().startsWith(sentence), refusal.getMessage());
  }
}
