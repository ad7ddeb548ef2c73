package com.sharestack.billing.rates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.billing.BillingVerticle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.DisplayCurrency;
import com.sharestack.contract.ExchangeRate;
import com.sharestack.contract.ExchangeRatesGetRequest;
import com.sharestack.contract.ExchangeRatesService;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Callers;
import com.sharestack.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The feed and exchangeRates.get on the database, with a source that the test steers. */
class ExchangeRatesTest {

  private static final Caller CALLER = Callers.system("req_rates");

  private final Vertx outside = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String answer;
  private TestNode node;

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
    outside.close().toCompletionStage().toCompletableFuture().join();
  }

  private String source() {
    HttpServer server =
        outside
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  String text = answer;
                  request.response().setStatusCode(text == null ? 500 : 200);
                  request.response().end(text == null ? "" : text);
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return "http://127.0.0.1:" + server.actualPort() + "/latest?base=CNY";
  }

  private static String rates(Instant asOf, String usd) {
    return new JsonObject()
        .put("base", "CNY")
        .put("as_of", asOf.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("rates", new JsonObject().put("USD", new BigDecimal(usd)))
        .encode();
  }

  private void node(String name, String... overrides) {
    node = TestNode.of(name, overrides).with("billing", BillingVerticle::new);
  }

  private ExchangeRate get(DisplayCurrency from, DisplayCurrency to) {
    ExchangeRatesService service = node.client(ExchangeRatesService.class);
    return node.await(() -> service.get(CALLER, new ExchangeRatesGetRequest(from, to)).await());
  }

  private String refused(DisplayCurrency from, DisplayCurrency to) {
    ServiceException refusal = assertThrows(ServiceException.class, () -> get(from, to));
    return refusal.getMessage() + " " + refusal.getDebugInfo().getString("reason");
  }

  /** Work of the node's own timers; each look is a query, so the loop waits by itself. */
  private static void eventually(BooleanSupplier condition) {
    Instant end = Instant.now().plusSeconds(20);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("did not come to pass");
      }
    }
  }

  private long stored() {
    return node.await(
        () -> node.db().rows("SELECT COUNT(*) FROM exchange_rates").getFirst().getLong(0));
  }

  @Test
  void withoutASourceOnlyEqualCurrenciesHaveARate() {
    node("rates_none");
    node.start();
    ExchangeRate same = get(DisplayCurrency.JPY, DisplayCurrency.JPY);
    assertEquals(new BigDecimal("1.000000"), same.rate());
    assertEquals("identity", same.source());
    assertEquals("NOT_FOUND no_source", refused(DisplayCurrency.CNY, DisplayCurrency.USD));
    assertEquals(
        0,
        node.await(
            () ->
                node.db()
                    .rows("SELECT COUNT(*) FROM jobs WHERE job_type = ?", RateFeed.JOB_TYPE)
                    .getFirst()
                    .getLong(0)));
  }

  @Test
  void theHourIsFetchedOnceKeptForAnHourAndRefusedAfter48() {
    String url = source();
    node("rates_feed", "SHARESTACK_BILLING_EXCHANGE_RATES_URL", url);
    Instant asOf = node.clock().instant();
    answer = rates(asOf, "0.14");
    node.start();
    eventually(() -> stored() == 1);
    ExchangeRate rate = get(DisplayCurrency.USD, DisplayCurrency.CNY);
    assertEquals(new BigDecimal("7.142857"), rate.rate());
    assertEquals("127.0.0.1", rate.source());
    assertEquals(asOf.truncatedTo(ChronoUnit.SECONDS), rate.asOf());
    assertEquals("NOT_FOUND not_quoted", refused(DisplayCurrency.CNY, DisplayCurrency.GBP));
    assertEquals(1, asked.get());

    node.await(() -> node.db().update("UPDATE exchange_rates SET per_cny = 0.15"));
    assertEquals(new BigDecimal("0.140000"), get(DisplayCurrency.CNY, DisplayCurrency.USD).rate());
    node.clock().advance(Duration.ofSeconds(3_600));
    assertEquals(new BigDecimal("0.150000"), get(DisplayCurrency.CNY, DisplayCurrency.USD).rate());
    node.clock().advance(Duration.ofHours(47));
    assertEquals("NOT_FOUND stale", refused(DisplayCurrency.CNY, DisplayCurrency.USD));
  }

  @Test
  void ofManyNodesOneAsksAndWhatFailsComesAgain() {
    String url = source();
    node("rates_retry");
    node.start();
    RateFeed feed = new RateFeed(node.vertx(), node.platform(), url);
    JobQueue jobs = new JobQueue(node.db(), node.clock());
    for (int nodes = 0; nodes < 3; nodes++) {
      node.await(
          () ->
              node.db()
                  .tx(
                      tx -> {
                        jobs.enqueue(tx, RateFeed.JOB_TYPE, "hour", new JsonObject(), 6);
                        return null;
                      }));
    }
    List<Job> claimed = node.await(() -> jobs.claim(RateFeed.JOB_TYPE, 4));
    assertEquals(1, claimed.size());
    assertThrows(RuntimeException.class, () -> step(feed, claimed.getFirst()));
    answer = "{\"rates\": [";
    assertThrows(RuntimeException.class, () -> step(feed, claimed.getFirst()));
    answer = "{\"x\": \"" + "x".repeat(70_000) + "\"}";
    assertThrows(RuntimeException.class, () -> step(feed, claimed.getFirst()));
    assertEquals(0, stored());
    answer = rates(node.clock().instant(), "0.14");
    step(feed, claimed.getFirst());
    assertEquals(1, stored());
    feed.stop();
  }

  private void step(RateFeed feed, Job job) {
    node.await(
        () -> {
          feed.step(job);
          return null;
        });
  }

  @Test
  void anOlderAnswerThatComesLateChangesNothing() {
    node("rates_order");
    node.start();
    RateRepository rates = new RateRepository();
    Instant now = node.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    Quote newer = new Quote(DisplayCurrency.USD, new BigDecimal("0.1500000000"), now);
    Quote older =
        new Quote(DisplayCurrency.USD, new BigDecimal("0.1300000000"), now.minusSeconds(60));
    for (Quote quote : List.of(newer, older)) {
      node.await(
          () ->
              node.db()
                  .tx(
                      tx -> {
                        rates.store(tx, "a", List.of(quote), now);
                        return null;
                      }));
    }
    assertEquals(Map.of(DisplayCurrency.USD, newer), node.await(() -> rates.of(node.db(), "a")));
  }
}
