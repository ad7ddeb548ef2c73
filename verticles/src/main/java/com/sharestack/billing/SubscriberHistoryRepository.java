package com.sharestack.billing;

import com.sharestack.platform.db.Sql;
import java.time.Instant;

/** Table subscriptions, counted over time (entry earnings.get). */
final class SubscriberHistoryRepository {

  static final String WITH_ACCESS =
      """
      SELECT COUNT(*) AS n FROM subscriptions
      WHERE creator_id = ? AND activated_at < ? AND (ended_at IS NULL OR ended_at >= ?)
        AND (access_until IS NULL OR access_until >= ?)
      """;

  static final String BEGUN =
      """
      SELECT COUNT(*) AS n FROM subscriptions
      WHERE creator_id = ? AND activated_at >= ? AND activated_at < ?
      """;

  static final String CANCELLED =
      """
      SELECT COUNT(*) AS n FROM subscriptions
      WHERE creator_id = ? AND cancelled_at >= ? AND cancelled_at < ?
      """;

  /** Users with access just before {@code at}, a moment of the past. */
  long withAccess(Sql sql, long creatorId, Instant at) {
    return count(sql, WITH_ACCESS, creatorId, at, at, at);
  }

  long begun(Sql sql, long creatorId, Instant from, Instant until) {
    return count(sql, BEGUN, creatorId, from, until);
  }

  long cancelled(Sql sql, long creatorId, Instant from, Instant until) {
    return count(sql, CANCELLED, creatorId, from, until);
  }

  private static long count(Sql sql, String statement, Object... args) {
    return sql.row(statement, args).orElseThrow().getLong("n");
  }
}
