package com.sharestack.billing.payments;

import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.RefundStatus;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Payments and refunds as lists of staff: filtered, newest first, with sums. */
public final class FinanceListRepository {

  /** Sums reach so many of the newest rows of a filter and no further. */
  static final int MOST_SUMMED = 100_000;

  /** The journal that a fulfilled payment has, and no other. */
  private static final String FULFILLED =
      """
      EXISTS (SELECT 1 FROM ledger_journals j
        WHERE j.event_type = 'payment_completed' AND j.event_ref = p.public_id)
      """;

  /**
   * Null fields do not filter.
   *
   * @param q exact: pay_ id, our number at the channel, or the channel's
   * @param from first moment of creation
   * @param until first moment after
   */
  public record PaymentFilter(
      String q,
      PaymentStatus status,
      String method,
      PaymentOrderType orderType,
      PaymentPurpose purpose,
      Long payerId,
      Long creatorId,
      Long minFen,
      Long maxFen,
      boolean unfulfilled,
      Instant from,
      Instant until) {}

  /** Null fields do not filter. */
  public record RefundFilter(
      RefundStatus status,
      String policy,
      String method,
      String paymentId,
      Long payerId,
      Long creatorId,
      Instant from,
      Instant until) {}

  /** A payment, and whether its sale was booked. */
  public record PaymentEntry(PaymentRow row, boolean fulfilled) {}

  /**
   * A refund as staff sees it.
   *
   * @param receivedFen of the payment
   * @param refundedBeforeFen by earlier refunds of the payment
   * @param decidedBy staff; null when nobody had to decide
   */
  public record RefundEntry(
      RefundRow row,
      long receivedFen,
      long refundedBeforeFen,
      Long decidedBy,
      String channelRefundId) {}

  /**
   * Of a whole filter.
   *
   * @param backFen refunded, for payments
   */
  public record Sums(long count, long fen, long backFen) {}

  public List<PaymentEntry> payments(Sql sql, PaymentFilter filter, int limit, long offset) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(limit);
    args.add(offset);
    return sql
        .rows(
            PaymentRepository.SELECT.replace(
                    "p.created_at", "p.created_at, " + FULFILLED + " AS ok")
                + where
                + " ORDER BY p.created_at DESC, p.payment_id DESC LIMIT ? OFFSET ?",
            args.toArray())
        .stream()
        .map(row -> new PaymentEntry(PaymentRepository.payment(row), row.getInteger("ok") != 0))
        .toList();
  }

  public Sums paymentSums(Sql sql, PaymentFilter filter) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(MOST_SUMMED);
    return sums(
        sql,
        """
        SELECT p.amount_fen AS fen, p.refunded_fen AS back_fen FROM payments p %s
        ORDER BY p.created_at DESC, p.payment_id DESC LIMIT ?
        """
            .formatted(where),
        args);
  }

  private static String where(PaymentFilter filter, List<Object> args) {
    Where where = new Where(args);
    if (filter.q() != null) {
      where.all("(p.public_id = ? OR p.out_trade_no = ? OR p.transaction_id = ?)", filter.q(), 3);
    }
    where.one("p.status = ?", filter.status());
    where.one("p.payment_method = ?", filter.method());
    where.one("p.order_type = ?", filter.orderType());
    where.one("p.purpose = ?", filter.purpose());
    where.one("p.user_id = ?", filter.payerId());
    where.one("p.creator_id = ?", filter.creatorId());
    where.one("p.amount_fen >= ?", filter.minFen());
    where.one("p.amount_fen <= ?", filter.maxFen());
    where.one("p.created_at >= ?", filter.from());
    where.one("p.created_at < ?", filter.until());
    if (filter.unfulfilled()) {
      where.plain("p.status = 'completed' AND NOT " + FULFILLED);
    }
    return where.text();
  }

  public List<RefundEntry> refunds(Sql sql, RefundFilter filter, int limit, long offset) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(limit);
    args.add(offset);
    return sql
        .rows(
            entries(where + " ORDER BY r.created_at DESC, r.refund_id DESC LIMIT ? OFFSET ?"),
            args.toArray())
        .stream()
        .map(FinanceListRepository::entry)
        .toList();
  }

  public RefundEntry refund(Sql sql, String publicId) {
    return sql.row(entries("WHERE r.public_id = ?"), publicId)
        .map(FinanceListRepository::entry)
        .orElseThrow();
  }

  private static String entries(String rest) {
    return RefundRepository.SELECT.replace(
            "r.created_at",
            """
            r.created_at, r.decided_by, r.channel_refund_id,
              COALESCE(p.received_fen, p.amount_fen) AS received_fen,
              (SELECT CAST(COALESCE(SUM(b.amount_fen), 0) AS SIGNED) FROM refunds b
                WHERE b.payment_id = r.payment_id AND b.refund_id < r.refund_id AND b.status = 'success')
                AS before_fen
            """)
        + rest;
  }

  private static RefundEntry entry(Row row) {
    return new RefundEntry(
        RefundRepository.refund(row),
        row.getLong("received_fen"),
        row.getLong("before_fen"),
        row.getLong("decided_by"),
        row.getString("channel_refund_id"));
  }

  public Sums refundSums(Sql sql, RefundFilter filter) {
    List<Object> args = new ArrayList<>();
    String where = where(filter, args);
    args.add(MOST_SUMMED);
    return sums(
        sql,
        """
        SELECT r.amount_fen AS fen, 0 AS back_fen FROM refunds r JOIN payments p ON p.payment_id = r.payment_id %s
        ORDER BY r.created_at DESC, r.refund_id DESC LIMIT ?
        """
            .formatted(where),
        args);
  }

  private static String where(RefundFilter filter, List<Object> args) {
    Where where = new Where(args);
    where.one("r.status = ?", filter.status());
    where.one("r.policy = ?", filter.policy());
    where.one("r.payment_method = ?", filter.method());
    where.one("p.public_id = ?", filter.paymentId());
    where.one("r.user_id = ?", filter.payerId());
    where.one("r.creator_id = ?", filter.creatorId());
    where.one("r.created_at >= ?", filter.from());
    where.one("r.created_at < ?", filter.until());
    return where.text();
  }

  private static Sums sums(Sql sql, String newest, List<Object> args) {
    Row row =
        sql.row(
                """
                SELECT COUNT(*) AS n, CAST(COALESCE(SUM(s.fen), 0) AS SIGNED) AS fen,
                  CAST(COALESCE(SUM(s.back_fen), 0) AS SIGNED) AS back_fen
                FROM (%s) s
                """
                    .formatted(newest),
                args.toArray())
            .orElseThrow();
    return new Sums(row.getLong("n"), row.getLong("fen"), row.getLong("back_fen"));
  }

  /** Conditions joined by AND, with their arguments in the same order. */
  private static final class Where {
    private final List<Object> args;
    private final List<String> conditions = new ArrayList<>();

    Where(List<Object> args) {
      this.args = args;
    }

    void one(String condition, Object value) {
      if (value != null) {
        all(condition, value, 1);
      }
    }

    void all(String condition, Object value, int times) {
      conditions.add(condition);
      for (int i = 0; i < times; i++) {
        args.add(value);
      }
    }

    void plain(String condition) {
      conditions.add(condition);
    }

    String text() {
      return conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    }
  }
}
