package com.sharestack.billing.earnings;

import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.ids.Ids;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** Tables earning_lines and earning_days, as payments and refunds write them. */
final class EarningLineRepository {

  private static final int ID_LETTERS = 12;

  private static final String INSERT_SALE =
      """
      INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, payer_id, anonymous, income, purpose,
        order_id, payment_id, plan_id, plan_name, article_id, article_title, payment_method, paid_fen,
        platform_discount_fen, platform_fen, rest_fen, creator_share_fen, rule_id, platform_fee_rate,
        creator_share_rate, processed_at, hold_until, created_at)
      VALUES (?, 'sale', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE kind = VALUES(kind)
      """;

  /** A line as its follow-ups need it; amounts of refunds are below zero. */
  record Stored(
      long id,
      String ref,
      Long saleId,
      boolean completed,
      long creatorId,
      Income income,
      long paidFen,
      long platformFen,
      long shareFen) {}

  /**
   * Two writers of one event wait for each other here and then both hold the row's lock: a plain
   * insert that meets the key would leave them with shared locks and the next update deadlocked.
   *
   * @return false when the event has a line already
   */
  boolean insertSale(Tx tx, Sale sale, String status, Instant now) {
    String publicId = Ids.random("txn_", ID_LETTERS);
    tx.update(
        INSERT_SALE,
        publicId,
        sale.ref(),
        status,
        sale.creatorId(),
        sale.payerId(),
        sale.anonymous() ? 1 : 0,
        word(sale.income()),
        sale.purpose(),
        sale.orderId(),
        sale.paymentId(),
        sale.item().planId(),
        sale.item().planName(),
        sale.item().articleId(),
        sale.item().articleTitle(),
        sale.method(),
        sale.shares().paidFen(),
        sale.shares().platformDiscountFen(),
        sale.shares().platformFen(),
        sale.shares().restFen(),
        sale.shares().creatorShareFen(),
        sale.ruleId(),
        sale.rates().platformFee(),
        sale.rates().creatorShare(),
        sale.processedAt(),
        sale.holdUntil(),
        now);
    return tx.row("SELECT public_id FROM earning_lines WHERE kind = 'sale' AND ref = ?", sale.ref())
        .orElseThrow()
        .getString("public_id")
        .equals(publicId);
  }

  /**
   * The payment that was on its way, or had failed, is completed.
   *
   * @return false when it was completed before
   */
  boolean complete(Tx tx, Sale sale) {
    return tx.update(
            """
            UPDATE earning_lines
            SET status = 'completed', paid_fen = ?, platform_discount_fen = ?, platform_fen = ?, rest_fen = ?,
              creator_share_fen = ?, rule_id = ?, platform_fee_rate = ?, creator_share_rate = ?, processed_at = ?,
              hold_until = ?
            WHERE kind = 'sale' AND ref = ? AND status <> 'completed'
            """,
            sale.shares().paidFen(),
            sale.shares().platformDiscountFen(),
            sale.shares().platformFen(),
            sale.shares().restFen(),
            sale.shares().creatorShareFen(),
            sale.ruleId(),
            sale.rates().platformFee(),
            sale.rates().creatorShare(),
            sale.processedAt(),
            sale.holdUntil(),
            sale.ref())
        == 1;
  }

  void markFailed(Tx tx, String ref, Instant at) {
    tx.update(
        """
        UPDATE earning_lines SET status = 'failed', processed_at = ?
        WHERE kind = 'sale' AND ref = ? AND status = 'pending'
        """,
        at,
        ref);
  }

  void deletePending(Tx tx, String ref) {
    tx.update(
        "DELETE FROM earning_lines WHERE kind = 'sale' AND ref = ? AND status = 'pending'", ref);
  }

  Optional<Stored> lockSale(Tx tx, String ref) {
    return lock(tx, "sale", ref);
  }

  Optional<Stored> lockRefund(Tx tx, String ref) {
    return lock(tx, "refund", ref);
  }

  private static Optional<Stored> lock(Tx tx, String kind, String ref) {
    return tx.row(
            """
            SELECT line_id, ref, sale_line_id, status, creator_id, income, paid_fen, platform_fen, creator_share_fen
            FROM earning_lines WHERE kind = ? AND ref = ? FOR UPDATE
            """,
            kind,
            ref)
        .map(EarningLineRepository::stored);
  }

  /** Who paid for what is copied from the sale. */
  boolean insertRefund(
      Tx tx,
      String ref,
      Stored sale,
      RefundSplit split,
      CreatorPart from,
      boolean confirmed,
      Instant at,
      Instant now) {
    try {
      tx.insert(
          """
          INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, payer_id, anonymous, income, purpose,
            order_id, payment_id, sale_line_id, plan_id, plan_name, article_id, article_title, payment_method,
            paid_fen, platform_discount_fen, platform_fen, creator_share_fen, from_pending_fen, from_available_fen,
            from_debt_fen, rule_id, platform_fee_rate, creator_share_rate, processed_at, created_at)
          SELECT ?, 'refund', ?, ?, creator_id, payer_id, anonymous, income, purpose, order_id, payment_id, line_id,
            plan_id, plan_name, article_id, article_title, payment_method, ?, ?, ?, ?, ?, ?, ?, rule_id,
            platform_fee_rate, creator_share_rate, ?, ?
          FROM earning_lines WHERE line_id = ?
          """,
          Ids.random("txn_", ID_LETTERS),
          ref,
          confirmed ? "completed" : "pending",
          -split.refundFen(),
          -split.platformDiscountFen(),
          -split.platformFen(),
          -split.creatorFen(),
          from.pendingFen(),
          from.availableFen(),
          from.debtFen(),
          at,
          now,
          sale.id());
      return true;
    } catch (DuplicateKeyException known) {
      return false;
    }
  }

  boolean insertReversal(Tx tx, Stored refund, Instant at, Instant now) {
    try {
      tx.insert(
          """
          INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, payer_id, anonymous, income, purpose,
            order_id, payment_id, sale_line_id, plan_id, plan_name, article_id, article_title, payment_method,
            paid_fen, platform_discount_fen, platform_fen, creator_share_fen, rule_id, platform_fee_rate,
            creator_share_rate, processed_at, created_at)
          SELECT ?, 'reversal', ref, 'completed', creator_id, payer_id, anonymous, income, purpose, order_id,
            payment_id, sale_line_id, plan_id, plan_name, article_id, article_title, payment_method, -paid_fen,
            -platform_discount_fen, -platform_fen, -creator_share_fen, rule_id, platform_fee_rate,
            creator_share_rate, ?, ?
          FROM earning_lines WHERE line_id = ?
          """,
          Ids.random("txn_", ID_LETTERS),
          at,
          now,
          refund.id());
      return true;
    } catch (DuplicateKeyException known) {
      return false;
    }
  }

  /**
   * @param fen below zero when a refund is undone
   * @return false when more would be refunded than was paid
   */
  boolean addRefunded(Tx tx, long saleId, long fen) {
    return tx.update(
            """
            UPDATE earning_lines SET refunded_fen = refunded_fen + ?
            WHERE line_id = ? AND refunded_fen + ? BETWEEN 0 AND paid_fen
            """,
            fen,
            saleId,
            fen)
        == 1;
  }

  void confirmRefund(Tx tx, String ref) {
    tx.update(
        """
        UPDATE earning_lines SET status = 'completed'
        WHERE kind = 'refund' AND ref = ? AND status = 'pending'
        """,
        ref);
  }

  void failRefund(Tx tx, long id) {
    tx.update("UPDATE earning_lines SET status = 'failed' WHERE line_id = ?", id);
  }

  void lockDay(Tx tx, long creatorId, LocalDate day) {
    tx.update(
        """
        INSERT INTO earning_days (creator_id, day) VALUES (?, ?)
        ON DUPLICATE KEY UPDATE creator_id = VALUES(creator_id)
        """,
        creatorId,
        day);
  }

  void addToDay(Tx tx, LocalDate day, DayChange change) {
    tx.update(
        """
        INSERT INTO earning_days (creator_id, day, subscription_fen, one_time_fen, tip_fen, platform_fen, share_fen,
          sale_count, refund_count)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE subscription_fen = subscription_fen + VALUES(subscription_fen),
          one_time_fen = one_time_fen + VALUES(one_time_fen), tip_fen = tip_fen + VALUES(tip_fen),
          platform_fen = platform_fen + VALUES(platform_fen), share_fen = share_fen + VALUES(share_fen),
          sale_count = sale_count + VALUES(sale_count), refund_count = refund_count + VALUES(refund_count)
        """,
        change.creatorId(),
        day,
        change.fenOf(Income.SUBSCRIPTION),
        change.fenOf(Income.ONE_TIME),
        change.fenOf(Income.TIP),
        change.platformFen(),
        change.shareFen(),
        change.sales(),
        change.refunds());
  }

  static String word(Income income) {
    return income.name().toLowerCase(Locale.ROOT);
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.getLong("line_id"),
        row.getString("ref"),
        row.getLong("sale_line_id"),
        "completed".equals(row.getString("status")),
        row.getLong("creator_id"),
        Income.valueOf(row.getString("income").toUpperCase(Locale.ROOT)),
        row.getLong("paid_fen"),
        row.getLong("platform_fen"),
        row.getLong("creator_share_fen"));
  }
}
