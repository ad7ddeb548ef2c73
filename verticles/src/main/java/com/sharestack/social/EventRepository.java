package com.sharestack.social;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tables message_events, message_counters and message_devices. */
final class EventRepository {

  /**
   * A row of message_counters.
   *
   * @param oldest oldest event held, head + 1 when none is
   * @param acked highest event a device has stored
   */
  record Counter(long userId, long head, long oldest, long acked, TokenBucket.State tokens) {}

  /** Makes the missing rows, then locks all in the order of the ids. */
  List<Counter> lock(Tx tx, List<Long> sortedUsers, TokenBucket.State fresh) {
    List<Counter> locked = select(tx, sortedUsers, " ORDER BY user_id FOR UPDATE");
    if (locked.size() == sortedUsers.size()) {
      return locked;
    }
    for (long user : sortedUsers) {
      tx.update(
          """
          INSERT INTO message_counters (user_id, tokens_milli, refilled_at) VALUES (?, ?, ?)
          ON DUPLICATE KEY UPDATE user_id = user_id
          """,
          user,
          fresh.milli(),
          fresh.refilledAt());
    }
    return select(tx, sortedUsers, " ORDER BY user_id FOR UPDATE");
  }

  Map<Long, Counter> counters(Sql sql, Collection<Long> users) {
    Map<Long, Counter> found = new HashMap<>();
    if (!users.isEmpty()) {
      select(sql, users, "").forEach(counter -> found.put(counter.userId(), counter));
    }
    return found;
  }

  private static List<Counter> select(Sql sql, Collection<Long> users, String end) {
    Object[] padded = Batch.padded(users);
    return sql
        .rows(
            """
            SELECT user_id, head_seq, oldest_seq, acked_seq, tokens_milli, refilled_at
            FROM message_counters WHERE user_id IN (%s)\
            """
                    .formatted(Rows.marks(padded.length))
                + end,
            padded)
        .stream()
        .map(
            row ->
                new Counter(
                    row.getLong("user_id"),
                    row.getLong("head_seq"),
                    row.getLong("oldest_seq"),
                    row.getLong("acked_seq"),
                    new TokenBucket.State(
                        row.getLong("tokens_milli"), Rows.instant(row, "refilled_at"))))
        .toList();
  }

  void store(Tx tx, Collection<Counter> counters) {
    tx.batch(
        """
        UPDATE message_counters SET head_seq = ?, oldest_seq = ?, tokens_milli = ?, refilled_at = ?
        WHERE user_id = ?
        """,
        counters.stream()
            .map(
                counter ->
                    new Object[] {
                      counter.head(),
                      counter.oldest(),
                      counter.tokens().milli(),
                      counter.tokens().refilledAt(),
                      counter.userId()
                    })
            .toList());
  }

  void append(Tx tx, List<EventRow> events) {
    tx.batch(
        """
        INSERT INTO message_events (user_id, seq, event_type, conversation_id, message_id, actor_id,
          kind, up_to_seq, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        events.stream()
            .map(
                event ->
                    new Object[] {
                      event.userId(),
                      event.seq(),
                      event.draft().type(),
                      event.draft().conversationId(),
                      event.draft().messageId(),
                      event.draft().actorId(),
                      event.draft().kind(),
                      event.draft().upToSeq(),
                      event.at()
                    })
            .toList());
  }

  /** After {@code since}, in order. */
  List<EventRow> after(Sql sql, long user, long since, int limit) {
    return sql
        .rows(
            """
            SELECT user_id, seq, event_type, conversation_id, message_id, actor_id, kind, up_to_seq,
              created_at
            FROM message_events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?
            """,
            user,
            since,
            limit)
        .stream()
        .map(EventRepository::event)
        .toList();
  }

  /** Conversation -> newest message for the user among the events of a range (end inclusive). */
  Map<Long, Long> receivedBetween(Sql sql, long user, long after, long upTo) {
    Map<Long, Long> newest = new HashMap<>();
    sql.rows(
            """
            SELECT m.conversation_id, MAX(m.conv_seq) AS newest
            FROM message_events e JOIN messages m ON m.message_id = e.message_id
            WHERE e.user_id = ? AND e.seq > ? AND e.seq <= ? AND e.event_type = 'message.new'
              AND m.receiver_id = ?
            GROUP BY m.conversation_id
            """,
            user,
            after,
            upTo,
            user)
        .forEach(row -> newest.put(row.getLong("conversation_id"), row.getLong("newest")));
    return newest;
  }

  /** Moves the cursors forward, never back. */
  long acknowledge(Tx tx, long user, String device, long seq, Instant now) {
    tx.update(
        "UPDATE message_counters SET acked_seq = GREATEST(acked_seq, ?) WHERE user_id = ?",
        seq,
        user);
    tx.update(
        """
        INSERT INTO message_devices (user_id, device_id, acked_seq, updated_at) VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE acked_seq = GREATEST(acked_seq, ?), updated_at = ?
        """,
        user,
        device,
        seq,
        now,
        seq,
        now);
    return tx.row(
            "SELECT acked_seq FROM message_devices WHERE user_id = ? AND device_id = ?",
            user,
            device)
        .map(row -> row.getLong("acked_seq"))
        .orElseThrow();
  }

  void deleteBelow(Tx tx, long user, long seq) {
    tx.update("DELETE FROM message_events WHERE user_id = ? AND seq < ?", user, seq);
  }

  List<Long> usersWithEventsBefore(Db db, Instant time, int most) {
    return db
        .rows(
            """
            SELECT DISTINCT user_id FROM (
              SELECT user_id FROM message_events WHERE created_at < ? ORDER BY created_at LIMIT ?) k
            """,
            time,
            most)
        .stream()
        .map(row -> row.getLong("user_id"))
        .toList();
  }

  /** The newest of the user's oldest {@code most} events that is older than {@code time}, or 0. */
  long newestBefore(Tx tx, long user, Instant time, int most) {
    return tx
        .rows(
            """
            SELECT seq FROM message_events WHERE user_id = ? AND created_at < ?
            ORDER BY seq LIMIT ?
            """,
            user,
            time,
            most)
        .stream()
        .mapToLong(row -> row.getLong("seq"))
        .max()
        .orElse(0);
  }

  int purgeDevices(Db db, Instant time, int most) {
    return db.update("DELETE FROM message_devices WHERE updated_at < ? LIMIT ?", time, most);
  }

  private static EventRow event(Row row) {
    return new EventRow(
        row.getLong("user_id"),
        row.getLong("seq"),
        new EventDraft(
            row.getString("event_type"),
            row.getLong("conversation_id"),
            row.getLong("message_id"),
            row.getLong("actor_id"),
            row.getString("kind"),
            row.getLong("up_to_seq")),
        Rows.instant(row, "created_at"));
  }
}
