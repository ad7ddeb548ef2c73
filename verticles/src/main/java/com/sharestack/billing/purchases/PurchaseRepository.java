package com.sharestack.billing.purchases;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.pricing.Price;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.PurchasePass;
import com.sharestack.contract.PurchaseStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Table purchases. Every change names the state it expects; the row is locked by its caller. */
final class PurchaseRepository {

  /** By article ids; by article alone the plan would read all buyers of a popular one. */
  static final String PASSES =
      """
      SELECT article_id, access_expires_at, opened_at
      FROM purchases FORCE INDEX (uk_purchases_live)
      WHERE user_id = ? AND article_id IN (%s) AND status IN ('active', 'expired')
      """;

  static final String DUE =
      """
      SELECT purchase_id FROM purchases WHERE next_transition_at <= ?
      ORDER BY next_transition_at, purchase_id LIMIT ? FOR UPDATE SKIP LOCKED
      """;

  static final String WITHDRAW =
      """
      UPDATE purchases SET unpaid_until = LEAST(unpaid_until, ?), next_transition_at = ?
      WHERE article_id = ? AND live_key = 1 AND status = 'pending_payment'
      """;

  static final String SELECT =
      """
      SELECT purchase_id, public_id, user_id, creator_id, article_id, article_title, content_type,
        cover_image, access_days, list_fen, coupon_fen, platform_discount_fen, coupon_code, status,
        unpaid_until, purchased_at, access_expires_at, opened_at, created_at
      FROM purchases
      """;

  /** An earlier request with the same key. */
  record Stored(String publicId, Buffer hash) {}

  Optional<PurchaseRow> find(Sql sql, String publicId) {
    return sql.row(SELECT + "WHERE public_id = ?", publicId).map(PurchaseRepository::purchase);
  }

  Optional<PurchaseRow> lock(Tx tx, String publicId) {
    return tx.row(SELECT + "WHERE public_id = ? FOR UPDATE", publicId)
        .map(PurchaseRepository::purchase);
  }

  /** Pending or active; not locked. */
  Optional<PurchaseRow> live(Sql sql, long userId, long articleId) {
    return sql.row(
            SELECT + "WHERE user_id = ? AND article_id = ? AND live_key = 1", userId, articleId)
        .map(PurchaseRepository::purchase);
  }

  Optional<PurchaseRow> lockLive(Tx tx, long userId, long articleId) {
    return tx.row(
            SELECT + "WHERE user_id = ? AND article_id = ? AND live_key = 1 FOR UPDATE",
            userId,
            articleId)
        .map(PurchaseRepository::purchase);
  }

  Optional<Stored> byIdempotencyKey(Sql sql, long userId, String key) {
    return sql.row(
            """
            SELECT public_id, request_hash FROM purchases
            WHERE user_id = ? AND idempotency_key = ?
            """,
            userId,
            key)
        .map(row -> new Stored(row.getString("public_id"), row.getBuffer("request_hash")));
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException the reader has a live purchase of the
   *     article, or the key was used at the same time
   */
  void insert(Tx tx, PurchaseRow row, IdempotencyKey idempotency) {
    tx.insert(
        """
        INSERT INTO purchases (public_id, user_id, creator_id, article_id, article_title,
          content_type, cover_image, access_days, list_fen, coupon_fen, platform_discount_fen,
          amount_fen, coupon_code, status, unpaid_until, purchased_at, access_expires_at,
          next_transition_at, idempotency_key, request_hash, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.publicId(),
        row.userId(),
        row.article().creatorId(),
        row.article().id(),
        row.article().title(),
        row.article().type(),
        row.article().coverImage(),
        row.article().accessDays(),
        row.price().listFen(),
        row.price().couponFen(),
        row.price().platformFen(),
        row.price().paidFen(),
        row.couponCode(),
        row.status(),
        row.unpaidUntil(),
        row.purchasedAt(),
        row.accessExpiresAt(),
        row.pending() ? row.unpaidUntil() : row.accessExpiresAt(),
        idempotency.key(),
        idempotency.hash(),
        row.createdAt(),
        row.createdAt());
  }

  /** New terms of an order that waits for its payment, which may leave nothing to pay. */
  void reprice(Tx tx, PurchaseRow row, Instant now) {
    requireOne(
        tx.update(
            """
            UPDATE purchases SET article_title = ?, content_type = ?, cover_image = ?,
              access_days = ?, list_fen = ?, coupon_fen = ?, platform_discount_fen = ?,
              amount_fen = ?, coupon_code = ?, status = ?, purchased_at = ?, access_expires_at = ?,
              next_transition_at = ?, updated_at = ?
            WHERE purchase_id = ? AND status = 'pending_payment'
            """,
            row.article().title(),
            row.article().type(),
            row.article().coverImage(),
            row.article().accessDays(),
            row.price().listFen(),
            row.price().couponFen(),
            row.price().platformFen(),
            row.price().paidFen(),
            row.couponCode(),
            row.status(),
            row.purchasedAt(),
            row.accessExpiresAt(),
            row.pending() ? row.unpaidUntil() : row.accessExpiresAt(),
            now,
            row.id()),
        row);
  }

  void activate(Tx tx, PurchaseRow row, Instant paidAt, Instant accessEnd, Instant now) {
    requireOne(
        tx.update(
            """
            UPDATE purchases SET status = 'active', purchased_at = ?, access_expires_at = ?,
              next_transition_at = ?, updated_at = ?
            WHERE purchase_id = ? AND status = 'pending_payment'
            """,
            paidAt,
            accessEnd,
            accessEnd,
            now,
            row.id()),
        row);
  }

  /** Ends a purchase; the row is in the state {@code row} says. */
  void end(Tx tx, PurchaseRow row, PurchaseStatus to, Instant now) {
    requireOne(
        tx.update(
            """
            UPDATE purchases SET status = ?, next_transition_at = NULL, updated_at = ?
            WHERE purchase_id = ? AND status = ?
            """,
            to,
            now,
            row.id(),
            row.status()),
        row);
  }

  /**
   * The refund that ended it was taken back.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException the reader has a live purchase of the
   *     article
   */
  void reopen(Tx tx, PurchaseRow row, Instant now) {
    requireOne(
        tx.update(
            """
            UPDATE purchases SET status = 'active', next_transition_at = access_expires_at, updated_at = ?
            WHERE purchase_id = ? AND status = 'refunded'
            """,
            now,
            row.id()),
        row);
  }

  private static void requireOne(int changed, PurchaseRow row) {
    if (changed != 1) {
      throw new IllegalStateException(row.publicId() + " changed under its lock");
    }
  }

  /** Open orders of an article that is no longer sold end at once. */
  int withdraw(Tx tx, long articleId, Instant now) {
    return tx.update(WITHDRAW, now, now, articleId);
  }

  /**
   * The buyer is handed the whole text.
   *
   * @return whether an active purchase stands
   */
  boolean markOpened(Sql sql, long userId, long articleId, Instant now) {
    return sql.update(
            """
            UPDATE purchases SET opened_at = COALESCE(opened_at, ?), updated_at = ?
            WHERE user_id = ? AND article_id = ? AND live_key = 1 AND status = 'active'
              AND (access_expires_at IS NULL OR access_expires_at > ?)
            """,
            now,
            now,
            userId,
            articleId,
            now)
        > 0;
  }

  /** By article, the longest one: paid and not refunded, ended ones too. */
  List<PurchasePass> passes(Sql sql, long userId, List<Long> articleIds) {
    List<Object> args = new ArrayList<>();
    args.add(userId);
    args.addAll(articleIds);
    Map<Long, PurchasePass> passes = new HashMap<>();
    for (Row row : sql.rows(PASSES.formatted(Rows.marks(articleIds.size())), args.toArray())) {
      PurchasePass pass =
          new PurchasePass(
              row.getLong("article_id"),
              Rows.instant(row, "access_expires_at"),
              row.getValue("opened_at") != null);
      passes.merge(pass.articleId(), pass, PurchaseRepository::longer);
    }
    return List.copyOf(passes.values());
  }

  private static PurchasePass longer(PurchasePass one, PurchasePass other) {
    if (one.expiresAt() == null) {
      return one;
    }
    return other.expiresAt() == null || other.expiresAt().isAfter(one.expiresAt()) ? other : one;
  }

  /** Rows whose time has come, taken until {@code until}. */
  List<PurchaseRow> claimDue(Tx tx, Instant now, Instant until, int limit) {
    List<Row> due = tx.rows(DUE, now, limit);
    if (due.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(until);
    due.forEach(row -> args.add(row.getLong("purchase_id")));
    String marks = Rows.marks(due.size());
    tx.update(
        "UPDATE purchases SET next_transition_at = ? WHERE purchase_id IN (%s)".formatted(marks),
        args.toArray());
    return tx
        .rows(
            SELECT + "WHERE purchase_id IN (%s)".formatted(marks),
            args.subList(1, args.size()).toArray())
        .stream()
        .map(PurchaseRepository::purchase)
        .toList();
  }

  private static PurchaseRow purchase(Row row) {
    return new PurchaseRow(
        row.getLong("purchase_id"),
        row.getString("public_id"),
        row.getLong("user_id"),
        new PurchaseRow.Article(
            row.getLong("article_id"),
            row.getLong("creator_id"),
            row.getString("article_title"),
            ContentType.of(row.getString("content_type")),
            row.getString("cover_image"),
            row.getInteger("access_days")),
        new Price(
            row.getLong("list_fen"),
            0,
            row.getLong("coupon_fen"),
            row.getLong("platform_discount_fen")),
        row.getString("coupon_code"),
        PurchaseStatus.of(row.getString("status")),
        Rows.instant(row, "unpaid_until"),
        Rows.instant(row, "purchased_at"),
        Rows.instant(row, "access_expires_at"),
        Rows.instant(row, "opened_at"),
        Rows.instant(row, "created_at"));
  }
}
