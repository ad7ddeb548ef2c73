package com.sharestack.social;

import io.vertx.core.buffer.Buffer;
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

  boolean recalled() {
    return recalledAt != null;
  }
}
