package com.sharestack.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.content.ListFilter.AnyOf;
import com.sharestack.content.ListFilter.Sort;
import com.sharestack.content.ListQuery.Statement;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins how the server runs each list: the driving index, how much of it, and whether it sorts. */
class ListPlansTest {

  private static final int ROWS = 20_000;
  private static final int BATCH = 500;
  private static final AnyOf FEW_CATEGORIES = new AnyOf(List.of(1L), 500);
  private static final AnyOf BIG_SUBTREE = new AnyOf(List.of(1L, 2L, 3L), 15_000);
  private static final AnyOf RARE_TAG = new AnyOf(List.of(1L), 100);
  private static final AnyOf COMMON_TAG = new AnyOf(List.of(2L), 10_000);

  private static ContentNode content;

  @BeforeAll
  static void fill() {
    content = new ContentNode("list_plans");
    content.node.await(
        () -> {
          taxonomy();
          for (int from = 0; from < ROWS; from += BATCH) {
            int first = from;
            content
                .db()
                .tx(
                    tx -> {
                      articles(tx, first, first + BATCH);
                      return null;
                    });
          }
          content.db().rows("ANALYZE TABLE articles, article_tags, article_search, tags");
          return null;
        });
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  private static void taxonomy() {
    Instant now = Instant.parse("2026-11-01T00:00:00Z");
    for (long id = 1; id <= 4; id++) {
      content
          .db()
          .update(
              """
              INSERT INTO categories (category_id, path, name, slug, created_at, updated_at)
              VALUES (?, ?, ?, ?, ?, ?)
              """,
              id,
              "/" + id + "/",
              "分类" + id,
              "c" + id,
              now,
              now);
      content
          .db()
          .update(
              "INSERT INTO tags (tag_id, name, name_key, slug, created_at) VALUES (?, ?, ?, ?, ?)",
              id,
              "标签" + id,
              "标签" + id,
              "标签" + id,
              now);
    }
  }

  /** Nearly everything is live, public and an article: no column tells the optimizer much. */
  private static void articles(Tx tx, int from, int to) {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> tags = new ArrayList<>();
    List<Object[]> tokens = new ArrayList<>();
    for (int i = from; i < to; i++) {
      long id = i + 1;
      boolean draft = i % 50 == 0;
      boolean paid = i % 40 == 1;
      Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i * 60L);
      rows.add(
          new Object[] {
            id,
            1 + i % 200,
            draft ? "draft" : "published",
            paid ? "paid" : "public",
            i % 60 == 2 ? "video" : "article",
            1 + i % 4,
            "标题" + i,
            paid ? 990L : null,
            i % 300 == 3,
            draft ? null : at,
            draft ? null : 1,
            i % 997,
            i % 89,
            at,
            at
          });
      tags.add(new Object[] {id, 2});
      if (i % 200 == 5) {
        tags.add(new Object[] {id, 1});
      }
      tokens.add(new Object[] {id, 1 + i % 200, i % 100 == 7 ? "4e004e01 4e024e03" : "4e024e03"});
    }
    tx.batch(
        """
        INSERT INTO articles (article_id, author_id, status, visibility, content_type,
          category_id, title, price_fen, is_featured, published_at, published_version,
          views_count, likes_count, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows);
    tx.batch("INSERT INTO article_tags (article_id, tag_id, position) VALUES (?, ?, 0)", tags);
    tx.batch("INSERT INTO article_search (article_id, author_id, tokens) VALUES (?, ?, ?)", tokens);
  }

  private static ListFilter filter() {
    return new ListFilter(null, null, null, null, null, null, null, null, null, null, List.of());
  }

  private static ListFilter filter(
      ArticleStatus status,
      Long author,
      AnyOf categories,
      AnyOf tags,
      Visibility visibility,
      ContentType type,
      Boolean featured,
      Long priceMin,
      String search) {
    return new ListFilter(
        status,
        author,
        categories,
        tags,
        visibility,
        type,
        featured,
        priceMin,
        null,
        search,
        List.of());
  }

  /** filter, sort, index, key length (0 = not pinned), whether the keys come sorted. */
  static Stream<Arguments> lists() {
    Visibility paid = Visibility.PAID;
    return Stream.of(
        Arguments.of(filter(), Sort.PUBLISHED_AT, "ix_articles_feed_published", 2, true),
        Arguments.of(filter(), Sort.CREATED_AT, "ix_articles_feed_created", 2, true),
        Arguments.of(filter(), Sort.UPDATED_AT, "ix_articles_feed_updated", 2, true),
        Arguments.of(filter(), Sort.VIEWS, "ix_articles_feed_views", 2, true),
        Arguments.of(filter(), Sort.LIKES, "ix_articles_feed_likes", 2, true),
        Arguments.of(
            filter(null, null, null, null, paid, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_feed_visibility",
            16,
            true),
        Arguments.of(
            filter(null, null, null, null, null, null, null, 100L, null),
            Sort.PUBLISHED_AT,
            "ix_articles_feed_visibility",
            16,
            true),
        Arguments.of(
            filter(null, null, null, null, paid, null, null, null, null),
            Sort.VIEWS,
            "ix_articles_feed_visibility",
            16,
            false),
        Arguments.of(
            filter(null, null, null, null, Visibility.PUBLIC, null, null, null, null),
            Sort.VIEWS,
            "ix_articles_feed_views",
            2,
            true),
        Arguments.of(
            filter(null, null, null, null, null, ContentType.VIDEO, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_feed_type",
            12,
            true),
        Arguments.of(
            filter(null, null, null, null, null, null, true, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_feed_featured",
            3,
            true),
        Arguments.of(
            filter(null, 7L, null, null, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_author",
            26,
            true),
        Arguments.of(
            filter(ArticleStatus.DRAFT, 7L, null, null, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_author",
            26,
            true),
        Arguments.of(
            filter(ArticleStatus.DRAFT, null, null, null, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_status",
            18,
            true),
        Arguments.of(
            filter(null, null, FEW_CATEGORIES, null, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_category",
            11,
            true),
        Arguments.of(
            filter(null, null, BIG_SUBTREE, null, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_category",
            11,
            true),
        Arguments.of(
            filter(null, null, FEW_CATEGORIES, null, null, null, null, null, null),
            Sort.VIEWS,
            "ix_articles_category",
            11,
            false),
        Arguments.of(
            filter(null, null, BIG_SUBTREE, null, null, null, null, null, null),
            Sort.VIEWS,
            "ix_articles_feed_views",
            2,
            true),
        Arguments.of(
            filter(null, null, null, COMMON_TAG, null, null, null, null, null),
            Sort.PUBLISHED_AT,
            "ix_articles_feed_published",
            2,
            true));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void everyListRunsOnItsIndex(
      ListFilter filter, Sort sort, String index, int keyLength, boolean sorted) {
    for (int offset : new int[] {0, 9_900}) {
      List<Row> plan = explain(new ListQuery(filter, sort, true).page(100, offset));
      List<Row> driving = plan.stream().filter(row -> index.equals(row.getString("key"))).toList();
      assertTrue(!driving.isEmpty(), () -> index + " not in " + text(plan));
      for (Row row : driving) {
        assertEquals(
            String.valueOf(keyLength), row.getValue("key_len").toString(), () -> text(plan));
        assertEquals(
            !sorted, String.valueOf(row.getString("Extra")).contains("filesort"), () -> text(plan));
      }
      assertTrue(
          plan.stream().anyMatch(row -> "PRIMARY".equals(row.getString("key"))),
          () -> "rows by primary key: " + text(plan));
    }
  }

  @ParameterizedTest
  @MethodSource("lists")
  void everyTotalIsCountedOnAnIndexAndBounded(
      ListFilter filter, Sort sort, String index, int keyLength, boolean sorted) {
    Statement count = new ListQuery(filter, sort, true).count();
    assertTrue(count.sql().contains("LIMIT 10001"));
    List<Row> plan = explain(count);
    assertTrue(
        plan.stream()
            .anyMatch(row -> String.valueOf(row.getString("key")).startsWith("ix_articles_")),
        () -> text(plan));
  }

  @Test
  void aRareTagDrivesItsList() {
    ListFilter filter = filter(null, null, null, RARE_TAG, null, null, null, null, null);
    List<Row> plan = explain(new ListQuery(filter, Sort.PUBLISHED_AT, true).page(20, 0));
    Row driving =
        plan.stream()
            .filter(row -> "ix_article_tags_tag".equals(row.getString("key")))
            .findFirst()
            .orElseThrow(() -> new AssertionError(text(plan)));
    assertEquals("8", driving.getValue("key_len").toString());
  }

  @Test
  void searchRunsOnTheTokenIndex() {
    ListFilter filter = filter(null, null, null, null, null, null, null, null, "+4e004e01");
    for (Statement statement :
        List.of(
            new ListQuery(filter, Sort.PUBLISHED_AT, true).page(20, 0),
            new ListQuery(filter, Sort.PUBLISHED_AT, true).count())) {
      List<Row> plan = explain(statement);
      assertTrue(
          plan.stream()
              .anyMatch(
                  row ->
                      "fulltext".equals(row.getString("type"))
                          && "ft_article_search_tokens".equals(row.getString("key"))),
          () -> text(plan));
    }
  }

  @Test
  void dueArticlesAreFoundByTheirTime() {
    List<Row> plan =
        explain(
            new Statement(
                """
                SELECT article_id, author_id FROM articles
                WHERE status = 'scheduled' AND scheduled_at <= ? AND deleted_at IS NULL
                ORDER BY scheduled_at, article_id
                LIMIT ?
                """,
                new Object[] {Instant.parse("2026-11-01T00:00:00Z"), 50}));
    assertEquals("ix_articles_due", plan.getFirst().getString("key"), () -> text(plan));
  }

  @Test
  void ascendingTiesEndWithTheHigherIdLikeDescendingOnes() {
    ListQuery query = new ListQuery(filter(), Sort.LIKES, false);
    Statement page = query.page(50, 0);
    List<ArticleRow> rows =
        content.node.await(
            () ->
                content.db().rows(page.sql(), page.args()).stream()
                    .map(ArticleRepository::article)
                    .toList());
    for (int i = 1; i < rows.size(); i++) {
      ArticleRow one = rows.get(i - 1);
      ArticleRow two = rows.get(i);
      assertTrue(
          one.counters().likes() < two.counters().likes()
              || (one.counters().likes() == two.counters().likes() && one.id() > two.id()));
    }
  }

  private static List<Row> explain(Statement statement) {
    return content.node.await(
        () -> content.db().rows("EXPLAIN FORMAT=TRADITIONAL " + statement.sql(), statement.args()));
  }

  private static String text(List<Row> plan) {
    StringBuilder text = new StringBuilder();
    plan.forEach(row -> text.append('\n').append(row.deepToString()));
    return text.toString();
  }
}
