package com.sharestack.billing.earnings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import com.sharestack.testing.TestNode;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The plans of the list statements for a creator with thousands of lines among others. */
class EarningPlansTest {

  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

  private static TestNode node;

  @BeforeAll
  static void fill() {
    node = TestNode.of("earning_plans");
    String digits =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
            + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7"
            + " UNION ALL SELECT 8 UNION ALL SELECT 9)";
    node.await(
        () -> {
          node.db()
              .update(
                  """
                  INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, payer_id, income, purpose,
                    order_id, payment_id, paid_fen, platform_discount_fen, platform_fen, creator_share_fen,
                    platform_fee_rate, creator_share_rate, processed_at, hold_until, created_at)
                  SELECT CONCAT('txn_', n), 'sale', CONCAT('pay_', n), IF(MOD(n, 50) = 0, 'pending', 'completed'),
                    IF(MOD(n, 2) = 0, 1, n), MOD(n, 500), IF(MOD(n, 10) = 0, 'tip', 'subscription'),
                    IF(MOD(n, 10) = 0, 'tip', 'initial'), 'sub_1', CONCAT('pay_', n), 1000, 0, 100, 900, 1000, 10000,
                    DATE_ADD('2026-01-01', INTERVAL n MINUTE), DATE_ADD('2026-01-08', INTERVAL n MINUTE), NOW(3)
                  FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n
                    FROM %s a, %s b, %s c, %s e) numbers
                  """
                      .formatted(digits, digits, digits, digits));
          return node.db().rows("ANALYZE TABLE earning_lines");
        });
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static LineFilter filter(TransactionType type, TransactionStatus status) {
    return new LineFilter(1, type, status, FROM, FROM.plusSeconds(864_000), null, FROM);
  }

  private static String plan(LineFilter filter) {
    EarningRepository.Statement page = EarningRepository.page(filter, 50, 0);
    List<Row> rows =
        node.await(() -> node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + page.sql(), page.args()));
    assertEquals(1, rows.size());
    assertFalse(String.valueOf(rows.getFirst().getString("Extra")).contains("filesort"));
    return rows.getFirst().getString("key") + " " + rows.getFirst().getString("key_len");
  }

  @Test
  void aPageIsReadInTheOrderOfItsIndex() {
    assertEquals("ix_earning_lines_list 15", plan(filter(null, null)));
  }

  @Test
  void typeAndStatusHaveIndexesInTheSameOrder() {
    assertEquals("ix_earning_lines_type 30", plan(filter(TransactionType.TIP, null)));
    assertEquals("ix_earning_lines_status 27", plan(filter(null, TransactionStatus.PENDING)));
  }
}
