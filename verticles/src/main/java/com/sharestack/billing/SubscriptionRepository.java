package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables subscriptions and subscription_periods. */
final class SubscriptionRepository {

  private static final int MOST_HOLDERS = 10_000;

  private static final String SELECT =
      """
      SELECT s.subscription_id, s.public_id, s.user_id, s.creator_id, s.plan_id, p.name AS plan_name,
        p.price_fen > 0 AS plan_priced, s.billing_cycle, p.entitlements, s.status, s.ended_reason,
        s.source, s.price_fen, s.trial_ends_at, s.current_period_start, s.current_period_end,
        s.grace_until, s.access_until, s.auto_renew, s.agreement_id, s.cancelled_at, s.changed_at,
        s.created_at
      FROM subscriptions s JOIN plans p ON p.plan_id = s.plan_id
      """;

  static final String LIVE_OF_USER =
      SELECT + "WHERE s.user_id = ? AND s.creator_id IN (%s) AND s.live_key = 1";

  static final String LIVE_OF_CREATOR =
      SELECT
          + """
          WHERE s.creator_id = ? AND s.live_key = 1 AND s.user_id > ?
          ORDER BY s.user_id
          LIMIT ?
          """;

  /** A repeat of subscriptions.create: the row it made and the hash of what was asked. */
  record Stored(String publicId, Buffer hash) {}

  Optional<SubscriptionRow> find(Sql sql, String publicId) {
    return sql.row(SELECT + "WHERE s.public_id = ?", publicId)
        .map(SubscriptionRepository::subscription);
  }

  /** The user's rows that are not expired, at most one per creator. */
  List<SubscriptionRow> unexpired(Sql sql, long userId, List<Long> creatorIds) {
    if (creatorIds.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>(creatorIds.size() + 1);
    args.add(userId);
    args.addAll(creatorIds);
    return sql.rows(LIVE_OF_USER.formatted(Rows.marks(creatorIds.size())), args.toArray()).stream()
        .map(SubscriptionRepository::subscription)
        .toList();
  }

  Optional<SubscriptionRow> unexpired(Sql sql, long userId, long creatorId) {
    return unexpired(sql, userId, List.of(creatorId)).stream().findFirst();
  }

  /** Rows to the creator that are not expired, by user id after {@code afterUserId}. */
  List<SubscriptionRow> unexpiredOfCreator(Sql sql, long creatorId, long afterUserId, int limit) {
    return sql.rows(LIVE_OF_CREATOR, creatorId, afterUserId, limit).stream()
        .map(SubscriptionRepository::subscription)
        .toList();
  }

  Optional<Stored> byIdempotencyKey(Sql sql, long userId, String key) {
    return sql.row(
            """
            SELECT public_id, request_hash FROM subscriptions
            WHERE user_id = ? AND idempotency_key = ?
            """,
            userId,
            key)
        .map(row -> new Stored(row.getString("public_id"), row.getBuffer("request_hash")));
  }

  /**
   * A subscription without periods that gives access from {@code now} on, and its one period.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException the user has a row that is not expired
   *     with this creator, or used the idempotency key
   */
  void insertFree(
      Tx tx,
      String publicId,
      long userId,
      PlanRow plan,
      SubscriptionStatus status,
      IdempotencyKey idempotency,
      Instant now) {
    long id =
        tx.insert(
            """
            INSERT INTO subscriptions (public_id, user_id, creator_id, plan_id, status, source,
              price_fen, billing_cycle, current_period_start, activated_at, idempotency_key,
              request_hash, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            publicId,
            userId,
            plan.creatorId(),
            plan.id(),
            status,
            SubscriptionSource.FREE,
            plan.priceFen(),
            plan.cycle(),
            now,
            now,
            idempotency.key(),
            idempotency.hash(),
            now,
            now);
    tx.insert(
        """
        INSERT INTO subscription_periods (subscription_id, plan_id, period_start, period_end,
          price_fen, paid_fen, created_at)
        VALUES (?, ?, ?, NULL, ?, 0, ?)
        """,
        id,
        plan.id(),
        now,
        plan.priceFen(),
        now);
  }

  /**
   * Ends a cancelled row whose access is over.
   *
   * @param reason stored unless the row already knows why it ended
   * @return false when somebody else has ended or changed it
   */
  boolean endLapsed(
      Tx tx, long id, SubscriptionStatus ended, SubscriptionEndedReason reason, Instant now) {
    return tx.update(
            """
            UPDATE subscriptions
            SET status = ?, ended_reason = COALESCE(ended_reason, ?), ended_at = ?,
              next_transition_at = NULL, updated_at = ?
            WHERE subscription_id = ? AND status = 'cancelled' AND access_until <= ?
            """,
            ended,
            reason,
            now,
            now,
            id,
            now)
        == 1;
  }

  /**
   * Subscriptions that keep a plan from being deleted (entry plans.delete): unpaid, with access, or
   * about to change into it. At most {@link #MOST_HOLDERS} are counted.
   */
  long holders(Tx tx, long planId, Instant now) {
    return tx.row(
            """
            SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM subscriptions
                    WHERE plan_id = ? AND live_key = 1 AND (status <> 'cancelled' OR access_until > ?) LIMIT ?) held)
                 + (SELECT COUNT(*) FROM (SELECT 1 FROM subscriptions
                    WHERE pending_plan_id = ? AND live_key = 1 AND plan_id <> ? LIMIT ?) coming) AS n
            """,
            planId,
            now,
            MOST_HOLDERS,
            planId,
            planId,
            MOST_HOLDERS)
        .orElseThrow()
        .getLong("n");
  }

  private static SubscriptionRow subscription(Row row) {
    String ended = row.getString("ended_reason");
    return new SubscriptionRow(
        row.getLong("subscription_id"),
        row.getString("public_id"),
        row.getLong("user_id"),
        row.getLong("creator_id"),
        row.getLong("plan_id"),
        row.getString("plan_name"),
        Rows.flag(row, "plan_priced"),
        BillingCycle.of(row.getString("billing_cycle")),
        Rows.record(row, "entitlements", PlanEntitlements.class),
        SubscriptionStatus.of(row.getString("status")),
        ended == null ? null : SubscriptionEndedReason.of(ended),
        SubscriptionSource.of(row.getString("source")),
        row.getLong("price_fen"),
        Rows.instant(row, "trial_ends_at"),
        Rows.instant(row, "current_period_start"),
        Rows.instant(row, "current_period_end"),
        Rows.instant(row, "grace_until"),
        Rows.instant(row, "access_until"),
        Rows.flag(row, "auto_renew"),
        row.getString("agreement_id"),
        Rows.instant(row, "cancelled_at"),
        Rows.instant(row, "changed_at"),
        Rows.instant(row, "created_at"));
  }
}
