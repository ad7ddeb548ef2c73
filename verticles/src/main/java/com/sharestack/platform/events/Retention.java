package com.sharestack.platform.events;

import com.sharestack.platform.db.Db;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Forgets what delivery is done with: queues must not grow for ever. Dead events and dead jobs stay
 * until an operator has looked at them.
 */
public final class Retention {

  private static final int BATCH = 1_000;
  private static final Duration PUBLISHED = Duration.ofDays(7);

  /** Longer than an event can still be on its way, so that no late delivery counts as the first. */
  private static final Duration TAKEN = Duration.ofDays(30);

  private static final Duration FINISHED = Duration.ofDays(30);

  private final Db db;
  private final Clock clock;

  public Retention(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /**
   * Deletes one batch of each kind.
   *
   * @return whether there may be more to do at once
   */
  public boolean run() {
    Instant now = clock.instant();
    int published =
        db.update(
            "DELETE FROM outbox WHERE published_at < ? ORDER BY published_at LIMIT ?",
            now.minus(PUBLISHED),
            BATCH);
    int taken =
        db.update(
            "DELETE FROM inbox WHERE processed_at < ? ORDER BY processed_at LIMIT ?",
            now.minus(TAKEN),
            BATCH);
    int finished =
        db.update(
            """
            DELETE FROM jobs WHERE finished_at < ? AND status = 'done'
            ORDER BY finished_at LIMIT ?
            """,
            now.minus(FINISHED),
            BATCH);
    return published == BATCH || taken == BATCH || finished == BATCH;
  }
}
