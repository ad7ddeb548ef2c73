package com.sharestack.users;

import io.vertx.core.Vertx;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what has outlived its retention, every ten minutes on every node of the role: deleting a
 * row that another node deleted does nothing.
 */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long PAUSE_MILLIS = 600_000;
  private static final int PORTION = 500;
  private static final int MOST_PORTIONS = 100;

  private final RetentionRepository retention;
  private final Clock clock;

  Housekeeping(RetentionRepository retention, Clock clock) {
    this.retention = retention;
    this.clock = clock;
  }

  /** The timer ends with the verticle that starts it. */
  void start(Vertx vertx) {
    vertx.setTimer(
        PAUSE_MILLIS,
        due -> {
          run();
          start(vertx);
        });
  }

  private void run() {
    try {
      purge();
    } catch (RuntimeException failure) {
      LOG.warn("purge of old rows failed, comes again: {}", failure.toString());
    }
  }

  void purge() {
    int portions = 0;
    while (retention.purge(clock.instant(), PORTION) == PORTION && portions < MOST_PORTIONS) {
      portions++;
    }
  }
}
