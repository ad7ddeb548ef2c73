package com.sharestack.gateway;

import com.sharestack.platform.cache.Cache;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Limits per caller over all nodes, without a Redis call per request: a node leases tokens of a
 * window from Redis in portions of a twentieth of the limit, a thousand at most, and spends them
 * locally. What a node has leased goes with it when it stops. Never are more than {@code limit}
 * requests of a window admitted; with n nodes a caller may be refused up to (n - 1) portions early.
 * A window begins with its first request. Limits up to 20 are exact.
 *
 * <p>While Redis is away, an open rule is counted by this node alone and a closed one refuses.
 */
final class RateLimiter {

  private static final int PORTIONS = 20;

  /** However large a limit is, restarts of nodes must not use it up. */
  private static final int LARGEST_PORTION = 1_000;

  private static final int MAX_KEYS = 200_000;

  /** Grants up to ARGV[1] of ARGV[2] tokens of a window of ARGV[3] ms; {granted, used, ms left}. */
  private static final String LEASE =
      """
      local used = tonumber(redis.call('GET', KEYS[1]) or '0')
      local left = redis.call('PTTL', KEYS[1])
      local grant = math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used)
      if grant <= 0 then return {0, used, left} end
      if left < 0 then
        redis.call('SET', KEYS[1], grant, 'PX', ARGV[3])
        return {grant, grant, tonumber(ARGV[3])}
      end
      redis.call('INCRBY', KEYS[1], grant)
      return {grant, used + grant, left}
      """;

  private final Vertx vertx;
  private final Cache cache;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();
  private final AtomicLong cleanAgainNanos = new AtomicLong(System.nanoTime());

  RateLimiter(Vertx vertx, Cache cache) {
    this.vertx = vertx;
    this.cache = cache;
  }

  /**
   * @param remaining how many more would be admitted now, as far as this node knows
   * @param resetMillis until the window ends
   * @param unavailable a closed rule while Redis is away
   */
  record Decision(
      boolean admitted, int limit, int remaining, long resetMillis, boolean unavailable) {}

  /** What this node holds of one window of one caller. Guarded by itself. */
  private static final class Window {
    int tokens;

    /** Admitted here since the window began. */
    int spent;

    int usedEverywhere;
    long endsNanos;
    boolean exhausted;
    Future<Void> leasing;
  }

  Future<Decision> acquire(String key, int limit, int windowSeconds, boolean failOpen) {
    if (windows.size() > MAX_KEYS) {
      forget();
    }
    Window window = windows.computeIfAbsent(key, k -> new Window());
    synchronized (window) {
      Decision local = spend(window, limit);
      if (local != null) {
        return Future.succeededFuture(local);
      }
      return here(leasing(key, window, limit, windowSeconds, failOpen))
          .compose(
              leased -> acquire(key, limit, windowSeconds, failOpen),
              away -> Future.succeededFuture(new Decision(false, limit, 0, 1000, true)));
    }
  }

  /**
   * The lease under way, or a new one. While Redis is known to be away a new one is over before it
   * is returned: kept, it would make every later request wait for an answer that has already come.
   */
  private Future<Void> leasing(
      String key, Window window, int limit, int windowSeconds, boolean failOpen) {
    if (window.leasing != null) {
      return window.leasing;
    }
    Future<Void> asked = lease(key, window, limit, windowSeconds, failOpen);
    window.leasing = asked.isComplete() ? null : asked;
    return asked;
  }

  /** One lease may serve requests of several event loops: each continues on its own. */
  private Future<Void> here(Future<Void> lease) {
    Context context = vertx.getOrCreateContext();
    Promise<Void> promise = Promise.promise();
    lease.onComplete(
        leased -> context.runOnContext(back -> promise.complete()),
        away -> context.runOnContext(back -> promise.fail(away)));
    return promise.future();
  }

  /** Decides from what the node holds; null when it must ask. */
  private static Decision spend(Window window, int limit) {
    long millis = (window.endsNanos - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      window.tokens = 0;
      window.spent = 0;
      window.exhausted = false;
      return null;
    }
    if (window.tokens > 0) {
      window.tokens--;
      window.spent++;
      int remaining = limit - window.usedEverywhere + window.tokens;
      return new Decision(true, limit, Math.max(0, remaining), millis, false);
    }
    return window.exhausted ? new Decision(false, limit, 0, millis, false) : null;
  }

  private Future<Void> lease(
      String key, Window window, int limit, int windowSeconds, boolean failOpen) {
    String windowMillis = String.valueOf(windowSeconds * 1000L);
    String portion = String.valueOf(Math.clamp(limit / PORTIONS, 1, LARGEST_PORTION));
    return cache
        .run(
            LEASE,
            List.of(cache.key("rate:" + key)),
            List.of(portion, String.valueOf(limit), windowMillis))
        .map(answer -> take(window, answer))
        .recover(
            away -> {
              if (!failOpen) {
                synchronized (window) {
                  window.leasing = null;
                }
                return Future.failedFuture(away);
              }
              return Future.succeededFuture(alone(window, limit, windowSeconds));
            });
  }

  private static Void take(Window window, Response answer) {
    synchronized (window) {
      window.leasing = null;
      window.tokens += answer.get(0).toInteger();
      window.usedEverywhere = answer.get(1).toInteger();
      window.exhausted = answer.get(0).toInteger() == 0;
      window.endsNanos = System.nanoTime() + answer.get(2).toLong() * 1_000_000;
    }
    return null;
  }

  /**
   * Redis is away: this node counts the window by itself, including what it admitted before. Once
   * Redis is back, its count goes on from where it was.
   */
  private static Void alone(Window window, int limit, int windowSeconds) {
    synchronized (window) {
      window.leasing = null;
      boolean over = System.nanoTime() - window.endsNanos >= 0;
      window.tokens = over ? limit : Math.max(0, limit - window.spent);
      window.usedEverywhere = limit;
      window.exhausted = window.tokens == 0;
      if (over) {
        window.endsNanos = System.nanoTime() + windowSeconds * 1_000_000_000L;
      }
    }
    return null;
  }

  /**
   * Once a second at most, because it walks through all of them. When too many still run, all are
   * forgotten: what a forgotten one had leased is lost to its caller, nothing is admitted twice.
   */
  private void forget() {
    long now = System.nanoTime();
    long due = cleanAgainNanos.get();
    if (now - due < 0 || !cleanAgainNanos.compareAndSet(due, now + 1_000_000_000L)) {
      return;
    }
    removeIf(window -> now - window.endsNanos >= 0);
    if (windows.size() > MAX_KEYS) {
      removeIf(window -> true);
    }
  }

  private void removeIf(Predicate<Window> over) {
    windows
        .values()
        .removeIf(
            window -> {
              synchronized (window) {
                return window.leasing == null && over.test(window);
              }
            });
  }
}
