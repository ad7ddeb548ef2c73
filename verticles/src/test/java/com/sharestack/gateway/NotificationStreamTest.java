package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationPriority;
import com.sharestack.contract.NotificationPulse;
import com.sharestack.contract.NotificationPulses;
import com.sharestack.contract.NotificationSummary;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.NotificationsListRequest;
import com.sharestack.contract.NotificationsPulseRequest;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.UnreadByType;
import com.sharestack.contract.UnreadCount;
import com.sharestack.contract.UserType;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.EventSource;
import com.sharestack.testing.MessageLog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** notifications.stream over a real connection, with a list of notifications in memory. */
class NotificationStreamTest {

  private static final Map<Long, List<Notification>> LISTS = new ConcurrentHashMap<>();
  private static ApiGateway gateway;
  private static long nextUser = 9000;
  private final List<EventSource> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    gateway = start("streams");
  }

  private static ApiGateway start(String name) {
    ApiGateway started =
        ApiGateway.start(
            name,
            "SHARESTACK_RATES_OPERATION_FACTOR",
            "100",
            "SHARESTACK_LIVE_POLL_MILLIS",
            "100",
            "SHARESTACK_AUTH_REVOCATION_POLL_MILLIS",
            "100");
    new MessageLog().serve(started);
    Class<NotificationsService> type = NotificationsService.class;
    started.answer(type, "list", (c, r) -> done(page(c.userId(), (NotificationsListRequest) r)));
    started.answer(type, "unread", (c, r) -> done(unread(c.userId())));
    started.answer(
        type,
        "pulse",
        (c, r) ->
            done(
                new NotificationPulses(
                    ((NotificationsPulseRequest) r)
                        .body().ids().stream().map(NotificationStreamTest::pulse).toList())));
    return started;
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(EventSource::close);
  }

  private static <T> Future<T> done(T answer) {
    return Future.succeededFuture(answer);
  }

  private static List<Notification> list(long user) {
    return LISTS.computeIfAbsent(user, id -> new CopyOnWriteArrayList<>());
  }

  private static NotificationPage page(long user, NotificationsListRequest request) {
    List<Notification> newest =
        list(user).stream()
            .sorted(
                Comparator.comparing(Notification::createdAt)
                    .thenComparing(Notification::notificationId)
                    .reversed())
            .limit(request.limit())
            .toList();
    return new NotificationPage(
        newest,
        new NotificationSummary(newest.size(), newest.size(), 0),
        new Pagination(1, request.limit(), newest.size(), 1),
        false);
  }

  private static UnreadCount unread(long user) {
    long count = list(user).stream().filter(each -> !each.isRead()).count();
    return new UnreadCount(count, new UnreadByType(count, 0, 0, 0), 0, false);
  }

  private static NotificationPulse pulse(long user) {
    Instant newest =
        list(user).stream()
            .map(Notification::createdAt)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return new NotificationPulse(user, newest, unread(user).byType());
  }

  private static long user() {
    long user = nextUser++;
    gateway.account(user, AccountStatus.ACTIVE, UserType.READER);
    return user;
  }

  private static Notification notification(long id, long count, Instant at) {
    return Notification.builder()
        .notificationId(id)
        .type(NotificationType.SYSTEM)
        .title("通知 " + id)
        .content("内容")
        .isRead(false)
        .createdAt(at.truncatedTo(ChronoUnit.SECONDS))
        .metadata(
            NotificationMetadata.builder()
                .event("system_updates")
                .priority(NotificationPriority.NORMAL)
                .count(count)
                .actors(List.of())
                .build())
        .build();
  }

  private static void add(long user, long id) {
    list(user).add(notification(id, 1, gateway.node().clock().instant()));
  }

  private static String token(long user) {
    return gateway.token(user, "ses_of_" + user);
  }

  private EventSource open(long user, String lastEventId) {
    EventSource source =
        EventSource.open(gateway.api().port(), "/notifications/stream", token(user), lastEventId);
    opened.add(source);
    return source;
  }

  @Test
  void newNotificationsAndCountersArriveAndMergedOnesAsUpdates() {
    long user = user();
    add(user, 5);
    EventSource source = open(user, null);
    assertEquals(200, source.status());
    assertEquals("text/event-stream; charset=utf-8", source.header("Content-Type"));
    assertNull(source.header("Transfer-Encoding") == null ? "not chunked" : null);
    EventSource.Event unread = source.next();
    assertEquals("unread 1", unread.name() + " " + unread.data().getInteger("unread_count"));

    add(user, 6);
    assertEquals(2, source.await("unread").data().getInteger("unread_count"));
    EventSource.Event news = source.await("notification");
    assertEquals("6", news.id());
    assertEquals(6, news.data().getInteger("notification_id"));

    list(user).removeIf(each -> each.notificationId() == 5);
    list(user).add(notification(5, 2, gateway.node().clock().instant()));
    EventSource.Event update = source.await("update");
    assertEquals(5, update.data().getInteger("notification_id"));
    assertNull(update.id(), "the client's Last-Event-ID must not go back");

    list(user).clear();
    assertEquals(0, source.await("unread").data().getInteger("unread_count"));
  }

  @Test
  void lastEventIdReplaysWhatIsLater() {
    long user = user();
    for (int id = 1; id <= 30; id++) {
      add(user, id);
    }
    EventSource source = open(user, "20");
    for (int id = 21; id <= 30; id++) {
      assertEquals(String.valueOf(id), source.await("notification").id());
    }
    add(user, 31);
    assertEquals("31", source.await("notification").id());
  }

  @Test
  void moreMissedThanAPageIsAReset() {
    long user = user();
    for (int id = 1; id <= 150; id++) {
      add(user, id);
    }
    EventSource source = open(user, "10");
    assertEquals("reset", source.await("reset").name());
    add(user, 151);
    assertEquals("151", source.await("notification").id(), "and then live");
  }

  @Test
  void aTicketOpensItOnceAndAFourthStreamIsRefused() {
    long user = user();
    String ticket =
        gateway
            .api()
            .as(token(user))
            .post("/ws/tickets", new JsonObject().put("purpose", "notifications"))
            .data()
            .getString("ticket");
    String path = "/notifications/stream?ticket=" + ticket;
    EventSource first = EventSource.open(gateway.api().port(), path, null, null);
    opened.add(first);
    assertEquals(200, first.status());
    assertEquals(401, EventSource.open(gateway.api().port(), path, null, null).status());
    open(user, null);
    EventSource third = open(user, null);
    EventSource fourth = open(user, null);
    assertEquals("429 RATE_LIMIT_EXCEEDED", fourth.status() + " " + fourth.errorCode());
    third.close();
    gateway.eventually("a place is free again", () -> open(user, null).status() == 200);
  }

  @Test
  void aRevokedSessionAndAnExpiredTokenEndTheStream() {
    ApiGateway own = start("streams_time");
    long user = user();
    own.account(user, AccountStatus.ACTIVE, UserType.READER);
    EventSource revoked =
        EventSource.open(
            own.api().port(), "/notifications/stream", own.token(user, "ses_gone"), null);
    EventSource expiring =
        EventSource.open(
            own.api().port(), "/notifications/stream", own.token(user, "ses_long"), null);
    assertEquals(200, revoked.status());
    own.revoke("ses_gone");
    assertTrue(revoked.ended());
    own.node().clock().advance(Duration.ofSeconds(3_400));
    assertEquals("auth_expiring", expiring.await("auth_expiring").name());
    own.node().clock().advance(Duration.ofSeconds(300));
    assertTrue(expiring.ended());

    EventSource staying =
        EventSource.open(
            own.api().port(), "/notifications/stream", own.token(user, "ses_new"), null);
    assertEquals(200, staying.status());
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(own::close);
    assertTrue(staying.ended(), "a stopping node ends its streams");
    stopped.join();
  }
}
