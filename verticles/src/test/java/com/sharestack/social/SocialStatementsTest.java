package com.sharestack.social;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.db.Tx;
import com.sharestack.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plans of the statements that grow with a user's or a conversation's history. */
class SocialStatementsTest {

  private static final String NUMBERS =
      """
      (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM %1$s a, %1$s b, %1$s c, %1$s e)
      """
          .formatted(
              "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
                  + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7"
                  + " UNION ALL SELECT 8 UNION ALL SELECT 9)");

  private static TestNode node;

  /** Answers nothing but the plan of the statement it is given. */
  private static final class Explaining implements Tx {

    private static final class Plan extends RuntimeException {
      private static final long serialVersionUID = 1L;
      private final transient List<Row> rows;

      Plan(List<Row> rows) {
        this.rows = rows;
      }
    }

    @Override
    public List<Row> rows(String sql, Object... args) {
      throw new Plan(node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + sql, args));
    }

    @Override
    public int update(String sql, Object... args) {
      rows(sql, args);
      return 0;
    }

    @Override
    public long insert(String sql, Object... args) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Integer> batch(String sql, List<Object[]> args) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void afterCommit(Runnable effect) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeAll
  static void fill() {
    node = TestNode.of("social_plans");
    node.await(
        () -> {
          node.db()
              .update(
                  """
                  INSERT INTO conversation_members (conversation_id, user_id, peer_id, state, visible,
                    unread_count, is_archived, listed_at)
                  SELECT n, IF(n %% 10 = 0, n + 20000, 1), n + 50000, IF(n %% 7 = 0, 'request', 'active'),
                    1, IF(n %% 50 = 0, 3, 0), n %% 5 = 0, NOW(3) - INTERVAL n MINUTE
                  FROM %s numbers
                  """
                      .formatted(NUMBERS));
          node.db()
              .update(
                  """
                  INSERT INTO messages (conversation_id, conv_seq, sender_id, receiver_id,
                    client_msg_id, message_type, request_key, text_key, sender_event_seq, created_at)
                  SELECT IF(n %% 10 = 0, n + 10, 1), n, 1 + n %% 2, 2 - n %% 2, UUID(), 'text',
                    REPEAT('x', 32), RPAD(n, 32, 'y'), n, NOW(3) - INTERVAL n MINUTE
                  FROM %s numbers
                  """
                      .formatted(NUMBERS));
          node.db()
              .update(
                  """
                  INSERT INTO message_events (user_id, seq, event_type, message_id, created_at)
                  SELECT IF(n %% 10 = 0, 2, 1), n, 'message.new', n, NOW(3) FROM %s numbers
                  """
                      .formatted(NUMBERS));
          return node.db().rows("ANALYZE TABLE conversation_members, messages, message_events");
        });
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Row plan(String table, Consumer<Tx> statement) {
    return node.await(
        () -> {
          try {
            statement.accept(new Explaining());
          } catch (Explaining.Plan plan) {
            return plan.rows.stream()
                .filter(row -> table.equals(row.getString("table")))
                .findFirst()
                .orElseThrow();
          }
          throw new AssertionError("no statement was run");
        });
  }

  private static String extra(Row plan) {
    return String.valueOf(plan.getString("Extra"));
  }

  private final ConversationRepository conversations = new ConversationRepository();
  private final MessageRepository messages = new MessageRepository();
  private final EventRepository events = new EventRepository();

  @ParameterizedTest
  @CsvSource({"INBOX", "ARCHIVED", "REQUESTS"})
  void aBoxIsReadInItsOrderFromTheIndexAlone(Box box) {
    Row page = plan("conversation_members", sql -> conversations.page(sql, 1, box, null, 20, 4000));
    assertEquals("ix_conversation_members_list", page.getString("key"));
    assertFalse(extra(page).contains("filesort"), extra(page));
    assertTrue(extra(page).contains("Using index"), extra(page));
    Row count = plan("conversation_members", sql -> conversations.count(sql, 1, box, null, 10_000));
    assertTrue(extra(count).contains("Using index"), extra(count));
  }

  @Test
  void unreadSumsReadNothingButTheirIndex() {
    Row sums = plan("conversation_members", sql -> conversations.unread(sql, 1));
    assertEquals("ix_conversation_members_unread", sums.getString("key"));
    assertTrue(extra(sums).contains("Using index"), extra(sums));
  }

  @Test
  void aHistoryPageIsARangeOfTheConversation() {
    for (boolean newest : List.of(true, false)) {
      Row page = plan("m", sql -> messages.history(sql, 1, 100, 9000, newest, 51));
      assertEquals("uk_messages_seq", page.getString("key"));
      assertFalse(extra(page).contains("filesort"), extra(page));
    }
  }

  @Test
  void marksTouchOnlyTheirRangeOfTheConversation() {
    Row read = plan("messages", tx -> messages.markRead(tx, 1, 1, 9000, 9100, Instant.EPOCH));
    assertEquals("uk_messages_seq", read.getString("key"));
    Row unread = plan("messages", tx -> messages.countUnread(tx, 1, 1, 9900));
    assertEquals("uk_messages_seq", unread.getString("key"));
    Row newest = plan("messages", tx -> messages.newestUntil(tx, 1, 9900, Instant.EPOCH));
    assertEquals("uk_messages_seq", newest.getString("key"));
  }

  @Test
  void theLogIsReadByItsKey() {
    Row after = plan("message_events", sql -> events.after(sql, 1, 9000, 200));
    assertEquals("PRIMARY", after.getString("key"));
    assertFalse(extra(after).contains("filesort"), extra(after));
  }

  @Test
  void copiesAreFoundByTheKeyedHash() {
    Row copy =
        plan(
            "messages",
            sql -> messages.hasCopy(sql, 1, Buffer.buffer("x".repeat(32)), Instant.EPOCH));
    assertEquals("ix_messages_copies", copy.getString("key"));
  }
}
