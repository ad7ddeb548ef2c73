package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Tables conversations and conversation_members. */
final class ConversationRepository {

  private static final String CONVERSATION =
      """
      c.conversation_id, c.low_user_id, c.high_user_id, c.head_seq, c.last_message_id,
        c.last_message_at, c.data_key, c.created_at
      """;

  private static final String DIALOGUE =
      "SELECT "
          + CONVERSATION
          + ", "
          + member("m")
          + ", "
          + member("p")
          + """
          FROM conversations c
          JOIN conversation_members m ON m.conversation_id = c.conversation_id AND m.user_id = ?
          JOIN conversation_members p ON p.conversation_id = c.conversation_id
            AND p.user_id = m.peer_id
          """;

  /** The dialogues of these conversations the viewer takes part in, in no order. */
  List<Dialogue> dialogues(Sql sql, long viewer, Collection<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Object[] padded = Batch.padded(ids);
    return sql
        .rows(
            DIALOGUE + " WHERE c.conversation_id IN (" + Rows.marks(padded.length) + ")",
            Batch.arguments(padded, viewer))
        .stream()
        .map(row -> new Dialogue(conversation(row), member(row, "m"), member(row, "p")))
        .toList();
  }

  Optional<Dialogue> dialogue(Sql sql, long viewer, long id) {
    return dialogues(sql, viewer, List.of(id)).stream().findFirst();
  }

  Optional<Long> idOfPair(Sql sql, long one, long other) {
    return sql.row(
            "SELECT conversation_id FROM conversations WHERE low_user_id = ? AND high_user_id = ?",
            Math.min(one, other),
            Math.max(one, other))
        .map(row -> row.getLong("conversation_id"));
  }

  /** Holds the conversation until the end of the transaction. */
  Optional<Long> lock(Tx tx, long id) {
    return tx.row(
            "SELECT conversation_id FROM conversations WHERE conversation_id = ? FOR UPDATE", id)
        .map(row -> row.getLong("conversation_id"));
  }

  Optional<Long> lockPair(Tx tx, long one, long other) {
    return tx.row(
            """
            SELECT conversation_id FROM conversations
            WHERE low_user_id = ? AND high_user_id = ? FOR UPDATE
            """,
            Math.min(one, other),
            Math.max(one, other))
        .map(row -> row.getLong("conversation_id"));
  }

  /** Does nothing when the pair has one; two creators at once wait for each other here. */
  void create(Tx tx, long one, long other, byte[] dataKey, Long openedBy, Instant now) {
    tx.update(
        """
        INSERT INTO conversations (low_user_id, high_user_id, data_key, opened_by, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE conversation_id = conversation_id
        """,
        Math.min(one, other),
        Math.max(one, other),
        Buffer.buffer(dataKey),
        openedBy,
        now);
  }

  void addMember(Tx tx, MemberRow row) {
    tx.update(
        """
        INSERT INTO conversation_members (conversation_id, user_id, peer_id, state, listed_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        row.conversationId(),
        row.userId(),
        row.peerId(),
        row.state(),
        row.listedAt());
  }

  /** Writes the whole view; marks that would go back are a fault of the caller. */
  void update(Tx tx, MemberRow row) {
    int found =
        tx.update(
            """
            UPDATE conversation_members SET state = ?, visible = ?, written = ?, read_seq = ?,
              receipt_seq = ?, delivered_seq = ?, removed_seq = ?, unread_count = ?, is_muted = ?,
              is_archived = ?, pinned_at = ?, listed_at = ?
            WHERE conversation_id = ? AND user_id = ?
              AND read_seq <= ? AND receipt_seq <= ? AND delivered_seq <= ? AND removed_seq <= ?
            """,
            row.state(),
            row.visible(),
            row.written(),
            row.readSeq(),
            row.receiptSeq(),
            row.deliveredSeq(),
            row.removedSeq(),
            row.unreadCount(),
            row.muted(),
            row.archived(),
            row.pinnedAt(),
            row.listedAt(),
            row.conversationId(),
            row.userId(),
            row.readSeq(),
            row.receiptSeq(),
            row.deliveredSeq(),
            row.removedSeq());
    if (found != 1) {
      throw new IllegalStateException("a mark of " + row + " would go back");
    }
  }

  void advance(Tx tx, long id, long headSeq, long messageId, Instant at) {
    tx.update(
        """
        UPDATE conversations SET head_seq = ?, last_message_id = ?, last_message_at = ?
        WHERE conversation_id = ?
        """,
        headSeq,
        messageId,
        at,
        id);
  }

  /**
   * Ids of a page of a box, pinned first, newest first.
   *
   * @param unread null = with and without
   */
  List<Long> page(Sql sql, long viewer, Box box, Boolean unread, int limit, long offset) {
    return sql
        .rows(
            "SELECT conversation_id FROM conversation_members WHERE "
                + filter(box, unread)
                + """
                 ORDER BY pinned_at DESC, listed_at DESC, conversation_id DESC LIMIT ? OFFSET ?
                """,
            arguments(viewer, box, limit, offset))
        .stream()
        .map(row -> row.getLong("conversation_id"))
        .toList();
  }

  /** How many the box has, counted up to {@code most}. */
  int count(Sql sql, long viewer, Box box, Boolean unread, int most) {
    return sql.row(
            "SELECT COUNT(*) AS found FROM (SELECT conversation_id FROM conversation_members WHERE "
                + filter(box, unread)
                + " LIMIT ?) k",
            arguments(viewer, box, most))
        .map(row -> row.getInteger("found"))
        .orElse(0);
  }

  private static String filter(Box box, Boolean unread) {
    String some = unread == null ? "" : unread ? " AND unread_count > 0" : " AND unread_count = 0";
    return (box == Box.ALL ? "user_id = ? AND box IS NOT NULL" : "user_id = ? AND box = ?") + some;
  }

  private static Object[] arguments(long viewer, Box box, Object... more) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(viewer);
    if (box != Box.ALL) {
      arguments.add(box.literal());
    }
    arguments.addAll(List.of(more));
    return arguments.toArray();
  }

  /** Peers whose request the user has not answered, newest first. */
  List<Long> askers(Sql sql, long user, int most) {
    return sql
        .rows(
            """
            SELECT peer_id FROM conversation_members WHERE user_id = ? AND box = 'requests'
            ORDER BY pinned_at DESC, listed_at DESC, conversation_id DESC LIMIT ?
            """,
            user,
            most)
        .stream()
        .map(row -> row.getLong("peer_id"))
        .toList();
  }

  int countPinned(Tx tx, long user) {
    return tx.row(
            """
            SELECT COUNT(*) AS pinned FROM conversation_members
            WHERE user_id = ? AND box IS NOT NULL AND pinned_at IS NOT NULL
            """,
            user)
        .map(row -> row.getInteger("pinned"))
        .orElse(0);
  }

  /** Conversations of the inbox without unread messages, not pinned, silent since {@code time}. */
  List<Long> idle(Sql sql, long user, Instant time, int most) {
    return sql
        .rows(
            """
            SELECT conversation_id FROM conversation_members
            WHERE user_id = ? AND box = 'inbox' AND pinned_at IS NULL AND listed_at < ?
              AND unread_count = 0
            ORDER BY listed_at LIMIT ?
            """,
            user,
            time,
            most)
        .stream()
        .map(row -> row.getLong("conversation_id"))
        .toList();
  }

  /** Sums over conversations with unread messages. */
  Unread unread(Sql sql, long user) {
    return sql.row(
            """
            SELECT COALESCE(SUM(CASE WHEN box <> 'requests' AND is_muted = 0 THEN unread_count END), 0)
                AS total,
              COALESCE(SUM(CASE WHEN box <> 'requests' AND is_muted = 1 THEN unread_count END), 0)
                AS muted,
              COALESCE(SUM(CASE WHEN box = 'requests' THEN 1 END), 0) AS requests,
              COUNT(*) AS conversations
            FROM conversation_members
            WHERE user_id = ? AND unread_count > 0 AND box IS NOT NULL
            """,
            user)
        .map(
            row ->
                new Unread(
                    row.getLong("total"),
                    row.getLong("muted"),
                    row.getLong("requests"),
                    row.getLong("conversations")))
        .orElseThrow();
  }

  /** Sums of a user. */
  record Unread(long total, long muted, long requests, long conversations) {}

  int openedSince(Tx tx, long user, Instant since) {
    return tx.row(
            "SELECT COUNT(*) AS opened FROM conversations WHERE opened_by = ? AND created_at > ?",
            user,
            since)
        .map(row -> row.getInteger("opened"))
        .orElse(0);
  }

  /** Columns of table alias {@code m}, or {@code p} for the peer's row of the same statement. */
  private static String member(String alias) {
    return """
    x.conversation_id AS x_conversation_id, x.user_id AS x_user_id, x.peer_id AS x_peer_id,
      x.state AS x_state, x.visible AS x_visible, x.written AS x_written,
      x.read_seq AS x_read_seq, x.receipt_seq AS x_receipt_seq,
      x.delivered_seq AS x_delivered_seq, x.removed_seq AS x_removed_seq,
      x.unread_count AS x_unread_count, x.is_muted AS x_is_muted,
      x.is_archived AS x_is_archived, x.pinned_at AS x_pinned_at, x.listed_at AS x_listed_at
    """
        .replace("x.", alias + ".")
        .replace("x_", alias + "_");
  }

  private static ConversationRow conversation(Row row) {
    return new ConversationRow(
        row.getLong("conversation_id"),
        row.getLong("low_user_id"),
        row.getLong("high_user_id"),
        row.getLong("head_seq"),
        row.getLong("last_message_id"),
        Rows.instant(row, "last_message_at"),
        row.getBuffer("data_key").getBytes(),
        Rows.instant(row, "created_at"));
  }

  private static MemberRow member(Row row, String alias) {
    String x = alias + "_";
    return new MemberRow(
        row.getLong(x + "conversation_id"),
        row.getLong(x + "user_id"),
        row.getLong(x + "peer_id"),
        row.getString(x + "state").equals("request"),
        Rows.flag(row, x + "visible"),
        row.getInteger(x + "written"),
        row.getLong(x + "read_seq"),
        row.getLong(x + "receipt_seq"),
        row.getLong(x + "delivered_seq"),
        row.getLong(x + "removed_seq"),
        row.getInteger(x + "unread_count"),
        Rows.flag(row, x + "is_muted"),
        Rows.flag(row, x + "is_archived"),
        Rows.instant(row, x + "pinned_at"),
        Rows.instant(row, x + "listed_at"));
  }
}
