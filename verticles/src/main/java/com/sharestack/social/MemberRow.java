package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * One participant's view of a conversation.
 *
 * @param request whether the participant has not answered a stranger yet
 * @param visible whether it is in the participant's lists
 * @param written messages the participant wrote
 * @param readSeq how far the participant has read
 * @param receiptSeq as much of readSeq as the peer may know
 * @param removedSeq messages up to here are gone from this view
 * @param pinnedAt null = not pinned
 */
record MemberRow(
    long conversationId,
    long userId,
    long peerId,
    boolean request,
    boolean visible,
    int written,
    long readSeq,
    long receiptSeq,
    long deliveredSeq,
    long removedSeq,
    int unreadCount,
    boolean muted,
    boolean archived,
    Instant pinnedAt,
    Instant listedAt) {

  /** Columns of table alias {@code m}, or {@code p} for the peer's row of the same statement. */
  static String columns(String alias) {
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

  static MemberRow of(Row row, String alias) {
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

  static MemberRow fresh(long conversationId, long userId, long peerId, boolean asks, Instant now) {
    return new MemberRow(
        conversationId, userId, peerId, !asks, false, 0, 0, 0, 0, 0, 0, false, false, null, now);
  }

  String state() {
    return request ? "request" : "active";
  }

  /** The sender's own view after message {@code seq}: he has read what stood before. */
  MemberRow wrote(long seq, boolean receipts, Instant now) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        false,
        true,
        written + 1,
        seq,
        receipts ? seq : receiptSeq,
        seq,
        removedSeq,
        0,
        muted,
        archived && muted,
        pinnedAt,
        now);
  }

  /** The recipient's view after one more message. */
  MemberRow received(boolean follows, Instant now) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        request && !follows,
        true,
        written,
        readSeq,
        receiptSeq,
        deliveredSeq,
        removedSeq,
        unreadCount + 1,
        muted,
        archived && muted,
        pinnedAt,
        now);
  }

  MemberRow read(long seq, boolean receipts, int unread) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        request,
        visible,
        written,
        Math.max(readSeq, seq),
        receipts ? Math.max(receiptSeq, seq) : receiptSeq,
        Math.max(deliveredSeq, seq),
        removedSeq,
        unread,
        muted,
        archived,
        pinnedAt,
        listedAt);
  }

  MemberRow delivered(long seq) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        request,
        visible,
        written,
        readSeq,
        receiptSeq,
        Math.max(deliveredSeq, seq),
        removedSeq,
        unreadCount,
        muted,
        archived,
        pinnedAt,
        listedAt);
  }

  MemberRow withUnread(int unread) {
    return read(readSeq, false, unread);
  }

  /** Shown and settled: the user opened it himself. */
  MemberRow opened() {
    return settled(true);
  }

  /** No request any more: the user accepted it, or follows the other one. */
  MemberRow accepted() {
    return settled(visible);
  }

  private MemberRow settled(boolean shown) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        false,
        shown,
        written,
        readSeq,
        receiptSeq,
        deliveredSeq,
        removedSeq,
        unreadCount,
        muted,
        archived,
        pinnedAt,
        listedAt);
  }

  /** Gone from the lists with everything up to {@code seq}, until a new message arrives. */
  MemberRow removed(long seq) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        request,
        false,
        written,
        readSeq,
        receiptSeq,
        deliveredSeq,
        Math.max(removedSeq, seq),
        0,
        muted,
        false,
        null,
        listedAt);
  }
}
