package com.sharestack.social;

import static com.sharestack.social.SocialNode.failure;
import static com.sharestack.social.SocialNode.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationOpen;
import com.sharestack.contract.ConversationOpened;
import com.sharestack.contract.ConversationPage;
import com.sharestack.contract.ConversationState;
import com.sharestack.contract.ConversationUpdate;
import com.sharestack.contract.ConversationsListRequest;
import com.sharestack.contract.ConversationsOpenRequest;
import com.sharestack.contract.ConversationsUpdateRequest;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.IdList;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.MessageEvents;
import com.sharestack.contract.MessageStatus;
import com.sharestack.contract.MessagesHeadsRequest;
import com.sharestack.contract.MessagesResumeRequest;
import com.sharestack.contract.MessagesSyncRequest;
import com.sharestack.contract.MessagesTypingRequest;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ResumeQuery;
import com.sharestack.contract.ResumeState;
import com.sharestack.contract.TypingQuery;
import com.sharestack.platform.presence.Hints;
import com.sharestack.platform.presence.Presence;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The event log for REST and sockets, the list of conversations, hints. */
class SynchronizingTest {

  private static SocialNode social;

  @BeforeAll
  static void start() {
    // no job runs here: a test counts statements
    social = new SocialNode("social_sync", "SHARESTACK_WORKER_JOB_POLL_MILLIS", "3600000");
  }

  @AfterAll
  static void stop() {
    social.close();
  }

  private final Caller anna = social.user();
  private final Caller ben = social.user();

  private ResumeState resume(Caller user, Long since) {
    return social.await(
        social.messages.resume(user, new MessagesResumeRequest(new ResumeQuery(since))));
  }

  private Future<MessageEvents> syncing(Caller user, long since, int wait) {
    return social.messages.sync(user, new MessagesSyncRequest(since, 200, wait));
  }

  private MessageEvents sync(Caller user, long since) {
    return social.await(syncing(user, since, 0));
  }

  private List<Long> typing(Caller user, long conversation) {
    return social
        .await(
            social.messages.typing(user, new MessagesTypingRequest(new TypingQuery(conversation))))
        .userIds();
  }

  @Test
  void syncGivesWhatCameSinceAndMarksItDelivered() {
    social.acquaint(anna, ben);
    PrivateMessage message = social.say(anna, ben);
    MessageEvents first = sync(ben, 0);
    assertEquals(first.headSeq(), first.nextSinceSeq());
    assertFalse(first.hasMore());
    assertEquals(List.of(), sync(ben, first.nextSinceSeq()).events());
    assertEquals(
        MessageStatus.DELIVERED,
        social.history(anna, message.conversationId()).messages().getLast().status());
    assertEquals(
        message.convSeq(), social.log(anna, "receipt").getLast().data().getLong("up_to_seq"));
    MessageEvents page = social.await(social.messages.sync(ben, new MessagesSyncRequest(0, 2, 0)));
    assertEquals(2, page.events().size());
    assertTrue(page.hasMore());
    assertEquals(2, page.nextSinceSeq());
  }

  @Test
  void syncSaysWhenTheLogDoesNotReachBack() {
    social.acquaint(anna, ben);
    assertEquals("VALIDATION_ERROR", refusal(() -> sync(ben, 99)));
    social.update("DELETE FROM message_events WHERE user_id = ? AND seq < 2", ben.userId());
    social.update("UPDATE message_counters SET oldest_seq = 2 WHERE user_id = ?", ben.userId());
    assertEquals(1, sync(ben, 1).events().size());
    ServiceException gone = failure(() -> sync(ben, 0));
    assertEquals("SYNC_RESET_REQUIRED", gone.getMessage());
    assertEquals(
        new JsonObject().put("head_seq", 2).put("oldest_seq", 2).encode(),
        gone.getDebugInfo().encode());
    EventsPage page = social.events(ben, 0);
    assertTrue(page.reset());
    assertEquals(List.of(), page.events());
    assertEquals("reset", resume(ben, 0L).resume());
    assertEquals("replay", resume(ben, 1L).resume());
  }

  @Test
  void aWaitingSyncIsAnsweredByTheNextMessage() {
    social.acquaint(anna, ben);
    long head = sync(ben, 0).headSeq();
    Future<MessageEvents> waiting = syncing(ben, head, 3);
    PrivateMessage message = social.say(anna, ben);
    List<MessageEvent> events = social.await(waiting).events();
    assertEquals(message.id(), events.getFirst().data().getJsonObject("message").getLong("id"));
    assertEquals(List.of(), social.await(syncing(ben, head + events.size(), 1)).events());
  }

  @Test
  void aSocketResumesLiveByReplayOrAnew() {
    assertEquals(new ResumeState(0, 1, "live", 0), resume(anna, null));
    social.acquaint(anna, ben);
    social.say(anna, ben);
    assertEquals(new ResumeState(3, 1, "live", 1), resume(ben, null));
    assertEquals("live", resume(ben, 3L).resume());
    assertEquals("replay", resume(ben, 0L).resume());
    assertEquals("reset", resume(ben, 4L).resume(), "a log that was rebuilt");
    social.update("UPDATE message_counters SET head_seq = 1004 WHERE user_id = ?", ben.userId());
    assertEquals("reset", resume(ben, 3L).resume(), "more than a thousand");
    assertEquals("replay", resume(ben, 4L).resume());
  }

  @Test
  void acknowledgedEventsAreDeliveredWithOneReceiptPerConversation() {
    Caller carl = social.user();
    social.acquaint(anna, ben);
    social.acquaint(carl, ben);
    PrivateMessage first = social.say(anna, ben);
    PrivateMessage second = social.say(anna, ben);
    long head = social.events(ben, 0).headSeq();
    int before = social.log(anna, "receipt").size();
    social.acknowledge(ben, "device-one", head);
    social.acknowledge(ben, "device-two", head);
    social.acknowledge(ben, "device-two", head + 500);
    social.acknowledge(ben, "device-two", 1);
    List<MessageEvent> receipts = social.log(anna, "receipt");
    assertEquals(before + 1, receipts.size());
    assertEquals("delivered", receipts.getLast().data().getString("kind"));
    assertEquals(second.convSeq(), receipts.getLast().data().getLong("up_to_seq"));
    assertEquals(
        List.of(MessageStatus.DELIVERED, MessageStatus.DELIVERED),
        social.history(anna, first.conversationId()).messages().stream()
            .filter(m -> m.id() >= first.id())
            .map(PrivateMessage::status)
            .toList());
    assertEquals(
        2,
        social.number(
            "SELECT COUNT(*) FROM message_devices WHERE user_id = ? AND acked_seq = ?",
            ben.userId(),
            head));
  }

  @Test
  void typingIsForActiveConversationsOfPeopleWhoBothWantIt() {
    long request = social.say(anna, ben).conversationId();
    assertEquals(List.of(), typing(anna, request));
    assertEquals(List.of(), typing(ben, request));
    social.say(ben, anna);
    assertEquals(List.of(ben.userId()), typing(anna, request));
    assertEquals(List.of(anna.userId()), typing(ben, request));
    assertEquals(List.of(), typing(social.user(), request));
    social.settings(ben, "everyone", true, false);
    assertEquals(List.of(), typing(anna, request));
    social.settings(ben, "everyone", true, true);
    social.block(ben, anna);
    assertEquals(List.of(), typing(anna, request));
    assertEquals(List.of(), typing(ben, request));
  }

  @Test
  void gatewaysOfBothAreHintedAfterTheCommit() throws InterruptedException {
    social.acquaint(anna, ben);
    Presence presence = new Presence(social.node.platform().cache(), social.node.clock());
    BlockingQueue<JsonObject> hints = new LinkedBlockingQueue<>();
    String address = Presence.address("n1");
    social
        .node
        .vertx()
        .eventBus()
        .<JsonObject>consumer(address, message -> hints.add(message.body()));
    social.await(presence.add(ben.userId(), address));
    social.say(anna, ben);
    JsonObject hint = hints.poll(10, TimeUnit.SECONDS);
    long head = social.log(ben).size();
    assertEquals(
        new JsonObject()
            .put(Hints.KIND, Hints.EVENTS)
            .put("user_id", ben.userId())
            .put("seq", head),
        hint);
    assertEquals(
        head,
        social
            .await(
                social.messages.heads(
                    anna,
                    new MessagesHeadsRequest(new IdList(List.of(ben.userId(), 987_654_321L)))))
            .heads()
            .getFirst()
            .headSeq());
    social.node.clock().advance(Presence.TTL.plusSeconds(1));
    assertEquals(0, social.await(presence.nodesOf(ben.userId())).size());
    social.await(presence.add(ben.userId(), address));
    assertEquals(1, social.await(presence.nodesOf(ben.userId())).size());
    social.await(presence.remove(ben.userId(), address));
    assertEquals(0, social.await(presence.nodesOf(ben.userId())).size());
  }

  @Test
  void anOpenedConversationIsTheOpenersSecretUntilTheFirstMessage() {
    ConversationOpened first = open(anna, ben);
    assertFalse(first.existed());
    assertTrue(first.conversation().canSend());
    assertTrue(open(anna, ben).existed());
    assertEquals(List.of(), social.list(ben, "all").conversations());
    long id = first.conversation().id();
    assertEquals("CONVERSATION_NOT_FOUND", refusal(() -> social.history(ben, id)));
    ConversationOpened other = open(ben, anna);
    assertFalse(other.existed());
    assertEquals(id, other.conversation().id());
    assertEquals(id, social.say(ben, anna).conversationId());
    assertEquals(1, social.list(anna, "inbox").conversations().size());
  }

  private ConversationOpened open(Caller opener, Caller peer) {
    return social.await(
        social.conversations.open(
            opener, new ConversationsOpenRequest(new ConversationOpen(peer.userId()))));
  }

  @Test
  void openingAsksForPermissionOnceAndThirtyTimesAnHour() {
    social.block(ben, anna);
    assertEquals("MESSAGE_NOT_ALLOWED", refusal(() -> open(anna, ben)));
    assertEquals("USER_BLOCKED", refusal(() -> open(ben, anna)));
    social.unblock(ben, anna);
    open(anna, ben);
    social.block(ben, anna);
    assertFalse(open(anna, ben).conversation().canSend());
    assertEquals("VALIDATION_ERROR", refusal(() -> open(anna, anna)));
    for (int i = 1; i < 30; i++) {
      open(anna, social.user());
    }
    assertEquals("RATE_LIMIT_EXCEEDED", refusal(() -> open(anna, social.user())));
    assertTrue(open(anna, ben).existed());
    social.node.clock().advance(Duration.ofHours(1));
    open(anna, social.user());
  }

  @Test
  void theListIsOrderedFilteredAndPaged() {
    Caller carl = social.user();
    Caller dora = social.user();
    for (Caller peer : List.of(ben, carl, dora)) {
      social.acquaint(peer, anna);
    }
    Caller stranger = social.user();
    social.say(stranger, anna);
    assertEquals(
        List.of(dora.userId(), carl.userId(), ben.userId()), peers(social.list(anna, "inbox")));
    assertEquals(List.of(stranger.userId()), peers(social.list(anna, "requests")));
    social.update(
        "UPDATE conversation_members SET pinned_at = ? WHERE user_id = ? AND peer_id = ?",
        social.node.clock().instant(),
        anna.userId(),
        ben.userId());
    social.update(
        "UPDATE conversation_members SET is_archived = 1 WHERE user_id = ? AND peer_id = ?",
        anna.userId(),
        dora.userId());
    ConversationPage inbox = social.list(anna, "inbox");
    assertEquals(List.of(ben.userId(), carl.userId()), peers(inbox));
    assertEquals(2, inbox.pagination().total());
    assertEquals(social.events(anna, 0).headSeq(), inbox.headSeq());
    assertEquals(List.of(dora.userId()), peers(social.list(anna, "archived")));
    social.say(carl, anna);
    assertEquals(List.of(carl.userId()), peers(page("inbox", true, null, 1, 10)));
    assertEquals(List.of(ben.userId()), peers(page("inbox", false, null, 1, 10)));
    assertEquals(List.of(carl.userId()), peers(page("all", null, "USER_" + carl.userId(), 1, 10)));
    ConversationPage second = page("all", null, null, 2, 3);
    assertEquals(1, second.conversations().size());
    assertEquals(2, second.pagination().pages());
    assertEquals(List.of(), page("all", null, null, 9, 3).conversations());
    social.say(dora, anna);
    assertEquals(dora.userId(), peers(social.list(anna, "inbox")).get(1), "a message un-archives");
    assertEquals(1, social.log(anna, "conversation.updated").size());
  }

  private ConversationPage page(String box, Boolean unread, String q, int page, int limit) {
    return social.await(
        social.conversations.list(anna, new ConversationsListRequest(box, unread, q, page, limit)));
  }

  private static List<Long> peers(ConversationPage page) {
    return page.conversations().stream().map(row -> row.peer().id()).toList();
  }

  @Test
  void aLongerListCostsNoMoreStatementsOrCalls() {
    int[] few = cost(2);
    int[] many = cost(20);
    assertEquals(few[0], many[0], "statements");
    assertEquals(few[1], many[1], "calls of users");
  }

  private int[] cost(int conversations) {
    Caller reader = social.user();
    for (int i = 0; i < conversations; i++) {
      social.acquaint(social.user(), reader);
    }
    double statements = statements();
    int calls = social.calls.get();
    assertEquals(conversations, social.list(reader, "inbox").conversations().size());
    return new int[] {(int) (statements() - statements), social.calls.get() - calls};
  }

  private static double statements() {
    return social.node.platform().meters().get("sharestack.db.statements").counter().count();
  }

  @Test
  void aDeletedPeerKeepsHisPlaceButTakesNoMessage() {
    social.acquaint(anna, ben);
    social.know(ben.userId(), AccountStatus.DELETED);
    Conversation conversation = social.with(anna, ben);
    assertFalse(conversation.canSend());
    assertEquals(2, conversation.headSeq());
    social.cards.remove(ben.userId());
    assertEquals("已注销用户", social.with(anna, ben).peer().displayName());
  }

  @Test
  void mutedConversationsCountForThemselvesOnly() {
    social.acquaint(anna, ben);
    social.say(anna, ben);
    social.update("UPDATE conversation_members SET is_muted = 1 WHERE user_id = ?", ben.userId());
    assertEquals(0, social.unread(ben).unreadTotal());
    assertEquals(1, social.unread(ben).mutedTotal());
    assertEquals(1, social.unread(ben).conversations());
    assertEquals(1, social.with(ben, anna).unreadCount());
  }

  private Conversation arrange(Caller user, long id, ConversationUpdate wish) {
    return social
        .await(social.conversations.update(user, new ConversationsUpdateRequest(id, wish)))
        .conversation();
  }

  @Test
  void arrangingChangesTheOwnViewAndTellsTheOwnDevices() {
    long id = social.say(anna, ben).conversationId();
    Conversation accepted = arrange(ben, id, new ConversationUpdate(null, true, true, true));
    assertEquals(ConversationState.ACTIVE, accepted.state());
    assertTrue(accepted.isPinned());
    assertTrue(accepted.isMuted());
    arrange(ben, id, new ConversationUpdate(null, true, null, false));
    assertEquals(1, social.log(ben, "conversation.updated").size(), "no change, no event");
    assertEquals(0, social.log(anna, "conversation.updated").size());
    assertFalse(social.with(anna, ben).isPinned());
    assertTrue(arrange(ben, id, new ConversationUpdate(true, null, null, null)).isArchived());
    social.say(anna, ben);
    assertTrue(social.with(ben, anna).isArchived(), "muted ones stay where they are");
    assertFalse(arrange(ben, id, new ConversationUpdate(false, false, false, null)).isPinned());
    social.say(anna, ben);
    social.say(anna, ben);
    assertEquals(4, social.with(ben, anna).headSeq(), "accepted: no limit of three");
    ConversationUpdate nothing = new ConversationUpdate(null, null, null, null);
    assertEquals("VALIDATION_ERROR", refusal(() -> arrange(ben, id, nothing)));
  }

  @Test
  void tenConversationsMayBePinnedAlsoWhenElevenArePinnedAtOnce() {
    List<java.util.function.Supplier<Future<Object>>> pins = new java.util.ArrayList<>();
    for (int i = 0; i < 11; i++) {
      long id = open(anna, social.user()).conversation().id();
      pins.add(
          () ->
              social
                  .conversations
                  .update(
                      anna,
                      new ConversationsUpdateRequest(
                          id, new ConversationUpdate(null, true, null, null)))
                  .map(done -> done));
    }
    List<Future<Object>> done = social.together(pins);
    assertEquals(10, done.stream().filter(Future::succeeded).count());
    assertEquals(
        List.of("LIMIT_REACHED"),
        done.stream().filter(Future::failed).map(f -> f.cause().getMessage()).toList());
  }

  @Test
  void idleConversationsAreArchivedForWhoWantsIt() {
    try (SocialNode idle = new SocialNode("social_archive")) {
      Caller one = idle.user();
      Caller two = idle.user();
      idle.acquaint(one, two);
      Caller three = idle.user();
      idle.acquaint(one, three);
      idle.read(one, idle.with(one, three).id(), null);
      idle.say(two, one);
      idle.settings(one, "everyone", true, true);
      idle.update("UPDATE message_settings SET auto_archive_days = 7");
      idle.node.clock().advance(Duration.ofDays(8));
      Core core = core(idle);
      idle.node.await(
          () -> {
            new Housekeeping(core).archiveIdle();
            return null;
          });
      assertEquals(List.of(two.userId()), peers(idle.list(one, "inbox")), "unread: stays");
      assertEquals(1, idle.list(one, "archived").conversations().size());
      assertEquals(1, idle.list(two, "inbox").conversations().size());
    }
  }

  @Test
  void whoHasNotReceivedAMessageAfterTenSecondsIsNotified() {
    try (SocialNode away = new SocialNode("social_offline")) {
      Caller one = away.user();
      Caller two = away.user();
      away.acquaint(one, two);
      away.acknowledge(one, "device-one", 2);
      PrivateMessage waiting = away.say(one, two);
      PrivateMessage recalled = away.say(one, two);
      away.recall(one, recalled.id());
      Caller stranger = away.user();
      away.say(stranger, two);
      assertEquals(0, away.number("SELECT COUNT(*) FROM outbox"));
      away.node.clock().advance(Duration.ofSeconds(11));
      away.awaitJobs();
      assertEquals(
          List.of(waiting.id()),
          away.rows("SELECT payload FROM outbox WHERE topic = 'message.sent'").stream()
              .map(row -> new JsonObject(row.getString("payload")).getLong("message_id"))
              .filter(id -> id >= waiting.id())
              .toList());
      PrivateMessage received = away.say(two, one);
      away.history(one, received.conversationId());
      away.node.clock().advance(Duration.ofSeconds(11));
      away.awaitJobs();
      assertEquals(
          0,
          away.number(
              "SELECT COUNT(*) FROM outbox WHERE payload LIKE ?",
              "%\"message_id\":" + received.id() + ",%"));
    }
  }

  @Test
  void oldEventsAndRecalledTextsAreForgotten() {
    try (SocialNode old = new SocialNode("social_retention")) {
      Caller one = old.user();
      Caller two = old.user();
      old.acquaint(one, two);
      PrivateMessage recalled = old.say(one, two);
      old.recall(one, recalled.id());
      old.node.clock().advance(Duration.ofDays(31));
      PrivateMessage fresh = old.say(one, two);
      Core core = core(old);
      assertTrue(old.node.await(() -> new Housekeeping(core).purge()));
      assertFalse(old.node.await(() -> new Housekeeping(core).purge()));
      assertEquals(
          1, old.number("SELECT COUNT(*) FROM message_events WHERE user_id = ?", one.userId()));
      EventsPage page = old.events(one, 0);
      assertTrue(page.reset());
      assertEquals(page.headSeq(), page.oldestSeq());
      assertEquals(1, old.events(one, page.headSeq() - 1).events().size());
      assertEquals(
          1,
          old.number(
              "SELECT COUNT(*) FROM messages WHERE message_id = ? AND content IS NULL",
              recalled.id()));
      assertEquals(4, old.history(two, fresh.conversationId()).messages().size());
    }
  }

  private static Core core(SocialNode node) {
    EventRepository events = new EventRepository();
    return new Core(
        node.node.db(),
        node.node.clock(),
        new ConversationRepository(),
        new MessageRepository(),
        events,
        new SettingsRepository(),
        new Rooms(new ConversationRepository(), null),
        new EventLog(events, new TokenBucket(1)),
        null,
        null,
        new Hints(
            node.node.vertx(), new Presence(node.node.platform().cache(), node.node.clock())));
  }

  @Test
  void aLogHoldsTheNewestTenThousand() {
    social.acquaint(anna, ben);
    social.update("UPDATE message_counters SET head_seq = 10501 WHERE user_id = ?", ben.userId());
    social.say(anna, ben);
    assertEquals(
        503,
        social.number("SELECT oldest_seq FROM message_counters WHERE user_id = ?", ben.userId()));
    assertEquals(
        1, social.number("SELECT COUNT(*) FROM message_events WHERE user_id = ?", ben.userId()));
  }
}
