package com.sharestack.social;

import static com.sharestack.social.SocialNode.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.EventsQuery;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesRecallRequest;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadCommand;
import com.sharestack.contract.UserBlocked;
import com.sharestack.contract.UserUnblocked;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories: several devices of several users send, repeat (because the answer was lost, or
 * for no reason), read, recall, block and follow the log, eight things at a time. Whatever happens:
 * what was acknowledged is there, once, in one order for everybody, and marks only move forward.
 */
class MessageHistoryTest {

  private static final int ROUNDS = 40;
  private static final int AT_ONCE = 8;
  private static final Set<String> REFUSALS =
      Set.of("MESSAGE_NOT_ALLOWED", "USER_BLOCKED", "MESSAGE_REQUEST_LIMIT", "SERVICE_UNAVAILABLE");

  private static SocialNode social;

  @BeforeAll
  static void start() {
    social = new SocialNode("social_history");
  }

  @AfterAll
  static void stop() {
    social.close();
  }

  static List<Long> seeds() {
    return List.of(1L, 20_260_301L, Long.getLong("social.seed", System.nanoTime()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLostDoubledOrReordered(long seed) {
    System.out.println("history of messages, seed " + seed);
    new History(seed).run();
  }

  /** A message somebody wants to send. */
  private static final class Intent {
    final Caller from;
    final MessageSend message;
    final Set<Long> ids = new HashSet<>();
    PrivateMessage acked;
    boolean recalled;

    Intent(Caller from, MessageSend message) {
      this.from = from;
      this.message = message;
    }
  }

  private static final class History {
    private final long seed;
    private final Random random;
    private final List<Caller> users = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Intent> intents = new ArrayList<>();
    private final Map<String, Long> readMarks = new HashMap<>();
    private long events;

    History(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.events = Math.floorMod(seed, 1_000_000L) * 1_000 + 1_000_000_000L;
      for (int i = 0; i < 4; i++) {
        Caller user = social.user();
        users.add(user);
        replicas.add(new Replica(user, "phone-" + user.userId()));
        replicas.add(new Replica(user, "laptop-" + user.userId()));
      }
    }

    void run() {
      for (int round = 0; round < ROUNDS; round++) {
        List<Supplier<Future<Void>>> actions = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          actions.add(action());
        }
        for (Future<Void> done : social.together(actions)) {
          if (done.failed()) {
            throw new AssertionError("seed " + seed, done.cause());
          }
        }
        changeBonds();
      }
      social.usersAway = false;
      settle();
      verify();
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private Supplier<Future<Void>> action() {
      int dice = random.nextInt(100);
      if (dice < 45 || intents.isEmpty()) {
        return sendNew();
      }
      if (dice < 60) {
        Intent intent = any(intents);
        return () -> attempt(intent, false);
      }
      if (dice < 75) {
        return read();
      }
      if (dice < 83) {
        return recall();
      }
      Replica replica = any(replicas);
      return dice < 95 ? () -> follow(replica) : () -> acknowledge(replica);
    }

    private Supplier<Future<Void>> sendNew() {
      Caller from = any(users);
      Caller to = any(users.stream().filter(user -> user != from).toList());
      Intent intent = new Intent(from, to(to, SocialNode.newId(), social.newText()));
      intents.add(intent);
      boolean lost = random.nextInt(4) == 0;
      return () -> attempt(intent, lost);
    }

    /**
     * @param lost the answer never reaches the sender, who will ask again
     */
    private Future<Void> attempt(Intent intent, boolean lost) {
      Future<PrivateMessage> answer =
          random.nextBoolean()
              ? social.sending(intent.from, intent.message).map(sent -> sent.message())
              : social
                  .messages
                  .deliver(intent.from, new MessagesDeliverRequest(intent.message))
                  .map(sent -> sent.message());
      return answer
          .<Void>map(
              message -> {
                synchronized (intent) {
                  intent.ids.add(message.id());
                  if (!lost) {
                    acked(intent, message);
                  }
                }
                return null;
              })
          .recover(this::expected);
    }

    private void acked(Intent intent, PrivateMessage message) {
      if (intent.acked != null) {
        assertEquals(intent.acked.id(), message.id(), "two answers to one client_msg_id");
        assertEquals(intent.acked.convSeq(), message.convSeq());
        assertEquals(intent.acked.createdAt(), message.createdAt());
      }
      intent.acked = message;
    }

    private Future<Void> expected(Throwable failure) {
      return REFUSALS.contains(failure.getMessage())
          ? Future.succeededFuture()
          : Future.failedFuture(failure);
    }

    private List<Intent> known() {
      return intents.stream().filter(intent -> intent.acked != null).toList();
    }

    private Supplier<Future<Void>> read() {
      List<Intent> known = known();
      if (known.isEmpty()) {
        return sendNew();
      }
      PrivateMessage some = any(known).acked;
      long reader = random.nextBoolean() ? some.senderId() : some.receiverId();
      Caller caller =
          users.stream().filter(user -> user.userId() == reader).findFirst().orElseThrow();
      Long upTo = random.nextInt(5) == 0 ? null : (long) random.nextInt(30);
      return () ->
          social
              .messages
              .read(caller, new MessagesReadRequest(some.conversationId(), new ReadCommand(upTo)))
              .<Void>map(
                  result -> {
                    synchronized (readMarks) {
                      readMarks.merge(
                          reader + "/" + some.conversationId(), result.myReadSeq(), Math::max);
                    }
                    return null;
                  })
              .recover(this::expected);
    }

    private Supplier<Future<Void>> recall() {
      List<Intent> known = known();
      if (known.isEmpty()) {
        return sendNew();
      }
      Intent intent = any(known);
      return () ->
          social
              .messages
              .recall(intent.from, new MessagesRecallRequest(intent.acked.id()))
              .map(
                  done -> {
                    intent.recalled = true;
                    return null;
                  });
    }

    /** One page of the log; sometimes the device asks from further back than it needs to. */
    private Future<Void> follow(Replica replica) {
      long since = Math.max(0, replica.last - random.nextInt(3));
      int limit = 1 + random.nextInt(40);
      return social
          .messages
          .events(replica.user, new MessagesEventsRequest(new EventsQuery(since, limit)))
          .<Void>map(
              page -> {
                synchronized (replica) {
                  replica.apply(page);
                }
                return null;
              })
          .recover(this::expected);
    }

    private Future<Void> acknowledge(Replica replica) {
      return social
          .messages
          .acknowledge(
              replica.user,
              new com.sharestack.contract.MessagesAcknowledgeRequest(
                  new com.sharestack.contract.AcknowledgeCommand(replica.device, replica.last)))
          .<Void>mapEmpty()
          .recover(this::expected);
    }

    /** Blocks, their end, follows, and users that does not answer for a round. */
    private void changeBonds() {
      Caller one = any(users);
      Caller other = any(users.stream().filter(user -> user != one).toList());
      social.usersAway = random.nextInt(12) == 0;
      switch (random.nextInt(5)) {
        case 0 -> {
          social.block(one, other);
          social.event(
              EventTopic.USER_BLOCKED,
              events++,
              new UserBlocked(one.userId(), other.userId(), Instant.EPOCH));
        }
        case 1, 2 -> {
          social.unblock(one, other);
          social.event(
              EventTopic.USER_UNBLOCKED,
              events++,
              new UserUnblocked(one.userId(), other.userId(), Instant.EPOCH));
        }
        default -> social.follow(one, other);
      }
    }

    /** Every sender asks until he has an answer; every device reads its log to the end. */
    private void settle() {
      social.blocks.clear();
      for (Intent intent : intents) {
        if (intent.acked == null && !intent.ids.isEmpty()) {
          acked(intent, social.send(intent.from, intent.message).message());
        }
      }
      for (Replica replica : replicas) {
        EventsPage page;
        do {
          page = social.events(replica.user, replica.last);
          replica.apply(page);
        } while (page.hasMore());
      }
    }

    private void verify() {
      for (Intent intent : intents) {
        assertEquals(
            intent.ids.isEmpty() ? 0 : 1,
            social.number(
                "SELECT COUNT(*) FROM messages WHERE sender_id = ? AND client_msg_id = ?",
                intent.from.userId(),
                intent.message.clientMsgId()),
            where("rows of an accepted message"));
        assertTrue(intent.ids.size() <= 1, where("two ids for one message"));
      }
      for (Replica replica : replicas) {
        verify(replica);
      }
      readMarks.forEach(
          (key, seen) ->
              assertTrue(
                  social.number(
                          "SELECT read_seq FROM conversation_members"
                              + " WHERE user_id = ? AND conversation_id = ?",
                          Long.valueOf(key.split("/")[0]),
                          Long.valueOf(key.split("/")[1]))
                      >= seen,
                  where("a read mark went back")));
      assertEquals(
          0,
          social.number(
              """
              SELECT COUNT(*) FROM conversation_members m WHERE m.unread_count <>
                (SELECT COUNT(*) FROM messages x WHERE x.conversation_id = m.conversation_id
                  AND x.receiver_id = m.user_id AND x.recalled_at IS NULL
                  AND x.conv_seq > GREATEST(m.read_seq, m.removed_seq))
              """),
          where("unread counters"));
      assertEquals(
          0,
          social.number(
              """
              SELECT COUNT(*) FROM conversations c WHERE c.head_seq <>
                (SELECT COUNT(*) FROM messages x WHERE x.conversation_id = c.conversation_id)
              """),
          where("gaps in a conversation"));
    }

    private void verify(Replica replica) {
      Set<Long> conversations = new HashSet<>();
      for (Intent intent : intents) {
        if (intent.acked == null || !concerns(intent, replica)) {
          continue;
        }
        conversations.add(intent.acked.conversationId());
        JsonObject told = replica.told(intent.acked.conversationId()).get(intent.acked.convSeq());
        if (told == null) {
          assertTrue(removed(replica, intent), where("an acknowledged message is missing"));
          continue;
        }
        assertEquals(intent.acked.id(), told.getLong("id"), where("order on " + replica.device));
        if (intent.recalled) {
          assertNull(told.getString("content"), where("a recalled text"));
        } else {
          assertEquals(intent.message.content(), told.getString("content"), where("a text"));
        }
      }
      for (long conversation : conversations) {
        TreeMap<Long, JsonObject> told = replica.told(conversation);
        List<Long> history =
            social.history(replica.user, conversation).messages().stream()
                .map(PrivateMessage::id)
                .toList();
        List<Long> ids = told.values().stream().map(m -> m.getLong("id")).toList();
        assertTrue(ids.containsAll(history), where("the history is in the log"));
        assertFalse(history.isEmpty() && told.isEmpty() && replica.last == 0, where("nothing"));
      }
    }

    private static boolean concerns(Intent intent, Replica replica) {
      long user = replica.user.userId();
      return intent.acked.senderId() == user || intent.acked.receiverId() == user;
    }

    /** A block took the request away before this device heard of the message. */
    private static boolean removed(Replica replica, Intent intent) {
      return social.number(
              "SELECT removed_seq FROM conversation_members"
                  + " WHERE user_id = ? AND conversation_id = ?",
              replica.user.userId(),
              intent.acked.conversationId())
          >= intent.acked.convSeq();
    }

    private String where(String what) {
      return what + ", seed " + seed;
    }
  }
}
