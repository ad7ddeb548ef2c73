package com.sharestack.platform.events;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.jobs.Backoff;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The relay's side of the outbox: claims rows under a lease, settles or postpones them. */
public final class OutboxQueue {

  /** How long a claimed event stays with its relay; then another one takes it. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** After this many tries, about an hour, an event is dead: operators look at it. */
  private static final int MAX_ATTEMPTS = 12;

  private static final int ERROR_LENGTH = 500;

  private final Db db;
  private final Clock clock;
  private final String owner;

  /**
   * @param owner names this relay in the lease, unique in the cluster
   */
  public OutboxQueue(Db db, Clock clock, String owner) {
    this.db = db;
    this.clock = clock;
    this.owner = owner;
  }

  /** One event to deliver. */
  public record Claimed(
      long id, String topic, JsonObject payload, String requestId, Instant at, int attempts) {

    /** The message consumers take. */
    public JsonObject message() {
      return new JsonObject()
          .put("id", id)
          .put("topic", topic)
          .put("payload", payload)
          .put("request_id", requestId)
          .put("at", at.toString());
    }
  }

  /** Takes at most {@code limit} due events that no other relay holds, oldest first. */
  public List<Claimed> claim(int limit) {
    Instant now = clock.instant();
    return db.tx(
        tx -> {
          List<Row> rows =
              tx.rows(
                  """
                  SELECT event_id, topic, payload, request_id, created_at, attempts
                  FROM outbox
                  WHERE published_at IS NULL AND dead_at IS NULL AND next_attempt_at <= ?
                    AND (lease_until IS NULL OR lease_until < ?)
                  ORDER BY next_attempt_at, event_id
                  LIMIT ?
                  FOR UPDATE SKIP LOCKED
                  """,
                  now,
                  now,
                  limit);
          tx.batch(
              """
              UPDATE outbox SET lease_owner = ?, lease_until = ?, attempts = attempts + 1
              WHERE event_id = ?
              """,
              rows.stream()
                  .map(row -> new Object[] {owner, now.plus(LEASE), row.getLong("event_id")})
                  .toList());
          return rows.stream().map(OutboxQueue::claimed).toList();
        });
  }

  private static Claimed claimed(Row row) {
    return new Claimed(
        row.getLong("event_id"),
        row.getString("topic"),
        Rows.json(row, "payload"),
        row.getString("request_id"),
        Rows.instant(row, "created_at"),
        row.getInteger("attempts") + 1);
  }

  /** Every consumer took it. */
  public void published(long id) {
    db.update(
        """
        UPDATE outbox SET published_at = ?, lease_owner = NULL, lease_until = NULL
        WHERE event_id = ? AND published_at IS NULL AND dead_at IS NULL
        """,
        clock.instant(),
        id);
  }

  /**
   * A consumer did not take it: again later, each time after twice the pause, or never again. Says
   * nothing about an event whose lease another relay took over meanwhile.
   *
   * @return whether the event is dead now
   */
  public boolean failed(Claimed event, String error) {
    Instant now = clock.instant();
    boolean dead = event.attempts() >= MAX_ATTEMPTS;
    int found =
        db.update(
            """
            UPDATE outbox SET dead_at = ?, next_attempt_at = ?, last_error = ?,
              lease_owner = NULL, lease_until = NULL
            WHERE event_id = ? AND published_at IS NULL AND lease_owner = ?
            """,
            dead ? now : null,
            now.plus(pause(event.attempts())),
            error.substring(0, Math.min(ERROR_LENGTH, error.length())),
            event.id(),
            owner);
    return dead && found == 1;
  }

  static Duration pause(int attempts) {
    return Backoff.pause(attempts);
  }
}
