package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * A row of messages.
 *
 * @param content sealed; null without text or when it was erased after a recall
 * @param requestKey keyed hash of what a repeat must equal
 * @param senderEventSeq number of message.new in the sender's log
 */
record MessageRow(
    long id,
    long conversationId,
    long convSeq,
    long senderId,
    long receiverId,
    String clientMsgId,
    String type,
    Buffer content,
    Buffer requestKey,
    Long replyTo,
    long senderEventSeq,
    Instant createdAt,
    Instant deliveredAt,
    Instant readAt,
    Instant recalledAt) {

  static final String COLUMNS =
      """
      m.message_id, m.conversation_id, m.conv_seq, m.sender_id, m.receiver_id, m.client_msg_id,
        m.message_type, m.content, m.request_key, m.reply_to_message_id, m.sender_event_seq,
        m.created_at, m.delivered_at, m.read_at, m.recalled_at
      """;

  static MessageRow of(Row row) {
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

  boolean recalled() {
    return recalledAt != null;
  }
}
