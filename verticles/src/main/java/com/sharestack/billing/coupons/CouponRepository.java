package com.sharestack.billing.coupons;

import com.sharestack.contract.CouponDiscountType;
import com.sharestack.contract.CouponStatus;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables coupons, coupon_codes, coupon_users and coupon_uses, as orders move them. */
final class CouponRepository {

  private static final Logger LOG = LoggerFactory.getLogger(CouponRepository.class);

  private static final String SELECT =
      """
      SELECT c.coupon_id, c.creator_id, c.name, k.code, c.discount_type, c.discount_value, c.max_discount_fen,
        c.min_amount_fen, c.plan_ids, c.article_ids, c.new_users_only, c.for_renewal, c.applies_to_cycles,
        c.total_quantity, c.per_user_limit, c.claimed_count, c.reserved_count, c.used_count, c.budget_fen,
        c.reserved_fen, c.spent_fen, c.stackable_with_promotion, c.starts_at, c.expires_at, c.status, c.revision,
        c.created_at
      """;

  static final String BY_CODE =
      SELECT + "FROM coupon_codes k JOIN coupons c ON c.coupon_id = k.coupon_id WHERE k.code = ?";

  static final String FIND =
      SELECT
          + """
          FROM coupons c LEFT JOIN coupon_codes k ON k.coupon_id = c.coupon_id
          WHERE c.coupon_id = ?
          """;

  static final String LIVE_USE =
      """
      SELECT use_id, order_id, coupon_id, user_id, code, item_kind, item_id, creator_id, list_price_fen,
        discount_fen, budget_fen, status
      FROM coupon_uses WHERE live_order = ?
      """;

  static final String NEWEST_USE =
      """
      SELECT use_id, order_id, coupon_id, user_id, code, item_kind, item_id, creator_id, list_price_fen,
        discount_fen, budget_fen, status
      FROM coupon_uses WHERE live_order >= ? AND live_order < ? ORDER BY use_id DESC LIMIT 1
      """;

  static final String PAID_BEFORE =
      """
      SELECT 1 FROM earning_lines
      WHERE payer_id = ? AND creator_id = ? AND kind = 'sale' AND status = 'completed' AND paid_fen > 0
      LIMIT 1
      """;

  static final String PAID_ANYBODY =
      """
      SELECT 1 FROM earning_lines
      WHERE payer_id = ? AND kind = 'sale' AND status = 'completed' AND paid_fen > 0
      LIMIT 1
      """;

  /**
   * A place that an order holds.
   *
   * @param id 0 before it is stored
   * @param budgetFen what it takes from the budget
   * @param used false: reserved
   */
  record Use(
      long id,
      String orderId,
      long couponId,
      long userId,
      String code,
      CouponItem item,
      long listPriceFen,
      long discountFen,
      long budgetFen,
      boolean used) {}

  Optional<CouponRow> byCode(Sql sql, String code) {
    return sql.row(BY_CODE, code).map(CouponRepository::coupon);
  }

  Optional<CouponRow> find(Sql sql, long couponId) {
    return sql.row(FIND, couponId).map(CouponRepository::coupon);
  }

  Optional<Use> liveUse(Sql sql, String orderId) {
    return sql.row(LIVE_USE, orderId).map(CouponRepository::use);
  }

  /** The newest place of the order with this id or with one that goes on with "#". */
  Optional<Use> newestUse(Sql sql, String orderId) {
    return sql.row(NEWEST_USE, orderId, orderId + "$").map(CouponRepository::use);
  }

  int taken(Sql sql, long couponId, long userId) {
    return sql.row(
            "SELECT taken FROM coupon_users WHERE coupon_id = ? AND user_id = ?", couponId, userId)
        .map(row -> row.getInteger("taken"))
        .orElse(0);
  }

  /**
   * @param creatorId null: to anybody
   */
  boolean paidBefore(Sql sql, long userId, Long creatorId) {
    return creatorId == null
        ? sql.row(PAID_ANYBODY, userId).isPresent()
        : sql.row(PAID_BEFORE, userId, creatorId).isPresent();
  }

  /**
   * Takes one place and its budget, if the terms are still those that were read.
   *
   * @return false when no place or budget is left, or the terms have changed
   */
  boolean takePlace(Tx tx, CouponRow coupon, long budgetFen, Instant now) {
    return tx.update(
            """
            UPDATE coupons
            SET reserved_count = reserved_count + 1, reserved_fen = reserved_fen + ?
            WHERE coupon_id = ? AND revision = ? AND status = 'active' AND starts_at <= ? AND expires_at > ?
              AND (total_quantity IS NULL OR used_count + reserved_count < total_quantity)
              AND (budget_fen IS NULL OR spent_fen + reserved_fen + ? <= budget_fen)
            """,
            budgetFen,
            coupon.id(),
            coupon.revision(),
            now,
            now,
            budgetFen)
        == 1;
  }

  /**
   * @return false when the user has used up his places
   */
  boolean takePlaceOfUser(Tx tx, long couponId, long userId, int limit) {
    tx.update(
        """
        INSERT INTO coupon_users (coupon_id, user_id, taken) VALUES (?, ?, 0)
        ON DUPLICATE KEY UPDATE taken = taken
        """,
        couponId,
        userId);
    return tx.update(
            """
            UPDATE coupon_users SET taken = taken + 1
            WHERE coupon_id = ? AND user_id = ? AND taken < ?
            """,
            couponId,
            userId,
            limit)
        == 1;
  }

  void insertUse(Tx tx, Use use, Instant now) {
    tx.insert(
        """
        INSERT INTO coupon_uses (order_id, coupon_id, user_id, code, item_kind, item_id, creator_id,
          list_price_fen, discount_fen, budget_fen, status, reserved_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved', ?)
        """,
        use.orderId(),
        use.couponId(),
        use.userId(),
        use.code(),
        use.item().kind().name().toLowerCase(Locale.ROOT),
        use.item().id(),
        use.item().creatorId(),
        use.listPriceFen(),
        use.discountFen(),
        use.budgetFen(),
        now);
  }

  boolean markUsed(Tx tx, Use use, Instant now) {
    return tx.update(
            "UPDATE coupon_uses SET status = 'used', used_at = ? WHERE use_id = ? AND status ="
                + " 'reserved'",
            now,
            use.id())
        == 1;
  }

  boolean markReleased(Tx tx, Use use, Instant now) {
    return tx.update(
            """
            UPDATE coupon_uses SET status = 'released', ended_at = ?
            WHERE use_id = ? AND status = 'reserved'
            """,
            now,
            use.id())
        == 1;
  }

  boolean markReturned(Tx tx, Use use, Instant now) {
    return tx.update(
            "UPDATE coupon_uses SET status = 'returned', ended_at = ? WHERE use_id = ? AND status ="
                + " 'used'",
            now,
            use.id())
        == 1;
  }

  void countUsed(Tx tx, Use use) {
    counted(
        use,
        tx.update(
            """
            UPDATE coupons
            SET reserved_count = reserved_count - 1, used_count = used_count + 1,
              reserved_fen = reserved_fen - ?, spent_fen = spent_fen + ?
            WHERE coupon_id = ?
            """,
            use.budgetFen(),
            use.budgetFen(),
            use.couponId()));
  }

  void countReleased(Tx tx, Use use) {
    counted(
        use,
        tx.update(
            """
            UPDATE coupons SET reserved_count = reserved_count - 1, reserved_fen = reserved_fen - ?
            WHERE coupon_id = ?
            """,
            use.budgetFen(),
            use.couponId()));
    giveBackToUser(tx, use);
  }

  void countReturned(Tx tx, Use use) {
    counted(
        use,
        tx.update(
            "UPDATE coupons SET used_count = used_count - 1, spent_fen = spent_fen - ? WHERE"
                + " coupon_id = ?",
            use.budgetFen(),
            use.couponId()));
    giveBackToUser(tx, use);
  }

  private static void giveBackToUser(Tx tx, Use use) {
    counted(
        use,
        tx.update(
            "UPDATE coupon_users SET taken = taken - 1 WHERE coupon_id = ? AND user_id = ?",
            use.couponId(),
            use.userId()));
  }

  /** The counter rows of a use exist as long as it does. */
  private static void counted(Use use, int rows) {
    if (rows != 1) {
      LOG.error("no counter row of coupon {} for order {}", use.couponId(), use.orderId());
      throw new IllegalStateException("coupon " + use.couponId() + " has no counter row");
    }
  }

  private static Use use(Row row) {
    return new Use(
        row.getLong("use_id"),
        row.getString("order_id"),
        row.getLong("coupon_id"),
        row.getLong("user_id"),
        row.getString("code"),
        new CouponItem(
            CouponItem.Kind.valueOf(row.getString("item_kind").toUpperCase(Locale.ROOT)),
            row.getLong("item_id"),
            row.getLong("creator_id")),
        row.getLong("list_price_fen"),
        row.getLong("discount_fen"),
        row.getLong("budget_fen"),
        "used".equals(row.getString("status")));
  }

  static CouponRow coupon(Row row) {
    return new CouponRow(
        row.getLong("coupon_id"),
        row.getLong("creator_id"),
        row.getString("name"),
        row.getString("code"),
        CouponDiscountType.of(row.getString("discount_type")),
        row.getLong("discount_value"),
        row.getLong("max_discount_fen"),
        row.getLong("min_amount_fen"),
        ids(row, "plan_ids"),
        ids(row, "article_ids"),
        Rows.flag(row, "new_users_only"),
        Rows.flag(row, "for_renewal"),
        row.getInteger("applies_to_cycles"),
        row.getInteger("total_quantity"),
        row.getInteger("per_user_limit"),
        row.getInteger("claimed_count"),
        row.getInteger("reserved_count"),
        row.getInteger("used_count"),
        row.getLong("budget_fen"),
        row.getLong("reserved_fen"),
        row.getLong("spent_fen"),
        Rows.flag(row, "stackable_with_promotion"),
        Rows.instant(row, "starts_at"),
        Rows.instant(row, "expires_at"),
        CouponStatus.of(row.getString("status")),
        row.getInteger("revision"),
        Rows.instant(row, "created_at"));
  }

  private static List<Long> ids(Row row, String column) {
    JsonArray array = Rows.jsonArray(row, column);
    return array == null ? null : array.stream().map(id -> ((Number) id).longValue()).toList();
  }
}
