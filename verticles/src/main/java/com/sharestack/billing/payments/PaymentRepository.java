package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.rails.Placed;
import com.sharestack.billing.rails.Product;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Table payments. */
public final class PaymentRepository {

  static final String SELECT =
      """
      SELECT p.payment_id, p.public_id, p.user_id, p.creator_id, p.order_type, p.order_id, p.purpose,
        p.plan_id, p.article_id, p.period_start, p.duplicate_of, p.list_fen, p.promotion_fen,
        p.coupon_fen, p.platform_discount_fen, p.amount_fen, p.platform_fee_fen, p.creator_share_fen,
        p.rest_fen, p.channel_fee_fen, p.received_fen, p.reserved_fen, p.refunded_fen, p.returned_fen,
        p.returned_discount_fen, p.returned_platform_fen, p.returned_creator_fen, p.status,
        p.failure_code, p.late, p.payment_method, p.product,
        COALESCE((SELECT o.out_trade_no FROM payments o WHERE o.payment_id = p.duplicate_of), p.out_trade_no) AS trade_no,
        p.transaction_id, p.placed, p.description, p.return_url, p.openid, p.payer_ip, p.expires_at,
        p.paid_at, p.created_at
      FROM payments p
      """;

  /** An earlier request with the same key: the row it made and the hash of what was asked. */
  public record Stored(String publicId, Buffer hash) {}

  public Optional<PaymentRow> find(Sql sql, String publicId) {
    return sql.row(SELECT + "WHERE p.public_id = ?", publicId).map(PaymentRepository::payment);
  }

  Optional<PaymentRow> byTradeNo(Sql sql, String outTradeNo) {
    return sql.row(SELECT + "WHERE p.out_trade_no = ?", outTradeNo).map(PaymentRepository::payment);
  }

  Optional<PaymentRow> byTransaction(Sql sql, PaymentMethod method, String transactionId) {
    return sql.row(
            SELECT + "WHERE p.payment_method = ? AND p.transaction_id = ?", method, transactionId)
        .map(PaymentRepository::payment);
  }

  public Optional<PaymentRow> lock(Tx tx, long id) {
    return tx.row(SELECT + "WHERE p.payment_id = ? FOR UPDATE", id).map(PaymentRepository::payment);
  }

  /** The one payment of the order that still waits for money; not locked. */
  public Optional<PaymentRow> open(Sql sql, String orderId) {
    return sql.row(SELECT + "WHERE p.order_id = ? AND p.live_key = 1", orderId)
        .map(PaymentRepository::payment);
  }

  /** The newest payment of the order, duplicates left out. */
  public Optional<PaymentRow> last(Sql sql, String orderId) {
    return sql.row(
            SELECT
                + """
                WHERE p.order_id = ? AND p.duplicate_of IS NULL
                ORDER BY p.payment_id DESC LIMIT 1
                """,
            orderId)
        .map(PaymentRepository::payment);
  }

  public Optional<Stored> byIdempotencyKey(Sql sql, long userId, String scope, String key) {
    return sql.row(
            """
            SELECT public_id, request_hash FROM payments
            WHERE user_id = ? AND idempotency_scope = ? AND idempotency_key = ?
            """,
            userId,
            scope,
            key)
        .map(row -> new Stored(row.getString("public_id"), row.getBuffer("request_hash")));
  }

  /**
   * @param scope operation and target that the key belongs to; null without key
   * @throws com.sharestack.platform.db.DuplicateKeyException the order has an open payment, the
   *     period a renewal, or the key a payment
   */
  long insert(Tx tx, PaymentRow row, String scope, IdempotencyKey idempotency, Instant nextCheck) {
    return tx.insert(
        """
        INSERT INTO payments (public_id, user_id, creator_id, order_type, order_id, purpose, plan_id,
          article_id, period_start, duplicate_of, list_fen, promotion_fen, coupon_fen,
          platform_discount_fen, amount_fen, platform_fee_fen, creator_share_fen, rest_fen,
          channel_fee_fen, status, late, payment_method, product, out_trade_no, transaction_id,
          description, return_url, openid, payer_ip, idempotency_scope, idempotency_key,
          request_hash, expires_at, paid_at, next_check_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
          ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.publicId(),
        row.userId(),
        row.creatorId(),
        row.order().type(),
        row.order().id(),
        row.order().purpose(),
        row.order().planId(),
        row.order().articleId(),
        row.order().periodStart(),
        row.duplicateOf(),
        row.price().listFen(),
        row.price().promotionFen(),
        row.price().couponFen(),
        row.price().platformFen(),
        row.amountFen(),
        row.shares().platformFeeFen(),
        row.shares().creatorShareFen(),
        row.shares().restFen(),
        row.channelFeeFen(),
        row.status(),
        row.late(),
        row.choice().method(),
        row.choice().product().name(),
        row.tradeNo(),
        row.transactionId(),
        row.description(),
        row.choice().returnUrl(),
        row.choice().openid(),
        row.choice().payerIp(),
        idempotency.present() ? scope : null,
        idempotency.key(),
        idempotency.hash(),
        row.expiresAt(),
        row.paidAt(),
        nextCheck,
        row.createdAt(),
        row.createdAt());
  }

  void storePlaced(Sql sql, long id, Placed placed, Instant now) {
    JsonObject stored =
        new JsonObject()
            .put("qrCode", placed.qrCode())
            .put("payUrl", placed.payUrl())
            .put("prepayId", placed.prepayId())
            .put("orderString", placed.orderString())
            .put("clientParams", new JsonObject(Map.copyOf(placed.clientParams())));
    sql.update(
        "UPDATE payments SET placed = ?, updated_at = ? WHERE payment_id = ?", stored, now, id);
  }

  /** A transition as {@link PaymentMachine} gave it; the row is locked. */
  void move(
      Tx tx,
      PaymentRow row,
      PaymentMachine.Transition transition,
      PaymentFailureCode failure,
      Instant now) {
    int found =
        tx.update(
            """
            UPDATE payments SET status = ?, late = GREATEST(late, ?), failure_code = ?,
              next_check_at = CASE WHEN ? THEN next_check_at END, updated_at = ?
            WHERE payment_id = ? AND status = ?
            """,
            transition.to(),
            transition.late(),
            failure,
            PaymentMachine.isOpen(transition.to()),
            now,
            row.id(),
            row.status());
    if (found != 1) {
      throw new IllegalStateException(row.publicId() + " changed under its lock");
    }
  }

  /** What the channel said of the money; the row is locked. */
  void storeReceipt(Tx tx, long id, String transactionId, Instant paidAt, Long receivedFen) {
    tx.update(
        """
        UPDATE payments SET transaction_id = ?, paid_at = ?, received_fen = ? WHERE payment_id = ?
        """,
        transactionId,
        paidAt,
        receivedFen,
        id);
  }

  void addReserved(Tx tx, long id, long fen) {
    tx.update("UPDATE payments SET reserved_fen = reserved_fen + ? WHERE payment_id = ?", fen, id);
  }

  void addReturned(Tx tx, long id, RefundSplit split, int sign) {
    tx.update(
        """
        UPDATE payments SET returned_fen = returned_fen + ?,
          returned_discount_fen = returned_discount_fen + ?,
          returned_platform_fen = returned_platform_fen + ?,
          returned_creator_fen = returned_creator_fen + ?
        WHERE payment_id = ?
        """,
        sign * split.refundFen(),
        sign * split.platformDiscountFen(),
        sign * split.platformFen(),
        sign * split.creatorFen(),
        id);
  }

  void addRefunded(Tx tx, long id, long fen, Instant now) {
    tx.update(
        "UPDATE payments SET refunded_fen = refunded_fen + ?, updated_at = ? WHERE payment_id = ?",
        fen,
        now,
        id);
  }

  /**
   * Its payer is changing the method: until then its end at the channel is our own doing.
   *
   * @return whether it waits for the payer
   */
  boolean markReplacing(Sql sql, long id, Instant until) {
    return sql.update(
            "UPDATE payments SET replacing_until = ? WHERE payment_id = ? AND status = 'pending'",
            until,
            id)
        == 1;
  }

  boolean isReplacing(Sql sql, long id, Instant now) {
    return sql.row("SELECT 1 FROM payments WHERE payment_id = ? AND replacing_until > ?", id, now)
        .isPresent();
  }

  /** Takes the right to ask the channel for the payer, once per {@code since}. */
  boolean claimConfirm(Sql sql, long id, Instant now, Instant since) {
    return sql.update(
            """
            UPDATE payments SET confirmed_at = ?
            WHERE payment_id = ? AND (confirmed_at IS NULL OR confirmed_at <= ?)
            """,
            now,
            id,
            since)
        == 1;
  }

  /** Payments the channel must be asked about, taken until {@code until}. */
  List<PaymentRow> claimDue(Tx tx, Instant now, Instant until, int limit) {
    List<Row> due =
        tx.rows(
            """
            SELECT payment_id FROM payments WHERE next_check_at <= ?
            ORDER BY next_check_at, payment_id LIMIT ? FOR UPDATE SKIP LOCKED
            """,
            now,
            limit);
    if (due.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(until);
    due.forEach(row -> args.add(row.getLong("payment_id")));
    String marks = Rows.marks(due.size());
    tx.update(
        "UPDATE payments SET next_check_at = ?, checks = checks + 1 WHERE payment_id IN (%s)"
            .formatted(marks),
        args.toArray());
    return tx
        .rows(
            SELECT + "WHERE p.payment_id IN (%s)".formatted(marks),
            args.subList(1, args.size()).toArray())
        .stream()
        .map(PaymentRepository::payment)
        .toList();
  }

  /** When an open payment is looked at next; never later than its end. */
  void checkAgain(Sql sql, long id, Instant at) {
    sql.update(
        """
        UPDATE payments SET next_check_at = CASE WHEN expires_at > ? THEN LEAST(?, expires_at) ELSE ? END
        WHERE payment_id = ? AND live_key = 1
        """,
        at,
        at,
        at,
        id);
  }

  /** Payments and their sum that the payer opened since; what he gave up counts too. */
  Recent recent(Sql sql, long userId, Instant since) {
    Row row =
        sql.row(
                """
                SELECT COUNT(*) AS n, COALESCE(SUM(amount_fen), 0) AS fen FROM payments
                WHERE user_id = ? AND created_at >= ?
                """,
                userId,
                since)
            .orElseThrow();
    return new Recent(row.getLong("n"), row.getNumeric("fen").longValue());
  }

  record Recent(long count, long fen) {}

  static PaymentRow payment(Row row) {
    String failure = row.getString("failure_code");
    JsonObject placed = Rows.json(row, "placed");
    return new PaymentRow(
        row.getLong("payment_id"),
        row.getString("public_id"),
        row.getLong("user_id"),
        row.getLong("creator_id"),
        new OrderRef(
            PaymentOrderType.of(row.getString("order_type")),
            row.getString("order_id"),
            PaymentPurpose.of(row.getString("purpose")),
            row.getLong("plan_id"),
            row.getLong("article_id"),
            Rows.instant(row, "period_start")),
        new Price(
            row.getLong("list_fen"),
            row.getLong("promotion_fen"),
            row.getLong("coupon_fen"),
            row.getLong("platform_discount_fen")),
        new Shares(
            row.getLong("amount_fen"),
            row.getLong("platform_discount_fen"),
            row.getLong("platform_fee_fen"),
            row.getLong("creator_share_fen"),
            row.getLong("rest_fen")),
        row.getLong("channel_fee_fen"),
        PaymentStatus.of(row.getString("status")),
        failure == null ? null : PaymentFailureCode.of(failure),
        Rows.flag(row, "late"),
        row.getLong("duplicate_of"),
        new Choice(
            PaymentMethod.of(row.getString("payment_method")),
            Product.valueOf(row.getString("product")),
            row.getString("return_url"),
            row.getString("openid"),
            row.getString("payer_ip")),
        row.getString("trade_no"),
        row.getString("transaction_id"),
        placed == null ? null : placed(placed),
        row.getString("description"),
        row.getLong("received_fen"),
        row.getLong("reserved_fen"),
        row.getLong("refunded_fen"),
        new RefundSplit(
            row.getLong("returned_fen"),
            row.getLong("returned_discount_fen"),
            row.getLong("returned_platform_fen"),
            row.getLong("returned_creator_fen")),
        Rows.instant(row, "expires_at"),
        Rows.instant(row, "paid_at"),
        Rows.instant(row, "created_at"));
  }

  private static Placed placed(JsonObject stored) {
    Map<String, String> params = new java.util.LinkedHashMap<>();
    stored
        .getJsonObject("clientParams", new JsonObject())
        .forEach(entry -> params.put(entry.getKey(), (String) entry.getValue()));
    return new Placed(
        stored.getString("qrCode"),
        stored.getString("payUrl"),
        stored.getString("prepayId"),
        params,
        stored.getString("orderString"));
  }
}
