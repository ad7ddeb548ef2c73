package com.sharestack.billing.reports;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/** A creator's subscribers for a report. */
final class SubscriberRepository {

  static final String PAGE =
      """
      SELECT s.user_id, s.public_id, p.name AS plan_name, s.price_fen, s.billing_cycle, s.status, s.activated_at,
        COALESCE(s.access_until, s.current_period_end) AS expires_at, s.auto_renew, s.source,
        (SELECT CAST(COALESCE(SUM(sp.paid_fen), 0) AS SIGNED) FROM subscriptions x
         JOIN subscription_periods sp ON sp.subscription_id = x.subscription_id
         WHERE x.creator_id = s.creator_id AND x.user_id = s.user_id) AS paid_fen
      FROM (SELECT user_id, MAX(subscription_id) AS subscription_id
            FROM subscriptions FORCE INDEX (ix_subscriptions_subscribers)
            WHERE creator_id = ? AND user_id > ? AND activated_at < ? AND (ended_at IS NULL OR ended_at >= ?)
            GROUP BY user_id ORDER BY user_id LIMIT ?) k
      JOIN subscriptions s ON s.subscription_id = k.subscription_id
      JOIN plans p ON p.plan_id = s.plan_id
      ORDER BY s.user_id
      """;

  /**
   * Those who subscribed at any time from {@code from} to before {@code to}, by user id.
   *
   * @param afterUserId 0 at the start
   */
  List<SubscriberRow> page(
      Sql sql, long creatorId, long afterUserId, Instant from, Instant to, int limit) {
    return sql.rows(PAGE, creatorId, afterUserId, to, from, limit).stream()
        .map(SubscriberRepository::subscriber)
        .toList();
  }

  private static SubscriberRow subscriber(Row row) {
    return new SubscriberRow(
        row.getLong("user_id"),
        row.getString("public_id"),
        row.getString("plan_name"),
        row.getLong("price_fen"),
        BillingCycle.of(row.getString("billing_cycle")),
        SubscriptionStatus.of(row.getString("status")),
        Rows.instant(row, "activated_at"),
        Rows.instant(row, "expires_at"),
        Rows.flag(row, "auto_renew"),
        SubscriptionSource.of(row.getString("source")),
        row.getLong("paid_fen"));
  }
}
