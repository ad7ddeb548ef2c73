package com.sharestack.billing.reports;

import com.sharestack.contract.FinanceReportFailure;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportGroup;
import com.sharestack.contract.FinanceReportStatus;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Table finance_reports. */
public final class ReportRepository {

  private static final String SELECT =
      """
      SELECT public_id, creator_id, report_type, period_start, period_end, format, group_by, status, failure_reason,
        progress, snapshot_seq, row_count, created_at, expires_at
      FROM finance_reports
      """;

  Optional<ReportRow> find(Sql sql, String publicId) {
    return sql.row(SELECT + "WHERE public_id = ?", publicId).map(ReportRepository::report);
  }

  Optional<ReportRow> byParams(Sql sql, long creatorId, String paramsKey) {
    return sql.row(SELECT + "WHERE creator_id = ? AND params_key = ?", creatorId, paramsKey)
        .map(ReportRepository::report);
  }

  /** From now on the same order is a new report, unless one that still counts holds the key. */
  void releaseParams(Tx tx, long creatorId, String paramsKey, Instant orderedBefore, Instant now) {
    tx.update(
        """
        UPDATE finance_reports SET params_key = NULL, updated_at = ?
        WHERE creator_id = ? AND params_key = ? AND (created_at <= ? OR status IN ('failed', 'expired'))
        """,
        now,
        creatorId,
        paramsKey,
        orderedBefore);
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException uk_finance_reports_params: the same
   *     was ordered
   */
  void insert(
      Tx tx, String publicId, long creatorId, ReportOrder order, Instant now, Instant expiresAt) {
    tx.insert(
        """
        INSERT INTO finance_reports (public_id, creator_id, report_type, period_start, period_end, format, group_by,
          params_key, created_at, expires_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        publicId,
        creatorId,
        order.type(),
        order.from(),
        order.to(),
        order.format(),
        order.groupBy(),
        order.key(),
        now,
        expiresAt,
        now);
  }

  /** Of the creator, newest first; null filters are none. */
  List<ReportRow> page(
      Sql sql,
      long creatorId,
      FinanceReportType type,
      FinanceReportStatus status,
      Instant since,
      Instant now,
      int limit,
      long offset) {
    List<Object> args = new ArrayList<>();
    String where = filter(creatorId, type, status, since, now, args);
    args.add(limit);
    args.add(offset);
    return sql
        .rows(
            SELECT + where + " ORDER BY created_at DESC, report_id DESC LIMIT ? OFFSET ?",
            args.toArray())
        .stream()
        .map(ReportRepository::report)
        .toList();
  }

  /** Bounded by the rate at which reports are ordered. */
  long count(
      Sql sql,
      long creatorId,
      FinanceReportType type,
      FinanceReportStatus status,
      Instant since,
      Instant now) {
    List<Object> args = new ArrayList<>();
    String where = filter(creatorId, type, status, since, now, args);
    return sql.row("SELECT COUNT(*) AS n FROM finance_reports " + where, args.toArray())
        .orElseThrow()
        .getLong("n");
  }

  private static String filter(
      long creatorId,
      FinanceReportType type,
      FinanceReportStatus status,
      Instant since,
      Instant now,
      List<Object> args) {
    StringBuilder where = new StringBuilder("WHERE creator_id = ? AND created_at >= ?");
    args.add(creatorId);
    args.add(since);
    if (type != null) {
      where.append(" AND report_type = ?");
      args.add(type);
    }
    if (status == FinanceReportStatus.EXPIRED) {
      where.append(" AND (status = 'expired' OR (status = 'ready' AND expires_at <= ?))");
      args.add(now);
    } else if (status != null) {
      where.append(" AND status = ? AND (status <> 'ready' OR expires_at > ?)");
      args.add(status);
      args.add(now);
    }
    return where.toString();
  }

  /** The work begins, or begins again after a worker was lost; the first snapshot stays. */
  void begin(Tx tx, String publicId, long snapshotSeq, Instant now) {
    tx.update(
        """
        UPDATE finance_reports SET status = 'running', failure_reason = NULL, progress = 0,
          snapshot_seq = COALESCE(snapshot_seq, ?), updated_at = ?
        WHERE public_id = ? AND status IN ('queued', 'running', 'failed')
        """,
        snapshotSeq,
        now,
        publicId);
  }

  void progress(Tx tx, String publicId, int percent, Instant now) {
    tx.update(
        """
        UPDATE finance_reports SET progress = ?, updated_at = ? WHERE public_id = ? AND status = 'running'
        """,
        percent,
        now,
        publicId);
  }

  void ready(Tx tx, String publicId, long rows, long bytes, Instant now) {
    tx.update(
        """
        UPDATE finance_reports SET status = 'ready', progress = 100, row_count = ?, file_bytes = ?,
          finished_at = ?, updated_at = ?
        WHERE public_id = ? AND status = 'running'
        """,
        rows,
        bytes,
        now,
        now,
        publicId);
  }

  /** The same may be ordered again at once. */
  void fail(Tx tx, String publicId, FinanceReportFailure reason, Instant now) {
    tx.update(
        """
        UPDATE finance_reports SET status = 'failed', failure_reason = ?, params_key = NULL, finished_at = ?,
          updated_at = ?
        WHERE public_id = ? AND status IN ('queued', 'running')
        """,
        reason,
        now,
        now,
        publicId);
  }

  /** Ready reports whose file is past its time. */
  List<ReportRow> due(Sql sql, Instant now, int limit) {
    return sql
        .rows(
            SELECT
                + "WHERE status = 'ready' AND expires_at <= ? ORDER BY expires_at, report_id LIMIT"
                + " ?",
            now,
            limit)
        .stream()
        .map(ReportRepository::report)
        .toList();
  }

  void expire(Sql sql, List<ReportRow> reports, Instant now) {
    sql.batch(
        """
        UPDATE finance_reports SET status = 'expired', params_key = NULL, updated_at = ?
        WHERE public_id = ? AND status = 'ready'
        """,
        reports.stream().map(report -> new Object[] {now, report.publicId()}).toList());
  }

  private static ReportRow report(Row row) {
    String failure = row.getString("failure_reason");
    return new ReportRow(
        row.getString("public_id"),
        row.getLong("creator_id"),
        new ReportOrder(
            FinanceReportType.of(row.getString("report_type")),
            row.getLocalDate("period_start"),
            row.getLocalDate("period_end"),
            FinanceReportFormat.of(row.getString("format")),
            FinanceReportGroup.of(row.getString("group_by"))),
        FinanceReportStatus.of(row.getString("status")),
        failure == null ? null : FinanceReportFailure.of(failure),
        row.getInteger("progress"),
        row.getLong("snapshot_seq"),
        row.getLong("row_count"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "expires_at"));
  }
}
