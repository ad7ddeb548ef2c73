package com.sharestack.platform.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that repeats for as long as its verticle lives, each piece of it claimed in the database.
 * Start it in a verticle on virtual threads.
 */
public final class Rounds {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final Vertx vertx;
  private volatile boolean stopping;

  public Rounds(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Runs {@code work} for ever: at once again while it says there is more, else after a pause. */
  public void repeat(String name, long pauseMillis, BooleanSupplier work) {
    vertx.setTimer(
        pauseMillis,
        due -> {
          boolean more = true;
          while (more && !stopping) {
            more = attempt(name, work);
          }
          if (!stopping) {
            repeat(name, pauseMillis, work);
          }
        });
  }

  /** A round that fails is logged and comes again after the pause: the rows wait. */
  private static boolean attempt(String name, BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (RuntimeException failure) {
      LOG.warn("{} failed: {}", name, failure.toString());
      return false;
    }
  }

  /** A round under way ends by itself. */
  public void stop() {
    stopping = true;
  }

  /** Runs {@code work} beside the caller, on the verticle's own threads; it must not throw. */
  public Future<Void> beside(Runnable work) {
    Promise<Void> ended = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            go -> {
              try {
                work.run();
              } finally {
                ended.complete();
              }
            });
    return ended.future();
  }
}
