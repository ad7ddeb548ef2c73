package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/**
 * Table subscription_periods: what was paid for which time. The subscription is locked by callers.
 */
final class PeriodRepository {

  private static final String SELECT =
      """
      SELECT d.period_id, d.plan_id, p.billing_cycle, p.price_fen > 0 AS plan_priced, d.period_start,
        d.period_end, d.price_fen, d.paid_fen, d.payment_id, d.base_payment_id,
        d.returned_before_fen
      FROM subscription_periods d JOIN plans p ON p.plan_id = d.plan_id
      """;

  /**
   * One period.
   *
   * @param end null: without end
   * @param priceFen locked price
   * @param paidFen really charged for it, with upgrade charges and credits moved into it
   * @param paymentId that opened it; null when nothing was due
   * @param baseId the initial or renewal payment whose money it lives on; null for none
   * @param returnedBeforeFen given back of that money before the period began
   */
  record Period(
      long id,
      long planId,
      BillingCycle cycle,
      boolean planPriced,
      Instant start,
      Instant end,
      long priceFen,
      long paidFen,
      String paymentId,
      String baseId,
      long returnedBeforeFen) {}

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException the subscription has a period that
   *     starts then
   */
  void insert(
      Tx tx,
      long subscriptionId,
      long planId,
      Instant start,
      Instant end,
      long priceFen,
      long paidFen,
      String paymentId,
      String baseId,
      long returnedBeforeFen,
      Instant now) {
    tx.insert(
        """
        INSERT INTO subscription_periods (subscription_id, plan_id, period_start, period_end,
          price_fen, paid_fen, payment_id, base_payment_id, returned_before_fen, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        subscriptionId,
        planId,
        start,
        end,
        priceFen,
        paidFen,
        paymentId,
        baseId,
        returnedBeforeFen,
        now);
  }

  /** The period that starts then. */
  Optional<Period> at(Sql sql, long subscriptionId, Instant start) {
    return sql.row(
            SELECT + "WHERE d.subscription_id = ? AND d.period_start = ?", subscriptionId, start)
        .map(PeriodRepository::period);
  }

  /** The newest period, which may lie ahead. */
  Optional<Period> last(Sql sql, long subscriptionId) {
    return sql.row(
            SELECT + "WHERE d.subscription_id = ? ORDER BY d.period_start DESC LIMIT 1",
            subscriptionId)
        .map(PeriodRepository::period);
  }

  /** The period that a payment opened. */
  Optional<Period> ofPayment(Sql sql, String paymentId) {
    return sql.row(SELECT + "WHERE d.payment_id = ?", paymentId).map(PeriodRepository::period);
  }

  /** The hash of the request that added a period under the key; see {@link #storeKey}. */
  Optional<Buffer> byIdempotencyKey(Sql sql, long subscriptionId, String key) {
    return sql.row(
            """
            SELECT request_hash FROM subscription_periods
            WHERE subscription_id = ? AND idempotency_key = ?
            """,
            subscriptionId,
            key)
        .map(row -> row.getBuffer("request_hash"));
  }

  /**
   * The newest period answers repeats of the request that added it.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException the key added another one
   */
  void storeKey(Tx tx, long subscriptionId, IdempotencyKey key) {
    tx.update(
        """
        UPDATE subscription_periods SET idempotency_key = ?, request_hash = ?
        WHERE subscription_id = ? ORDER BY period_start DESC LIMIT 1
        """,
        key.key(),
        key.hash(),
        subscriptionId);
  }

  boolean isFirst(Sql sql, long subscriptionId, Period period) {
    return sql.row(
            """
            SELECT 1 FROM subscription_periods WHERE subscription_id = ? AND period_start < ? LIMIT 1
            """,
            subscriptionId,
            period.start())
        .isEmpty();
  }

  /** An upgrade within the period. */
  void upgrade(Tx tx, long id, long planId, long priceFen, long addedFen) {
    tx.update(
        """
        UPDATE subscription_periods SET plan_id = ?, price_fen = ?, paid_fen = paid_fen + ?
        WHERE period_id = ?
        """,
        planId,
        priceFen,
        addedFen,
        id);
  }

  /**
   * What was given back so far, in approved refunds, of the money that periods live on: of the
   * payment itself and of the changes made on top of it that stand. Fen.
   */
  long returned(Sql sql, long subscriptionId, String baseId) {
    if (baseId == null) {
      return 0;
    }
    return sql.row(
            """
            SELECT CAST(COALESCE(SUM(fen), 0) AS SIGNED) FROM (
              SELECT returned_fen AS fen FROM payments WHERE public_id = ?
              UNION ALL
              SELECT p.returned_fen FROM subscription_changes c JOIN payments p ON p.public_id = c.payment_id
              WHERE c.subscription_id = ? AND c.base_payment_id = ? AND c.undone_at IS NULL) money
            """,
            baseId,
            subscriptionId,
            baseId)
        .orElseThrow()
        .getLong(0);
  }

  /** What of the period's money is left with us: charged for it and not given back. Fen. */
  long keptFen(Sql sql, long subscriptionId, Period period) {
    long since =
        Math.max(0, returned(sql, subscriptionId, period.baseId()) - period.returnedBeforeFen());
    return Math.max(0, period.paidFen() - since);
  }

  void storeEnd(Tx tx, long id, Instant end) {
    tx.update("UPDATE subscription_periods SET period_end = ? WHERE period_id = ?", end, id);
  }

  /** A period that shall not be: its money went back before it was used up. */
  void delete(Tx tx, long id) {
    tx.update("DELETE FROM subscription_periods WHERE period_id = ?", id);
  }

  private static Period period(Row row) {
    return new Period(
        row.getLong("period_id"),
        row.getLong("plan_id"),
        BillingCycle.of(row.getString("billing_cycle")),
        Rows.flag(row, "plan_priced"),
        Rows.instant(row, "period_start"),
        Rows.instant(row, "period_end"),
        row.getLong("price_fen"),
        row.getLong("paid_fen"),
        row.getString("payment_id"),
        row.getString("base_payment_id"),
        row.getLong("returned_before_fen"));
  }
}
