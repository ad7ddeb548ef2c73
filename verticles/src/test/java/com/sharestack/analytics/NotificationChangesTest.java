package com.sharestack.analytics;

import static com.sharestack.analytics.AnalyticsNode.caller;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageSentEvent;
import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.NotificationsDeleteRequest;
import com.sharestack.contract.NotificationsReadAllRequest;
import com.sharestack.contract.NotificationsReadRequest;
import com.sharestack.contract.NotificationsUnreadRequest;
import com.sharestack.contract.ReadAllBody;
import com.sharestack.contract.ReadAllResult;
import com.sharestack.contract.UnreadCount;
import com.sharestack.platform.jobs.Job;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** notifications.read, read_all and delete, and private messages that share a notification. */
class NotificationChangesTest {

  private static final Instant NOON = Instant.parse("2026-11-23T04:00:00Z");

  private static AnalyticsNode analytics;

  @BeforeAll
  static void start() {
    analytics = new AnalyticsNode("notification_changes");
    analytics.node.clock().set(NOON);
  }

  @AfterAll
  static void stop() {
    analytics.close();
  }

  private static Instant read(long userId, long id) {
    return analytics.node.await(
        () ->
            analytics
                .service
                .read(caller(userId), new NotificationsReadRequest(id))
                .await()
                .readAt());
  }

  private static ReadAllResult readAll(long userId, NotificationType type) {
    return analytics.node.await(
        () ->
            analytics
                .service
                .readAll(
                    caller(userId),
                    new NotificationsReadAllRequest(type == null ? null : new ReadAllBody(type)))
                .await());
  }

  private static void delete(long userId, long id) {
    analytics.node.await(
        () -> analytics.service.delete(caller(userId), new NotificationsDeleteRequest(id)).await());
  }

  private static void notFound(org.junit.jupiter.api.function.Executable call) {
    assertEquals("DATA_NOT_FOUND", assertThrows(ServiceException.class, call).getMessage());
  }

  private static long newest(long userId) {
    return analytics.list(userId).notifications().getFirst().notificationId();
  }

  private static void message(long conversation, long from, long to, boolean online, Instant at) {
    message(conversation, from, to, online, false, at);
  }

  private static void message(
      long conversation, long from, long to, boolean online, boolean silent, Instant at) {
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.MESSAGE_SENT,
        new MessageSentEvent(1, conversation, from, to, online, silent, at));
  }

  @Test
  void readingKeepsTheFirstTimeAndLowersTheCounterOnce() {
    analytics.insert(1, NotificationType.SYSTEM, false, NOON);
    analytics.insert(1, NotificationType.CONTENT, false, NOON.minusSeconds(1));
    assertEquals(2, analytics.unread(1).unreadCount());
    long id = newest(1);
    Instant first = read(1, id);
    analytics.node.clock().advance(Duration.ofMinutes(5));
    assertEquals(first, read(1, id));
    UnreadCount left = analytics.unread(1);
    assertEquals(1, left.unreadCount());
    assertEquals(0, left.byType().system());
    assertEquals(1, analytics.list(1, "unread", null, 1, 20).notifications().size());
  }

  @Test
  void whatIsNotOnesOwnIsNotThere() {
    analytics.insert(11, NotificationType.SYSTEM, false, NOON);
    long id = newest(11);
    notFound(() -> read(12, id));
    notFound(() -> delete(12, id));
    notFound(() -> read(11, 9_999_999));
    assertEquals(1, analytics.unread(11).unreadCount());
  }

  @Test
  void deletingAnUnreadOneLowersTheCounterAndASecondTimeItIsGone() {
    analytics.insert(21, NotificationType.SOCIAL, false, NOON);
    analytics.insert(21, NotificationType.SOCIAL, true, NOON.minusSeconds(1));
    assertEquals(1, analytics.unread(21).unreadCount());
    long id = newest(21);
    delete(21, id);
    assertEquals(0, analytics.unread(21).unreadCount());
    assertEquals(1, analytics.list(21).summary().totalNotifications());
    notFound(() -> delete(21, id));
    notFound(() -> read(21, id));
  }

  @Test
  void readAllLeavesWhatIsNewerOfOthersOrOfAnotherType() {
    Instant now = analytics.node.clock().instant();
    analytics.insert(31, NotificationType.SYSTEM, false, now);
    analytics.insert(31, NotificationType.PAYMENT, false, now);
    analytics.insert(31, NotificationType.PAYMENT, false, now.plusSeconds(60));
    analytics.insert(32, NotificationType.PAYMENT, false, now);
    ReadAllResult payments = readAll(31, NotificationType.PAYMENT);
    assertEquals(1, payments.markedCount());
    assertFalse(payments.operationTime().isBefore(now));
    assertEquals(2, analytics.unread(31).unreadCount());
    assertEquals(1, readAll(31, null).markedCount());
    assertEquals(0, readAll(31, null).markedCount());
    UnreadCount left = analytics.unread(31);
    assertEquals(1, left.byType().payment());
    assertEquals(1, left.unreadCount());
    assertEquals(1, analytics.unread(32).unreadCount());
  }

  @Test
  void readAllMarksMoreThanAPortion() {
    analytics.update(
        """
        INSERT INTO notifications (user_id, type, event_name, title, content, metadata,
          first_created_at, created_at)
        SELECT 41, 'system', 'system_updates', 't', 'c',
          '{"event":"system_updates","priority":"normal","count":1,"actors":[]}', ?, ?
        FROM JSON_TABLE(?, '$[*]' COLUMNS (n INT PATH '$')) numbers
        """,
        NOON,
        NOON,
        IntStream.range(0, 2_300).boxed().toList().toString());
    assertEquals(2_300, readAll(41, null).markedCount());
    assertEquals(0, analytics.unread(41).unreadCount());
  }

  @Test
  void ofManyAtOnceEachNotificationIsMarkedByOneAndTheCounterIsRight() {
    for (int i = 0; i < 40; i++) {
      analytics.insert(51, NotificationType.CONTENT, false, NOON.minusSeconds(i));
    }
    List<Long> ids =
        analytics.list(51, "all", null, 1, 100).notifications().stream()
            .map(Notification::notificationId)
            .toList();
    NotificationsServiceImpl service = analytics.service;
    long marked =
        analytics.node.await(
            () -> {
              List<Future<Void>> all = new ArrayList<>();
              AtomicLong sum = new AtomicLong();
              for (int i = 0; i < 20; i++) {
                long early = ids.get(i);
                long late = ids.get(39 - i);
                all.add(
                    onAThread(
                        () ->
                            service.read(caller(51), new NotificationsReadRequest(early)).await()));
                all.add(
                    onAThread(
                        () ->
                            service
                                .delete(caller(51), new NotificationsDeleteRequest(late))
                                .await()));
                all.add(
                    onAThread(
                        () ->
                            sum.addAndGet(
                                service
                                    .readAll(caller(51), new NotificationsReadAllRequest(null))
                                    .await()
                                    .markedCount())));
                all.add(
                    onAThread(
                        () ->
                            service.unread(caller(51), new NotificationsUnreadRequest()).await()));
              }
              Future.all(all).await();
              return sum.get();
            });
    assertTrue(marked <= 40, "no row is marked twice: " + marked);
    UnreadCount left = analytics.unread(51);
    assertEquals(0, left.unreadCount());
    assertEquals(
        20,
        analytics.number(
            "SELECT COUNT(*) FROM notifications WHERE user_id = 51 AND deleted_at IS NULL"));
  }

  @Test
  void messagesOfAConversationShareOneNotificationUntilItIsRead() {
    for (int i = 0; i < 3; i++) {
      message(500, 61, 62, false, NOON.plusSeconds(i));
    }
    message(501, 63, 62, false, NOON);
    analytics.drain();

    List<Notification> seen = analytics.list(62).notifications();
    assertEquals(2, seen.size());
    Notification merged = seen.getFirst();
    assertEquals(NotificationType.SOCIAL, merged.type());
    assertEquals("您有 3 条新私信", merged.title());
    assertEquals("用户61 给您发来 3 条私信。", merged.content());
    assertEquals("/messages/500", merged.actionUrl());
    assertEquals("private_message", merged.metadata().event());
    assertEquals(500L, merged.metadata().conversationId());
    assertEquals(3, merged.metadata().count());
    assertEquals(
        List.of(61L), merged.metadata().actors().stream().map(NotificationActor::id).toList());
    assertEquals(NOON.plusSeconds(2), merged.createdAt());
    assertEquals(2, analytics.unread(62).byType().social());

    message(500, 61, 62, false, NOON.plus(Duration.ofDays(3)));
    analytics.drain();
    assertEquals(4, analytics.list(62).notifications().getFirst().metadata().count());

    read(62, merged.notificationId());
    message(500, 61, 62, false, NOON.plus(Duration.ofDays(4)));
    analytics.drain();
    seen = analytics.list(62).notifications();
    assertEquals(3, seen.size());
    assertEquals("您有一条新私信", seen.getFirst().title());
    assertEquals(1, seen.getFirst().metadata().count());
  }

  @Test
  void whoIsConnectedOrWantsSilenceIsNotTold() {
    message(510, 71, 72, true, NOON);
    message(510, 71, 72, false, true, NOON);
    analytics.drain();
    assertEquals(List.of(), analytics.list(72).notifications());
    assertEquals(
        0,
        analytics.number(
            "SELECT COUNT(*) FROM jobs WHERE payload LIKE '%\"conversation_id\":510%'"));
  }

  @Test
  void aMessageThatIsDeliveredTwiceCountsOnce() {
    long event = analytics.newEventId();
    for (int delivery = 0; delivery < 3; delivery++) {
      analytics.deliver(
          event, EventTopic.MESSAGE_SENT, new MessageSentEvent(1, 520, 81, 82, false, false, NOON));
      analytics.drain();
    }
    assertEquals(1, analytics.list(82).notifications().getFirst().metadata().count());
  }

  @Test
  void messagesAndReadingAtOnceLoseNoMessage() {
    for (int i = 0; i < 24; i++) {
      message(530, 91, 92, false, NOON.plusSeconds(i));
    }
    analytics.node.await(
        () -> {
          List<Job> claimed = analytics.jobs.claim(Task.JOB_TYPE, 24);
          assertEquals(24, claimed.size());
          List<Future<Void>> all = new ArrayList<>();
          for (Job job : claimed) {
            all.add(onAThread(() -> analytics.notifier.step(job)));
            all.add(
                onAThread(
                    () ->
                        analytics
                            .service
                            .readAll(caller(92), new NotificationsReadAllRequest(null))
                            .await()));
          }
          Future.all(all).await();
          return null;
        });
    analytics.drain();
    assertEquals(
        24, analytics.number("SELECT SUM(action_count) FROM notifications WHERE user_id = 92"));
    assertEquals(
        analytics.number("SELECT COUNT(*) FROM notifications WHERE user_id = 92 AND is_read = 0"),
        analytics.unread(92).unreadCount());
  }

  /** Each with a virtual thread of its own, so that they really run side by side. */
  private static Future<Void> onAThread(Runnable work) {
    io.vertx.core.Promise<Void> done = io.vertx.core.Promise.promise();
    analytics
        .node
        .vertx()
        .getOrCreateContext()
        .runOnContext(
            go -> {
              try {
                work.run();
                done.complete();
              } catch (RuntimeException failure) {
                done.fail(failure);
              }
            });
    return done.future();
  }
}
