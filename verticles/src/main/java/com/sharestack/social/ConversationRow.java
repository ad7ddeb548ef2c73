package com.sharestack.social;

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
