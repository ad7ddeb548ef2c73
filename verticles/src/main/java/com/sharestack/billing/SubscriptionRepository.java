package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionFilter;
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

/** Table subscriptions. */
final class SubscriptionRepository {

  private static final int MOST_HOLDERS = 10_000;

  private static final String SELECT =
      """
      SELECT s.subscription_id, s.public_id, s.user_id, s.creator_id, s.plan_id, p.name AS plan_name,
        p.price_fen > 0 AS plan_priced, s.billing_cycle, p.entitlements, s.status, s.ended_reason,
        s.source, s.price_fen, s.trial_ends_at, s.current_period_start, s.current_period_end,
        s.grace_until, s.access_until, s.auto_renew, s.agreement_id, s.cancelled_at, s.changed_at,
        s.created_at, s.anchor_day, s.activated_at, s.next_transition_at, s.promo_code, s.coupon_order_id,
        s.coupon_charges, s.pending_plan_id, n.name AS pending_name, n.price_fen > 0 AS pending_priced,
        n.billing_cycle AS pending_cycle, s.pending_price_fen, s.pending_timing, s.pending_effective_at,
        s.pending_payment_id, s.pending_new_period, s.pending_credit_fen
      FROM subscriptions s JOIN plans p ON p.plan_id = s.plan_id
        LEFT JOIN plans n ON n.plan_id = s.pending_plan_id
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

  /** The words of {@link SubscriptionFilter} as states. */
  static final String MINE =
      """
      WHERE s.user_id = ? AND (? IS NULL OR s.creator_id = ?)
        AND CASE WHEN ? IS NULL THEN NOT (s.status = 'expired' AND s.ended_reason = 'unpaid')
                 ELSE CASE s.status WHEN 'trialing' THEN 'active' WHEN 'active' THEN 'active'
                                    WHEN 'past_due' THEN 'active' WHEN 'pending_payment' THEN 'pending'
                                    ELSE s.status END = ? END
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

  /**
   * The user's rows, newest first.
   *
   * @param filter null for all but unpaid orders that ended
   * @param creatorId null for all
   */
  List<SubscriptionRow> page(
      Sql sql, long userId, SubscriptionFilter filter, Long creatorId, int limit, long offset) {
    return sql
        .rows(
            SELECT + MINE + "ORDER BY s.created_at DESC, s.subscription_id DESC LIMIT ? OFFSET ?",
            userId,
            creatorId,
            creatorId,
            filter,
            filter,
            limit,
            offset)
        .stream()
        .map(SubscriptionRepository::subscription)
        .toList();
  }

  long count(Sql sql, long userId, SubscriptionFilter filter, Long creatorId) {
    return sql.row(
            "SELECT COUNT(*) AS n FROM subscriptions s " + MINE,
            userId,
            creatorId,
            creatorId,
            filter,
            filter)
        .orElseThrow()
        .getLong("n");
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

  /** The subscription, kept as it is until the transaction ends. */
  Optional<SubscriptionRow> lock(Tx tx, String publicId) {
    return tx.row(
            "SELECT subscription_id FROM subscriptions WHERE public_id = ? FOR UPDATE", publicId)
        .flatMap(row -> find(tx, publicId));
  }

  /** The user's row with the creator that is not expired, kept as it is. */
  Optional<SubscriptionRow> lockUnexpired(Tx tx, long userId, long creatorId) {
    return tx.row(
            """
            SELECT public_id FROM subscriptions
            WHERE user_id = ? AND creator_id = ? AND live_key = 1 FOR UPDATE
            """,
            userId,
            creatorId)
        .flatMap(row -> find(tx, row.getString("public_id")));
  }

  /** One trial per user and creator for life; an order that was never paid had none. */
  boolean hadTrial(Sql sql, long userId, long creatorId) {
    return sql.row(
            """
            SELECT 1 FROM subscriptions
            WHERE user_id = ? AND creator_id = ? AND trial_ends_at IS NOT NULL AND activated_at IS NOT NULL
            LIMIT 1
            """,
            userId,
            creatorId)
        .isPresent();
  }

  /**
   * A new row, of which {@link #store} writes the rest.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException the user has a row that is not expired
   *     with this creator, or used the idempotency key
   */
  void insert(
      Tx tx,
      String publicId,
      long userId,
      PlanRow plan,
      SubscriptionStatus status,
      SubscriptionSource source,
      IdempotencyKey idempotency,
      Instant now) {
    tx.insert(
        """
        INSERT INTO subscriptions (public_id, user_id, creator_id, plan_id, status, source,
          price_fen, billing_cycle, idempotency_key, request_hash, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        publicId,
        userId,
        plan.creatorId(),
        plan.id(),
        status,
        source,
        plan.priceFen(),
        plan.cycle(),
        idempotency.key(),
        idempotency.hash(),
        now,
        now);
  }

  /**
   * The key of the request that priced an unpaid order anew takes the place of the first one's.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException the key was used for another row
   */
  void storeKey(Tx tx, long id, IdempotencyKey idempotency) {
    tx.update(
        "UPDATE subscriptions SET idempotency_key = ?, request_hash = ? WHERE subscription_id = ?",
        idempotency.key(),
        idempotency.hash(),
        id);
  }

  /** Writes the row as edited; it is locked. */
  void store(Tx tx, SubscriptionEdit edit, Instant now) {
    SubscriptionRow.Pending pending = edit.pending;
    int found =
        tx.update(
            """
            UPDATE subscriptions SET plan_id = ?, status = ?, ended_reason = ?, source = ?, price_fen = ?,
              billing_cycle = ?, anchor_day = ?, trial_ends_at = ?, current_period_start = ?,
              current_period_end = ?, grace_until = ?, access_until = ?, auto_renew = ?, pending_plan_id = ?,
              pending_price_fen = ?, pending_timing = ?, pending_effective_at = ?, pending_payment_id = ?,
              pending_new_period = ?, pending_credit_fen = ?, promo_code = ?, coupon_order_id = ?,
              coupon_charges = ?, cancelled_at = ?, changed_at = ?, activated_at = ?,
              ended_at = CASE WHEN ? THEN ? END, next_transition_at = ?,
              next_reminder_at = CASE WHEN ? THEN next_reminder_at ELSE ? END, updated_at = ?
            WHERE subscription_id = ? AND status = ?
            """,
            edit.planId,
            edit.status,
            edit.endedReason,
            edit.source,
            edit.priceFen,
            edit.cycle,
            edit.anchorDay,
            edit.trialEndsAt,
            edit.periodStart,
            edit.periodEnd,
            edit.graceUntil,
            edit.accessUntil,
            edit.autoRenew,
            pending == null ? null : pending.planId(),
            pending == null ? null : pending.priceFen(),
            pending == null ? null : pending.timing(),
            pending == null ? null : pending.effectiveAt(),
            pending == null ? null : pending.paymentId(),
            pending != null && pending.newPeriod(),
            pending == null ? 0 : pending.creditFen(),
            edit.promoCode,
            edit.coupon == null ? null : edit.coupon.orderId(),
            edit.coupon == null ? 0 : edit.coupon.charges(),
            edit.cancelledAt,
            edit.changedAt,
            edit.activatedAt,
            edit.status == SubscriptionStatus.EXPIRED,
            now,
            edit.due(),
            edit.sameAhead(),
            edit.nextReminder(now),
            now,
            edit.before.id(),
            edit.before.status());
    if (found != 1) {
      throw new IllegalStateException(edit.before.publicId() + " changed under its lock");
    }
  }

  /** What the subscriber said when he cancelled. */
  void storeCancelReason(Tx tx, long id, String reason, String feedback) {
    tx.update(
        "UPDATE subscriptions SET cancel_reason = ?, cancel_feedback = ? WHERE subscription_id = ?",
        reason,
        feedback,
        id);
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
        Rows.instant(row, "created_at"),
        row.getInteger("anchor_day"),
        Rows.instant(row, "activated_at"),
        Rows.instant(row, "next_transition_at"),
        row.getString("promo_code"),
        row.getString("coupon_order_id") == null
            ? null
            : new SubscriptionRow.CouponUse(
                row.getString("coupon_order_id"), row.getInteger("coupon_charges")),
        row.getLong("pending_plan_id") == null ? null : pending(row));
  }

  private static SubscriptionRow.Pending pending(Row row) {
    return new SubscriptionRow.Pending(
        row.getLong("pending_plan_id"),
        row.getString("pending_name"),
        Rows.flag(row, "pending_priced"),
        row.getLong("pending_price_fen"),
        BillingCycle.of(row.getString("pending_cycle")),
        PlanChangeTiming.of(row.getString("pending_timing")),
        Rows.instant(row, "pending_effective_at"),
        row.getString("pending_payment_id"),
        Rows.flag(row, "pending_new_period"),
        row.getLong("pending_credit_fen"));
  }
}
