package com.sharestack.social;

import static com.sharestack.social.SocialNode.newId;
import static com.sharestack.social.SocialNode.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessageSent;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesRecallRequest;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadCommand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same at once: one row, one order, no deadlock that anybody sees. */
class ConcurrentSendingTest {

  private static SocialNode social;

  @BeforeAll
  static void start() {
    social = new SocialNode("social_concurrent");
  }

  @AfterAll
  static void stop() {
    social.close();
  }

  private final Caller anna = social.user();
  private final Caller ben = social.user();

  private static <T> List<T> results(List<Future<T>> futures) {
    return futures.stream()
        .map(
            future -> {
              if (future.failed()) {
                throw new AssertionError(future.cause());
              }
              return future.result();
            })
        .toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static List<Long> seqs(Caller viewer, long conversation) {
    return social.history(viewer, conversation).messages().stream()
        .map(PrivateMessage::convSeq)
        .toList();
  }

  @Test
  void twentyTimesTheSameMessageThroughBothDoorsIsOne() {
    MessageSend message = to(ben, newId(), social.newText());
    List<Supplier<Future<String>>> starts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      starts.add(
          i % 2 == 0
              ? () -> social.sending(anna, message).map(s -> s.message().id() + "/" + s.duplicate())
              : () ->
                  social
                      .messages
                      .deliver(anna, new MessagesDeliverRequest(message))
                      .map(s -> s.message().id() + "/" + s.duplicate()));
    }
    List<String> answers = results(social.together(starts));
    assertEquals(1, answers.stream().filter(a -> a.endsWith("/false")).count(), "first ones");
    assertEquals(1, answers.stream().map(a -> a.split("/")[0]).distinct().count(), "ids");
    assertEquals(1, social.log(anna).size());
    assertEquals(1, social.log(ben).size());
    assertEquals(1, social.with(ben, anna).unreadCount());
  }

  @Test
  void oneIdForTwoRecipientsAtOnceReachesOneOfThem() {
    Caller carl = social.user();
    for (int i = 0; i < 5; i++) {
      String id = newId();
      String text = social.newText();
      List<Future<MessageSent>> answers =
          social.together(
              List.of(
                  () -> social.sending(anna, to(ben, id, text)),
                  () -> social.sending(anna, to(carl, id, text))));
      assertEquals(1, answers.stream().filter(Future::succeeded).count());
      assertTrue(
          answers.stream()
              .filter(Future::failed)
              .allMatch(a -> a.cause().getMessage().equals("IDEMPOTENCY_CONFLICT")));
      social.say(ben, anna);
      social.say(carl, anna);
    }
  }

  @Test
  void strangersWhoWriteToEachOtherAtOnceShareOneConversation() {
    for (int i = 0; i < 10; i++) {
      Caller one = social.user();
      Caller other = social.user();
      List<MessageSent> sent =
          results(
              social.together(
                  List.of(
                      () -> social.sending(one, to(other, newId(), social.newText())),
                      () -> social.sending(other, to(one, newId(), social.newText())))));
      long conversation = sent.get(0).message().conversationId();
      assertEquals(conversation, sent.get(1).message().conversationId());
      assertEquals(List.of(1L, 2L), seqs(one, conversation));
    }
  }

  @Test
  void fortyMessagesBothWaysHaveOneOrderWithoutGaps() {
    social.acquaint(anna, ben);
    List<Supplier<Future<MessageSent>>> starts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Caller from = i % 2 == 0 ? anna : ben;
      Caller to = i % 2 == 0 ? ben : anna;
      starts.add(() -> social.sending(from, to(to, newId(), social.newText())));
    }
    long conversation = results(social.together(starts)).getFirst().message().conversationId();
    assertEquals(upTo(42), seqs(anna, conversation));
    assertEquals(
        social.history(anna, conversation).messages().stream().map(PrivateMessage::id).toList(),
        social.history(ben, conversation).messages().stream().map(PrivateMessage::id).toList());
    assertEquals(42, social.log(anna, "message.new").size());
    assertEquals(42, social.log(ben, "message.new").size());
  }

  @Test
  void aCircleOfFriendsWritesToEachOtherAtOnceWithoutADeadlockAnybodySees() {
    List<Caller> friends = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      friends.add(social.user());
    }
    List<Supplier<Future<MessageSent>>> starts = new ArrayList<>();
    for (Caller from : friends) {
      for (Caller to : friends) {
        if (from != to) {
          starts.add(() -> social.sending(from, to(to, newId(), social.newText())));
        }
      }
    }
    Collections.shuffle(starts, new Random(7));
    assertEquals(30, results(social.together(starts)).size());
    for (Caller friend : friends) {
      assertEquals(10, social.log(friend, "message.new").size());
    }
  }

  @Test
  void sendsReadsAndRecallsAtOnceLeaveTheCountersRight() {
    social.acquaint(anna, ben);
    List<PrivateMessage> sent = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sent.add(social.say(anna, ben));
    }
    long conversation = sent.getFirst().conversationId();
    List<Supplier<Future<Object>>> starts = new ArrayList<>();
    for (PrivateMessage message : sent) {
      starts.add(
          () ->
              social
                  .messages
                  .recall(anna, new MessagesRecallRequest(message.id()))
                  .map(done -> done));
      starts.add(
          () ->
              social
                  .messages
                  .read(
                      ben,
                      new MessagesReadRequest(conversation, new ReadCommand(message.convSeq())))
                  .map(done -> done));
      starts.add(() -> social.sending(anna, to(ben, newId(), social.newText())).map(done -> done));
    }
    Collections.shuffle(starts, new Random(11));
    results(social.together(starts));
    assertEquals(6, social.with(ben, anna).unreadCount());
    assertEquals(8, social.with(ben, anna).myReadSeq());
    assertEquals(upTo(14), seqs(ben, conversation));
  }

  @Test
  void aBlockRefusesEverySendThatBeginsAfterIt() {
    for (int round = 0; round < 10; round++) {
      Caller one = social.user();
      Caller other = social.user();
      social.acquaint(one, other);
      List<Supplier<Future<MessageSent>>> starts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean blocks = i == 3;
        starts.add(
            () -> {
              if (blocks) {
                social.block(other, one);
              }
              return social.sending(one, to(other, newId(), social.newText()));
            });
      }
      List<Future<MessageSent>> answers = social.together(starts);
      assertTrue(
          answers.subList(3, 6).stream()
              .allMatch(a -> a.failed() && a.cause().getMessage().equals("MESSAGE_NOT_ALLOWED")));
      long accepted = answers.stream().filter(Future::succeeded).count();
      assertEquals(2 + accepted, social.with(one, other).headSeq(), "what was acked is there");
      assertEquals(2 + accepted, social.log(other, "message.new").size());
    }
  }
}
