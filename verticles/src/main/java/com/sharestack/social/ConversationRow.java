package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Objects;

/**
 * A row of conversations.
 *
 * @param headSeq conv_seq of the newest message, 0 = none
 * @param dataKey sealed by the master key
 */
record ConversationRow(
    long id,
    long lowUserId,
    long highUserId,
    long headSeq,
    Long lastMessageId,
    Instant lastMessageAt,
    byte[] dataKey,
    Instant createdAt) {

  static final String COLUMNS =
      """
      c.conversation_id, c.low_user_id, c.high_user_id, c.head_seq, c.last_message_id,
        c.last_message_at, c.data_key, c.created_at
      """;

  static ConversationRow of(Row row) {
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

  @Override
  public boolean equals(Object other) {
    return other instanceof ConversationRow row && row.id == id && row.headSeq == headSeq;
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, headSeq);
  }

  @Override
  public String toString() {
    return "conversation " + id + " at " + headSeq;
  }
}
