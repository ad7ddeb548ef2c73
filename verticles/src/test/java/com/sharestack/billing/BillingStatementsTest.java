package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestNode;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The plans of the list statements on data where a wrong index would hurt: many creators, and one
 * with thousands of subscribers and of deleted plans, and a reader of two thousand creators.
 */
class BillingStatementsTest {

  private static TestNode node;

  @BeforeAll
  static void fill() {
    node = TestNode.of("billing_plans");
    node.await(
        () -> {
          numbers(
              """
              INSERT INTO plans (plan_id, creator_id, name, price_fen, billing_cycle, features,
                is_active, ever_activated, sort_order, entitlements, metadata, created_at, updated_at,
                deleted_at)
              SELECT n, IF(n <= 4000, 1, n), CONCAT('plan ', n), 100 + n, 'monthly', '[]',
                IF(n <= 3980, 0, 1), 1, 0, '{}', '{}', NOW(3), NOW(3), IF(n <= 3980, NOW(3), NULL)
              FROM numbers WHERE n BETWEEN 1 AND 8000
              """);
          numbers(
              """
              INSERT INTO subscriptions (public_id, user_id, creator_id, plan_id, status, ended_reason,
                ended_at, source, price_fen, billing_cycle, activated_at, cancelled_at, created_at,
                updated_at)
              SELECT CONCAT('sub_', n), IF(n <= 6000, n + 100000, 42), IF(n <= 6000, 1, n), IF(n <= 6000, 4000, n),
                IF(n % 2 = 0, 'active', 'expired'), IF(n % 2 = 0, NULL, 'natural'),
                IF(n % 2 = 0, NULL, NOW(3)), 'paid', 100, 'monthly',
                DATE_ADD('2026-01-01', INTERVAL n MINUTE), DATE_ADD('2026-02-01', INTERVAL n MINUTE), NOW(3), NOW(3)
              FROM numbers WHERE n BETWEEN 1 AND 8000
              """);
          return node.db().rows("ANALYZE TABLE plans, subscriptions");
        });
  }

  private static void numbers(String insertFromNumbers) {
    String digits =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
            + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7"
            + " UNION ALL SELECT 8 UNION ALL SELECT 9)";
    node.db()
        .update(
            insertFromNumbers.replace(
                "FROM numbers",
                "FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM "
                    + digits
                    + " a, "
                    + digits
                    + " b, "
                    + digits
                    + " c, "
                    + digits
                    + " e) numbers"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Row explained(String table, String sql, Object... args) {
    List<Row> plan = node.await(() -> node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + sql, args));
    return plan.stream()
        .filter(row -> table.equals(row.getString("table")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPageOfPlansReadsTheLivePlansOfItsCreatorAndNoOtherRow() {
    Row plans = explained("p", PlanRepository.PAGE, 1L, null, null, 20, 0);

    assertEquals("ix_plans_list", plans.getString("key"));
    assertEquals("16", plans.getString("key_len"));
    assertTrue(Long.parseLong(String.valueOf(plans.getValue("rows"))) <= PlanRules.MOST_PLANS);
  }

  @Test
  void grantsAreReadByUserAndCreator() {
    Row rows =
        explained("s", SubscriptionRepository.LIVE_OF_USER.formatted("?,?"), 42L, 6002L, 6004L);

    assertEquals("uk_subscriptions_live", rows.getString("key"));
    assertEquals("18", rows.getString("key_len"));
  }

  @Test
  void subscribersAreReadInTheOrderOfTheFanOutIndex() {
    Row rows = explained("s", SubscriptionRepository.LIVE_OF_CREATOR, 1L, 103000L, 500);

    assertEquals("ix_subscriptions_fan_out", rows.getString("key"));
    assertEquals("18", rows.getString("key_len"));
    assertFalse(String.valueOf(rows.getString("Extra")).contains("filesort"));
  }

  @Test
  void subscribersOfThePastAreCountedInTheIndexAlone() {
    Instant at = Instant.parse("2026-01-02T00:00:00Z");
    Row past = explained("subscriptions", SubscriberHistoryRepository.WITH_ACCESS, 1L, at, at, at);
    assertEquals("ix_subscriptions_life", past.getString("key"));
    assertTrue(String.valueOf(past.getString("Extra")).contains("Using index"));

    Row begun =
        explained("subscriptions", SubscriberHistoryRepository.BEGUN, 1L, at, at.plusSeconds(3600));
    assertEquals("ix_subscriptions_life", begun.getString("key"));
    Instant later = Instant.parse("2026-02-02T00:00:00Z");
    Row cancelled =
        explained(
            "subscriptions",
            SubscriberHistoryRepository.CANCELLED,
            1L,
            later,
            later.plusSeconds(3600));
    assertEquals("ix_subscriptions_cancelled", cancelled.getString("key"));
  }

  @Test
  void whatTimeMovesIsReadFromItsIndex() {
    Row rows = explained("subscriptions", DueRepository.DUE, Instant.now(), 50);

    assertEquals("ix_subscriptions_due", rows.getString("key"));
    assertFalse(String.valueOf(rows.getString("Extra")).contains("filesort"));
    Row reminders = explained("subscriptions", DueRepository.DUE_REMINDERS, Instant.now(), 50);
    assertEquals("ix_subscriptions_reminders", reminders.getString("key"));
    assertFalse(String.valueOf(reminders.getString("Extra")).contains("filesort"));
  }
}
