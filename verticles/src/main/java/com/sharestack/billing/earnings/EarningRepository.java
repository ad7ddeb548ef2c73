package com.sharestack.billing.earnings;

import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** Tables earning_lines and earning_days, as creators read them. */
public final class EarningRepository {

  static final String TOTALS =
      """
      SELECT COALESCE(SUM(subscription_fen), 0) AS subscription_fen, COALESCE(SUM(one_time_fen), 0) AS one_time_fen,
        COALESCE(SUM(tip_fen), 0) AS tip_fen, COALESCE(SUM(platform_fen), 0) AS platform_fen,
        COALESCE(SUM(share_fen), 0) AS share_fen
      FROM earning_days WHERE creator_id = ? AND day BETWEEN ? AND ?
      """;

  private static final String EARNED =
      "SELECT COALESCE(SUM(share_fen), 0) AS fen FROM earning_days WHERE creator_id = ?";

  private static final String SELECT =
      """
      SELECT public_id, shown_type, shown_status, CASE anonymous WHEN 0 THEN payer_id END AS payer_id, order_id,
        plan_name, article_id, article_title, payment_method, paid_fen, platform_discount_fen, platform_fen,
        creator_share_fen, rule_id, platform_fee_rate, creator_share_rate, processed_at, hold_until, settlement_id
      FROM earning_lines
      """;

  private static final String NEWEST_FIRST =
      " ORDER BY processed_at DESC, line_id DESC LIMIT ? OFFSET ?";

  /** The sums of the days, both included. */
  public Totals totals(Sql sql, long creatorId, EarningPeriods.Span span) {
    Row row = sql.row(TOTALS, creatorId, span.first(), span.last()).orElseThrow();
    return new Totals(
        row.getLong("subscription_fen"),
        row.getLong("one_time_fen"),
        row.getLong("tip_fen"),
        row.getLong("platform_fen"),
        row.getLong("share_fen"));
  }

  /** Sum of all creator shares, net of refunds. */
  public long earnedFen(Sql sql, long creatorId) {
    return sql.row(EARNED, creatorId).orElseThrow().getLong("fen");
  }

  public List<LineRow> page(Sql sql, LineFilter filter, int limit, long offset) {
    Statement page = page(filter, limit, offset);
    return sql.rows(page.sql(), page.args()).stream().map(EarningRepository::line).toList();
  }

  /** At most {@code cap}. */
  public long count(Sql sql, LineFilter filter, int cap) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(cap);
    return sql.row(
            "SELECT COUNT(*) AS n FROM (SELECT 1 FROM earning_lines" + where + " LIMIT ?) counted",
            args.toArray())
        .orElseThrow()
        .getLong("n");
  }

  /** A statement with its arguments, for the test of its plan. */
  record Statement(String sql, Object[] args) {}

  static Statement page(LineFilter filter, int limit, long offset) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(limit);
    args.add(offset);
    return new Statement(SELECT + where + NEWEST_FIRST, args.toArray());
  }

  private static String where(LineFilter filter, List<Object> args) {
    StringBuilder sql = new StringBuilder(" WHERE creator_id = ?");
    args.add(filter.creatorId());
    if (filter.type() != null) {
      sql.append(" AND shown_type = ?");
      args.add(filter.type());
    } else {
      sql.append(" AND shown_type IS NOT NULL");
    }
    if (filter.status() != null) {
      sql.append(" AND shown_status = ?");
      args.add(filter.status());
    }
    if (filter.from() != null) {
      sql.append(" AND processed_at >= ?");
      args.add(filter.from());
    }
    if (filter.until() != null) {
      sql.append(" AND processed_at < ?");
      args.add(filter.until());
    }
    if (filter.settlementId() != null) {
      sql.append(" AND settlement_id = ?");
      args.add(filter.settlementId());
    }
    sql.append(" AND (shown_status <> 'failed' OR processed_at >= ?)");
    args.add(filter.failedSince());
    return sql.toString();
  }

  private static LineRow line(Row row) {
    String method = row.getString("payment_method");
    return new LineRow(
        row.getString("public_id"),
        TransactionType.of(row.getString("shown_type")),
        TransactionStatus.of(row.getString("shown_status")),
        row.getLong("payer_id"),
        row.getString("order_id"),
        row.getString("plan_name"),
        row.getLong("article_id"),
        row.getString("article_title"),
        method == null ? null : PaymentMethod.of(method),
        row.getLong("paid_fen"),
        row.getLong("platform_discount_fen"),
        row.getLong("platform_fen"),
        row.getLong("creator_share_fen"),
        row.getLong("rule_id"),
        row.getInteger("platform_fee_rate"),
        row.getInteger("creator_share_rate"),
        Rows.instant(row, "processed_at"),
        Rows.instant(row, "hold_until"),
        row.getString("settlement_id"));
  }
}
