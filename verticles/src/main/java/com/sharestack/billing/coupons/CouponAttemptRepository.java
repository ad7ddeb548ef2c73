package com.sharestack.billing.coupons;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/** Table coupon_attempts. */
final class CouponAttemptRepository {

  private static final String SELECT =
      "SELECT wrong_at, blocked_until FROM coupon_attempts WHERE user_id = ?";

  WrongCodes of(Sql sql, long userId) {
    return sql.row(SELECT, userId).map(CouponAttemptRepository::codes).orElse(WrongCodes.NONE);
  }

  /** Made where missing and locked until the transaction ends. */
  WrongCodes lock(Tx tx, long userId, Instant now) {
    tx.update(
        """
        INSERT INTO coupon_attempts (user_id, wrong_at, updated_at) VALUES (?, '[]', ?)
        ON DUPLICATE KEY UPDATE updated_at = VALUES(updated_at)
        """,
        userId,
        now);
    return of(tx, userId);
  }

  void store(Tx tx, long userId, WrongCodes codes) {
    JsonArray millis = new JsonArray();
    codes.at().forEach(at -> millis.add(at.toEpochMilli()));
    tx.update(
        "UPDATE coupon_attempts SET wrong_at = ?, blocked_until = ? WHERE user_id = ?",
        millis.encode(),
        codes.blockedUntil(),
        userId);
  }

  private static WrongCodes codes(Row row) {
    return new WrongCodes(
        Rows.jsonArray(row, "wrong_at").stream()
            .map(millis -> Instant.ofEpochMilli(((Number) millis).longValue()))
            .toList(),
        Rows.instant(row, "blocked_until"));
  }
}
