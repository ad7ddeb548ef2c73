package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.Rate;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;

/**
 * Which limits a request counts against: the general one of its caller, and the operation's own.
 */
final class Limits {

  private static final int MINUTE = 60;

  private final RateLimiter limiter;
  private final Config.Rates settings;

  Limits(RateLimiter limiter, Config.Rates settings) {
    this.limiter = limiter;
    this.settings = settings;
  }

  /** Fails with RATE_LIMIT_EXCEEDED, or SERVICE_UNAVAILABLE for a closed rule without Redis. */
  Future<Void> admit(Exchange exchange) {
    int general = exchange.anonymous() ? settings.addressPerMinute() : settings.userPerMinute();
    Future<Void> admitted =
        ask(exchange, "general:" + exchange.rateSubject(true), general, MINUTE, true);
    Rate own = exchange.operation.rate();
    if (own == null) {
      return admitted;
    }
    return admitted.compose(
        passed ->
            ask(
                exchange,
                own.bucket() + ":" + exchange.rateSubject(own.per() == Rate.Per.USER),
                Math.multiplyExact(own.limit(), settings.operationFactor()),
                own.windowSeconds(),
                own.failOpen()));
  }

  private Future<Void> ask(
      Exchange exchange, String key, int limit, int windowSeconds, boolean failOpen) {
    return limiter
        .acquire(key, limit, windowSeconds, failOpen)
        .compose(
            decision -> {
              exchange.rate = decision;
              return decision.admitted() ? Future.succeededFuture() : refuse(decision);
            });
  }

  private static Future<Void> refuse(RateLimiter.Decision decision) {
    long seconds = Math.max(1, (decision.resetMillis() + 999) / 1000);
    ErrorCode code =
        decision.unavailable() ? ErrorCode.SERVICE_UNAVAILABLE : ErrorCode.RATE_LIMIT_EXCEEDED;
    return Future.failedFuture(Errors.of(code, "retry_after", seconds));
  }
}
