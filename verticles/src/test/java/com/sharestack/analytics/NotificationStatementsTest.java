package com.sharestack.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.NotificationType;
import com.sharestack.testing.TestNode;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plans of notifications.list for a reader who owns most of the table. */
class NotificationStatementsTest {

  private static TestNode node;

  @BeforeAll
  static void fill() {
    node = TestNode.of("notification_plans");
    String digits =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
            + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
            + " UNION ALL SELECT 9)";
    node.await(
        () -> {
          node.db()
              .update(
                  """
                  INSERT INTO notifications (user_id, type, event_name, title, content, metadata, is_read,
                    read_at, first_created_at, created_at)
                  SELECT IF(n %% 20 = 0, n, 1), ELT(1 + n %% 4, 'system', 'content', 'social', 'payment'),
                    'system_updates', 't', 'c', '{}', n %% 3 > 0, IF(n %% 3 > 0, NOW(3), NULL), NOW(3),
                    NOW(3) - INTERVAL n MINUTE
                  FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n
                    FROM %s a, %s b, %s c, %s e) numbers
                  """
                      .formatted(digits, digits, digits, digits));
          return node.db().rows("ANALYZE TABLE notifications");
        });
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, ix_notifications_list, 16",
        "false, -, ix_notifications_unread, 17",
        "true, -, ix_notifications_unread, 17",
        "-, content, ix_notifications_type, 26",
        "false, content, ix_notifications_unread_type, 27"
      })
  void everyFilterHasAnIndexThatGivesItsOrder(
      Boolean read, String type, String index, String length) {
    NotificationRepository.Filter filter =
        new NotificationRepository.Filter(1, read, type == null ? null : NotificationType.of(type));
    List<Object> args = new ArrayList<>(filter.args());
    args.add(20);
    args.add(4000);
    Row keys = innermost(NotificationRepository.pageSql(filter), args);

    assertEquals(index, keys.getString("key"));
    assertEquals(length, keys.getString("key_len"));
    String extra = String.valueOf(keys.getString("Extra"));
    assertFalse(extra.contains("filesort"), extra);
    assertTrue(extra.contains("Using index"), extra);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, -", "false, -", "-, content", "false, content"})
  void countsReadNothingButAnIndex(Boolean read, String type) {
    NotificationRepository.Filter filter =
        new NotificationRepository.Filter(1, read, type == null ? null : NotificationType.of(type));
    List<Object> args = new ArrayList<>(filter.args());
    args.add(NotificationRepository.MOST_COUNTED);

    Row scan = innermost(NotificationRepository.countSql(filter), args);

    assertTrue(scan.getString("Extra").contains("Using index"), scan.getString("Extra"));
  }

  /** The derived table that reads notifications by their reader. */
  private static Row innermost(String sql, List<Object> args) {
    return node
        .await(() -> node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + sql, args.toArray()))
        .stream()
        .filter(row -> List.of("notifications", "n").contains(row.getString("table")))
        .max(Comparator.comparing(row -> ((Number) row.getValue("id")).longValue()))
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, ix_notifications_unread", "content, ix_notifications_unread_type"})
  void markingAllReadFindsTheUnreadOnesByTheirIndex(String type, String index) {
    NotificationRepository.Filter unread =
        new NotificationRepository.Filter(
            1, false, type == null ? null : NotificationType.of(type));
    List<Object> args = new ArrayList<>();
    args.add(node.clock().instant());
    args.addAll(unread.args());
    args.add(node.clock().instant());
    args.add(1000);
    String sql = "EXPLAIN FORMAT=TRADITIONAL " + NotificationRepository.markAllReadSql(unread);
    Row plan = node.await(() -> node.db().rows(sql, args.toArray())).get(0);
    assertEquals(index, plan.getString("key"));
  }

  @Test
  void theNewestOfManyReadersIsOneStepInAnIndexForEach() {
    List<Object> args = List.of(new io.vertx.core.json.JsonArray().add(1).add(20).add(777_777));
    Row plan = innermost(NotificationRepository.NEWEST, args);
    assertEquals("ix_notifications_list", plan.getString("key"));
    String extra = String.valueOf(plan.getString("Extra"));
    assertTrue(extra.contains("Using index") && !extra.contains("filesort"), extra);

    var newest =
        node.await(
            () -> new NotificationRepository().newest(node.db(), List.of(1L, 20L, 777_777L)));
    assertEquals(3, newest.size());
    assertTrue(newest.get(1L).isPresent());
    assertTrue(newest.get(777_777L).isEmpty());
    assertTrue(newest.get(1L).get().isAfter(newest.get(20L).get()));
  }
}
