package com.sharestack.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationSummary;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.UnreadByType;
import com.sharestack.contract.UnreadCount;
import com.sharestack.platform.cache.Cache;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NotificationsServiceTest {

  private static final Instant NOON = Instant.parse("2026-11-23T04:00:00Z");

  private static AnalyticsNode analytics;

  @BeforeAll
  static void start() {
    analytics = new AnalyticsNode("notifications");
    analytics.node.clock().set(NOON);
  }

  @AfterAll
  static void stop() {
    analytics.close();
  }

  private static void reject(long author) {
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.CONTENT_STATUS_CHANGED,
        new ContentStatusChangedEvent(
            5,
            null,
            author,
            ArticleStatus.PENDING_REVIEW,
            ArticleStatus.REJECTED,
            false,
            "稿件",
            "moderation",
            analytics.node.clock().instant()));
    analytics.drain();
  }

  @Test
  void theNewestComeFirstAndEqualTimesByIdAcrossPages() {
    for (int i = 0; i < 7; i++) {
      analytics.insert(1, NotificationType.SYSTEM, false, NOON.minusSeconds(i / 3));
    }
    List<Long> inOrder = new ArrayList<>();
    for (int page = 1; page <= 4; page++) {
      analytics.list(1, "all", null, page, 2).notifications().stream()
          .map(Notification::notificationId)
          .forEach(inOrder::add);
    }

    List<Long> expected =
        analytics
            .node
            .await(
                () ->
                    analytics
                        .node
                        .db()
                        .rows(
                            """
                            SELECT notification_id FROM notifications WHERE user_id = 1
                            ORDER BY created_at DESC, notification_id DESC
                            """))
            .stream()
            .map(row -> row.getLong(0))
            .toList();
    assertEquals(expected, inOrder);
    NotificationPage last = analytics.list(1, "all", null, 4, 2);
    assertEquals(7, last.pagination().total());
    assertEquals(4, last.pagination().pages());
    assertEquals(List.of(), analytics.list(1, "all", null, 5, 2).notifications());
    assertFalse(last.cacheHit());
  }

  @Test
  void filtersNarrowThePageButNotTheSummary() {
    Instant yesterday = Instant.parse("2026-11-22T15:59:59Z");
    Instant today = Instant.parse("2026-11-22T16:00:00Z");
    analytics.insert(2, NotificationType.SYSTEM, false, today);
    analytics.insert(2, NotificationType.CONTENT, true, today.plusSeconds(1));
    analytics.insert(2, NotificationType.CONTENT, false, yesterday);
    analytics.insert(2, NotificationType.PAYMENT, true, yesterday);
    analytics.insert(2, NotificationType.SOCIAL, false, today);
    analytics.update(
        "UPDATE notifications SET deleted_at = created_at WHERE user_id = 2 AND type = 'social'");
    NotificationSummary summary = new NotificationSummary(4, 2, 2);

    assertEquals(4, analytics.list(2).pagination().total());
    assertEquals(2, analytics.list(2, "unread", null, 1, 20).pagination().total());
    assertEquals(2, analytics.list(2, "read", null, 1, 20).notifications().size());
    NotificationPage content = analytics.list(2, "all", NotificationType.CONTENT, 1, 20);
    assertEquals(2, content.notifications().size());
    assertEquals(summary, content.summary());
    NotificationPage unreadContent = analytics.list(2, "unread", NotificationType.CONTENT, 1, 20);
    assertEquals(1, unreadContent.pagination().total());
    assertEquals(yesterday, unreadContent.notifications().get(0).createdAt());
    assertEquals(summary, unreadContent.summary());
    assertEquals(0, analytics.list(2, "all", NotificationType.SOCIAL, 1, 20).pagination().total());
  }

  @Test
  void noPageLiesDeeperThanTenThousandRows() {
    assertEquals(List.of(), analytics.list(3, "all", null, 100, 100).notifications());
    ServiceException refused =
        assertThrows(ServiceException.class, () -> analytics.list(3, "all", null, 101, 100));
    assertEquals("VALIDATION_ERROR", refused.getMessage());
    assertEquals("page", refused.getDebugInfo().getString("field"));
  }

  @Test
  void theBadgeCountsPrivateMessagesAndStaysWhileTheyCannotBeAsked() {
    analytics.insert(14, NotificationType.SYSTEM, false, NOON);
    analytics.unreadMessages = 7;
    try {
      assertEquals(7, analytics.unread(14).unreadMessages());
      analytics.messagesAway = true;
      assertEquals(0, analytics.unread(14).unreadMessages());
      assertEquals(1, analytics.unread(14).unreadCount());
    } finally {
      analytics.messagesAway = false;
      analytics.unreadMessages = 0;
    }
  }

  @Test
  void unreadCountsAreKeptAndFollowEveryNewNotification() {
    analytics.insert(4, NotificationType.SYSTEM, false, NOON);
    analytics.insert(4, NotificationType.SYSTEM, true, NOON);

    UnreadCount first = analytics.unread(4);
    assertEquals(new UnreadByType(1, 0, 0, 0), first.byType());
    assertFalse(first.cacheHit());
    assertEquals(0, first.unreadMessages());
    UnreadCount second = until(4, true);
    assertEquals(1, second.unreadCount());

    reject(4);

    UnreadCount third = analytics.unread(4);
    assertFalse(third.cacheHit());
    assertEquals(new UnreadByType(1, 1, 0, 0), third.byType());
    assertEquals(2, until(4, true).unreadCount());
  }

  /** The count is stored after it was answered; asks until the cache has it. */
  private static UnreadCount until(long user, boolean cached) {
    for (int i = 0; i < 200; i++) {
      UnreadCount answer = analytics.unread(user);
      if (answer.cacheHit() == cached) {
        return answer;
      }
    }
    throw new AssertionError("the cache never had the count");
  }

  @Test
  void aCountTakenBeforeAWriteDoesNotReplaceTheMarkOfTheWrite() {
    Cache cache = analytics.node.platform().cache();
    NotificationRepository slow =
        new NotificationRepository() {
          @Override
          UnreadByType unread(com.sharestack.platform.db.Sql sql, long userId) {
            UnreadByType old = super.unread(sql, userId);
            sql.update(
                """
                INSERT INTO notifications (user_id, type, event_name, title, content, metadata,
                  first_created_at, created_at)
                VALUES (5, 'social', 'new_follower', '标题', '内容', '{}', ?, ?)
                """,
                NOON,
                NOON);
            new UnreadCounters(cache, sql, new NotificationRepository()).changed(List.of(5L));
            return old;
          }
        };

    UnreadByType old =
        analytics.node.await(
            () -> new UnreadCounters(cache, analytics.node.db(), slow).of(5).counts());
    assertEquals(0, old.social());

    assertEquals(1, analytics.unread(5).byType().social());
    assertEquals(1, until(5, true).byType().social());
  }

  @Test
  void withoutRedisTheCountsComeFromTheDatabase() {
    try (AnalyticsNode alone =
        new AnalyticsNode("no_redis", "SHARESTACK_REDIS_URL", "redis://127.0.0.1:1/0")) {
      alone.insert(6, NotificationType.PAYMENT, false, NOON);

      assertEquals(1, alone.unread(6).unreadCount());
      assertFalse(alone.unread(6).cacheHit());
      alone.deliver(
          alone.newEventId(),
          EventTopic.CONTENT_STATUS_CHANGED,
          new ContentStatusChangedEvent(
              5,
              null,
              6,
              ArticleStatus.PENDING_REVIEW,
              ArticleStatus.PUBLISHED,
              false,
              "稿件",
              "moderation",
              NOON));
      alone.drain();
      assertEquals(2, alone.unread(6).unreadCount());
    }
  }

  @Test
  void theVerticleTakesAnEventAndDoesItsJobByItself() {
    try (com.sharestack.testing.TestNode node = com.sharestack.testing.TestNode.of("verticle")) {
      node.with("analytics", AnalyticsVerticle::new).start();
      io.vertx.core.json.JsonObject message =
          new io.vertx.core.json.JsonObject()
              .put("id", 1)
              .put("topic", EventTopic.CONTENT_STATUS_CHANGED.topic())
              .put(
                  "payload",
                  com.sharestack.contract.wire.Wire.write(
                      new ContentStatusChangedEvent(
                          5,
                          null,
                          8,
                          ArticleStatus.PENDING_REVIEW,
                          ArticleStatus.PUBLISHED,
                          false,
                          "稿件",
                          "moderation",
                          NOON)))
              .put("request_id", "req_event")
              .put("at", NOON.toString());
      var client = node.client(com.sharestack.contract.NotificationsService.class);

      String title =
          node.await(
              () -> {
                node.vertx().eventBus().request("events.analytics", message).await();
                NotificationPage page;
                Instant end = Instant.now().plus(Duration.ofSeconds(20));
                do {
                  node.vertx().timer(20, java.util.concurrent.TimeUnit.MILLISECONDS).await();
                  page =
                      client
                          .list(
                              AnalyticsNode.caller(8),
                              new com.sharestack.contract.NotificationsListRequest(
                                  "all", null, 1, 20))
                          .await();
                } while (page.notifications().isEmpty() && Instant.now().isBefore(end));
                return page.notifications().get(0).title();
              });

      assertEquals("内容审核通过", title);
      assertTrue(
          node.await(() -> node.db().rows("SELECT status FROM jobs")).stream()
              .allMatch(row -> row.getString(0).equals("done")));
    }
  }
}
