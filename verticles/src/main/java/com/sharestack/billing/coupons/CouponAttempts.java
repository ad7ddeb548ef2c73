package com.sharestack.billing.coupons;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Keeps codes from being guessed (rate_limits.coupon_validate): every call that takes a code asks
 * {@link #requireOpen} first and reports a code that was {@link CouponReason#NOT_FOUND} with {@link
 * #wrong}, outside of any transaction that may roll back. The limit per user and hour is that of
 * the contract's operation.
 */
public final class CouponAttempts {

  private static final int MOST_OF_ADDRESS = 60;
  private static final Duration HOUR = Duration.ofHours(1);

  private static final String COUNT =
      """
      local n = redis.call('INCR', KEYS[1])
      if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return {n, redis.call('PTTL', KEYS[1])}
      """;

  private final Db db;
  private final Cache cache;
  private final Clock clock;
  private final int factor;
  private final CouponAttemptRepository attempts = new CouponAttemptRepository();

  /**
   * @param factor multiplies the limit of an address; for load tests
   */
  public CouponAttempts(Db db, Cache cache, Clock clock, int factor) {
    this.db = db;
    this.cache = cache;
    this.clock = clock;
    this.factor = factor;
  }

  /**
   * Counts a try of the address and lets it pass.
   *
   * @param ip null when unknown
   * @throws ServiceException RATE_LIMIT_EXCEEDED
   */
  public void requireOpen(long userId, String ip) {
    Instant now = clock.instant();
    WrongCodes wrong = attempts.of(db, userId);
    if (wrong.blocks(now)) {
      throw limited(Duration.between(now, wrong.blockedUntil()).toMillis());
    }
    if (ip != null) {
      countAddress(ip);
    }
  }

  /** While Redis is away the gateway refuses the call: the limit per user fails closed. */
  private void countAddress(String ip) {
    long restMillis =
        cache
            .run(
                COUNT,
                List.of(cache.key("coupon:address:" + ip)),
                List.of(String.valueOf(HOUR.toMillis())))
            .map(
                answer ->
                    answer.get(0).toLong() > (long) MOST_OF_ADDRESS * factor
                        ? answer.get(1).toLong()
                        : 0L)
            .recover(away -> Future.succeededFuture(0L))
            .await();
    if (restMillis > 0) {
      throw limited(restMillis);
    }
  }

  /** The code was none the user may know about. */
  public void wrong(long userId) {
    Instant now = clock.instant();
    db.tx(
        tx -> {
          WrongCodes before = attempts.lock(tx, userId, now);
          attempts.store(tx, userId, before.with(now));
          return null;
        });
  }

  private static ServiceException limited(long millis) {
    return Errors.of(
        ErrorCode.RATE_LIMIT_EXCEEDED,
        "retry_after",
        Math.max(1, (millis + 999) / 1000),
        "message",
        "优惠码尝试次数过多，请稍后再试");
  }
}
