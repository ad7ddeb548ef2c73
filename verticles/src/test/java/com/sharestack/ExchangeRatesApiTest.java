package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** exchangeRates.get through HTTP and bus, on all roles; the source is one that never answers. */
class ExchangeRatesApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node =
        WholeNode.empty(
            "rates_api", "SHARESTACK_BILLING_EXCHANGE_RATES_URL", "http://127.0.0.1:9/rates");
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void ratesAreShownWithSixDecimalsTheirTimeAndTheirSource() {
    node.await(
        () ->
            node.db()
                .update(
                    """
                    INSERT INTO exchange_rates (source, currency, per_cny, as_of, updated_at)
                    VALUES ('127.0.0.1', 'USD', 0.14, ?, ?)
                    """,
                    node.clock().instant(),
                    node.clock().instant()));
    ApiAnswer rate = anonymous.get("/exchange-rates?from=USD&to=CNY");
    assertEquals("7.142857", rate.data().getValue("rate").toString());
    assertEquals("127.0.0.1", rate.data().getString("source"));
    ApiAnswer same = anonymous.get("/exchange-rates?from=EUR&to=EUR");
    assertEquals("1.000000", same.data().getValue("rate").toString());
    ApiAnswer unknown = anonymous.get("/exchange-rates?from=CNY&to=GBP");
    assertEquals("NOT_FOUND", unknown.errorCode());
    assertEquals("not_quoted", unknown.details().getString("reason"));
  }

  @Test
  void currenciesAreThoseOfTheContract() {
    assertEquals("VALIDATION_ERROR", anonymous.get("/exchange-rates?from=CNY").errorCode());
    assertEquals("VALIDATION_ERROR", anonymous.get("/exchange-rates?from=CNY&to=RUB").errorCode());
  }
}
