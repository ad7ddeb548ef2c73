package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.PlanTeaser;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.money.Money;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tables plans and plan_price_history. */
final class PlanRepository {

  private static final String COLUMNS =
      """
      p.plan_id, p.creator_id, p.name, p.description, p.price_fen, p.billing_cycle, p.features,
      p.trial_days, p.is_active, p.ever_activated, p.ever_sold, p.deleted_at, p.entitlements, p.metadata,
      COALESCE(c.subscriber_count, 0) AS subscriber_count, p.created_at, p.updated_at
      """;

  /** Which live rows a {@link PlanStatus} means. */
  private static final String STATUS_FILTER =
      """
      AND (? IS NULL OR CASE WHEN p.is_active = 1 THEN 'active'
                             WHEN p.ever_activated = 1 THEN 'inactive'
                             ELSE 'draft' END = ?)
      """;

  static final String PAGE =
      "SELECT "
          + COLUMNS
          + """
          FROM plans p
          LEFT JOIN plan_counts c ON c.plan_id = p.plan_id
          WHERE p.creator_id = ? AND p.deleted_at IS NULL
          """
          + STATUS_FILTER
          + """
          ORDER BY p.sort_order, p.price_fen, p.plan_id
          LIMIT ? OFFSET ?
          """;

  /** A repeat of plans.create: the row it made and the hash of what was asked. */
  record Stored(long planId, Buffer hash) {}

  Optional<PlanRow> find(Sql sql, long planId) {
    return sql.row(
            "SELECT "
                + COLUMNS
                + "FROM plans p LEFT JOIN plan_counts c ON c.plan_id = p.plan_id WHERE p.plan_id ="
                + " ?",
            planId)
        .map(PlanRepository::plan);
  }

  /** The plan, kept as it is until the transaction ends. */
  Optional<PlanRow> lock(Tx tx, long planId) {
    return tx.row("SELECT plan_id FROM plans WHERE plan_id = ? FOR UPDATE", planId)
        .flatMap(row -> find(tx, planId));
  }

  /** A page of the creator's live plans in their order; null status = all. */
  List<PlanRow> page(Sql sql, long creatorId, PlanStatus status, int limit, long offset) {
    return sql.rows(PAGE, creatorId, status, status, limit, offset).stream()
        .map(PlanRepository::plan)
        .toList();
  }

  /** At most {@link PlanRules#MOST_PLANS} rows are counted. */
  long count(Sql sql, long creatorId, PlanStatus status) {
    return sql.row(
            "SELECT COUNT(*) AS n FROM plans p WHERE p.creator_id = ? AND p.deleted_at IS NULL "
                + STATUS_FILTER,
            creatorId,
            status,
            status)
        .orElseThrow()
        .getLong("n");
  }

  Optional<Stored> byIdempotencyKey(Sql sql, long creatorId, String key) {
    return sql.row(
            """
            SELECT plan_id, request_hash FROM plans WHERE creator_id = ? AND idempotency_key = ?
            """,
            creatorId,
            key)
        .map(row -> new Stored(row.getLong("plan_id"), row.getBuffer("request_hash")));
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException name, free plan or default plan exists
   */
  long insert(Tx tx, NewPlan plan, IdempotencyKey idempotency, long actorId, Instant now) {
    long id =
        tx.insert(
            """
            INSERT INTO plans (creator_id, name, description, price_fen, billing_cycle, features,
              trial_days, is_active, ever_activated, is_default, sort_order, entitlements, metadata,
              idempotency_key, request_hash, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            plan.creatorId(),
            plan.name(),
            plan.description(),
            plan.priceFen(),
            plan.cycle(),
            new io.vertx.core.json.JsonArray(plan.features()),
            plan.trialDays(),
            plan.active(),
            plan.active(),
            plan.isDefault(),
            plan.sortOrder(),
            plan.entitlements(),
            plan.metadata(),
            idempotency.key(),
            idempotency.hash(),
            now,
            now);
    addPrice(tx, id, null, plan.priceFen(), actorId, now);
    return id;
  }

  /**
   * Stores the plan as it shall be; who may buy it at which price is the caller's business.
   *
   * @throws com.sharestack.platform.db.DuplicateKeyException name, free plan or default plan exists
   */
  void update(Tx tx, long planId, NewPlan plan, Instant now) {
    tx.update(
        """
        UPDATE plans SET name = ?, description = ?, price_fen = ?, billing_cycle = ?, features = ?, trial_days = ?,
          is_active = ?, ever_activated = GREATEST(ever_activated, ?), is_default = ?, sort_order = ?,
          entitlements = ?, metadata = ?, updated_at = ?
        WHERE plan_id = ?
        """,
        plan.name(),
        plan.description(),
        plan.priceFen(),
        plan.cycle(),
        new io.vertx.core.json.JsonArray(plan.features()),
        plan.trialDays(),
        plan.active(),
        plan.active() ? 1 : 0,
        plan.isDefault(),
        plan.sortOrder(),
        plan.entitlements(),
        plan.metadata(),
        now,
        planId);
  }

  /** Table plan_price_history; {@code oldFen} null for a new plan. */
  void addPrice(Tx tx, long planId, Long oldFen, long newFen, long actorId, Instant now) {
    tx.insert(
        """
        INSERT INTO plan_price_history (plan_id, old_price_fen, new_price_fen, changed_by, changed_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        planId,
        oldFen,
        newFen,
        actorId,
        now);
  }

  /** The row stays for those who held the plan; it is on no list any more. */
  void delete(Tx tx, long planId, Instant now) {
    tx.update(
        "UPDATE plans SET deleted_at = ?, is_active = 0, updated_at = ? WHERE plan_id = ?",
        now,
        now,
        planId);
  }

  /** From the first subscription on, cycle and kind of price are fixed. */
  void markSold(Tx tx, long planId) {
    tx.update("UPDATE plans SET ever_sold = 1 WHERE plan_id = ? AND ever_sold = 0", planId);
  }

  /** Per creator the {@code most} cheapest active plans, cheapest first. */
  Map<Long, List<PlanTeaser>> teasers(Sql sql, List<Long> creatorIds, int most) {
    List<Object> args = new java.util.ArrayList<>(creatorIds);
    args.add(most);
    return sql
        .rows(
            """
            SELECT plan_id, creator_id, name, price_fen, billing_cycle FROM (
              SELECT plan_id, creator_id, name, price_fen, billing_cycle,
                ROW_NUMBER() OVER (PARTITION BY creator_id ORDER BY price_fen, plan_id) AS position
              FROM plans
              WHERE creator_id IN (%s) AND deleted_at IS NULL AND is_active = 1) cheapest
            WHERE position <= ?
            ORDER BY creator_id, price_fen, plan_id
            """
                .formatted(Rows.marks(creatorIds.size())),
            args.toArray())
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getLong("creator_id"),
                LinkedHashMap::new,
                Collectors.mapping(PlanRepository::teaser, Collectors.toList())));
  }

  /** Creators without an active plan are left out. */
  Map<Long, CreatorPrice> prices(Sql sql, List<Long> creatorIds) {
    return sql
        .rows(
            """
            SELECT creator_id,
              MIN(CASE WHEN billing_cycle = 'monthly' AND price_fen > 0 THEN price_fen END) AS monthly_fen,
              MIN(CASE WHEN billing_cycle = 'yearly' AND price_fen > 0 THEN price_fen END) AS yearly_fen
            FROM plans
            WHERE creator_id IN (%s) AND deleted_at IS NULL AND is_active = 1
            GROUP BY creator_id
            """
                .formatted(Rows.marks(creatorIds.size())),
            creatorIds.toArray())
        .stream()
        .map(
            row ->
                new CreatorPrice(
                    row.getLong("creator_id"),
                    Money.ofFen(row.getLong("monthly_fen")),
                    Money.ofFen(row.getLong("yearly_fen")),
                    true))
        .collect(Collectors.toMap(CreatorPrice::creatorId, price -> price));
  }

  private static PlanTeaser teaser(Row row) {
    return new PlanTeaser(
        row.getLong("plan_id"),
        row.getString("name"),
        Money.ofFen(row.getLong("price_fen")),
        "CNY",
        row.getString("billing_cycle"));
  }

  private static PlanRow plan(Row row) {
    return new PlanRow(
        row.getLong("plan_id"),
        row.getLong("creator_id"),
        row.getString("name"),
        row.getString("description"),
        row.getLong("price_fen"),
        BillingCycle.of(row.getString("billing_cycle")),
        Rows.jsonArray(row, "features").stream().map(String.class::cast).toList(),
        row.getInteger("trial_days"),
        Rows.flag(row, "is_active"),
        Rows.flag(row, "ever_activated"),
        Rows.flag(row, "ever_sold"),
        row.getValue("deleted_at") != null,
        Rows.record(row, "entitlements", PlanEntitlements.class),
        Rows.json(row, "metadata"),
        row.getLong("subscriber_count"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"));
  }
}
