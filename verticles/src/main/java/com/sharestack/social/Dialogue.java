package com.sharestack.social;

/**
 * A conversation as one of its two participants sees it.
 *
 * @param mine his own row
 * @param peer the other one's row
 */
record Dialogue(ConversationRow conversation, MemberRow mine, MemberRow peer) {

  long id() {
    return conversation.id();
  }

  /** Opened by the other side only, which is nobody else's business before the first message. */
  boolean secret() {
    return conversation.headSeq() == 0 && !mine.visible();
  }

  /** Receipts and typing need a conversation both have agreed to. */
  boolean settled() {
    return !mine.request() && !peer.request();
  }
}
