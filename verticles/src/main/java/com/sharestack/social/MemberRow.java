package com.sharestack.social;

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

  /** The user's own arrangement. */
  MemberRow arranged(boolean asks, boolean mute, boolean archive, Instant pinned) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        asks,
        visible,
        written,
        readSeq,
        receiptSeq,
        deliveredSeq,
        removedSeq,
        unreadCount,
        mute,
        archive,
        pinned,
        listedAt);
  }

  /** Without what stands up to {@code seq}; what came later stays in the lists. */
  MemberRow removedBefore(long seq, int unread) {
    return new MemberRow(
        conversationId,
        userId,
        peerId,
        request,
        visible,
        written,
        readSeq,
        receiptSeq,
        deliveredSeq,
        Math.max(removedSeq, seq),
        unread,
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
