package com.sharestack.social;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Table messages. */
final class MessageRepository {

  private static final String COLUMNS =
      """
      m.message_id, m.conversation_id, m.conv_seq, m.sender_id, m.receiver_id, m.client_msg_id,
        m.message_type, m.content, m.request_key, m.reply_to_message_id, m.sender_event_seq,
        m.created_at, m.delivered_at, m.read_at, m.recalled_at
      """;

  private static final String SELECT = "SELECT " + COLUMNS + " FROM messages m ";

  Optional<MessageRow> byClientId(Sql sql, long sender, String clientMsgId) {
    return sql.row(SELECT + "WHERE m.sender_id = ? AND m.client_msg_id = ?", sender, clientMsgId)
        .map(MessageRepository::message);
  }

  Optional<MessageRow> byId(Sql sql, long id) {
    return sql.row(SELECT + "WHERE m.message_id = ?", id).map(MessageRepository::message);
  }

  Map<Long, MessageRow> byIds(Sql sql, Collection<Long> ids) {
    Map<Long, MessageRow> found = new HashMap<>();
    if (!ids.isEmpty()) {
      Object[] padded = Batch.padded(ids);
      sql.rows(SELECT + "WHERE m.message_id IN (" + Rows.marks(padded.length) + ")", padded)
          .forEach(row -> found.put(row.getLong("message_id"), message(row)));
    }
    return found;
  }

  /** Between the bounds (exclusive), newest first or oldest first. */
  List<MessageRow> history(
      Sql sql, long conversation, long above, long below, boolean newestFirst, int limit) {
    return sql
        .rows(
            SELECT
                + "WHERE m.conversation_id = ? AND m.conv_seq > ? AND m.conv_seq < ?"
                + " ORDER BY m.conv_seq "
                + (newestFirst ? "DESC" : "ASC")
                + " LIMIT ?",
            conversation,
            above,
            below,
            limit)
        .stream()
        .map(MessageRepository::message)
        .toList();
  }

  long insert(Tx tx, MessageRow row, Buffer textKey) {
    return tx.insert(
        """
        INSERT INTO messages (conversation_id, conv_seq, sender_id, receiver_id, client_msg_id,
          message_type, content, request_key, text_key, reply_to_message_id, sender_event_seq,
          created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.conversationId(),
        row.convSeq(),
        row.senderId(),
        row.receiverId(),
        row.clientMsgId(),
        row.type(),
        row.content(),
        row.requestKey(),
        textKey,
        row.replyTo(),
        row.senderEventSeq(),
        row.createdAt());
  }

  boolean hasCopy(Sql sql, long sender, Buffer textKey, Instant since) {
    return sql.row(
            """
            SELECT message_id FROM messages
            WHERE sender_id = ? AND text_key = ? AND created_at > ? LIMIT 1
            """,
            sender,
            textKey,
            since)
        .isPresent();
  }

  /** A text of the sender and the sealed key it is under. */
  record Sealed(String clientMsgId, Buffer content, byte[] dataKey) {}

  List<Sealed> latestTexts(Sql sql, long sender, Instant since, int most) {
    return sql
        .rows(
            """
            SELECT m.client_msg_id, m.content, c.data_key
            FROM messages m JOIN conversations c ON c.conversation_id = m.conversation_id
            WHERE m.sender_id = ? AND m.created_at > ? AND m.content IS NOT NULL
            ORDER BY m.created_at DESC, m.message_id DESC LIMIT ?
            """,
            sender,
            since,
            most)
        .stream()
        .map(
            row ->
                new Sealed(
                    row.getString("client_msg_id"),
                    row.getBuffer("content"),
                    row.getBuffer("data_key").getBytes()))
        .toList();
  }

  /**
   * Messages of the peer between the bounds (upper one inclusive).
   *
   * @return how many were not delivered yet
   */
  int markDelivered(Tx tx, long conversation, long receiver, long above, long upTo, Instant now) {
    return tx.update(
        """
        UPDATE messages SET delivered_at = ?
        WHERE conversation_id = ? AND conv_seq > ? AND conv_seq <= ? AND receiver_id = ?
          AND delivered_at IS NULL
        """,
        now,
        conversation,
        above,
        upTo,
        receiver);
  }

  int markRead(Tx tx, long conversation, long receiver, long above, long upTo, Instant now) {
    return tx.update(
        """
        UPDATE messages SET read_at = ?, delivered_at = COALESCE(delivered_at, ?)
        WHERE conversation_id = ? AND conv_seq > ? AND conv_seq <= ? AND receiver_id = ?
          AND read_at IS NULL
        """,
        now,
        now,
        conversation,
        above,
        upTo,
        receiver);
  }

  int countUnread(Tx tx, long conversation, long receiver, long above) {
    return tx.row(
            """
            SELECT COUNT(*) AS unread FROM messages
            WHERE conversation_id = ? AND conv_seq > ? AND receiver_id = ?
              AND recalled_at IS NULL
            """,
            conversation,
            above,
            receiver)
        .map(row -> row.getInteger("unread"))
        .orElse(0);
  }

  /** conv_seq of the newest message above the bound that was accepted by then; 0 without one. */
  long newestUntil(Tx tx, long conversation, long above, Instant time) {
    return tx.row(
            """
            SELECT MAX(conv_seq) AS newest FROM messages
            WHERE conversation_id = ? AND conv_seq > ? AND created_at <= ?
            """,
            conversation,
            above,
            time)
        .map(row -> row.getLong("newest"))
        .orElse(0L);
  }

  void recall(Tx tx, long id, Instant now) {
    tx.update(
        "UPDATE messages SET recalled_at = ? WHERE message_id = ? AND recalled_at IS NULL",
        now,
        id);
  }

  /** Empties texts recalled before {@code time}. */
  int eraseRecalled(Db db, Instant time, int most) {
    return db.update(
        """
        UPDATE messages SET content = NULL, text_key = NULL
        WHERE recalled_at < ? AND content IS NOT NULL ORDER BY recalled_at LIMIT ?
        """,
        time,
        most);
  }

  private static MessageRow message(Row row) {
    return new MessageRow(
        row.getLong("message_id"),
        row.getLong("conversation_id"),
        row.getLong("conv_seq"),
        row.getLong("sender_id"),
        row.getLong("receiver_id"),
        row.getString("client_msg_id"),
        row.getString("message_type"),
        row.getBuffer("content"),
        row.getBuffer("request_key"),
        row.getLong("reply_to_message_id"),
        row.getLong("sender_event_seq"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "delivered_at"),
        Rows.instant(row, "read_at"),
        Rows.instant(row, "recalled_at"));
  }
}
