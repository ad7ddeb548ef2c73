package com.sharestack.platform.jobs;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Table jobs: queue, claim, stay alive, advance, finish. */
public final class JobQueue {

  /** A worker that is silent for so long is dead; its jobs are free again. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  private static final int ERROR_LENGTH = 1000;
  private static final int MOST_BURIED = 20;

  private static final String CLAIM =
      """
      SELECT job_id, job_type, job_key, payload, attempts, max_attempts FROM jobs
      """;

  private final Db db;
  private final Clock clock;

  public JobQueue(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /**
   * Queues work in the transaction that causes it; the same type and key a second time is no new
   * work.
   *
   * @param maxAttempts failures in a row after which the job is dead and left to operators
   */
  public void enqueue(Tx tx, String type, String key, JsonObject payload, int maxAttempts) {
    enqueueAt(tx, type, key, payload, maxAttempts, clock.instant());
  }

  /** The same for work that is not to be done before {@code due}. */
  public void enqueueAt(
      Tx tx, String type, String key, JsonObject payload, int maxAttempts, Instant due) {
    Instant now = clock.instant();
    tx.update(
        """
        INSERT INTO jobs (job_type, job_key, payload, max_attempts, next_run_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE job_id = job_id
        """,
        type,
        key,
        payload,
        maxAttempts,
        due,
        now,
        now);
  }

  /** Takes at most {@code limit} jobs that are due or whose worker is dead, oldest first. */
  public List<Job> claim(String type, int limit) {
    return db.tx(
        tx -> {
          Instant now = clock.instant();
          List<Row> rows = new ArrayList<>(due(tx, type, now, limit));
          if (rows.size() < limit) {
            rows.addAll(abandoned(tx, type, now, limit - rows.size()));
          }
          return lease(tx, rows, now);
        });
  }

  private static List<Row> due(Tx tx, String type, Instant now, int limit) {
    return tx.rows(
        CLAIM
            + """
            WHERE job_type = ? AND status = 'queued' AND next_run_at <= ?
            ORDER BY next_run_at, job_id LIMIT ? FOR UPDATE SKIP LOCKED
            """,
        type,
        now,
        limit);
  }

  private static List<Row> abandoned(Tx tx, String type, Instant now, int limit) {
    return tx.rows(
        CLAIM
            + """
            WHERE job_type = ? AND status = 'running' AND lease_until < ? AND attempts < max_attempts
            ORDER BY lease_until, job_id LIMIT ? FOR UPDATE SKIP LOCKED
            """,
        type,
        now,
        limit);
  }

  private static List<Job> lease(Tx tx, List<Row> rows, Instant now) {
    if (rows.isEmpty()) {
      return List.of();
    }
    String lease = Ids.random("lease_", 16);
    tx.batch(
        """
        UPDATE jobs SET status = 'running', lease_owner = ?, lease_until = ?, heartbeat_at = ?,
          attempts = attempts + 1, updated_at = ?
        WHERE job_id = ?
        """,
        rows.stream()
            .map(row -> new Object[] {lease, now.plus(LEASE), now, now, row.getLong("job_id")})
            .toList());
    return rows.stream().map(row -> job(row, lease, row.getInteger("attempts") + 1)).toList();
  }

  private static Job job(Row row, String lease, int attempts) {
    return new Job(
        row.getLong("job_id"),
        row.getString("job_type"),
        row.getString("job_key"),
        Rows.json(row, "payload"),
        lease,
        attempts,
        row.getInteger("max_attempts"));
  }

  /**
   * Ends jobs that took their last worker with them: work that kills whoever does it must not go
   * round for ever.
   *
   * @param whenDead runs in the transaction of each
   */
  public List<Job> buryAbandoned(String type, BiConsumer<Tx, Job> whenDead) {
    return db.tx(
        tx -> {
          Instant now = clock.instant();
          List<Job> dead =
              tx
                  .rows(
                      CLAIM
                          + """
                          WHERE job_type = ? AND status = 'running' AND lease_until < ? AND attempts >= max_attempts
                          ORDER BY lease_until, job_id LIMIT ? FOR UPDATE SKIP LOCKED
                          """,
                      type,
                      now,
                      MOST_BURIED)
                  .stream()
                  .map(row -> job(row, "", row.getInteger("attempts")))
                  .toList();
          for (Job job : dead) {
            tx.update(
                """
                UPDATE jobs SET status = 'dead', finished_at = ?, error = ?, lease_owner = NULL,
                  lease_until = NULL, updated_at = ?
                WHERE job_id = ?
                """,
                now,
                error("Abandoned", "its workers ended without a word"),
                now,
                job.id());
            whenDead.accept(tx, job);
          }
          return dead;
        });
  }

  /**
   * Tells that the worker lives: the lease counts from now on.
   *
   * @return false when another worker has the job
   */
  public boolean heartbeat(Job job) {
    Instant now = clock.instant();
    return db.update(
            """
            UPDATE jobs SET lease_until = ?, heartbeat_at = ?, updated_at = ?
            WHERE job_id = ? AND status = 'running' AND lease_owner = ?
            """,
            now.plus(LEASE),
            now,
            now,
            job.id(),
            job.lease())
        == 1;
  }

  /**
   * Tells how far a step is; a heartbeat too.
   *
   * @param percent 0 to 100
   * @throws LeaseLostException when another worker has the job
   */
  public void progress(Tx tx, Job job, int percent) {
    Instant now = clock.instant();
    int found =
        tx.update(
            """
            UPDATE jobs SET progress = ?, lease_until = ?, heartbeat_at = ?, updated_at = ?
            WHERE job_id = ? AND status = 'running' AND lease_owner = ?
            """,
            percent,
            now.plus(LEASE),
            now,
            now,
            job.id(),
            job.lease());
    requireLease(found, job);
  }

  /**
   * Ends a round of work that repeats: the row waits for the next one.
   *
   * @throws LeaseLostException when another worker has the job
   */
  public void again(Tx tx, Job job, Instant at) {
    Instant now = clock.instant();
    int found =
        tx.update(
            """
            UPDATE jobs SET status = 'queued', attempts = 0, next_run_at = ?, finished_at = ?, error = NULL,
              lease_owner = NULL, lease_until = NULL, updated_at = ?
            WHERE job_id = ? AND status = 'running' AND lease_owner = ?
            """,
            at,
            now,
            now,
            job.id(),
            job.lease());
    requireLease(found, job);
  }

  /**
   * Ends a step that is not the last: the job goes to the end of the queue with what is left to do,
   * so that long jobs and short ones take turns.
   *
   * @throws LeaseLostException when another worker has the job
   */
  public void advance(Tx tx, Job job, JsonObject left) {
    advance(tx, job, left, clock.instant());
  }

  /**
   * Ends a step after which there is nothing to do before {@code at}.
   *
   * @throws LeaseLostException when another worker has the job
   */
  public void advance(Tx tx, Job job, JsonObject left, Instant at) {
    Instant now = clock.instant();
    int found =
        tx.update(
            """
            UPDATE jobs SET payload = ?, status = 'queued', attempts = 0, next_run_at = ?,
              error = NULL, lease_owner = NULL, lease_until = NULL, updated_at = ?
            WHERE job_id = ? AND status = 'running' AND lease_owner = ?
            """,
            left,
            at,
            now,
            job.id(),
            job.lease());
    requireLease(found, job);
  }

  /**
   * Ends the last step.
   *
   * @throws LeaseLostException when another worker has the job
   */
  public void finish(Tx tx, Job job) {
    Instant now = clock.instant();
    int found =
        tx.update(
            """
            UPDATE jobs SET status = 'done', progress = 100, finished_at = ?, error = NULL,
              lease_owner = NULL, lease_until = NULL, updated_at = ?
            WHERE job_id = ? AND status = 'running' AND lease_owner = ?
            """,
            now,
            now,
            job.id(),
            job.lease());
    requireLease(found, job);
  }

  private static void requireLease(int found, Job job) {
    if (found == 0) {
      throw new LeaseLostException(job);
    }
  }

  /** {@link #failed(Job, String, String, BiConsumer)} of work that nobody waits for. */
  public boolean failed(Job job, String code, String message) {
    return failed(job, code, message, (tx, dead) -> {});
  }

  /**
   * A step failed: again after a pause that doubles each time, or never again. Does nothing when
   * another worker has the job.
   *
   * @param whenDead runs in the same transaction when it was the last attempt
   * @return whether the job is dead now
   */
  public boolean failed(Job job, String code, String message, BiConsumer<Tx, Job> whenDead) {
    Instant now = clock.instant();
    boolean dead = job.attempts() >= job.maxAttempts();
    return db.tx(
        tx -> {
          int found =
              tx.update(
                  """
                  UPDATE jobs SET status = ?, next_run_at = ?, finished_at = ?, error = ?,
                    lease_owner = NULL, lease_until = NULL, updated_at = ?
                  WHERE job_id = ? AND status = 'running' AND lease_owner = ?
                  """,
                  dead ? "dead" : "queued",
                  now.plus(pause(job.attempts())),
                  dead ? now : null,
                  error(code, message),
                  now,
                  job.id(),
                  job.lease());
          if (dead && found == 1) {
            whenDead.accept(tx, job);
          }
          return dead && found == 1;
        });
  }

  private static JsonObject error(String code, String message) {
    String text = String.valueOf(message);
    return new JsonObject()
        .put("code", code)
        .put("message", text.substring(0, Math.min(ERROR_LENGTH, text.length())));
  }

  static Duration pause(int attempts) {
    return Backoff.pause(attempts);
  }
}
