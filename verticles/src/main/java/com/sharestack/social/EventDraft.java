package com.sharestack.social;

/**
 * What happened, by ids alone.
 *
 * @param actorId who received or read (receipt), who is blocked (block.updated)
 * @param kind delivered or read (receipt); blocked or unblocked (block.updated), which is what made
 *     the event and not what is so now
 * @param upToSeq conv_seq (receipt, conversation.removed)
 */
record EventDraft(
    String type, Long conversationId, Long messageId, Long actorId, String kind, Long upToSeq) {

  static final String NEW = "message.new";
  static final String RECALLED = "message.recalled";
  static final String DELETED = "message.deleted";
  static final String RECEIPT = "receipt";
  static final String UPDATED = "conversation.updated";
  static final String REMOVED = "conversation.removed";
  static final String BLOCK = "block.updated";

  static final String KIND_DELIVERED = "delivered";
  static final String KIND_READ = "read";
  static final String KIND_BLOCKED = "blocked";
  static final String KIND_UNBLOCKED = "unblocked";

  static EventDraft message(String type, long conversationId, long messageId) {
    return new EventDraft(type, conversationId, messageId, null, null, null);
  }

  static EventDraft receipt(long conversationId, String kind, long userId, long upToSeq) {
    return new EventDraft(RECEIPT, conversationId, null, userId, kind, upToSeq);
  }

  static EventDraft updated(long conversationId) {
    return new EventDraft(UPDATED, conversationId, null, null, null, null);
  }

  static EventDraft removed(long conversationId, long upToSeq) {
    return new EventDraft(REMOVED, conversationId, null, null, null, upToSeq);
  }

  static EventDraft block(long userId, boolean blocked) {
    return new EventDraft(BLOCK, null, null, userId, blocked ? KIND_BLOCKED : KIND_UNBLOCKED, null);
  }
}
