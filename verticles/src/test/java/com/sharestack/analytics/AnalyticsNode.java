package com.sharestack.analytics;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageUnread;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.NotificationsListRequest;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.NotificationsUnreadRequest;
import com.sharestack.contract.SubscriberIds;
import com.sharestack.contract.SubscribersQuery;
import com.sharestack.contract.SubscriptionWelcomesDueRequest;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.SubscriptionsSubscribersRequest;
import com.sharestack.contract.UnreadCount;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.Welcome;
import com.sharestack.contract.Welcomes;
import com.sharestack.contract.WelcomesQuery;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Inbox;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Platform;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The analytics domain with its inbox on the bus, its jobs run by hand, and small services of tests
 * in the place of users and billing.
 */
final class AnalyticsNode implements AutoCloseable {

  final TestNode node;
  final JobQueue jobs;
  final Notifier notifier;
  final NotificationsServiceImpl service;
  final Map<Long, List<Long>> subscribers = new ConcurrentHashMap<>();
  final Map<String, Welcome> welcomes = new ConcurrentHashMap<>();
  final Set<Long> hidden = ConcurrentHashMap.newKeySet();
  final AtomicInteger subscriberCalls = new AtomicInteger();

  /** The call for subscribers that fails, counted from 1; 0 = none. */
  volatile int failingCall;

  /** What social counts for everybody. */
  volatile long unreadMessages;

  volatile boolean messagesAway;

  private final AtomicLong eventIds = new AtomicLong(10_000);

  AnalyticsNode(String name, String... overrides) {
    node = TestNode.of(name, overrides);
    Platform platform = node.platform();
    node.fake(
        UsersService.class,
        only(UsersService.class, args -> cards(((UsersCardsRequest) args[1]).body().ids())));
    node.fake(
        SubscriptionsService.class,
        only(
            SubscriptionsService.class,
            args -> page(((SubscriptionsSubscribersRequest) args[1]).body())));
    node.fake(
        SubscriptionWelcomesService.class,
        only(
            SubscriptionWelcomesService.class,
            args -> welcomes(((SubscriptionWelcomesDueRequest) args[1]).body())));
    node.fake(
        MessagesService.class,
        only(
            MessagesService.class,
            args ->
                messagesAway
                    ? Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE))
                    : Future.succeededFuture(new MessageUnread(unreadMessages, 0, 0, 0))));
    jobs = new JobQueue(platform.db(), platform.clock());
    NotificationRepository notifications = new NotificationRepository();
    UnreadCounters counters = new UnreadCounters(platform.cache(), platform.db(), notifications);
    notifier =
        new Notifier(
            platform.db(),
            jobs,
            notifications,
            counters,
            node.client(UsersService.class),
            node.client(SubscriptionsService.class),
            node.client(SubscriptionWelcomesService.class));
    service =
        new NotificationsServiceImpl(
            platform.db(),
            platform.clock(),
            notifications,
            counters,
            node.client(MessagesService.class));
    Inbox inbox = new Inbox(platform.db(), platform.clock(), "analytics");
    node.await(() -> inbox.consume(node.vertx(), new Intake(jobs).handlers()).await());
  }

  private static <T> T only(Class<T> type, Function<Object[], Future<?>> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> answer.apply(args)));
  }

  private Future<?> cards(List<Long> ids) {
    return Future.succeededFuture(
        new UserCards(
            ids.stream()
                .map(
                    id ->
                        UserCard.builder()
                            .userId(id)
                            .username("user_" + id)
                            .displayName("用户" + id)
                            .userType(UserType.READER)
                            .status(AccountStatus.ACTIVE)
                            .contentHidden(hidden.contains(id))
                            .build())
                .toList()));
  }

  private Future<?> welcomes(WelcomesQuery query) {
    return Future.succeededFuture(
        new Welcomes(
            query.activations().stream()
                .map(activation -> welcomes.get(activation.subscriptionId()))
                .filter(java.util.Objects::nonNull)
                .toList()));
  }

  private Future<?> page(SubscribersQuery query) {
    if (subscriberCalls.incrementAndGet() == failingCall) {
      return Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE));
    }
    List<Long> page =
        subscribers.getOrDefault(query.creatorId(), List.of()).stream()
            .filter(id -> id > query.afterId())
            .limit(query.limit())
            .toList();
    return Future.succeededFuture(
        new SubscriberIds(page, page.size() < query.limit() ? null : page.getLast()));
  }

  void subscribe(long creatorId, long firstUser, long count) {
    subscribers.put(creatorId, LongStream.range(firstUser, firstUser + count).boxed().toList());
  }

  long newEventId() {
    return eventIds.incrementAndGet();
  }

  /** Delivers an event as the relay does; the future is the inbox's answer. */
  void deliver(long eventId, EventTopic topic, Record payload) {
    JsonObject message =
        new JsonObject()
            .put("id", eventId)
            .put("topic", topic.topic())
            .put("payload", Wire.write(payload))
            .put("request_id", "req_event")
            .put("at", node.clock().instant().toString());
    node.await(() -> node.vertx().eventBus().request(Inbox.address("analytics"), message).await());
  }

  /** Claims and runs jobs until none is due; failures are noted as the runner notes them. */
  int drain() {
    return node.await(
        () -> {
          int steps = 0;
          List<Job> claimed = new ArrayList<>(jobs.claim(Task.JOB_TYPE, 4));
          while (!claimed.isEmpty()) {
            for (Job job : claimed) {
              run(job);
              steps++;
            }
            claimed = new ArrayList<>(jobs.claim(Task.JOB_TYPE, 4));
          }
          return steps;
        });
  }

  private void run(Job job) {
    try {
      notifier.step(job);
    } catch (RuntimeException failure) {
      jobs.failed(job, "TEST", failure.getMessage());
    }
  }

  NotificationPage list(long userId, String status, NotificationType type, int page, int limit) {
    return node.await(
        () ->
            service
                .list(caller(userId), new NotificationsListRequest(status, type, page, limit))
                .await());
  }

  NotificationPage list(long userId) {
    return list(userId, "all", null, 1, 20);
  }

  UnreadCount unread(long userId) {
    return node.await(
        () -> service.unread(caller(userId), new NotificationsUnreadRequest()).await());
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args)).get(0).getLong(0);
  }

  void update(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  /** A notification of another kind, {@code minutes} before now. */
  void insert(long userId, NotificationType type, boolean read, Instant at) {
    update(
        """
        INSERT INTO notifications (user_id, type, event_name, title, content, metadata, is_read, read_at,
          first_created_at, created_at)
        VALUES (?, ?, 'system_updates', '标题', '内容',
          '{"event":"system_updates","priority":"normal","count":1,"actors":[]}', ?, ?, ?, ?)
        """,
        userId,
        type,
        read,
        read ? at : null,
        at,
        at);
  }

  static Caller caller(long userId) {
    return Caller.builder()
        .userId(userId)
        .userType("reader")
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .build();
  }

  NotificationsService client() {
    return node.client(NotificationsService.class);
  }

  @Override
  public void close() {
    node.close();
  }
}
