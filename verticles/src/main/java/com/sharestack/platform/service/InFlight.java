package com.sharestack.platform.service;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What this process is working on right now: calls per service, and requests of the gateway under
 * {@link #HTTP}. One counter per name, whatever the number of verticle instances.
 */
public final class InFlight {

  public static final String HTTP = "http";

  private static final long LOOK_MILLIS = 20;

  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  /** The counter of that name; the same one for everybody who asks. */
  public AtomicInteger of(String name) {
    return counts.computeIfAbsent(name, none -> new AtomicInteger());
  }

  /** Only what is busy, by name. */
  public Map<String, Integer> busy() {
    Map<String, Integer> busy = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          int now = count.get();
          if (now > 0) {
            busy.put(name, now);
          }
        });
    return busy;
  }

  public int total() {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /**
   * Completes when nothing is in flight, or when the deadline is over.
   *
   * @return whether all of it ended
   */
  public Future<Boolean> idle(Vertx vertx, long deadlineMillis) {
    return until(vertx, () -> total() == 0, deadlineMillis);
  }

  static Future<Boolean> until(Vertx vertx, BooleanSupplier over, long deadlineMillis) {
    if (over.getAsBoolean()) {
      return Future.succeededFuture(true);
    }
    long start = System.nanoTime();
    Promise<Boolean> done = Promise.promise();
    vertx.setPeriodic(
        LOOK_MILLIS,
        look -> {
          boolean ended = over.getAsBoolean();
          if (ended || System.nanoTime() - start > deadlineMillis * 1_000_000) {
            vertx.cancelTimer(look);
            done.tryComplete(ended);
          }
        });
    return done.future();
  }
}
