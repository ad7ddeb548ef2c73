package com.sharestack.content;

import static com.sharestack.content.ContentNode.OTHER_WRITER;
import static com.sharestack.content.ContentNode.READER;
import static com.sharestack.content.ContentNode.WRITER;
import static com.sharestack.content.ContentNode.all;
import static com.sharestack.content.ContentNode.anonymous;
import static com.sharestack.content.ContentNode.caller;
import static com.sharestack.content.ContentNode.draft;
import static com.sharestack.content.ContentNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticleList;
import com.sharestack.contract.ArticleListItem;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticlesListRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Visibility;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** articles.list: who sees which rows in which order, at what price. */
class ArticleListsTest {

  private static ContentNode content;
  private static long parent;
  private static long child;

  /** 30 articles of two writers: every third paid, the rest public, in two nested categories. */
  @BeforeAll
  static void fill() {
    content = new ContentNode("article_lists");
    parent = content.category(null, "parent");
    child = content.category(parent, "child");
    for (int i = 0; i < 30; i++) {
      boolean paid = i % 3 == 0;
      content.node.clock().advance(Duration.ofSeconds(1));
      content.published(
          i % 2 == 0 ? WRITER : OTHER_WRITER,
          draft(
                  "列表第" + i + "篇",
                  ContentNode.filler(90) + "\n\n讲的是" + (i % 5 == 0 ? "番茄" : "土豆") + "怎么种。")
              .categoryId(i % 2 == 0 ? parent : child)
              .tags(i % 5 == 0 ? List.of("种菜", "番茄") : List.of("种菜"))
              .visibility(paid ? Visibility.PAID : Visibility.PUBLIC)
              .price(paid ? new BigDecimal(i + 1) : null));
    }
    content.create(caller(WRITER), draft("草稿不进列表", "草稿"));
    content.node.clock().advance(Duration.ofSeconds(11));
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  private static List<String> titles(Caller caller, ArticlesListRequest.Builder request) {
    return content.list(caller, request).articles().stream().map(ArticleListItem::title).toList();
  }

  private static long total(ArticlesListRequest.Builder request) {
    return content.list(anonymous(), request).pagination().total();
  }

  @Test
  void theNewestComeFirstAndPagesFollowEachOther() {
    ArticleList first = content.list(anonymous(), all().limit(12));
    assertEquals("列表第29篇", first.articles().getFirst().title());
    assertEquals(30, first.pagination().total());
    assertEquals(3, first.pagination().pages());
    List<String> third = titles(anonymous(), all().limit(12).page(3));
    assertEquals(6, third.size());
    assertEquals("列表第0篇", third.getLast());
    assertEquals(List.of(), titles(anonymous(), all().limit(12).page(4)));
    assertEquals("列表第0篇", titles(anonymous(), all().order("asc")).getFirst());
  }

  @Test
  void everyFilterLeavesWhatItSays() {
    assertEquals(10, total(all().visibility(Visibility.PAID)));
    assertEquals(30, total(all().category("parent")));
    assertEquals(15, total(all().category(String.valueOf(child))));
    assertEquals(0, total(all().category("nowhere")));
    assertEquals(6, total(all().tags("番茄")));
    assertEquals(30, total(all().tags("番茄,种菜").limit(50)));
    // Two of the six are paid, and the word stands behind the cut there.
    assertEquals(4, total(all().search("番茄")));
    assertEquals(15, total(all().author("user" + WRITER)));
    assertEquals(15, total(all().author(String.valueOf(OTHER_WRITER))));
    assertEquals(0, total(all().author("nobody")));
    assertEquals(0, total(all().featured(true)));
    assertEquals(
        List.of("列表第9篇", "列表第6篇"),
        titles(anonymous(), all().priceMin(new BigDecimal("7")).priceMax(new BigDecimal("10.00"))));
    assertEquals(
        List.of("列表第25篇", "列表第5篇"),
        titles(
            anonymous(),
            all()
                .category("child")
                .tags("番茄")
                .search("番茄")
                .author(String.valueOf(OTHER_WRITER))
                .visibility(Visibility.PUBLIC)));
  }

  @Test
  void everySortWorksWithEveryFilter() {
    for (String sort : List.of("created_at", "updated_at", "published_at", "views", "likes")) {
      for (String order : List.of("asc", "desc")) {
        assertEquals(30, total(all().limit(100).sort(sort).order(order)));
        assertEquals(30, total(all().limit(100).sort(sort).order(order).category("parent")));
        assertEquals(6, total(all().sort(sort).order(order).tags("番茄")));
        assertEquals(4, total(all().sort(sort).order(order).search("番茄").tags("种菜")));
        assertEquals(10, total(all().sort(sort).order(order).visibility(Visibility.PAID)));
      }
    }
  }

  @Test
  void otherStatusesAreForTheirAuthorAndStaff() {
    var drafts = all().status(ArticleStatus.DRAFT);
    assertEquals(
        "STATUS_FILTER",
        refused("FORBIDDEN", () -> content.list(anonymous(), drafts))
            .getDebugInfo()
            .getString("reason"));
    refused("FORBIDDEN", () -> content.list(caller(OTHER_WRITER), drafts));
    refused("UNAUTHORIZED", () -> content.list(anonymous(), all().author("me")));
    assertEquals(
        List.of("草稿不进列表"), titles(caller(WRITER), all().status(ArticleStatus.DRAFT).author("me")));
    assertEquals(
        List.of("草稿不进列表"),
        titles(caller(ContentNode.ADMIN, "content:manage"), all().status(ArticleStatus.DRAFT)));
  }

  @Test
  void lockedTellsWhoMustPay() {
    assertEquals(10, locked(anonymous()));
    assertEquals(10, locked(caller(READER)));
    assertEquals(5, locked(caller(WRITER)));
    assertEquals(0, locked(caller(ContentNode.ADMIN, "content:manage")));
    content.user(62, false);
    content.subscribe(62, WRITER, true, null);
    assertEquals(5, locked(caller(62)));
  }

  private static long locked(Caller caller) {
    return content.list(caller, all().limit(100)).articles().stream()
        .filter(ArticleListItem::locked)
        .count();
  }

  @Test
  void whileBillingIsAwayListsStandAndGatedRowsAreLocked() {
    content.user(63, false);
    content.subscribe(63, WRITER, true, null);
    content.billingAway = true;
    try {
      assertEquals(10, locked(caller(63)));
    } finally {
      content.billingAway = false;
    }
    assertEquals(5, locked(caller(63)));
  }

  @Test
  void blockedAuthorsAreLeftOut() {
    content.user(64, false);
    content.blocked.put(64L, Set.of(OTHER_WRITER));
    ArticleList seen = content.list(caller(64), all().limit(100));
    assertEquals(15, seen.articles().size());
    assertTrue(seen.articles().stream().allMatch(item -> item.author().userId() == WRITER));
    assertEquals(15, seen.pagination().total());
  }

  @Test
  void deepPagesAreRefused() {
    refused("VALIDATION_ERROR", () -> content.list(anonymous(), all().page(101).limit(100)));
    assertEquals(0, content.list(anonymous(), all().page(100).limit(100)).articles().size());
    refused(
        "VALIDATION_ERROR",
        () ->
            content.list(
                anonymous(), all().priceMin(new BigDecimal("2")).priceMax(new BigDecimal("1"))));
  }

  @Test
  void aPageOfTwentyCostsWhatAPageOfFiveCosts() {
    content.user(65, false);
    long[] five = cost(5, caller(65));
    long[] twenty = cost(20, caller(65));
    assertEquals(five[0], twenty[0], "statements");
    assertEquals(five[1], twenty[1], "calls of other domains");
    assertTrue(twenty[0] <= 5, () -> "statements: " + twenty[0]);
    assertTrue(twenty[1] <= 4, () -> "calls: " + twenty[1]);
  }

  private static long[] cost(int limit, Caller caller) {
    content.node.clock().advance(Duration.ofMinutes(6));
    long statements = content.statements();
    int calls = content.calls.get();
    ArticleList page = content.list(caller, all().limit(limit));
    assertEquals(limit, page.articles().size());
    assertFalse(page.articles().getFirst().tags().isEmpty());
    return new long[] {content.statements() - statements, content.calls.get() - calls};
  }
}
