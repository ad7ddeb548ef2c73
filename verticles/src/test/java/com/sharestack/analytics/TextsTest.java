package com.sharestack.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextsTest {

  private static UserCard card(long id, String name) {
    return UserCard.builder()
        .userId(id)
        .username("u" + id)
        .displayName(name)
        .status(AccountStatus.ACTIVE)
        .build();
  }

  @Test
  void aLongTitleIsCutAtOneHundredCodePoints() {
    String title = Template.NEW_CONTENT.title(Map.of("author", "😀".repeat(120), "title", "x"));

    assertEquals(100, title.codePointCount(0, title.length()));
    assertTrue(title.endsWith("…"));
  }

  @Test
  void aValueThatLooksLikeAPlaceholderStaysText() {
    assertEquals(
        "「{author} \\$1」已发布，快来看看吧。",
        Template.NEW_CONTENT.content(Map.of("author", "甲", "title", "{author} \\$1")));
  }

  @Test
  void aMissingValueIsABug() {
    assertThrows(
        IllegalArgumentException.class, () -> Template.NEW_CONTENT.title(Map.of("title", "x")));
  }

  @Test
  void theNewestThreeSubscribersAreShownAndAllAreCounted() {
    Merged text = SubscriberNews.SUBSCRIBED.first(card(1, "甲"), "月度会员");
    assertEquals("甲 订阅了您的方案「月度会员」。", text.content());

    for (UserCard next : List.of(card(2, "乙"), card(3, "丙"), card(4, "丁"))) {
      text = SubscriberNews.SUBSCRIBED.more(text.metadata(), next);
    }

    assertEquals("您有 4 位新订阅者", text.title());
    assertEquals("丁 等 4 人订阅了您的方案。", text.content());
    assertEquals(
        List.of(4L, 3L, 2L), text.metadata().actors().stream().map(NotificationActor::id).toList());
  }

  @Test
  void theSameSubscriberIsShownOnce() {
    Merged text = SubscriberNews.SUBSCRIBED.first(card(1, "甲"), "方案");
    text = SubscriberNews.SUBSCRIBED.more(text.metadata(), card(2, "乙"));
    text = SubscriberNews.SUBSCRIBED.more(text.metadata(), card(1, "甲"));

    assertEquals(3, text.metadata().count());
    assertEquals(
        List.of(1L, 2L), text.metadata().actors().stream().map(NotificationActor::id).toList());
  }

  @Test
  void aLoginAlertSaysWhenWhereAndHowInBeijingTime() {
    Draft draft =
        Drafts.securityAlert(
            1,
            new UserLoginSuspiciousEvent(
                7,
                "ses_x",
                List.of("unknown_device", "unknown_city"),
                true,
                "203.0.113.*",
                null,
                "杭州",
                Instant.parse("2026-11-22T16:05:00Z")));

    assertEquals(
        "您的账号于 2026-11-23 00:05（北京时间）在 杭州 通过未知设备登录（新设备、异地，IP 203.0.113.*）。" + "如非本人操作，请立即修改密码。",
        draft.content());
  }

  @Test
  void theDayBeginsAtMidnightInShanghai() {
    assertEquals(
        Instant.parse("2026-11-22T16:00:00Z"),
        Drafts.startOfDay(Instant.parse("2026-11-23T15:59:59Z")));
    assertEquals(
        Instant.parse("2026-11-23T16:00:00Z"),
        Drafts.startOfDay(Instant.parse("2026-11-23T16:00:00Z")));
  }
}
