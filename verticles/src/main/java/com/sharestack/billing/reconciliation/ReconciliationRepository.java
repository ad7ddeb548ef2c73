package com.sharestack.billing.reconciliation;

import com.sharestack.billing.payments.PaymentTrailRepository;
import com.sharestack.contract.ReconciliationDifferenceKind;
import com.sharestack.contract.ReconciliationDifferenceStatus;
import com.sharestack.contract.ReconciliationPlatform;
import com.sharestack.contract.ReconciliationStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables reconciliations and reconciliation_differences. */
public final class ReconciliationRepository {

  private static final int MESSAGE_LENGTH = 500;

  private static final String RUN =
      """
      SELECT reconciliation_id, public_id, run_type, platform, day, status, total_count, total_fen,
        difference_count, difference_fen, checks, error_message, started_at, completed_at
      FROM reconciliations
      """;

  private static final String DIFFERENCE =
      """
      SELECT difference_id, kind, ref, payment_id, refund_id, out_trade_no, transaction_id, out_refund_no,
        local_fen, channel_fen, detail, status, resolution
      FROM reconciliation_differences
      """;

  /** A run as stored. */
  public record Run(
      long id,
      String publicId,
      boolean daily,
      ReconciliationPlatform platform,
      LocalDate day,
      ReconciliationStatus status,
      long totalCount,
      long totalFen,
      long differenceCount,
      long differenceFen,
      JsonArray checks,
      String error,
      Instant startedAt,
      Instant completedAt) {}

  /** A difference as stored. */
  public record Difference(
      long id, Found found, ReconciliationDifferenceStatus status, String resolution) {}

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException one of that day and platform is
   *     running, or the schedule had its own
   */
  long insert(
      Tx tx,
      String publicId,
      boolean daily,
      ReconciliationPlatform platform,
      LocalDate day,
      Long staffId,
      Instant now) {
    return tx.insert(
        """
        INSERT INTO reconciliations (public_id, run_type, platform, day, started_by, started_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        publicId,
        daily ? "daily" : "manual",
        platform,
        day,
        staffId,
        now);
  }

  public Optional<Run> find(Sql sql, String publicId) {
    return sql.row(RUN + "WHERE public_id = ?", publicId).map(ReconciliationRepository::run);
  }

  Optional<Run> byId(Sql sql, long id) {
    return sql.row(RUN + "WHERE reconciliation_id = ?", id).map(ReconciliationRepository::run);
  }

  Optional<Run> running(Sql sql, ReconciliationPlatform platform, LocalDate day) {
    return sql.row(RUN + "WHERE platform = ? AND day = ? AND live_key = 1", platform, day)
        .map(ReconciliationRepository::run);
  }

  boolean hadDaily(Sql sql, ReconciliationPlatform platform, LocalDate day) {
    return sql.row(RUN + "WHERE platform = ? AND day = ? AND daily_key = 1", platform, day)
        .isPresent();
  }

  void totals(Sql sql, long id, long count, long fen) {
    sql.update(
        "UPDATE reconciliations SET total_count = ?, total_fen = ? WHERE reconciliation_id = ?",
        count,
        fen,
        id);
  }

  /**
   * Keeps a difference and opens its ticket; both once.
   *
   * @param repaired the channel confirmed it and it was taken in
   */
  void add(
      Tx tx, PaymentTrailRepository trail, Run run, Found found, boolean repaired, Instant now) {
    tx.update(
        """
        INSERT INTO reconciliation_differences (reconciliation_id, kind, ref, check_name, payment_id,
          refund_id, out_trade_no, transaction_id, out_refund_no, local_fen, channel_fen, detail, status,
          resolution, resolved_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE difference_id = difference_id
        """,
        run.id(),
        found.kind(),
        found.ref(),
        found.check(),
        found.paymentId(),
        found.refundId(),
        found.outTradeNo(),
        found.transactionId(),
        found.outRefundNo(),
        found.localFen(),
        found.channelFen(),
        found.detail(),
        repaired ? "resolved" : "open",
        repaired ? "late_success" : null,
        repaired ? now : null,
        now);
    if (!repaired) {
      trail.ticket(
          tx,
          ticket(found),
          found.ref(),
          null,
          found.apartFen(),
          new JsonObject()
              .put("reconciliation_id", run.publicId())
              .put("payment_id", found.paymentId())
              .put("refund_id", found.refundId())
              .put("local_fen", found.localFen())
              .put("channel_fen", found.channelFen())
              .put("detail", found.detail()),
          now);
    }
  }

  static String ticket(Found found) {
    return "recon_" + found.kind().literal();
  }

  long count(Sql sql, long runId) {
    return sql.row(
            "SELECT COUNT(*) AS n FROM reconciliation_differences WHERE reconciliation_id = ?",
            runId)
        .orElseThrow()
        .getLong("n");
  }

  /** Open differences of a run, by check. */
  Map<String, Long> issues(Sql sql, long runId) {
    Map<String, Long> issues = new HashMap<>();
    sql.rows(
            """
            SELECT check_name, COUNT(*) AS n FROM reconciliation_differences
            WHERE reconciliation_id = ? AND status = 'open' GROUP BY check_name
            """,
            runId)
        .forEach(row -> issues.put(row.getString("check_name"), row.getLong("n")));
    return issues;
  }

  /** Ends the run; its counts are those of its differences. */
  void end(
      Tx tx, long id, ReconciliationStatus status, JsonArray checks, String error, Instant now) {
    tx.update(
        """
        UPDATE reconciliations SET status = ?, checks = ?, error_message = ?, completed_at = ?,
          difference_count = (SELECT COUNT(*) FROM reconciliation_differences d
            WHERE d.reconciliation_id = reconciliations.reconciliation_id),
          difference_fen = (SELECT CAST(COALESCE(SUM(ABS(COALESCE(d.local_fen, 0) - COALESCE(d.channel_fen, 0))), 0) AS SIGNED)
            FROM reconciliation_differences d WHERE d.reconciliation_id = reconciliations.reconciliation_id)
        WHERE reconciliation_id = ? AND status = 'running'
        """,
        status,
        checks,
        error == null ? null : error.substring(0, Math.min(MESSAGE_LENGTH, error.length())),
        now,
        id);
  }

  /**
   * @param status null: all of them
   */
  public List<Difference> differences(
      Sql sql, long runId, ReconciliationDifferenceStatus status, int limit, long offset) {
    String rest = "ORDER BY difference_id LIMIT ? OFFSET ?";
    List<Row> rows =
        status == null
            ? sql.rows(DIFFERENCE + "WHERE reconciliation_id = ? " + rest, runId, limit, offset)
            : sql.rows(
                DIFFERENCE + "WHERE reconciliation_id = ? AND status = ? " + rest,
                runId,
                status,
                limit,
                offset);
    return rows.stream().map(ReconciliationRepository::difference).toList();
  }

  public long count(Sql sql, long runId, ReconciliationDifferenceStatus status) {
    return status == null
        ? count(sql, runId)
        : sql.row(
                """
                SELECT COUNT(*) AS n FROM reconciliation_differences
                WHERE reconciliation_id = ? AND status = ?
                """,
                runId,
                status)
            .orElseThrow()
            .getLong("n");
  }

  public Optional<Difference> difference(Sql sql, long runId, long id) {
    return sql.row(DIFFERENCE + "WHERE reconciliation_id = ? AND difference_id = ?", runId, id)
        .map(ReconciliationRepository::difference);
  }

  /**
   * @return whether it was open until now
   */
  boolean close(
      Tx tx,
      long id,
      ReconciliationDifferenceStatus status,
      String resolution,
      String note,
      String adjustmentId,
      long staffId,
      Instant now) {
    return tx.update(
            """
            UPDATE reconciliation_differences SET status = ?, resolution = ?, note = ?, adjustment_id = ?,
              resolved_by = ?, resolved_at = ?
            WHERE difference_id = ? AND status = 'open'
            """,
            status,
            resolution,
            note,
            adjustmentId,
            staffId,
            now,
            id)
        == 1;
  }

  private static Run run(Row row) {
    return new Run(
        row.getLong("reconciliation_id"),
        row.getString("public_id"),
        "daily".equals(row.getString("run_type")),
        ReconciliationPlatform.of(row.getString("platform")),
        row.getLocalDate("day"),
        ReconciliationStatus.of(row.getString("status")),
        row.getLong("total_count"),
        row.getLong("total_fen"),
        row.getLong("difference_count"),
        row.getLong("difference_fen"),
        Rows.jsonArray(row, "checks"),
        row.getString("error_message"),
        Rows.instant(row, "started_at"),
        Rows.instant(row, "completed_at"));
  }

  private static Difference difference(Row row) {
    return new Difference(
        row.getLong("difference_id"),
        new Found(
            ReconciliationDifferenceKind.of(row.getString("kind")),
            row.getString("ref"),
            row.getString("payment_id"),
            row.getString("refund_id"),
            row.getString("out_trade_no"),
            row.getString("transaction_id"),
            row.getString("out_refund_no"),
            row.getLong("local_fen"),
            row.getLong("channel_fen"),
            row.getString("detail")),
        ReconciliationDifferenceStatus.of(row.getString("status")),
        row.getString("resolution"));
  }
}
