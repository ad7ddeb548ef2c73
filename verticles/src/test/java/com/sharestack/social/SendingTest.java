package com.sharestack.social;

import static com.sharestack.social.SocialNode.in;
import static com.sharestack.social.SocialNode.newId;
import static com.sharestack.social.SocialNode.refusal;
import static com.sharestack.social.SocialNode.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationState;
import com.sharestack.contract.MessageDelivered;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessageSent;
import com.sharestack.contract.MessageStatus;
import com.sharestack.contract.PrivateMessage;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** messages.send and messages.deliver: what is stored, refused and repeated. */
class SendingTest {

  private static SocialNode social;

  @BeforeAll
  static void start() {
    social = new SocialNode("social_sending");
  }

  @AfterAll
  static void stop() {
    social.close();
  }

  private final Caller anna = social.user();
  private final Caller ben = social.user();

  private String code(Caller sender, MessageSend message) {
    return refusal(() -> social.send(sender, message));
  }

  @Test
  void aMessageStandsOnceInTheHistoryAndInBothLogs() {
    String id = newId();
    MessageSent sent = social.send(anna, to(ben, id, "<b>你好</b>，在吗？"));
    PrivateMessage message = sent.message();
    assertFalse(sent.duplicate());
    assertEquals("你好，在吗？", message.content());
    assertEquals(1, message.convSeq());
    assertEquals(anna.userId(), message.senderId());
    assertEquals(ben.userId(), message.receiverId());
    assertEquals(MessageStatus.SENT, message.status());
    assertTrue(message.createdAt().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    assertEquals(
        List.of(id),
        social.history(ben, message.conversationId()).messages().stream()
            .map(PrivateMessage::clientMsgId)
            .toList());
    var mine = social.log(anna, "message.new");
    var his = social.log(ben, "message.new");
    assertEquals(1, mine.size());
    assertEquals(1, his.size());
    assertEquals(id, his.get(0).data().getJsonObject("message").getString("client_msg_id"));
    assertEquals("request", his.get(0).data().getJsonObject("conversation").getString("state"));
  }

  @Test
  void textsAndKeysAreSealedAtRest() {
    String secret = social.newText();
    PrivateMessage message = social.say(anna, ben, secret);
    long plain =
        social.number(
            "SELECT COUNT(*) FROM messages WHERE message_id = ? AND (content LIKE ? OR content ="
                + " ?)",
            message.id(),
            "%" + secret.substring(secret.length() - 12) + "%",
            secret);
    assertEquals(0, plain);
    assertTrue(
        social.number("SELECT LENGTH(content) FROM messages WHERE message_id = ?", message.id())
            > 28);
    long columns =
        social.number(
            """
            SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
              AND table_name = 'message_events' AND data_type IN ('text', 'blob', 'varbinary')
            """);
    assertEquals(0, columns, "the log holds ids alone");
  }

  @Test
  void aRepeatGetsTheFirstAnswerThroughEitherDoor() {
    MessageSend message = to(ben, newId(), social.newText());
    MessageSent first = social.send(anna, message);
    MessageDelivered again = social.deliver(anna, message);
    MessageSent third =
        social.send(
            anna,
            in(first.message().conversationId(), message.clientMsgId(), message.content(), null));
    assertTrue(again.duplicate());
    assertTrue(third.duplicate());
    assertEquals(first.message(), again.message());
    assertEquals(first.message(), third.message());
    assertEquals(social.log(anna, "message.new").get(0).seq(), again.seq());
    assertEquals(1, social.log(ben).size());
  }

  @Test
  void anotherTextTypeReplyOrRecipientUnderTheSameIdIsAConflict() {
    Caller carl = social.user();
    MessageSend message = to(ben, newId(), social.newText());
    long conversation = social.send(anna, message).message().conversationId();
    assertEquals(
        "IDEMPOTENCY_CONFLICT", code(anna, to(ben, message.clientMsgId(), "ganz anders hier")));
    assertEquals(
        "IDEMPOTENCY_CONFLICT", code(anna, to(carl, message.clientMsgId(), message.content())));
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        code(anna, in(conversation, message.clientMsgId(), message.content(), 1L)));
    assertFalse(social.send(ben, to(anna, message.clientMsgId(), message.content())).duplicate());
  }

  @Test
  void aRepeatIsAnsweredAlsoAfterABlockAndARecall() {
    MessageSend message = to(ben, newId(), social.newText());
    MessageSent first = social.send(anna, message);
    social.recall(anna, first.message().id());
    social.block(ben, anna);
    MessageSent again = social.send(anna, message);
    assertTrue(again.duplicate());
    assertEquals(MessageStatus.RECALLED, again.message().status());
    assertNull(again.message().content());
  }

  @Test
  void blocksRefuseAndOnlyTheOwnOneIsNamed() {
    social.acquaint(anna, ben);
    social.block(anna, ben);
    assertEquals("USER_BLOCKED", code(anna, to(ben, newId(), social.newText())));
    assertEquals("MESSAGE_NOT_ALLOWED", code(ben, to(anna, newId(), social.newText())));
    assertTrue(social.with(anna, ben).isBlockedByMe());
    assertFalse(social.with(anna, ben).canSend());
    assertFalse(social.with(ben, anna).isBlockedByMe());
    assertFalse(social.with(ben, anna).canSend());
    social.unblock(anna, ben);
    assertFalse(social.send(ben, to(anna, newId(), social.newText())).duplicate());
  }

  @Test
  void whatIsRefusedIsNotStoredAndTheIdMayBeTriedAgain() {
    Caller carl = social.user();
    social.settings(carl, "nobody", true, true);
    MessageSend message = to(carl, newId(), social.newText());
    assertEquals("MESSAGE_NOT_ALLOWED", code(anna, message));
    assertEquals(
        0,
        social.number(
            "SELECT COUNT(*) FROM conversation_members WHERE user_id = ?", carl.userId()));
    social.settings(carl, "everyone", true, true);
    assertFalse(social.send(anna, message).duplicate());
  }

  @Test
  void privacySettingsDecideWhoMayBegin() {
    social.settings(ben, "followers", true, true);
    assertEquals("MESSAGE_NOT_ALLOWED", code(anna, to(ben, newId(), social.newText())));
    social.follow(anna, ben);
    social.say(anna, ben);
    social.say(ben, anna);
    social.settings(ben, "nobody", true, true);
    social.say(anna, ben);
    assertTrue(social.with(anna, ben).canSend());
  }

  @Test
  void goneAndUnknownRecipients() {
    for (AccountStatus status :
        List.of(AccountStatus.BANNED, AccountStatus.DEACTIVATED, AccountStatus.DELETED)) {
      assertEquals(
          "MESSAGE_NOT_ALLOWED", code(anna, to(social.user(status), newId(), social.newText())));
    }
    MessageSend nobody =
        MessageSend.builder()
            .clientMsgId(newId())
            .toUserId(987_654_321L)
            .messageType("text")
            .content("hallo, wer da?")
            .build();
    assertEquals("USER_NOT_FOUND", code(anna, nobody));
    assertEquals("CONVERSATION_NOT_FOUND", code(anna, in(987_654_321L, newId(), "?!", null)));
    long foreign = social.say(ben, social.user()).conversationId();
    assertEquals("CONVERSATION_NOT_FOUND", code(anna, in(foreign, newId(), "hm", null)));
  }

  @Test
  void threeMessagesToAStrangerUntilHeAnswers() {
    for (int i = 0; i < 3; i++) {
      social.say(anna, ben);
    }
    assertEquals("MESSAGE_REQUEST_LIMIT", code(anna, to(ben, newId(), social.newText())));
    assertFalse(social.with(anna, ben).canSend());
    assertEquals(ConversationState.REQUEST, social.with(ben, anna).state());
    assertEquals(0, social.unread(ben).unreadTotal());
    assertEquals(1, social.unread(ben).requestTotal());
    social.say(ben, anna);
    assertEquals(ConversationState.ACTIVE, social.with(ben, anna).state());
    social.say(anna, ben);
    assertEquals(1, social.unread(ben).unreadTotal());
  }

  @Test
  void followingTheSenderEndsTheRequest() {
    social.say(anna, ben);
    assertEquals(1, social.list(ben, "requests").conversations().size());
    social.follow(ben, anna);
    assertEquals(0, social.list(ben, "requests").conversations().size());
    assertEquals(1, social.list(ben, "inbox").conversations().size());
    assertEquals(1, social.unread(ben).unreadTotal());
  }

  @Test
  void tooManyAtOnceWaitForTheBucket() {
    try (SocialNode limited =
        new SocialNode("social_limits", "SHARESTACK_RATES_OPERATION_FACTOR", "1")) {
      Caller sender = limited.user();
      Caller friend = limited.user();
      limited.acquaint(sender, friend);
      MessageSend last = null;
      for (int i = 0; i < 9; i++) {
        last = to(friend, newId(), limited.newText());
        limited.send(sender, last);
      }
      MessageSend eleventh = to(friend, newId(), limited.newText());
      ServiceException refused = SocialNode.failure(() -> limited.send(sender, eleventh));
      assertEquals("RATE_LIMIT_EXCEEDED", refused.getMessage());
      assertTrue(refused.getDebugInfo().getLong("retry_after") <= 6);
      assertEquals(
          "RATE_LIMIT_EXCEEDED",
          SocialNode.failure(() -> limited.deliver(sender, eleventh)).getMessage());
      assertTrue(limited.send(sender, last).duplicate(), "a repeat costs nothing");
      limited.node.clock().advance(Duration.ofSeconds(7));
      assertFalse(limited.deliver(sender, eleventh).duplicate());
      limited.node.clock().advance(Duration.ofMinutes(1));
      for (int i = 0; i < 10; i++) {
        assertEquals(
            "CONTENT_MODERATION_FAILED",
            refusal(() -> limited.send(sender, to(friend, newId(), SocialNode.FORBIDDEN + "!"))));
      }
      assertEquals(
          "RATE_LIMIT_EXCEEDED",
          refusal(() -> limited.send(sender, to(friend, newId(), limited.newText()))));
    }
  }

  @Test
  void moderationRefusesWordsAndCopiesButNoSmallTalk() {
    social.acquaint(anna, ben);
    ServiceException refused =
        SocialNode.failure(() -> social.send(anna, to(ben, newId(), "这里有" + SocialNode.FORBIDDEN)));
    assertEquals("CONTENT_MODERATION_FAILED", refused.getMessage());
    assertEquals(List.of("illegal"), refused.getDebugInfo().getJsonArray("categories").getList());
    social.say(anna, ben, "请问您的课程什么时候开始？");
    assertEquals("SPAM_DETECTED", code(anna, to(ben, newId(), "请问 您的课程 什么时候开始")));
    assertEquals("SPAM_DETECTED", code(anna, to(social.user(), newId(), "请问您的课程什么时候开始？")));
    social.say(anna, ben, "好的");
    social.say(anna, ben, "好的");
    social.node.clock().advance(Duration.ofMinutes(11));
    social.say(anna, ben, "请问您的课程什么时候开始？");
    String pitch = "各位老师好这里有一份非常完整的学习资料需要的话可以回复我我会发给你谢谢大家支持";
    for (String end : List.of("一", "二", "三")) {
      social.say(anna, ben, pitch + end);
    }
    assertEquals("SPAM_DETECTED", code(anna, to(ben, newId(), pitch + "四")));
  }

  @Test
  void formsTheSchemaCannotRefuse() {
    MessageSend.Builder base = MessageSend.builder().clientMsgId(newId()).messageType("text");
    assertEquals("VALIDATION_ERROR", code(anna, base.content("x").build()));
    assertEquals(
        "VALIDATION_ERROR", code(anna, base.toUserId(ben.userId()).conversationId(1L).build()));
    assertEquals("VALIDATION_ERROR", code(anna, to(anna, newId(), "ich")));
    assertEquals("VALIDATION_ERROR", code(anna, to(ben, newId(), "<br>")));
    MessageSend.Builder image =
        MessageSend.builder().clientMsgId(newId()).toUserId(ben.userId()).messageType("image");
    assertEquals("VALIDATION_ERROR", code(anna, image.build()));
    assertEquals("ATTACHMENT_NOT_FOUND", code(anna, image.attachmentId(5L).build()));
  }

  @Test
  void aReplyNamesAMessageOfTheSameConversation() {
    PrivateMessage question = social.say(anna, ben, "周末有空吗，一起吃饭？");
    PrivateMessage answer =
        social.send(ben, in(question.conversationId(), newId(), "有空啊，几点", question.id())).message();
    assertEquals(question.id(), answer.replyTo().id());
    assertEquals("周末有空吗，一起吃饭？", answer.replyTo().preview());
    PrivateMessage other = social.say(anna, social.user());
    assertEquals(
        "MESSAGE_NOT_FOUND",
        code(ben, in(question.conversationId(), newId(), "这个呢这个呢", other.id())));
  }

  @Test
  void nothingIsSentWhileNobodyCanSayWhoBlocksWhom() {
    social.acquaint(anna, ben);
    social.usersAway = true;
    try {
      assertEquals("SERVICE_UNAVAILABLE", code(anna, to(ben, newId(), social.newText())));
    } finally {
      social.usersAway = false;
    }
    assertEquals(2, social.with(anna, ben).headSeq());
  }

  @Test
  void theSendersOwnPointerMovesAndTheRecipientCountsOne() {
    social.acquaint(anna, ben);
    social.say(ben, anna);
    social.say(ben, anna);
    assertEquals(3, social.unread(anna).unreadTotal());
    social.say(anna, ben);
    Conversation mine = social.with(anna, ben);
    assertEquals(0, mine.unreadCount());
    assertEquals(mine.headSeq(), mine.myReadSeq());
    assertEquals(1, social.with(ben, anna).unreadCount());
    assertEquals(mine.headSeq(), social.with(ben, anna).peerReadSeq());
  }
}
