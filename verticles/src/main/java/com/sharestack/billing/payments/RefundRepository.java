package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.pricing.RefundPolicy.Policy;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.RefundStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Table refunds. */
public final class RefundRepository {

  private static final int ERROR_LENGTH = 200;

  static final String SELECT =
      """
      SELECT r.refund_id, r.public_id, r.payment_id, p.public_id AS payment_public_id, r.user_id,
        r.creator_id, r.kind, r.amount_fen, r.refund_type, r.reason, r.policy, r.operator_type,
        r.status, r.discount_fen, r.platform_fen, r.creator_fen, r.payment_method, r.out_refund_no,
        r.accepted_at, r.attempts, r.notify_user, r.reject_reason, r.estimated_arrival,
        r.processed_at, r.created_at
      FROM refunds r JOIN payments p ON p.payment_id = r.payment_id
      """;

  /** An earlier request with the same key. */
  public record Stored(String publicId, Buffer hash) {}

  public Optional<RefundRow> find(Sql sql, String publicId) {
    return sql.row(SELECT + "WHERE r.public_id = ?", publicId).map(RefundRepository::refund);
  }

  Optional<RefundRow> byRefundNo(Sql sql, String outRefundNo) {
    return sql.row(SELECT + "WHERE r.out_refund_no = ?", outRefundNo).map(RefundRepository::refund);
  }

  /** The refund of the payment that is under way; not locked. */
  public Optional<RefundRow> open(Sql sql, long paymentId) {
    return sql.row(SELECT + "WHERE r.payment_id = ? AND r.live_key = 1", paymentId)
        .map(RefundRepository::refund);
  }

  /** Locks the refund alone; its payment is locked before. */
  Optional<RefundRow> lock(Tx tx, long id) {
    tx.row("SELECT refund_id FROM refunds WHERE refund_id = ? FOR UPDATE", id);
    return tx.row(SELECT + "WHERE r.refund_id = ?", id).map(RefundRepository::refund);
  }

  /** Staff who started the refund; null when the payer or the system did. */
  Long requestedBy(Sql sql, long id) {
    return sql.row("SELECT requested_by FROM refunds WHERE refund_id = ?", id)
        .orElseThrow()
        .getLong("requested_by");
  }

  Optional<Stored> byIdempotencyKey(Sql sql, long userId, String key) {
    return sql.row(
            """
            SELECT public_id, request_hash FROM refunds WHERE user_id = ? AND idempotency_key = ?
            """,
            userId,
            key)
        .map(row -> new Stored(row.getString("public_id"), row.getBuffer("request_hash")));
  }

  /** Refunds that the payer asked for since, whatever became of them. */
  long asked(Sql sql, long userId, Instant since) {
    return sql.row(
            """
            SELECT COUNT(*) AS n FROM refunds
            WHERE user_id = ? AND created_at >= ? AND operator_type = 'manual'
            """,
            userId,
            since)
        .orElseThrow()
        .getLong("n");
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException the payment has a refund under way, or
   *     the key one
   */
  long insert(Tx tx, RefundRow row, IdempotencyKey idempotency, Instant nextAttempt) {
    return tx.insert(
        """
        INSERT INTO refunds (public_id, payment_id, user_id, creator_id, kind, amount_fen,
          refund_type, reason, policy, operator_type, status, payment_method, out_refund_no,
          next_attempt_at, notify_user, idempotency_key, request_hash, estimated_arrival,
          created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.publicId(),
        row.paymentId(),
        row.userId(),
        row.creatorId(),
        row.kind().name().toLowerCase(Locale.ROOT),
        row.amountFen(),
        row.full() ? "full" : "partial",
        row.reason(),
        row.policy().literal(),
        row.manual() ? "manual" : "system",
        row.status(),
        row.method(),
        row.outRefundNo(),
        nextAttempt,
        row.notifyUser(),
        idempotency.key(),
        idempotency.hash(),
        row.estimatedArrival(),
        row.createdAt(),
        row.createdAt());
  }

  /** Approved: the split is known, the channel may be told. */
  void approve(Tx tx, long id, RefundSplit split, Instant arrival, Instant now) {
    tx.update(
        """
        UPDATE refunds SET status = 'processing', discount_fen = ?, platform_fen = ?, creator_fen = ?,
          estimated_arrival = ?, next_attempt_at = ?, updated_at = ?
        WHERE refund_id = ?
        """,
        split.platformDiscountFen(),
        split.platformFen(),
        split.creatorFen(),
        arrival,
        now,
        now,
        id);
  }

  /** Staff decided; {@code amountFen} may be less than what was asked. */
  void decide(Tx tx, long id, long amountFen, boolean full, long staffId, Instant now) {
    tx.update(
        """
        UPDATE refunds SET amount_fen = ?, refund_type = ?, decided_by = ?, decided_at = ?,
          updated_at = ?
        WHERE refund_id = ?
        """,
        amountFen,
        full ? "full" : "partial",
        staffId,
        now,
        now,
        id);
  }

  /** A request that waits grows to all that is left: its order ended by a rule. */
  void enlarge(Tx tx, long id, long amountFen, boolean full, Policy policy, Instant now) {
    tx.update(
        """
        UPDATE refunds SET amount_fen = ?, refund_type = ?, policy = ?, decided_at = ?, updated_at = ?
        WHERE refund_id = ? AND status = 'pending'
        """,
        amountFen,
        full ? "full" : "partial",
        policy.literal(),
        now,
        now,
        id);
  }

  void reject(Tx tx, long id, String reason, Long staffId, Instant now) {
    tx.update(
        """
        UPDATE refunds SET status = 'rejected', reject_reason = ?, decided_by = COALESCE(?, decided_by),
          decided_at = ?, processed_at = ?, next_attempt_at = NULL, updated_at = ?
        WHERE refund_id = ?
        """,
        reason,
        staffId,
        now,
        now,
        now,
        id);
  }

  void succeed(Tx tx, long id, String channelRefundId, Instant doneAt, Instant now) {
    tx.update(
        """
        UPDATE refunds SET status = 'success', channel_refund_id = COALESCE(?, channel_refund_id),
          accepted_at = COALESCE(accepted_at, ?), processed_at = ?, next_attempt_at = NULL,
          last_error = NULL, updated_at = ?
        WHERE refund_id = ?
        """,
        channelRefundId,
        now,
        doneAt,
        now,
        id);
  }

  void fail(Tx tx, long id, String error, Instant now) {
    tx.update(
        """
        UPDATE refunds SET status = 'failed', last_error = ?, next_attempt_at = NULL, updated_at = ?
        WHERE refund_id = ?
        """,
        shortened(error),
        now,
        id);
  }

  /** Staff has it tried again under the same number. */
  void retry(Tx tx, long id, Instant now) {
    tx.update(
        """
        UPDATE refunds SET status = 'processing', attempts = 0, accepted_at = NULL,
          next_attempt_at = ?, updated_at = ?
        WHERE refund_id = ?
        """,
        now,
        now,
        id);
  }

  void accepted(Tx tx, long id, Instant now, Instant nextLook) {
    tx.update(
        """
        UPDATE refunds SET accepted_at = COALESCE(accepted_at, ?), next_attempt_at = ?,
          last_error = NULL, updated_at = ?
        WHERE refund_id = ? AND status = 'processing'
        """,
        now,
        nextLook,
        now,
        id);
  }

  void postpone(Sql sql, long id, Instant next, String error, Instant now) {
    sql.update(
        """
        UPDATE refunds SET next_attempt_at = ?, last_error = ?, updated_at = ?
        WHERE refund_id = ? AND status = 'processing'
        """,
        next,
        shortened(error),
        now,
        id);
  }

  /** Refunds whose channel must be told or asked now, taken until {@code until}. */
  List<RefundRow> claimDue(Tx tx, Instant now, Instant until, int limit) {
    List<Row> due =
        tx.rows(
            """
            SELECT refund_id FROM refunds WHERE next_attempt_at <= ?
            ORDER BY next_attempt_at, refund_id LIMIT ? FOR UPDATE SKIP LOCKED
            """,
            now,
            limit);
    if (due.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(until);
    due.forEach(row -> args.add(row.getLong("refund_id")));
    String marks = Rows.marks(due.size());
    tx.update(
        """
        UPDATE refunds SET next_attempt_at = ?,
          attempts = attempts + CASE WHEN accepted_at IS NULL THEN 1 ELSE 0 END
        WHERE refund_id IN (%s)
        """
            .formatted(marks),
        args.toArray());
    return tx
        .rows(
            SELECT + "WHERE r.refund_id IN (%s)".formatted(marks),
            args.subList(1, args.size()).toArray())
        .stream()
        .map(RefundRepository::refund)
        .toList();
  }

  private static String shortened(String text) {
    return text == null || text.length() <= ERROR_LENGTH ? text : text.substring(0, ERROR_LENGTH);
  }

  static RefundRow refund(Row row) {
    long amountFen = row.getLong("amount_fen");
    long platform = row.getLong("platform_fen");
    long creator = row.getLong("creator_fen");
    boolean approved = platform + creator > 0;
    return new RefundRow(
        row.getLong("refund_id"),
        row.getString("public_id"),
        row.getLong("payment_id"),
        row.getString("payment_public_id"),
        row.getLong("user_id"),
        row.getLong("creator_id"),
        RefundRow.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        amountFen,
        "full".equals(row.getString("refund_type")),
        row.getString("reason"),
        Policy.valueOf(row.getString("policy").toUpperCase(Locale.ROOT)),
        "manual".equals(row.getString("operator_type")),
        RefundStatus.of(row.getString("status")),
        approved
            ? new RefundSplit(amountFen, row.getLong("discount_fen"), platform, creator)
            : RefundSplit.NONE,
        PaymentMethod.of(row.getString("payment_method")),
        row.getString("out_refund_no"),
        Rows.instant(row, "accepted_at"),
        row.getInteger("attempts"),
        Rows.flag(row, "notify_user"),
        row.getString("reject_reason"),
        Rows.instant(row, "estimated_arrival"),
        Rows.instant(row, "processed_at"),
        Rows.instant(row, "created_at"));
  }
}
