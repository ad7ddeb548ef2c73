package com.sharestack.billing;

import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Table subscriptions: what time makes due, for the jobs. */
final class DueRepository {

  static final String DUE =
      """
      SELECT public_id FROM subscriptions WHERE next_transition_at <= ?
      ORDER BY next_transition_at, subscription_id LIMIT ?
      """;

  static final String DUE_REMINDERS =
      """
      SELECT public_id FROM subscriptions WHERE next_reminder_at <= ?
      ORDER BY next_reminder_at, subscription_id LIMIT ?
      """;

  private final SubscriptionRepository subscriptions;

  DueRepository(SubscriptionRepository subscriptions) {
    this.subscriptions = subscriptions;
  }

  /** Rows the lifecycle job must look at, the longest waiting first; not locked. */
  List<String> due(Sql sql, Instant now, int limit) {
    return sql.rows(DUE, now, limit).stream().map(row -> row.getString("public_id")).toList();
  }

  /** The row when it is due and nobody else is at it. */
  Optional<SubscriptionRow> lockDue(Tx tx, String publicId, Instant now) {
    return tx.row(
            """
            SELECT subscription_id FROM subscriptions
            WHERE public_id = ? AND next_transition_at <= ? FOR UPDATE SKIP LOCKED
            """,
            publicId,
            now)
        .flatMap(row -> subscriptions.find(tx, publicId));
  }

  void postpone(Sql sql, long id, Instant until) {
    sql.update(
        """
        UPDATE subscriptions SET next_transition_at = ?
        WHERE subscription_id = ? AND next_transition_at IS NOT NULL
        """,
        until,
        id);
  }

  /** Rows whose subscriber is to be told something, the longest waiting first; not locked. */
  List<String> dueReminders(Sql sql, Instant now, int limit) {
    return sql.rows(DUE_REMINDERS, now, limit).stream()
        .map(row -> row.getString("public_id"))
        .toList();
  }

  /** The row when a reminder is due and nobody else is at it. */
  Optional<SubscriptionRow> lockReminder(Tx tx, String publicId, Instant now) {
    return tx.row(
            """
            SELECT subscription_id FROM subscriptions
            WHERE public_id = ? AND next_reminder_at <= ? FOR UPDATE SKIP LOCKED
            """,
            publicId,
            now)
        .flatMap(row -> subscriptions.find(tx, publicId));
  }

  /**
   * @param next null for no more
   */
  void moveReminder(Tx tx, long id, Instant next) {
    tx.update("UPDATE subscriptions SET next_reminder_at = ? WHERE subscription_id = ?", next, id);
  }

  void postponeReminder(Sql sql, String publicId, Instant until) {
    sql.update(
        """
        UPDATE subscriptions SET next_reminder_at = ?
        WHERE public_id = ? AND next_reminder_at < ?
        """,
        until,
        publicId,
        until);
  }
}
