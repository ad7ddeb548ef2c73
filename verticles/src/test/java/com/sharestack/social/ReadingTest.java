package com.sharestack.social;

import static com.sharestack.social.SocialNode.in;
import static com.sharestack.social.SocialNode.newId;
import static com.sharestack.social.SocialNode.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationState;
import com.sharestack.contract.ConversationsMessagesRequest;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageHistory;
import com.sharestack.contract.MessageStatus;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadResult;
import com.sharestack.contract.UserBlocked;
import com.sharestack.contract.UserUnblocked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reading, receipts, recall, history and what a block removes. */
class ReadingTest {

  private static SocialNode social;

  @BeforeAll
  static void start() {
    social = new SocialNode("social_reading");
  }

  @AfterAll
  static void stop() {
    social.close();
  }

  private final Caller anna = social.user();
  private final Caller ben = social.user();

  private PrivateMessage seenBy(Caller viewer, PrivateMessage message) {
    return social.history(viewer, message.conversationId()).messages().stream()
        .filter(m -> m.id() == message.id())
        .findFirst()
        .orElseThrow();
  }

  private long receipts(Caller user, String kind) {
    return social.log(user, "receipt").stream()
        .filter(event -> event.data().getString("kind").equals(kind))
        .count();
  }

  @Test
  void theReadPointerMovesForwardOnlyAndNeverBeyondTheHead() {
    social.acquaint(anna, ben);
    long id = social.say(anna, ben).conversationId();
    social.say(anna, ben);
    social.say(anna, ben);
    ReadResult four = social.read(ben, id, 4L);
    assertEquals(4, four.myReadSeq());
    assertEquals(1, four.unreadCount());
    assertEquals(1, four.unreadTotal());
    assertEquals(4, social.read(ben, id, 2L).myReadSeq());
    assertEquals(4, social.read(ben, id, 0L).myReadSeq());
    assertEquals(5, social.read(ben, id, 999L).myReadSeq());
    assertEquals(5, social.read(ben, id, null).myReadSeq());
    assertEquals(2, receipts(ben, "read"), "a repeat is no event");
    assertEquals(2, receipts(anna, "read"));
    assertEquals(5, social.with(anna, ben).peerReadSeq());
  }

  @Test
  void theSenderSeesDeliveredAndReadWithTheirTimes() {
    social.acquaint(anna, ben);
    PrivateMessage message = social.say(anna, ben);
    assertEquals(MessageStatus.SENT, seenBy(anna, message).status());
    social.history(ben, message.conversationId());
    assertEquals(MessageStatus.DELIVERED, seenBy(anna, message).status());
    assertNotNull(seenBy(anna, message).deliveredAt());
    social.read(ben, message.conversationId(), null);
    assertEquals(MessageStatus.READ, seenBy(anna, message).status());
    assertNotNull(seenBy(anna, message).readAt());
  }

  @Test
  void withoutReceiptsTheSenderLearnsNothingOfReading() {
    social.acquaint(anna, ben);
    social.settings(ben, "everyone", false, true);
    PrivateMessage message = social.say(anna, ben);
    social.read(ben, message.conversationId(), null);
    assertEquals(0, receipts(anna, "read"));
    assertEquals(1, receipts(ben, "read"), "the reader's own devices follow");
    assertEquals(MessageStatus.DELIVERED, seenBy(anna, message).status());
    assertEquals(MessageStatus.READ, seenBy(ben, message).status());
    assertNull(social.with(anna, ben).peerReadSeq());
    social.settings(ben, "everyone", true, true);
    assertNull(seenBy(anna, message).readAt(), "what was read in silence stays so");
    assertTrue(social.with(anna, ben).peerReadSeq() < message.convSeq());
  }

  @Test
  void aRequestIsReadWithoutAcceptingItAndWithoutAReceipt() {
    PrivateMessage message = social.say(anna, ben);
    social.read(ben, message.conversationId(), null);
    assertEquals(0, receipts(anna, "read"));
    assertEquals(ConversationState.REQUEST, social.with(ben, anna).state());
    assertEquals(0, social.unread(ben).requestTotal());
    assertNull(seenBy(anna, message).readAt());
  }

  @Test
  void acrossABlockNothingIsToldAtAll() {
    social.acquaint(anna, ben);
    PrivateMessage message = social.say(anna, ben);
    social.block(ben, anna);
    long before = social.log(anna).size();
    social.history(ben, message.conversationId());
    social.read(ben, message.conversationId(), null);
    assertEquals(before, social.log(anna).size());
    assertEquals(MessageStatus.SENT, seenBy(anna, message).status());
    assertEquals(0, social.unread(ben).unreadTotal());
  }

  @Test
  void aRecalledMessageLeavesNoTextAnywhere() {
    social.acquaint(anna, ben);
    String secret = social.newText();
    PrivateMessage message = social.say(anna, ben, secret);
    social.send(ben, in(message.conversationId(), newId(), "你说的是什么意思", message.id()));
    PrivateMessage last = social.say(anna, ben, social.newText());
    assertEquals(1, social.unread(ben).unreadTotal());
    assertNull(social.recall(anna, message.id()).content());
    PrivateMessage recalled = social.recall(anna, last.id());
    assertEquals(MessageStatus.RECALLED, recalled.status());
    assertEquals(0, social.unread(ben).unreadTotal(), "unread no longer counts");
    for (Caller viewer : List.of(anna, ben)) {
      String everything =
          social.log(viewer).toString()
              + social.history(viewer, message.conversationId())
              + social.list(viewer, "all");
      assertFalse(everything.contains(secret), everything);
      assertFalse(everything.contains(last.content()), everything);
      Conversation conversation = social.with(viewer, viewer == anna ? ben : anna);
      assertTrue(conversation.lastMessage().isRecalled());
      assertEquals("", conversation.lastMessage().preview());
      assertEquals(2, social.log(viewer, "message.recalled").size());
    }
  }

  @Test
  void onlyTheSenderRecallsAndOnlyForTwoMinutes() {
    PrivateMessage message = social.say(anna, ben);
    assertEquals("PERMISSION_DENIED", refusal(() -> social.recall(ben, message.id())));
    assertEquals("MESSAGE_NOT_FOUND", refusal(() -> social.recall(social.user(), message.id())));
    PrivateMessage early = social.say(anna, ben);
    social.recall(anna, early.id());
    social.node.clock().advance(Duration.ofSeconds(121));
    assertEquals("RECALL_WINDOW_EXPIRED", refusal(() -> social.recall(anna, message.id())));
    assertEquals(MessageStatus.RECALLED, social.recall(anna, early.id()).status());
    assertEquals(1, social.log(ben, "message.recalled").size(), "a repeat is no event");
  }

  @Test
  void theHistoryIsReadInBothDirections() {
    social.acquaint(anna, ben);
    long id = 0;
    for (int i = 0; i < 8; i++) {
      id = social.say(anna, ben).conversationId();
    }
    assertEquals(List.of(8L, 9L, 10L), seqs(page(id, null, null)));
    assertTrue(page(id, null, null).hasMore());
    assertEquals(List.of(5L, 6L, 7L), seqs(page(id, 8L, null)));
    assertEquals(List.of(1L, 2L), seqs(page(id, 3L, null)));
    assertFalse(page(id, 3L, null).hasMore());
    assertEquals(List.of(1L, 2L, 3L), seqs(page(id, null, 0L)));
    assertEquals(List.of(9L, 10L), seqs(page(id, null, 8L)));
    assertFalse(page(id, null, 8L).hasMore());
    long conversation = id;
    assertEquals("VALIDATION_ERROR", refusal(() -> page(conversation, 5L, 2L)));
    assertEquals(
        "CONVERSATION_NOT_FOUND", refusal(() -> social.history(social.user(), conversation)));
  }

  private MessageHistory page(long id, Long before, Long after) {
    return social.await(
        social.conversations.messages(ben, new ConversationsMessagesRequest(id, before, after, 3)));
  }

  private static List<Long> seqs(MessageHistory history) {
    return history.messages().stream().map(PrivateMessage::convSeq).toList();
  }

  @Test
  void aBlockTakesTheOpenRequestAwayAndTellsTheBlockersDevices() {
    PrivateMessage message = social.say(anna, ben);
    UserBlocked block = new UserBlocked(ben.userId(), anna.userId(), Instant.EPOCH);
    social.block(ben, anna);
    long event = 100_000 + ben.userId();
    social.event(EventTopic.USER_BLOCKED, event, block);
    social.event(EventTopic.USER_BLOCKED, event, block);
    assertEquals(List.of(), social.list(ben, "all").conversations());
    assertEquals(0, social.unread(ben).requestTotal());
    assertEquals(List.of(), social.history(ben, message.conversationId()).messages());
    assertEquals(
        List.of("message.deleted", "conversation.removed", "block.updated"),
        social.log(ben).stream().map(e -> e.type()).toList());
    assertEquals(1, social.history(anna, message.conversationId()).messages().size());
    assertEquals(1, social.log(anna, "message.new").size());
    assertEquals(0, social.log(anna, "block.updated").size(), "the blocked one is not told");

    social.unblock(ben, anna);
    social.event(
        EventTopic.USER_UNBLOCKED,
        event + 1_000_000,
        new UserUnblocked(ben.userId(), anna.userId(), Instant.EPOCH));
    assertEquals(2, social.log(ben, "block.updated").size());
    social.say(anna, ben);
    assertEquals(
        List.of(2L),
        social.history(ben, message.conversationId()).messages().stream()
            .map(PrivateMessage::convSeq)
            .toList());
    assertEquals(1, social.unread(ben).requestTotal());
  }

  /** Events come at least once and in any order. */
  @Test
  void aBlockThatIsToldAfterItsEndTakesNothingAwayThatCameSince() {
    PrivateMessage before = social.say(anna, ben);
    UserBlocked block = new UserBlocked(ben.userId(), anna.userId(), Instant.EPOCH);
    Instant blockedAt = social.node.clock().instant();
    social.node.clock().advance(Duration.ofMillis(2));
    PrivateMessage after = social.say(anna, ben);
    long event = 200_000 + ben.userId();
    social.event(
        EventTopic.USER_UNBLOCKED,
        event + 1_000_000,
        new UserUnblocked(ben.userId(), anna.userId(), Instant.EPOCH));
    social.event(EventTopic.USER_BLOCKED, event, block, blockedAt);
    assertEquals(List.of(after.convSeq()), seqs(social.history(ben, before.conversationId())));
    assertEquals(1, social.unread(ben).requestTotal());
    assertEquals(1, social.with(ben, anna).unreadCount());
    assertEquals(
        List.of(false, false),
        social.log(ben, "block.updated").stream().map(e -> e.data().getBoolean("blocked")).toList(),
        "what is so now");
    assertEquals(
        before.convSeq(),
        social.log(ben, "conversation.removed").getFirst().data().getLong("up_to_seq"));
  }

  @Test
  void aMessageThatOvertookTheBlockStays() {
    UserBlocked block = new UserBlocked(ben.userId(), anna.userId(), Instant.EPOCH);
    Instant blockedAt = social.node.clock().instant();
    social.node.clock().advance(Duration.ofMillis(2));
    PrivateMessage accepted = social.say(anna, ben);
    social.block(ben, anna);
    social.event(EventTopic.USER_BLOCKED, 300_000 + ben.userId(), block, blockedAt);
    assertEquals(List.of(accepted.convSeq()), seqs(social.history(ben, accepted.conversationId())));
    assertEquals(
        List.of("message.new", "block.updated"),
        social.log(ben).stream().map(e -> e.type()).toList());
    assertTrue(social.log(ben, "block.updated").getFirst().data().getBoolean("blocked"));
  }
}
