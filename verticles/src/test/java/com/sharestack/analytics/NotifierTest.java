package com.sharestack.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.NotificationPriority;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.SubscriptionCancelledEvent;
import com.sharestack.contract.SubscriptionPastDueEvent;
import com.sharestack.contract.SubscriptionReminderEvent;
import com.sharestack.contract.SubscriptionReminderReason;
import com.sharestack.contract.SubscriptionRenewedEvent;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import com.sharestack.contract.Welcome;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.LeaseLostException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotifierTest {

  private static AnalyticsNode analytics;

  private Instant now;

  @BeforeAll
  static void start() {
    analytics = new AnalyticsNode("notifier");
  }

  @AfterAll
  static void stop() {
    analytics.close();
  }

  @BeforeEach
  void forgetFailures() {
    analytics.failingCall = 0;
    analytics.subscriberCalls.set(0);
    now = analytics.node.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static long countOf(long userId) {
    return analytics.number("SELECT COUNT(*) FROM notifications WHERE user_id = ?", userId);
  }

  private static SubscriptionActivatedEvent activated(long user, long creator, Instant at) {
    return new SubscriptionActivatedEvent("sub_" + user, user, creator, 9, "月度会员", at);
  }

  private static void activate(long user, long creator, Instant at) {
    analytics.deliver(
        analytics.newEventId(), EventTopic.SUBSCRIPTION_ACTIVATED, activated(user, creator, at));
  }

  private ContentStatusChangedEvent published(long author) {
    return new ContentStatusChangedEvent(
        77,
        author,
        author,
        ArticleStatus.DRAFT,
        ArticleStatus.PUBLISHED,
        true,
        "秋天的账本",
        "author",
        now);
  }

  @Test
  void aNewSubscriberIsToldToTheCreatorOnceHoweverOftenTheEventComes() {
    long event = analytics.newEventId();
    for (int delivery = 0; delivery < 3; delivery++) {
      analytics.deliver(event, EventTopic.SUBSCRIPTION_ACTIVATED, activated(101, 201, now));
      analytics.drain();
    }

    List<Notification> seen = analytics.list(201).notifications();
    assertEquals(1, seen.size());
    Notification told = seen.get(0);
    assertEquals(NotificationType.PAYMENT, told.type());
    assertEquals("您有新的订阅者", told.title());
    assertEquals("用户101 订阅了您的方案「月度会员」。", told.content());
    assertEquals("/subscribers", told.actionUrl());
    assertEquals(now, told.createdAt());
    assertEquals("subscription_new", told.metadata().event());
    assertEquals(1, told.metadata().count());
    assertEquals(0, countOf(101));
  }

  @Test
  void aSubscriberIsGreetedInTheCreatorsWordsWhenBillingSaysSo() {
    analytics.welcomes.put("sub_151", new Welcome("sub_151", "欢迎加入", "长".repeat(600)));
    analytics.welcomes.put("sub_152", new Welcome("sub_152", "", "先读置顶。"));
    analytics.hidden.add(252L);
    analytics.welcomes.put("sub_153", new Welcome("sub_153", "欢迎", "被隐藏的创作者"));
    long event = analytics.newEventId();
    for (int delivery = 0; delivery < 2; delivery++) {
      analytics.deliver(event, EventTopic.SUBSCRIPTION_ACTIVATED, activated(151, 251, now));
      analytics.drain();
    }
    activate(152, 251, now);
    activate(153, 252, now);
    activate(154, 251, now);
    analytics.drain();

    List<Notification> seen = analytics.list(151).notifications();
    assertEquals(1, seen.size());
    assertEquals("欢迎加入", seen.get(0).title());
    assertEquals("长".repeat(499) + "…", seen.get(0).content());
    assertEquals("/subscriptions/sub_151", seen.get(0).actionUrl());
    assertEquals("subscription_welcome", seen.get(0).metadata().event());
    assertEquals(251L, seen.get(0).metadata().actors().get(0).id());
    assertEquals("感谢您的订阅", analytics.list(152).notifications().get(0).title());
    assertEquals("先读置顶。", analytics.list(152).notifications().get(0).content());
    assertEquals(0, countOf(153));
    assertEquals(0, countOf(154));
  }

  @Test
  void withinTheHourSubscribersShareOneUnreadNotification() {
    for (long user = 111; user <= 114; user++) {
      activate(user, 211, now.plusSeconds(user));
    }
    analytics.drain();

    List<Notification> seen = analytics.list(211).notifications();
    assertEquals(1, seen.size());
    Notification told = seen.get(0);
    assertEquals(4, told.metadata().count());
    assertEquals(
        List.of(114L, 113L, 112L),
        told.metadata().actors().stream().map(NotificationActor::id).toList());
    assertEquals(now.plusSeconds(114), told.createdAt());
    assertEquals(4, analytics.number("SELECT action_count FROM notifications WHERE user_id = 211"));
  }

  @Test
  void afterTheHourOrAfterReadingANewNotificationOpens() {
    activate(121, 221, now);
    activate(122, 221, now.plus(Duration.ofMinutes(59)));
    activate(123, 221, now.plus(Duration.ofMinutes(60)));
    analytics.drain();
    assertEquals(2, countOf(221));

    analytics.update(
        "UPDATE notifications SET is_read = 1, read_at = created_at WHERE user_id = 221");
    activate(124, 221, now.plus(Duration.ofMinutes(61)));
    analytics.drain();

    List<Notification> seen = analytics.list(221).notifications();
    assertEquals(List.of(1L, 1L, 2L), seen.stream().map(one -> one.metadata().count()).toList());
  }

  private static SubscriptionCancelledEvent cancelled(
      long user, long creator, String reason, Instant until, Instant at) {
    return SubscriptionCancelledEvent.builder()
        .subscriptionId("sub_" + user)
        .userId(user)
        .creatorId(creator)
        .planId(9)
        .planName("月度会员")
        .reason(reason)
        .accessUntil(until)
        .at(at)
        .build();
  }

  @Test
  void aCancellationIsToldToBothSidesOnceHoweverOftenTheEventComes() {
    long event = analytics.newEventId();
    Instant until = Instant.parse("2026-12-31T16:30:00Z");
    for (int delivery = 0; delivery < 3; delivery++) {
      analytics.deliver(
          event, EventTopic.SUBSCRIPTION_CANCELLED, cancelled(701, 801, "other", until, now));
      analytics.drain();
    }

    List<Notification> subscriber = analytics.list(701).notifications();
    assertEquals(1, subscriber.size());
    assertEquals("订阅已取消", subscriber.get(0).title());
    assertEquals("您的订阅「月度会员」已取消，可以使用到 2027-01-01 00:30（北京时间）。", subscriber.get(0).content());
    assertEquals("/subscriptions/sub_701", subscriber.get(0).actionUrl());
    assertEquals("subscription_reminder", subscriber.get(0).metadata().event());
    assertEquals(NotificationPriority.HIGH, subscriber.get(0).metadata().priority());
    List<Notification> creator = analytics.list(801).notifications();
    assertEquals(1, creator.size());
    assertEquals("用户701 取消了您的方案「月度会员」的订阅。", creator.get(0).content());
    assertEquals("subscription_new", creator.get(0).metadata().event());
    assertEquals("/subscribers", creator.get(0).actionUrl());
  }

  @Test
  void whatEndsNowAndWhatIsGivenUpIsSaidInOtherWords() {
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.SUBSCRIPTION_CANCELLED,
        cancelled(702, 802, "other", now, now));
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.SUBSCRIPTION_CANCELLED,
        cancelled(703, 802, "payment_failed", now, now));
    analytics.drain();

    assertEquals("您的订阅「月度会员」已取消，即时生效。", analytics.list(702).notifications().get(0).content());
    assertEquals("订阅已结束", analytics.list(703).notifications().get(0).title());
    List<Notification> creator = analytics.list(802).notifications();
    assertEquals(1, creator.size());
    assertEquals("您有 2 位订阅者取消订阅", creator.get(0).title());
    assertEquals(2, creator.get(0).metadata().count());
  }

  @Test
  void renewalsAreCountedApartFromNewSubscribers() {
    activate(711, 811, now);
    for (long user = 712; user <= 713; user++) {
      analytics.deliver(
          analytics.newEventId(),
          EventTopic.SUBSCRIPTION_RENEWED,
          SubscriptionRenewedEvent.builder()
              .subscriptionId("sub_" + user)
              .userId(user)
              .creatorId(811)
              .planId(9)
              .planName("月度会员")
              .paymentId("pay_x")
              .periodStart(now)
              .periodEnd(now.plus(Duration.ofDays(30)))
              .at(now.plusSeconds(user))
              .build());
    }
    analytics.drain();

    List<Notification> seen = analytics.list(811).notifications();
    assertEquals(List.of("您有 2 笔续订", "您有新的订阅者"), seen.stream().map(Notification::title).toList());
    assertEquals("用户713 等 2 人续订了您的方案。", seen.get(0).content());
    assertEquals(0, countOf(712), "he hears of his payment");
  }

  @Test
  void aMissedRenewalAndWhatLiesAheadIsToldToTheSubscriberAlone() {
    Instant until = Instant.parse("2026-12-03T01:00:00Z");
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.SUBSCRIPTION_PAST_DUE,
        new SubscriptionPastDueEvent("sub_721", 721, 821, 9, "月度会员", until, now));
    for (SubscriptionReminderReason reason : SubscriptionReminderReason.values()) {
      long event = analytics.newEventId();
      for (int delivery = 0; delivery < 2; delivery++) {
        analytics.deliver(
            event,
            EventTopic.SUBSCRIPTION_REMINDER,
            SubscriptionReminderEvent.builder()
                .subscriptionId("sub_721")
                .userId(721)
                .creatorId(821)
                .planId(9)
                .planName("月度会员")
                .reason(reason)
                .days(3)
                .dueAt(until)
                .amount(new BigDecimal("29.90"))
                .at(now.plusSeconds(1 + reason.ordinal()))
                .build());
      }
    }
    analytics.drain();

    assertEquals(
        List.of(
            "您的订阅「月度会员」将于 2026-12-03 09:00（北京时间）到期，如需继续使用请及时续费。",
            "您的订阅「月度会员」将于 2026-12-03 09:00（北京时间）自动续费 ¥29.90。",
            "您的订阅「月度会员」续费未成功，请在 2026-12-03 09:00（北京时间）前完成支付，以免中断。"),
        analytics.list(721).notifications().stream().map(Notification::content).toList());
    assertEquals(0, countOf(821));
  }

  @Test
  void aPublicationReachesEverySubscriberInBatchesOfFiveHundred() {
    analytics.subscribe(301, 10_000, 1200);
    analytics.deliver(analytics.newEventId(), EventTopic.CONTENT_STATUS_CHANGED, published(301));

    assertEquals(3, analytics.drain());

    assertEquals(
        1200,
        analytics.number(
            """
            SELECT COUNT(DISTINCT user_id) FROM notifications
            WHERE event_name = 'new_content' AND user_id BETWEEN 10000 AND 11199
            """));
    Notification told = analytics.list(11_199).notifications().get(0);
    assertEquals("用户301 发布了新内容", told.title());
    assertEquals("「秋天的账本」已发布，快来看看吧。", told.content());
    assertEquals("/articles/77", told.actionUrl());
    assertEquals(77L, told.metadata().articleId());
    assertEquals(0, countOf(301));
  }

  @Test
  void aFanOutThatFailsInTheMiddleGoesOnWhereItStopped() {
    analytics.subscribe(302, 20_000, 1200);
    analytics.failingCall = 2;
    analytics.deliver(analytics.newEventId(), EventTopic.CONTENT_STATUS_CHANGED, published(302));
    analytics.drain();
    assertEquals(500, reached(20_000, 1200));

    analytics.node.clock().advance(Duration.ofMinutes(1));
    assertEquals(2, analytics.drain());

    assertEquals(1200, reached(20_000, 1200));
    assertEquals(
        1200,
        analytics.number(
            "SELECT COUNT(*) FROM notifications WHERE user_id BETWEEN 20000 AND 21199"));
  }

  private static long reached(long first, long count) {
    return analytics.number(
        "SELECT COUNT(DISTINCT user_id) FROM notifications WHERE user_id BETWEEN ? AND ?",
        first,
        first + count - 1);
  }

  @Test
  void aWorkerThatLostItsLeaseWritesNothing() {
    analytics.subscribe(303, 30_000, 3);
    analytics.deliver(analytics.newEventId(), EventTopic.CONTENT_STATUS_CHANGED, published(303));
    Job stale = analytics.node.await(() -> analytics.jobs.claim(Task.JOB_TYPE, 1)).get(0);
    analytics.node.clock().advance(Duration.ofMinutes(2));
    Job taken = analytics.node.await(() -> analytics.jobs.claim(Task.JOB_TYPE, 1)).get(0);
    assertEquals(stale.id(), taken.id());

    assertThrows(
        LeaseLostException.class,
        () ->
            analytics.node.await(
                () -> {
                  analytics.notifier.step(stale);
                  return null;
                }));
    assertEquals(0, reached(30_000, 3));

    analytics.node.await(
        () -> {
          analytics.notifier.step(taken);
          return null;
        });
    assertEquals(3, reached(30_000, 3));
  }

  @Test
  void aRepeatedBatchAddsNothing() {
    analytics.subscribe(304, 40_000, 3);
    analytics.deliver(analytics.newEventId(), EventTopic.CONTENT_STATUS_CHANGED, published(304));
    analytics.drain();

    analytics.update(
        "UPDATE jobs SET status = 'queued', finished_at = NULL WHERE payload LIKE"
            + " '%\"author_id\":304%'");
    assertEquals(1, analytics.drain());

    assertEquals(
        3,
        analytics.number(
            "SELECT COUNT(*) FROM notifications WHERE user_id BETWEEN 40000 AND 40002"));
  }

  @Test
  void nobodyIsSentToAnAuthorWhomStaffHasHidden() {
    analytics.subscribe(305, 50_000, 3);
    analytics.hidden.add(305L);
    analytics.deliver(analytics.newEventId(), EventTopic.CONTENT_STATUS_CHANGED, published(305));

    analytics.drain();

    assertEquals(0, reached(50_000, 3));
    assertEquals(0, analytics.number("SELECT COUNT(*) FROM jobs WHERE status <> 'done'"));
  }

  @Test
  void aScheduledFirstPublicationTellsAuthorAndSubscribers() {
    analytics.subscribe(306, 60_000, 2);
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.CONTENT_STATUS_CHANGED,
        new ContentStatusChangedEvent(
            78,
            null,
            306,
            ArticleStatus.SCHEDULED,
            ArticleStatus.PUBLISHED,
            true,
            "定时",
            "timer",
            now));

    analytics.drain();

    Notification author = analytics.list(306).notifications().get(0);
    assertEquals("定时发布成功", author.title());
    assertEquals("content_review_result", author.metadata().event());
    assertEquals(NotificationPriority.HIGH, author.metadata().priority());
    assertEquals(2, reached(60_000, 2));
  }

  @Test
  void aChangeThatConcernsNobodyQueuesNothing() {
    long before = analytics.number("SELECT COUNT(*) FROM jobs");
    analytics.deliver(
        analytics.newEventId(),
        EventTopic.CONTENT_STATUS_CHANGED,
        new ContentStatusChangedEvent(
            79,
            307L,
            307,
            ArticleStatus.PUBLISHED,
            ArticleStatus.ARCHIVED,
            false,
            "旧文",
            "author",
            now));

    assertEquals(before, analytics.number("SELECT COUNT(*) FROM jobs"));
  }

  @Test
  void aSuspiciousLoginIsAnUrgentAlertUnlessTheUserSwitchedAlertsOff() {
    for (boolean alerts : new boolean[] {true, false}) {
      analytics.deliver(
          analytics.newEventId(),
          EventTopic.USER_LOGIN_SUSPICIOUS,
          new UserLoginSuspiciousEvent(
              alerts ? 401 : 402,
              "ses_x",
              List.of("unknown_device"),
              alerts,
              "203.0.113.*",
              "iPhone",
              "上海",
              now));
    }
    analytics.drain();

    Notification alert = analytics.list(401).notifications().get(0);
    assertEquals(NotificationType.SYSTEM, alert.type());
    assertEquals(NotificationPriority.URGENT, alert.metadata().priority());
    assertEquals("/settings/security", alert.actionUrl());
    assertTrue(alert.content().contains("iPhone") && alert.content().contains("上海"));
    assertEquals(0, countOf(402));
  }

  @Test
  void anEventThatCannotBeTakenLeavesNeitherInboxRowNorJob() {
    long event = analytics.newEventId();
    analytics.update("RENAME TABLE jobs TO jobs_away");
    try {
      assertThrows(
          RuntimeException.class,
          () ->
              analytics.deliver(
                  event, EventTopic.SUBSCRIPTION_ACTIVATED, activated(141, 241, now)));
    } finally {
      analytics.update("RENAME TABLE jobs_away TO jobs");
    }
    assertEquals(0, analytics.number("SELECT COUNT(*) FROM inbox WHERE event_id = ?", event));

    analytics.deliver(event, EventTopic.SUBSCRIPTION_ACTIVATED, activated(141, 241, now));
    analytics.drain();
    assertEquals(1, countOf(241));
  }
}
