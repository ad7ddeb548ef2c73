package com.sharestack.billing;

import com.sharestack.contract.Welcome;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import java.time.Instant;
import java.util.List;

/** Which subscriptions are to be greeted, out of subscriptions and subscription_settings. */
final class WelcomeRepository {

  /**
   * @param activatedAt when the subscription began to give access
   */
  record Due(Welcome welcome, Instant activatedAt) {}

  /** Those whose user never had an active subscription to the creator before. */
  List<Due> firstOnes(Sql sql, List<String> publicIds) {
    return sql
        .rows(
            """
            SELECT s.public_id, s.activated_at, w.welcome_title, w.welcome_message
            FROM subscriptions s
            JOIN subscription_settings w ON w.creator_id = s.creator_id
            WHERE s.public_id IN (%s) AND s.activated_at IS NOT NULL
              AND (w.welcome_title <> '' OR w.welcome_message <> '')
              AND NOT EXISTS (
                SELECT 1 FROM subscriptions earlier
                WHERE earlier.user_id = s.user_id AND earlier.creator_id = s.creator_id
                  AND (earlier.activated_at < s.activated_at
                    OR (earlier.activated_at = s.activated_at
                      AND earlier.subscription_id < s.subscription_id)))
            """
                .formatted(Rows.marks(publicIds.size())),
            publicIds.toArray())
        .stream()
        .map(
            row ->
                new Due(
                    new Welcome(
                        row.getString("public_id"),
                        row.getString("welcome_title"),
                        row.getString("welcome_message")),
                    Rows.instant(row, "activated_at")))
        .toList();
  }
}
