package com.sharestack.billing.coupons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.sqlclient.Row;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an order asks of coupons is read by key. */
class CouponPlansTest {

  private static CouponFixture fixture;

  @BeforeAll
  static void fill() {
    fixture = new CouponFixture("coupon_plans");
    for (int i = 0; i < 40; i++) {
      fixture.store(CouponFixture.tenOff("PLAN-" + i));
      fixture.reserve("PLAN-" + i, 100 + i, "sub_plan" + i);
    }
    fixture.tx(
        tx -> {
          for (int i = 0; i < 400; i++) {
            tx.insert(
                """
                INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, payer_id, income, purpose,
                  order_id, payment_id, paid_fen, platform_discount_fen, platform_fen, creator_share_fen,
                  platform_fee_rate, creator_share_rate, processed_at, hold_until, created_at)
                VALUES (?, 'sale', ?, 'completed', ?, ?, 'tip', 'tip', 'tip_1', 'pay_1', 100, 0, 10, 90, 1000, 10000,
                  NOW(3), NOW(3), NOW(3))
                """,
                "txn_" + i,
                "pay_" + i,
                i % 7 + 1,
                i % 90 + 1);
          }
          return null;
        });
    fixture.node.await(
        () -> fixture.node.db().rows("ANALYZE TABLE coupons, coupon_codes, earning_lines"));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static String keys(String sql, Object... args) {
    List<Row> rows =
        fixture.node.await(() -> fixture.node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + sql, args));
    return String.join(
        " ",
        rows.stream().map(row -> row.getString("table") + ":" + row.getString("key")).toList());
  }

  @Test
  void aCodeAndThePlaceOfAnOrderAreFoundByKey() {
    assertEquals("k:PRIMARY c:PRIMARY", keys(CouponRepository.BY_CODE, "PLAN-7"));
    assertEquals("coupon_uses:uk_coupon_uses_live", keys(CouponRepository.LIVE_USE, "sub_plan7"));
  }

  @Test
  void earlierPaymentsAreFoundByPayer() {
    assertEquals(
        "earning_lines:ix_earning_lines_payer", keys(CouponRepository.PAID_BEFORE, 7L, 3L));
    assertEquals("earning_lines:ix_earning_lines_payer", keys(CouponRepository.PAID_ANYBODY, 7L));
  }

  @Test
  void whoHasPaidBeforeIsNoNewUser() {
    assertTrue(paidBefore(1, 1L));
    assertTrue(paidBefore(1, null));
    assertFalse(paidBefore(999, null));
    fixture.store(CouponFixture.tenOff("NEW-ONLY").newUsersOnly());
    assertEquals(
        "COUPON_INVALID new_users_only",
        CouponFixture.outcome(() -> fixture.reserve("NEW-ONLY", payerOfCreator(), "sub_new2")));
    assertEquals("ok", CouponFixture.outcome(() -> fixture.reserve("NEW-ONLY", 999, "sub_new3")));
  }

  private static boolean paidBefore(long user, Long creator) {
    return fixture.node.await(
        () -> new CouponRepository().paidBefore(fixture.node.db(), user, creator));
  }

  private static long payerOfCreator() {
    return fixture.number(
        "SELECT MIN(payer_id) AS n FROM earning_lines WHERE creator_id = ? AND payer_id <> ?",
        CouponFixture.CREATOR,
        CouponFixture.CREATOR);
  }
}
