package com.sharestack.social;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.AcknowledgeCommand;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationPage;
import com.sharestack.contract.ConversationsListRequest;
import com.sharestack.contract.ConversationsMessagesRequest;
import com.sharestack.contract.ConversationsService;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.EventsQuery;
import com.sharestack.contract.MessageDelivered;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.MessageHistory;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessageSent;
import com.sharestack.contract.MessageUnread;
import com.sharestack.contract.MessagesAcknowledgeRequest;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesRecallRequest;
import com.sharestack.contract.MessagesSendRequest;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.MessagesUnreadRequest;
import com.sharestack.contract.ModerationCheckRequest;
import com.sharestack.contract.ModerationService;
import com.sharestack.contract.ModerationVerdict;
import com.sharestack.contract.ModerationVerdicts;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadCommand;
import com.sharestack.contract.ReadResult;
import com.sharestack.contract.Relations;
import com.sharestack.contract.RelationsQuery;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersRelationsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Inbox;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.sqlclient.Row;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** The social domain on a database of its own; users and moderation are small services of tests. */
final class SocialNode implements AutoCloseable {

  /** The moderation of tests refuses texts with this word. */
  static final String FORBIDDEN = "违禁词";

  final TestNode node;
  final MessagesService messages;
  final ConversationsService conversations;
  final Map<Long, UserCard> cards = new ConcurrentHashMap<>();
  final Set<Edge> blocks = ConcurrentHashMap.newKeySet();
  final Set<Edge> follows = ConcurrentHashMap.newKeySet();
  final AtomicInteger calls = new AtomicInteger();
  volatile boolean usersAway;
  private final AtomicLong ids = new AtomicLong(1000);
  private final AtomicLong texts = new AtomicLong();

  /** From one user to another. */
  record Edge(long from, long to) {}

  SocialNode(String name, String... overrides) {
    node = TestNode.of(name, overrides).with("social", SocialVerticle::new);
    node.fake(UsersService.class, some(UsersService.class, this::users));
    node.fake(ModerationService.class, some(ModerationService.class, this::moderation));
    node.start();
    messages = node.client(MessagesService.class);
    conversations = node.client(ConversationsService.class);
  }

  private record Call(String method, Object request) {}

  private static <T> T some(Class<T> type, Function<Call, Future<?>> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> answer.apply(new Call(method.getName(), args[1]))));
  }

  private Future<?> users(Call call) {
    calls.incrementAndGet();
    if (usersAway) {
      return Future.failedFuture(Errors.of(com.sharestack.contract.ErrorCode.SERVICE_UNAVAILABLE));
    }
    if (call.method().equals("cards")) {
      List<Long> wanted = ((UsersCardsRequest) call.request()).body().ids();
      return Future.succeededFuture(
          new UserCards(wanted.stream().filter(cards::containsKey).map(cards::get).toList()));
    }
    RelationsQuery query = ((UsersRelationsRequest) call.request()).body();
    long viewer = query.viewerId();
    List<Long> others = query.userIds();
    return Future.succeededFuture(
        new Relations(
            others.stream().filter(id -> blocks.contains(new Edge(id, viewer))).toList(),
            others.stream().filter(id -> blocks.contains(new Edge(viewer, id))).toList(),
            others.stream().filter(id -> follows.contains(new Edge(viewer, id))).toList(),
            others.stream().filter(id -> follows.contains(new Edge(id, viewer))).toList()));
  }

  private Future<?> moderation(Call call) {
    List<String> checked = ((ModerationCheckRequest) call.request()).body().texts();
    return Future.succeededFuture(
        new ModerationVerdicts(
            checked.stream()
                .map(
                    text ->
                        text.contains(FORBIDDEN)
                            ? new ModerationVerdict("reject", List.of("illegal"))
                            : new ModerationVerdict("pass", List.of()))
                .toList()));
  }

  Caller user() {
    return user(AccountStatus.ACTIVE);
  }

  Caller user(AccountStatus status) {
    long id = ids.incrementAndGet();
    know(id, status);
    return Caller.builder()
        .userId(id)
        .userType("reader")
        .verified(false)
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .build();
  }

  void know(long id, AccountStatus status) {
    cards.put(
        id,
        UserCard.builder()
            .userId(id)
            .username("user_" + id)
            .displayName("用户" + id)
            .userType(UserType.READER)
            .isVerified(false)
            .status(status)
            .contentHidden(false)
            .build());
  }

  void follow(Caller from, Caller to) {
    follows.add(new Edge(from.userId(), to.userId()));
  }

  void block(Caller from, Caller to) {
    blocks.add(new Edge(from.userId(), to.userId()));
  }

  void unblock(Caller from, Caller to) {
    blocks.remove(new Edge(from.userId(), to.userId()));
  }

  /** Two who have talked: no request is open. */
  void acquaint(Caller one, Caller other) {
    say(one, other, newText());
    say(other, one, newText());
  }

  static String newId() {
    return UUID.randomUUID().toString();
  }

  /** A text like no other. */
  String newText() {
    return "第" + texts.incrementAndGet() + "条 " + UUID.randomUUID();
  }

  static MessageSend to(Caller recipient, String clientMsgId, String text) {
    return MessageSend.builder()
        .clientMsgId(clientMsgId)
        .toUserId(recipient.userId())
        .messageType("text")
        .content(text)
        .build();
  }

  static MessageSend in(long conversation, String clientMsgId, String text, Long replyTo) {
    return MessageSend.builder()
        .clientMsgId(clientMsgId)
        .conversationId(conversation)
        .messageType("text")
        .content(text)
        .replyToMessageId(replyTo)
        .build();
  }

  Future<MessageSent> sending(Caller sender, MessageSend message) {
    return messages.send(sender, new MessagesSendRequest(message));
  }

  MessageSent send(Caller sender, MessageSend message) {
    return await(sending(sender, message));
  }

  MessageDelivered deliver(Caller sender, MessageSend message) {
    return await(messages.deliver(sender, new MessagesDeliverRequest(message)));
  }

  PrivateMessage say(Caller sender, Caller recipient, String text) {
    return send(sender, to(recipient, newId(), text)).message();
  }

  PrivateMessage say(Caller sender, Caller recipient) {
    return say(sender, recipient, newText());
  }

  ReadResult read(Caller reader, long conversation, Long upTo) {
    return await(
        messages.read(reader, new MessagesReadRequest(conversation, new ReadCommand(upTo))));
  }

  PrivateMessage recall(Caller sender, long message) {
    return await(messages.recall(sender, new MessagesRecallRequest(message))).message();
  }

  MessageUnread unread(Caller user) {
    return await(messages.unread(user, new MessagesUnreadRequest()));
  }

  EventsPage events(Caller user, long since) {
    return await(messages.events(user, new MessagesEventsRequest(new EventsQuery(since, 500))));
  }

  /** The whole log; its numbers have no gap. */
  List<MessageEvent> log(Caller user) {
    List<MessageEvent> all = new ArrayList<>();
    EventsPage page;
    do {
      page = events(user, all.isEmpty() ? 0 : all.getLast().seq());
      all.addAll(page.events());
    } while (page.hasMore());
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).seq() != i + 1) {
        throw new AssertionError("event " + (i + 1) + " has number " + all.get(i).seq());
      }
    }
    return all;
  }

  List<MessageEvent> log(Caller user, String type) {
    return log(user).stream().filter(event -> event.type().equals(type)).toList();
  }

  void acknowledge(Caller user, String device, long seq) {
    await(
        messages.acknowledge(
            user, new MessagesAcknowledgeRequest(new AcknowledgeCommand(device, seq))));
  }

  ConversationPage list(Caller user, String box) {
    return await(conversations.list(user, new ConversationsListRequest(box, null, null, 1, 100)));
  }

  /** The one conversation of the user with the peer, in whichever box. */
  Conversation with(Caller user, Caller peer) {
    return list(user, "all").conversations().stream()
        .filter(conversation -> conversation.peer().id() == peer.userId())
        .findFirst()
        .orElseThrow();
  }

  MessageHistory history(Caller user, long conversation) {
    return await(
        conversations.messages(
            user, new ConversationsMessagesRequest(conversation, null, null, 100)));
  }

  /** An event of now as the relay delivers it. */
  void event(EventTopic topic, long id, Record payload) {
    event(topic, id, payload, node.clock().instant());
  }

  /** An event that was written at {@code at} and comes now. */
  void event(EventTopic topic, long id, Record payload, Instant at) {
    JsonObject message =
        new JsonObject()
            .put("id", id)
            .put("topic", topic.topic())
            .put("payload", Wire.write(payload))
            .put("at", at.toString());
    node.await(() -> node.vertx().eventBus().request(Inbox.address("social"), message).await());
  }

  /** Until no job waits; they are polled for every few milliseconds. */
  void awaitJobs() {
    long end = System.nanoTime() + 20_000_000_000L;
    while (number("SELECT COUNT(*) FROM jobs WHERE status <> 'done'") > 0) {
      if (System.nanoTime() > end) {
        throw new AssertionError("jobs still wait");
      }
      node.await(() -> node.vertx().timer(20, java.util.concurrent.TimeUnit.MILLISECONDS).await());
    }
  }

  void settings(Caller user, String who, boolean receipts, boolean typing) {
    update(
        """
        INSERT INTO message_settings (user_id, who_can_message, read_receipts_enabled,
          typing_enabled, updated_at)
        VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE who_can_message = VALUES(who_can_message),
          read_receipts_enabled = VALUES(read_receipts_enabled),
          typing_enabled = VALUES(typing_enabled)
        """,
        user.userId(),
        who,
        receipts,
        typing,
        node.clock().instant());
  }

  /** Code of the expected failure. */
  static String refusal(Supplier<?> call) {
    return failure(call).getMessage();
  }

  static ServiceException failure(Supplier<?> call) {
    try {
      Object answer = call.get();
      throw new AssertionError("expected a refusal, got " + answer);
    } catch (ServiceException refused) {
      return refused;
    }
  }

  <T> T await(Future<T> answer) {
    return node.await(answer::await);
  }

  /** All at once; failures stay in their futures. */
  <T> List<Future<T>> together(List<Supplier<Future<T>>> starts) {
    List<Future<T>> running = starts.stream().map(Supplier::get).toList();
    node.await(() -> Future.join(running).otherwiseEmpty().await());
    return running;
  }

  List<Row> rows(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args));
  }

  long number(String sql, Object... args) {
    return rows(sql, args).get(0).getLong(0);
  }

  void update(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  @Override
  public void close() {
    node.close();
  }
}
