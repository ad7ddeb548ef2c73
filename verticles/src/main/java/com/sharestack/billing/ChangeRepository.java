package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Table subscription_changes: immediate plan changes as applied. The subscription is locked. */
final class ChangeRepository {

  private static final String SELECT =
      """
      SELECT change_id, subscription_id, payment_id, charged_fen, plan_from, plan_to, price_from_fen,
        cycle_from, source_from, anchor_from, period_start_from, period_end_from, new_period, undone_at
      FROM subscription_changes
      """;

  /** A change and what was before it. */
  record Change(
      long id,
      long subscriptionId,
      String paymentId,
      long chargedFen,
      long planFrom,
      long planTo,
      long priceFromFen,
      BillingCycle cycleFrom,
      SubscriptionSource sourceFrom,
      Integer anchorFrom,
      Instant periodStartFrom,
      Instant periodEndFrom,
      boolean newPeriod,
      boolean undone) {}

  void insert(
      Tx tx,
      SubscriptionRow before,
      Period running,
      SubscriptionRow.Pending target,
      String paymentId,
      long chargedFen,
      Instant now) {
    tx.insert(
        """
        INSERT INTO subscription_changes (subscription_id, payment_id, base_payment_id, charged_fen,
          plan_from, plan_to, price_from_fen, cycle_from, source_from, anchor_from, period_start_from,
          period_end_from, new_period, applied_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        before.id(),
        paymentId,
        running.baseId(),
        chargedFen,
        before.planId(),
        target.planId(),
        before.priceFen(),
        before.cycle(),
        before.source(),
        before.anchorDay(),
        before.periodStart(),
        before.periodEnd(),
        target.newPeriod(),
        now);
  }

  Optional<Change> ofPayment(Sql sql, String paymentId) {
    return sql.row(SELECT + "WHERE payment_id = ?", paymentId).map(ChangeRepository::change);
  }

  /** The next change that stands. */
  Optional<Change> after(Sql sql, Change change) {
    return sql.row(
            SELECT
                + """
                WHERE subscription_id = ? AND change_id > ? AND undone_at IS NULL
                ORDER BY change_id LIMIT 1
                """,
            change.subscriptionId(),
            change.id())
        .map(ChangeRepository::change);
  }

  /** Charges of changes made in periods that live on the payment's money. */
  List<String> chargesOn(Sql sql, long subscriptionId, String basePaymentId) {
    return sql
        .rows(
            """
            SELECT payment_id FROM subscription_changes
            WHERE subscription_id = ? AND base_payment_id = ? AND payment_id IS NOT NULL
              AND undone_at IS NULL
            ORDER BY change_id
            """,
            subscriptionId,
            basePaymentId)
        .stream()
        .map(row -> row.getString("payment_id"))
        .toList();
  }

  /** Whether a change was ever made in a period that lives on the payment's money. */
  boolean anyOn(Sql sql, long subscriptionId, String basePaymentId) {
    return sql.row(
            """
            SELECT 1 FROM subscription_changes WHERE subscription_id = ? AND base_payment_id = ? LIMIT 1
            """,
            subscriptionId,
            basePaymentId)
        .isPresent();
  }

  void markUndone(Tx tx, long id, Instant now) {
    tx.update("UPDATE subscription_changes SET undone_at = ? WHERE change_id = ?", now, id);
  }

  /** A change whose predecessor was undone leads back to where that one came from. */
  void standOn(Tx tx, long id, Change undone) {
    tx.update(
        """
        UPDATE subscription_changes SET price_from_fen = ?, cycle_from = ?, source_from = ?,
          plan_from = CASE WHEN plan_to = ? THEN plan_from ELSE ? END
        WHERE change_id = ?
        """,
        undone.priceFromFen(),
        undone.cycleFrom(),
        undone.sourceFrom(),
        undone.planFrom(),
        undone.planFrom(),
        id);
  }

  private static Change change(Row row) {
    return new Change(
        row.getLong("change_id"),
        row.getLong("subscription_id"),
        row.getString("payment_id"),
        row.getLong("charged_fen"),
        row.getLong("plan_from"),
        row.getLong("plan_to"),
        row.getLong("price_from_fen"),
        BillingCycle.of(row.getString("cycle_from")),
        SubscriptionSource.of(row.getString("source_from")),
        row.getInteger("anchor_from"),
        Rows.instant(row, "period_start_from"),
        Rows.instant(row, "period_end_from"),
        Rows.flag(row, "new_period"),
        row.getLocalDateTime("undone_at") != null);
  }
}
