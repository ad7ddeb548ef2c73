package com.sharestack.platform.jobs;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Table jobs as operators see it: what waits, what failed, what is dead, and to try again. */
public final class JobsRepository {

  /** As many kinds of work are looked at. */
  private static final int MOST_TYPES = 100;

  private static final int MOST_RETRIED = 1_000;
  private static final int MOST_COUNTED = 10_000;
  private static final String TIMER = "timer";

  /** What operators ask for; failed is queued after a failure. */
  public enum State {
    QUEUED("status = 'queued' AND error IS NULL"),
    RUNNING("status = 'running'"),
    FAILED("status = 'queued' AND error IS NOT NULL"),
    DEAD("status = 'dead'");

    private final String condition;

    State(String condition) {
      this.condition = condition;
    }
  }

  /**
   * A kind of work.
   *
   * @param oldestDueAt of those that wait; null for none
   */
  public record Counts(
      String type, long queued, long running, long failed, long dead, Instant oldestDueAt) {}

  /**
   * @param error of the last attempt; null for none
   * @param nextRunAt null unless it waits
   */
  public record Line(
      long id,
      String type,
      String key,
      int attempts,
      int maxAttempts,
      String error,
      State state,
      int progress,
      Instant createdAt,
      Instant nextRunAt,
      Instant finishedAt) {}

  private static final String SELECT =
      """
      SELECT job_id, job_type, job_key, attempts, max_attempts, error, status, progress, created_at, next_run_at,
        finished_at
      FROM jobs
      """;

  /** Every kind of work there is a row of. */
  public List<String> types(Sql sql) {
    return sql
        .rows("SELECT DISTINCT job_type FROM jobs ORDER BY job_type LIMIT ?", MOST_TYPES)
        .stream()
        .map(row -> row.getString("job_type"))
        .toList();
  }

  public Counts counts(Sql sql, String type) {
    Row row =
        sql.row(
                """
                SELECT CAST(COALESCE(SUM(status = 'queued' AND error IS NULL), 0) AS SIGNED) AS queued,
                  CAST(COALESCE(SUM(status = 'running'), 0) AS SIGNED) AS running,
                  CAST(COALESCE(SUM(status = 'queued' AND error IS NOT NULL), 0) AS SIGNED) AS failed,
                  CAST(COALESCE(SUM(status = 'dead'), 0) AS SIGNED) AS dead,
                  MIN(CASE WHEN status = 'queued' THEN next_run_at END) AS oldest
                FROM jobs WHERE job_type = ? AND status IN ('queued', 'running', 'dead')
                """,
                type)
            .orElseThrow();
    return new Counts(
        type,
        row.getLong("queued"),
        row.getLong("running"),
        row.getLong("failed"),
        row.getLong("dead"),
        Rows.instant(row, "oldest"));
  }

  /** The rows of work that repeats. */
  public List<Line> timers(Sql sql, List<String> types) {
    return types.isEmpty()
        ? List.of()
        : lines(
            sql,
            "WHERE job_key = ? AND job_type IN (%s) ORDER BY job_type"
                .formatted(Rows.marks(types.size())),
            prepended(TIMER, types));
  }

  /** Newest first. */
  public List<Line> page(Sql sql, List<String> types, List<State> states, int limit, long offset) {
    if (types.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>(types);
    args.add(limit);
    args.add(offset);
    return lines(sql, where(types, states) + " ORDER BY job_id DESC LIMIT ? OFFSET ?", args);
  }

  /** At most 10,000. */
  public long count(Sql sql, List<String> types, List<State> states) {
    if (types.isEmpty()) {
      return 0;
    }
    List<Object> args = new ArrayList<>(types);
    args.add(MOST_COUNTED);
    return sql.row(
            "SELECT COUNT(*) AS n FROM (SELECT 1 FROM jobs " + where(types, states) + " LIMIT ?) c",
            args.toArray())
        .orElseThrow()
        .getLong("n");
  }

  public Optional<Line> find(Sql sql, long jobId) {
    return lines(sql, "WHERE job_id = ?", List.of(jobId)).stream().findFirst();
  }

  /**
   * Queues a dead job again, with all its attempts.
   *
   * @return false when it is not dead
   */
  public boolean retry(Tx tx, long jobId, Instant now) {
    return tx.update(
            """
            UPDATE jobs SET status = 'queued', attempts = 0, next_run_at = ?, finished_at = NULL, updated_at = ?
            WHERE job_id = ? AND status = 'dead'
            """,
            now,
            now,
            jobId)
        == 1;
  }

  /**
   * Queues the dead jobs of some kinds again, at most 1,000.
   *
   * @return how many
   */
  public int retryDead(Tx tx, List<String> types, Instant now) {
    if (types.isEmpty()) {
      return 0;
    }
    List<Object> args = new ArrayList<>(List.of(now, now));
    args.addAll(types);
    args.add(MOST_RETRIED);
    return tx.update(
        """
        UPDATE jobs SET status = 'queued', attempts = 0, next_run_at = ?, finished_at = NULL, updated_at = ?
        WHERE job_type IN (%s) AND status = 'dead' ORDER BY job_id LIMIT ?
        """
            .formatted(Rows.marks(types.size())),
        args.toArray());
  }

  private static String where(List<String> types, List<State> states) {
    String wanted =
        String.join(" OR ", states.stream().map(state -> "(" + state.condition + ")").toList());
    return "WHERE job_type IN (%s) AND (%s)".formatted(Rows.marks(types.size()), wanted);
  }

  private static List<Object> prepended(Object first, List<?> others) {
    List<Object> args = new ArrayList<>();
    args.add(first);
    args.addAll(others);
    return args;
  }

  private static List<Line> lines(Sql sql, String where, List<?> args) {
    return sql.rows(SELECT + where, args.toArray()).stream().map(JobsRepository::line).toList();
  }

  private static Line line(Row row) {
    JsonObject error = Rows.json(row, "error");
    String status = row.getString("status");
    boolean waits = status.equals("queued");
    return new Line(
        row.getLong("job_id"),
        row.getString("job_type"),
        row.getString("job_key"),
        row.getInteger("attempts"),
        row.getInteger("max_attempts"),
        error == null ? null : error.getString("code") + ": " + error.getString("message"),
        waits && error != null
            ? State.FAILED
            : State.valueOf(
                status.equals("done") ? "QUEUED" : status.toUpperCase(java.util.Locale.ROOT)),
        row.getInteger("progress"),
        Rows.instant(row, "created_at"),
        waits ? Rows.instant(row, "next_run_at") : null,
        Rows.instant(row, "finished_at"));
  }
}
