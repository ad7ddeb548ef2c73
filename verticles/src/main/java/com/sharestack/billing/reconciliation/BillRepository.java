package com.sharestack.billing.reconciliation;

import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.rails.BillLine;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Table channel_bill_lines, and the payments and refunds its lines are compared with. */
final class BillRepository {

  private static final int DELETED_AT_ONCE = 5_000;

  private static final String PAYMENT =
      """
      SELECT p.payment_id AS id, p.public_id, p.public_id AS payment_public_id, p.transaction_id AS number,
        COALESCE(o.out_trade_no, p.out_trade_no) AS trade_no, p.status,
        COALESCE(p.received_fen, p.amount_fen) AS held_fen, p.received_fen, p.paid_at AS at
      FROM payments p LEFT JOIN payments o ON o.payment_id = p.duplicate_of
      """;

  private static final String REFUND =
      """
      SELECT r.refund_id AS id, r.public_id, p.public_id AS payment_public_id, r.out_refund_no AS number,
        COALESCE(o.out_trade_no, p.out_trade_no) AS trade_no, r.status, r.amount_fen AS held_fen,
        NULL AS received_fen, r.processed_at AS at
      FROM refunds r JOIN payments p ON p.payment_id = r.payment_id
      LEFT JOIN payments o ON o.payment_id = p.duplicate_of
      """;

  /** Where a walk over rows of a day stands. */
  record Place(Instant at, long id) {}

  /** A page of a walk; {@code end} is null when nothing follows. */
  record Page(List<LocalMoney> rows, Place end) {}

  void clear(Sql sql, String platform, LocalDate day) {
    while (sql.update(
            "DELETE FROM channel_bill_lines WHERE platform = ? AND day = ? LIMIT "
                + DELETED_AT_ONCE,
            platform,
            day)
        == DELETED_AT_ONCE) {
      // until all are gone
    }
  }

  void insert(Sql sql, String platform, LocalDate day, int first, List<BillLine> lines) {
    List<Object[]> rows = new ArrayList<>();
    int number = first;
    for (BillLine line : lines) {
      rows.add(
          new Object[] {
            platform,
            day,
            number++,
            line.kind().name().toLowerCase(Locale.ROOT),
            line.outTradeNo(),
            line.transactionId(),
            line.outRefundNo(),
            line.amountFen(),
            line.feeFen(),
            line.status(),
            line.at()
          });
    }
    sql.batch(
        """
        INSERT INTO channel_bill_lines (platform, day, line_no, kind, out_trade_no, transaction_id,
          out_refund_no, amount_fen, fee_fen, status, happened_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows);
  }

  /** The line of a payment; the first one when the bill has it more than once. */
  Optional<BillLine> payment(Sql sql, String platform, LocalDate day, String transactionId) {
    return sql.row(
            """
            SELECT out_trade_no, amount_fen, fee_fen, status, happened_at FROM channel_bill_lines
            WHERE platform = ? AND day = ? AND transaction_id = ? AND kind = 'payment'
            ORDER BY line_no LIMIT 1
            """,
            platform,
            day,
            transactionId)
        .map(
            row ->
                new BillLine(
                    BillLine.Kind.PAYMENT,
                    row.getString("out_trade_no"),
                    transactionId,
                    null,
                    row.getLong("amount_fen"),
                    row.getLong("fee_fen"),
                    row.getString("status"),
                    Rows.instant(row, "happened_at")));
  }

  /** The lines after {@code after}, in the file's order. */
  List<BillEntry> page(Sql sql, String platform, LocalDate day, int after, int limit) {
    return sql
        .rows(
            """
            SELECT b.line_no, b.kind, b.out_trade_no, b.transaction_id, b.out_refund_no, b.amount_fen,
              b.fee_fen, b.status, b.happened_at,
              CASE WHEN b.kind = 'payment' THEN
                EXISTS (SELECT 1 FROM channel_bill_lines e WHERE e.platform = b.platform AND e.day = b.day
                  AND e.transaction_id = b.transaction_id AND e.kind = 'payment' AND e.line_no < b.line_no)
              ELSE
                EXISTS (SELECT 1 FROM channel_bill_lines e WHERE e.platform = b.platform AND e.day = b.day
                  AND e.out_refund_no = b.out_refund_no AND e.line_no < b.line_no)
              END AS again
            FROM channel_bill_lines b
            WHERE b.platform = ? AND b.day = ? AND b.line_no > ? ORDER BY b.line_no LIMIT ?
            """,
            platform,
            day,
            after,
            limit)
        .stream()
        .map(
            row ->
                new BillEntry(
                    row.getInteger("line_no"),
                    new BillLine(
                        BillLine.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("out_trade_no"),
                        row.getString("transaction_id"),
                        row.getString("out_refund_no"),
                        row.getLong("amount_fen"),
                        row.getLong("fee_fen"),
                        row.getString("status"),
                        Rows.instant(row, "happened_at")),
                    row.getLong("again") != 0))
        .toList();
  }

  Map<String, LocalMoney> byTransaction(Sql sql, String platform, Collection<String> numbers) {
    Map<String, LocalMoney> found = new HashMap<>();
    in(sql, PAYMENT + "WHERE p.payment_method = ? AND p.transaction_id IN (%s)", platform, numbers)
        .forEach(local -> found.put(local.number(), local));
    return found;
  }

  Map<String, LocalMoney> byTradeNo(Sql sql, String platform, Collection<String> numbers) {
    Map<String, LocalMoney> found = new HashMap<>();
    in(sql, PAYMENT + "WHERE p.payment_method = ? AND p.out_trade_no IN (%s)", platform, numbers)
        .forEach(local -> found.put(local.tradeNo(), local));
    return found;
  }

  Map<String, LocalMoney> refunds(Sql sql, String platform, Collection<String> numbers) {
    Map<String, LocalMoney> found = new HashMap<>();
    in(sql, REFUND + "WHERE r.payment_method = ? AND r.out_refund_no IN (%s)", platform, numbers)
        .forEach(local -> found.put(local.number(), local));
    return found;
  }

  private static List<LocalMoney> in(
      Sql sql, String statement, String platform, Collection<String> numbers) {
    if (numbers.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(platform);
    args.addAll(numbers);
    return sql.rows(statement.formatted(Rows.marks(numbers.size())), args.toArray()).stream()
        .map(BillRepository::local)
        .toList();
  }

  /** Payments whose money came on the day, in the order it came. */
  Page paidOn(Sql sql, String platform, LocalDate day, Place after, int limit) {
    return walk(
        sql,
        PAYMENT
            + """
            WHERE p.payment_method = ? AND p.paid_at >= ? AND p.paid_at < ? AND p.transaction_id IS NOT NULL
              AND (p.paid_at > ? OR p.payment_id > ?)
            ORDER BY p.paid_at, p.payment_id LIMIT ?
            """,
        platform,
        day,
        after,
        limit);
  }

  /** Refunds that arrived on the day, in the order they did. */
  Page refundedOn(Sql sql, String platform, LocalDate day, Place after, int limit) {
    return walk(
        sql,
        REFUND
            + """
            WHERE r.payment_method = ? AND r.processed_at >= ? AND r.processed_at < ? AND r.status = 'success'
              AND (r.processed_at > ? OR r.refund_id > ?)
            ORDER BY r.processed_at, r.refund_id LIMIT ?
            """,
        platform,
        day,
        after,
        limit);
  }

  private static Page walk(
      Sql sql, String statement, String platform, LocalDate day, Place after, int limit) {
    Instant start = day.atStartOfDay(Periods.ZONE).toInstant();
    Instant from = after == null ? start : after.at();
    List<Row> rows =
        sql.rows(
            statement,
            platform,
            from,
            day.plusDays(1).atStartOfDay(Periods.ZONE).toInstant(),
            from,
            after == null ? 0 : after.id(),
            limit);
    Place end =
        rows.size() < limit
            ? null
            : new Place(Rows.instant(rows.getLast(), "at"), rows.getLast().getLong("id"));
    return new Page(rows.stream().map(BillRepository::local).toList(), end);
  }

  /**
   * Which of the numbers a bill of the day has, or one of its neighbours: what happens around
   * midnight may be reckoned to either day.
   */
  Set<String> billed(
      Sql sql, String platform, LocalDate day, boolean refunds, Collection<String> numbers) {
    if (numbers.isEmpty()) {
      return Set.of();
    }
    String column = refunds ? "out_refund_no" : "transaction_id";
    List<Object> args = new ArrayList<>();
    args.add(platform);
    args.addAll(numbers);
    args.add(refunds ? "refund" : "payment");
    args.add(day.minusDays(1));
    args.add(day.plusDays(1));
    Set<String> found = new HashSet<>();
    sql.rows(
            "SELECT %s AS number FROM channel_bill_lines WHERE platform = ? AND %s IN (%s) AND kind = ? AND day BETWEEN ? AND ?"
                .formatted(column, column, Rows.marks(numbers.size())),
            args.toArray())
        .forEach(row -> found.add(row.getString("number")));
    return found;
  }

  private static LocalMoney local(Row row) {
    return new LocalMoney(
        row.getString("public_id"),
        row.getString("payment_public_id"),
        row.getString("trade_no"),
        row.getString("number"),
        row.getString("status"),
        row.getLong("held_fen"),
        row.getValue("received_fen") != null);
  }
}
