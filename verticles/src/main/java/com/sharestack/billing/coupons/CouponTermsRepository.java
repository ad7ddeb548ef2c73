package com.sharestack.billing.coupons;

import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tables coupons and coupon_codes, as those who issue coupons write them. */
public final class CouponTermsRepository {

  private final CouponRepository coupons = new CouponRepository();

  /** A repeat of coupons.create: the row it made and the hash of what was asked. */
  public record Stored(long couponId, Buffer hash) {}

  public Optional<Stored> byIdempotencyKey(Sql sql, long createdBy, String key) {
    return sql.row(
            "SELECT coupon_id, request_hash FROM coupons WHERE created_by = ? AND idempotency_key ="
                + " ?",
            createdBy,
            key)
        .map(row -> new Stored(row.getLong("coupon_id"), row.getBuffer("request_hash")));
  }

  public Optional<CouponRow> find(Sql sql, long couponId) {
    return coupons.find(sql, couponId);
  }

  /**
   * @param key Idempotency-Key, null for none
   * @param hash of the request, null without key
   * @return the coupon's id
   * @throws com.sharestack.platform.db.DuplicateKeyException uk_coupons_idempotency: the same
   *     request won; PRIMARY: the code was given before
   */
  public long insert(
      Tx tx, NewCoupon coupon, long createdBy, String key, Buffer hash, Instant now) {
    long id =
        tx.insert(
            """
            INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value, max_discount_fen,
              min_amount_fen, plan_ids, article_ids, new_users_only, for_renewal, applies_to_cycles,
              total_quantity, per_user_limit, budget_fen, stackable_with_promotion, starts_at, expires_at,
              status, created_by, idempotency_key, request_hash, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            coupon.creatorId() == null ? "platform" : "creator",
            coupon.creatorId(),
            coupon.name(),
            coupon.discountType(),
            coupon.discountValue(),
            coupon.maxDiscountFen(),
            coupon.minAmountFen(),
            json(coupon.planIds()),
            coupon.articleIds() == null ? null : json(coupon.articleIds()),
            flag(coupon.newUsersOnly()),
            flag(coupon.forRenewal()),
            coupon.appliesToCycles(),
            coupon.totalQuantity(),
            coupon.perUserLimit(),
            coupon.budgetFen(),
            flag(coupon.stackable()),
            coupon.startsAt(),
            coupon.expiresAt(),
            coupon.draft() ? "draft" : "active",
            createdBy,
            key,
            hash,
            now,
            now);
    if (coupon.code() != null) {
      tx.update(
          "INSERT INTO coupon_codes (code, coupon_id, created_at) VALUES (?, ?, ?)",
          coupon.code(),
          id,
          now);
    }
    return id;
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }

  private static String json(List<Long> ids) {
    return new JsonArray(ids).encode();
  }
}
