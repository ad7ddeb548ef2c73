package com.sharestack.billing.reconciliation;

import com.sharestack.billing.pricing.Periods;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Payments of a day beside what the journal, the earning lines and the refunds say of them. */
final class InternalRepository {

  /** Most orphans listed; more of them are one disaster. */
  private static final int MOST_ORPHANS = 100;

  /**
   * A payment that received money.
   *
   * @param journals that receipts of its kind post; there must be one
   * @param platformFeeRate in ten-thousandths, null where nothing was sold
   */
  record Sold(
      BillRepository.Place place,
      String publicId,
      long journals,
      long paidFen,
      long discountFen,
      long platformFeeFen,
      long shareFen,
      Integer platformFeeRate,
      Integer creatorShareRate,
      long refundedFen,
      long reservedFen,
      long refundsDoneFen,
      long refundsClaimedFen) {}

  record Orphan(String ref, long fen) {}

  List<Sold> soldOn(Sql sql, String method, LocalDate day, BillRepository.Place after, int limit) {
    Instant from = after == null ? start(day) : after.at();
    return sql
        .rows(
            """
            SELECT p.payment_id, p.public_id, p.paid_at, p.amount_fen, p.platform_discount_fen,
              p.platform_fee_fen, p.creator_share_fen, p.refunded_fen, p.reserved_fen,
              e.platform_fee_rate, e.creator_share_rate,
              (SELECT COUNT(*) FROM ledger_journals j WHERE j.event_type = CASE
                  WHEN p.received_fen IS NOT NULL THEN 'amount_mismatch'
                  WHEN p.late = 1 THEN 'late_or_duplicate_payment' ELSE 'payment_completed' END
                AND j.event_ref = CASE WHEN p.received_fen IS NOT NULL OR p.late = 1
                  THEN CONCAT(p.payment_method, ':', p.transaction_id) ELSE p.public_id END) AS journals,
              (SELECT CAST(COALESCE(SUM(r.amount_fen), 0) AS SIGNED) FROM refunds r
                WHERE r.payment_id = p.payment_id AND r.status = 'success') AS done_fen,
              (SELECT CAST(COALESCE(SUM(r.amount_fen), 0) AS SIGNED) FROM refunds r
                WHERE r.payment_id = p.payment_id AND r.status <> 'rejected') AS claimed_fen
            FROM payments p LEFT JOIN earning_lines e ON e.kind = 'sale' AND e.ref = p.public_id
            WHERE p.payment_method = ? AND p.paid_at >= ? AND p.paid_at < ? AND p.transaction_id IS NOT NULL
              AND (p.paid_at > ? OR p.payment_id > ?)
            ORDER BY p.paid_at, p.payment_id LIMIT ?
            """,
            method,
            from,
            start(day.plusDays(1)),
            from,
            after == null ? 0 : after.id(),
            limit)
        .stream()
        .map(InternalRepository::sold)
        .toList();
  }

  /** Receipts posted on the day, whose payment does not say that money came. */
  List<Orphan> orphansOn(Sql sql, LocalDate day) {
    return sql
        .rows(
            """
            SELECT j.event_ref, l.amount_fen FROM ledger_accounts a
            JOIN ledger_lines l ON l.account_id = a.account_id AND l.posted_at >= ? AND l.posted_at < ?
            JOIN ledger_journals j ON j.journal_id = l.journal_id AND j.event_type = 'payment_completed'
            LEFT JOIN payments p ON p.public_id = j.event_ref
              AND p.status IN ('completed', 'partial_refunded', 'refunded') AND p.late = 0
            WHERE a.code = 'channel_receivable' AND l.direction = 'D' AND p.payment_id IS NULL
            ORDER BY j.journal_id LIMIT ?
            """,
            start(day),
            start(day.plusDays(1)),
            MOST_ORPHANS)
        .stream()
        .map(row -> new Orphan(row.getString("event_ref"), row.getLong("amount_fen")))
        .toList();
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(Periods.ZONE).toInstant();
  }

  private static Sold sold(Row row) {
    return new Sold(
        new BillRepository.Place(Rows.instant(row, "paid_at"), row.getLong("payment_id")),
        row.getString("public_id"),
        row.getLong("journals"),
        row.getLong("amount_fen"),
        row.getLong("platform_discount_fen"),
        row.getLong("platform_fee_fen"),
        row.getLong("creator_share_fen"),
        row.getInteger("platform_fee_rate"),
        row.getInteger("creator_share_rate"),
        row.getLong("refunded_fen"),
        row.getLong("reserved_fen"),
        row.getLong("done_fen"),
        row.getLong("claimed_fen"));
  }
}
