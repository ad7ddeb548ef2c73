package com.sharestack.billing;

import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.time.Instant;

/** Table subscription_openings: what subscribers opened past its preview. */
final class OpeningRepository {

  /** The subscription is locked, so that a refund does not count past it. */
  void record(Tx tx, long subscriptionId, long articleId, Instant now) {
    tx.update(
        """
        INSERT INTO subscription_openings (subscription_id, article_id, opened_at) VALUES (?, ?, ?)
        ON DUPLICATE KEY UPDATE opened_at = VALUES(opened_at)
        """,
        subscriptionId,
        articleId,
        now);
  }

  /** Items opened at {@code since} or later. */
  int since(Sql sql, long subscriptionId, Instant since) {
    return sql.row(
            """
            SELECT COUNT(*) AS n FROM subscription_openings
            WHERE subscription_id = ? AND opened_at >= ?
            """,
            subscriptionId,
            since)
        .orElseThrow()
        .getInteger("n");
  }
}
