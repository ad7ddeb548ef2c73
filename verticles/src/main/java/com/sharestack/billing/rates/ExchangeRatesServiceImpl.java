package com.sharestack.billing.rates;

import com.sharestack.contract.Caller;
import com.sharestack.contract.DisplayCurrency;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.ExchangeRate;
import com.sharestack.contract.ExchangeRatesGetRequest;
import com.sharestack.contract.ExchangeRatesService;
import com.sharestack.platform.cache.LocalCache;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Operation {@code exchangeRates.get}. */
public final class ExchangeRatesServiceImpl implements ExchangeRatesService {

  private static final Duration KEPT = Duration.ofSeconds(3_600);
  private static final String IDENTITY = "identity";

  private final Sql sql;
  private final Clock clock;
  private final String source;
  private final RateRepository rates = new RateRepository();
  private final LocalCache<String, Map<DisplayCurrency, Quote>> kept;

  /**
   * @param url of the configured source; null when there is none
   */
  public ExchangeRatesServiceImpl(Sql sql, Clock clock, String url) {
    this.sql = sql;
    this.clock = clock;
    this.source = url == null ? null : RateFeed.source(url);
    this.kept = LocalCache.ofEntries(clock, KEPT, 1);
  }

  @Override
  public Future<ExchangeRate> get(Caller caller, ExchangeRatesGetRequest request) {
    Instant now = clock.instant();
    if (request.from() == request.to()) {
      return Future.succeededFuture(
          new ExchangeRate(request.from(), request.to(), CrossRates.ONE, now, IDENTITY));
    }
    if (source == null) {
      throw none("no_source");
    }
    CrossRates.Rate rate = rate(request.from(), request.to(), now);
    return Future.succeededFuture(
        new ExchangeRate(request.from(), request.to(), rate.value(), rate.asOf(), source));
  }

  /** What is kept answers while it is fresh; before a refusal the database is asked. */
  private CrossRates.Rate rate(DisplayCurrency from, DisplayCurrency to, Instant now) {
    Optional<CrossRates.Rate> known =
        kept.get(source)
            .flatMap(quotes -> CrossRates.of(quotes, from, to))
            .filter(rate -> rate.fresh(now));
    if (known.isPresent()) {
      return known.get();
    }
    Map<DisplayCurrency, Quote> quotes = rates.of(sql, source);
    CrossRates.Rate rate = CrossRates.of(quotes, from, to).orElseThrow(() -> none("not_quoted"));
    if (!rate.fresh(now)) {
      throw none("stale");
    }
    kept.put(source, quotes);
    return rate;
  }

  private static RuntimeException none(String reason) {
    return Errors.of(ErrorCode.NOT_FOUND, "resource", "exchange_rate", "reason", reason);
  }
}
