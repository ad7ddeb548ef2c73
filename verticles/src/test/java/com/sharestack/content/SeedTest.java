package com.sharestack.content;

import static com.sharestack.content.ContentNode.all;
import static com.sharestack.content.ContentNode.anonymous;
import static com.sharestack.content.ContentNode.caller;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleListItem;
import com.sharestack.contract.ArticlesAuthorStatsRequest;
import com.sharestack.contract.ArticlesRenderStaleRequest;
import com.sharestack.contract.AuthorStats;
import com.sharestack.contract.AuthorStatsQuery;
import com.sharestack.contract.CategoriesListRequest;
import com.sharestack.contract.Category;
import com.sharestack.contract.RenderStaleCommand;
import com.sharestack.platform.db.SeedData;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.service.Callers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo articles, as the first start leaves them. */
class SeedTest {

  private static ContentNode content;

  @BeforeAll
  static void seed() {
    content = new ContentNode("content_seed");
    for (long author : List.of(1002L, 1003L, 1004L)) {
      content.user(author, author != 1004);
    }
    Endpoints endpoints =
        Endpoints.ofMysqlUrl(
            content.node.config().mysql().url(), content.node.config().redis().url());
    new SeedData(endpoints, warning -> {}).apply((done, of) -> {});
    int rendered = 0;
    for (int more = renderStale(); more > 0; more = renderStale()) {
      rendered += more;
    }
    assertEquals(14, rendered);
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  private static int renderStale() {
    return content.node.await(
        () ->
            content
                .articles()
                .renderStale(
                    Callers.system("start"),
                    new ArticlesRenderStaleRequest(new RenderStaleCommand(5)))
                .await()
                .rendered());
  }

  @Test
  void everyPublishedArticleIsListedWithAnExcerpt() {
    List<ArticleListItem> items = content.list(anonymous(), all().limit(50)).articles();
    assertEquals(12, items.size());
    for (ArticleListItem item : items) {
      assertFalse(item.excerpt().isBlank(), item.title());
      assertFalse(item.tags().isEmpty(), item.title());
      assertTrue(item.readingTime() >= 1);
    }
    assertEquals(6, items.stream().filter(ArticleListItem::locked).count());
  }

  @Test
  void everyArticleReadsWellAndGatedOnesHaveAFreePartAndARest() {
    for (ArticleListItem item : content.list(anonymous(), all().limit(50)).articles()) {
      ArticleDetail seen = content.get(anonymous(), item.articleId());
      assertTrue(seen.contentHtml().startsWith("<h1"), item.title());
      assertEquals(item.locked(), seen.contentTruncated(), item.title());
      assertTrue(seen.wordCount() > 250, () -> item.title() + " " + seen.wordCount());
      if (item.locked()) {
        assertTrue(seen.contentHtml().contains("<p>"), item.title());
        assertTrue(seen.paywall().hiddenWords() > seen.wordCount() / 2, item.title());
      }
    }
  }

  @Test
  void searchFindsThemByTheirFreeWords() {
    assertEquals(
        List.of(3006L),
        content.list(anonymous(), all().search("应急金")).articles().stream()
            .map(ArticleListItem::articleId)
            .filter(id -> id == 3006L)
            .toList());
    assertTrue(content.list(anonymous(), all().search("定焦")).pagination().total() >= 1);
  }

  @Test
  void countersAgreeWithTheRows() {
    List<Category> roots =
        content.node.await(
            () ->
                content
                    .categories()
                    .list(anonymous(), new CategoriesListRequest(null, true, "active"))
                    .await()
                    .categories());
    assertEquals(List.of("技术", "财经", "生活"), roots.stream().map(Category::name).toList());
    assertEquals(List.of(5L, 4L, 3L), roots.stream().map(Category::articlesCount).toList());
    List<AuthorStats> stats =
        content.node.await(
            () ->
                content
                    .articles()
                    .authorStats(
                        caller(1002),
                        new ArticlesAuthorStatsRequest(
                            new AuthorStatsQuery(List.of(1002L, 1003L, 1004L, 1L))))
                    .await()
                    .items());
    assertEquals(List.of(5L, 4L, 3L, 0L), stats.stream().map(AuthorStats::articlesCount).toList());
    assertEquals(
        0,
        content.one(
            """
            SELECT COUNT(*) FROM tags t WHERE t.usage_count <>
              (SELECT COUNT(*) FROM article_tags x WHERE x.tag_id = t.tag_id)
            """));
  }
}
