package com.sharestack.content;

import static com.sharestack.content.ContentNode.NOVICE;
import static com.sharestack.content.ContentNode.OTHER_WRITER;
import static com.sharestack.content.ContentNode.WRITER;
import static com.sharestack.content.ContentNode.anonymous;
import static com.sharestack.content.ContentNode.caller;
import static com.sharestack.content.ContentNode.draft;
import static com.sharestack.content.ContentNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ArticleUpdateResult;
import com.sharestack.contract.ArticlesPublishDueRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PublishDueCommand;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.service.Callers;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writing, changing and publishing articles. */
class ArticleLifeTest {

  private static ContentNode content;

  @BeforeAll
  static void start() {
    content = new ContentNode("article_life");
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  private static final Caller ME = caller(WRITER);

  private static String text(String about) {
    return "# " + about + "\n\n这一篇讲" + about + "，写给想要入门的读者。\n\n第二段继续展开" + about + "的细节。\n";
  }

  @Test
  void aDraftHasVersionOneALogLineAndNoReaders() {
    Article made = content.create(ME, draft("草稿一", text("草稿")));
    assertEquals(ArticleStatus.DRAFT, made.status());
    assertEquals(1, made.version());
    assertTrue(made.contentHtml().contains("<h1"));
    assertNotNull(made.review());
    refused("NOT_FOUND", () -> content.get(anonymous(), made.articleId()));
    refused("NOT_FOUND", () -> content.get(caller(OTHER_WRITER), made.articleId()));
    assertEquals("草稿一", content.get(ME, made.articleId()).title());
    assertEquals(
        1,
        content.one(
            "SELECT COUNT(*) FROM article_status_log WHERE article_id = ?", made.articleId()));
    assertEquals(
        1,
        content.one(
            "SELECT COUNT(*) FROM article_versions WHERE article_id = ?", made.articleId()));
  }

  @Test
  void publishingTellsTheFirstPublicationOnce() {
    Article made = content.create(ME, draft("首次发布", text("首次发布的流程")));
    assertEquals("published", content.publish(ME, made.articleId(), null).status());
    Instant first = content.get(ME, made.articleId()).publishedAt();
    content.unpublish(ME, made.articleId(), null);
    refused("NOT_FOUND", () -> content.get(anonymous(), made.articleId()));
    content.node.clock().advance(Duration.ofMinutes(1));
    content.publish(ME, made.articleId(), null);
    assertEquals(first, content.get(anonymous(), made.articleId()).publishedAt());
    assertEquals("published", content.publish(ME, made.articleId(), null).status());
    assertEquals(1, firstPublications(made.articleId()));
  }

  static long firstPublications(long id) {
    return content.one(
        """
        SELECT COUNT(*) FROM outbox WHERE topic = 'content.status.changed'
          AND payload LIKE ? AND payload LIKE '%"first_publication":true%'
        """,
        "%\"article_id\":" + id + ",%");
  }

  @Test
  void tagsMeetWithoutRegardToCaseAndAreCounted() {
    content.create(ME, draft("标签甲", text("标签甲")).tags(List.of("React框架", "  c# ", "react框架")));
    Article second = content.create(ME, draft("标签乙", text("标签乙")).tags(List.of("REACT框架", "c++")));
    assertEquals(List.of("React框架", "c++"), second.tags());
    assertEquals(2, usage("react框架"));
    content.update(ME, second.articleId(), ArticleUpdate.builder().tags(Patch.of(List.of("c++"))));
    assertEquals(1, usage("react框架"));
    assertEquals(1, usage("c++"));
    assertEquals(1, usage("c#"));
  }

  private static long usage(String key) {
    return content.one("SELECT usage_count FROM tags WHERE name_key = ?", key);
  }

  @Test
  void anUpdateNamesWhatReallyChanged() {
    Article made = content.create(ME, draft("更新", text("更新")).customUrl("geng-xin"));
    ArticleUpdateResult same =
        content.update(ME, made.articleId(), ArticleUpdate.builder().title(Patch.of("更新")));
    assertEquals(List.of(), same.updatedFields());
    assertEquals(1, same.version());
    ArticleUpdateResult changed =
        content.update(
            ME,
            made.articleId(),
            ArticleUpdate.builder()
                .title(Patch.of("更新后"))
                .seoTitle(Patch.of("搜索标题"))
                .coverImage(Patch.of(null))
                .expectedVersion(Patch.of(1)));
    assertEquals(List.of("title", "seo_title"), changed.updatedFields());
    assertEquals(2, changed.version());
    assertEquals(
        2,
        refused(
                "CONFLICT",
                () ->
                    content.update(
                        ME,
                        made.articleId(),
                        ArticleUpdate.builder().title(Patch.of("x")).expectedVersion(Patch.of(1))))
            .getDebugInfo()
            .getInteger("current_version"));
    assertEquals(
        1,
        content
            .update(ME, made.articleId(), ArticleUpdate.builder().allowComments(Patch.of(false)))
            .updatedFields()
            .size());
    assertEquals(2, content.get(ME, made.articleId()).version());
  }

  @Test
  void aFormerSlugStaysTakenAndItsOwnerMayReturnToIt() {
    Article made = content.create(ME, draft("短链", text("短链")).customUrl("first-name"));
    Article other = content.create(ME, draft("短链二", text("短链二")));
    content.update(
        ME, made.articleId(), ArticleUpdate.builder().customUrl(Patch.of("second-name")));
    for (String slug : List.of("first-name", "second-name")) {
      assertEquals(
          "SLUG_TAKEN",
          refused(
                  "CONFLICT",
                  () ->
                      content.update(
                          ME, other.articleId(), ArticleUpdate.builder().customUrl(Patch.of(slug))))
              .getDebugInfo()
              .getString("reason"));
      refused("CONFLICT", () -> content.create(ME, draft("短链三", text("短链三")).customUrl(slug)));
    }
    content.update(ME, made.articleId(), ArticleUpdate.builder().customUrl(Patch.of("first-name")));
    assertEquals("first-name", content.get(ME, made.articleId()).customUrl());
  }

  @Test
  void theSameKeyAnswersTheSameArticleAndAnotherRequestUnderItIsRefused() {
    Caller keyed =
        ContentNode.as(WRITER).idempotencyKey("key-0001").requestHash("ab".repeat(32)).build();
    Article made = content.create(keyed, draft("幂等", text("幂等")));
    assertEquals(made.articleId(), content.create(keyed, draft("幂等", text("幂等"))).articleId());
    Caller other =
        ContentNode.as(WRITER).idempotencyKey("key-0001").requestHash("cd".repeat(32)).build();
    refused("IDEMPOTENCY_CONFLICT", () -> content.create(other, draft("别的", text("别的"))));
  }

  @Test
  void onlyCertifiedCreatorsPublishWhatIsNotPublic() {
    var gated = draft("需认证", text("需认证")).visibility(Visibility.SUBSCRIBERS);
    Article saved = content.create(caller(NOVICE), gated);
    assertEquals(ArticleStatus.DRAFT, saved.status());
    assertEquals(
        "CREATOR_NOT_VERIFIED",
        refused("FORBIDDEN", () -> content.publish(caller(NOVICE), saved.articleId(), null))
            .getDebugInfo()
            .getString("reason"));
    assertEquals(
        ArticleStatus.PUBLISHED,
        content
            .published(WRITER, draft("已认证", text("已认证")).visibility(Visibility.SUBSCRIBERS))
            .status());
  }

  @Test
  void aPriceBelongsToPaidArticlesOnly() {
    BigDecimal price = new BigDecimal("9.90");
    refused("VALIDATION_ERROR", () -> content.create(ME, draft("价格", text("价格")).price(price)));
    refused(
        "VALIDATION_ERROR",
        () ->
            content.create(
                ME,
                draft("价格", text("价格")).visibility(Visibility.PAID).includedInSubscription(false)));
    Article paid =
        content.create(ME, draft("价格", text("价格")).visibility(Visibility.PAID).price(price));
    assertEquals(price, paid.price());
    ArticleUpdateResult freed =
        content.update(
            ME, paid.articleId(), ArticleUpdate.builder().visibility(Patch.of(Visibility.PUBLIC)));
    assertEquals(List.of("visibility", "price"), freed.updatedFields());
    assertNull(content.get(ME, paid.articleId()).price());
  }

  @Test
  void unknownReferencesNameTheirField() {
    assertTrue(
        refused("VALIDATION_ERROR", () -> content.create(ME, draft("引用", text("引用")).seriesId(7L)))
            .getDebugInfo()
            .containsKey("series_id"));
    assertTrue(
        refused(
                "VALIDATION_ERROR",
                () -> content.create(ME, draft("引用", text("引用")).categoryId(999_999L)))
            .getDebugInfo()
            .containsKey("category_id"));
    assertTrue(
        refused(
                "VALIDATION_ERROR",
                () -> content.create(ME, draft("引用", text("引用")).mediaFileId("vid_1")))
            .getDebugInfo()
            .containsKey("media_file_id"));
  }

  @Test
  void strangersLearnOnlyOfPublicArticlesThatTheyMayNotChangeThem() {
    Article hidden = content.create(ME, draft("私密", text("私密")));
    Article shown = content.published(WRITER, draft("公开", text("公开的文章")));
    ArticleUpdate.Builder change = ArticleUpdate.builder().title(Patch.of("篡改"));
    refused("NOT_FOUND", () -> content.update(caller(OTHER_WRITER), hidden.articleId(), change));
    refused("FORBIDDEN", () -> content.update(caller(OTHER_WRITER), shown.articleId(), change));
    refused("FORBIDDEN", () -> content.unpublish(caller(OTHER_WRITER), shown.articleId(), "x"));
  }

  @Test
  void aTakedownNeedsAReasonAndHoldsTheArticle() {
    Article made = content.published(WRITER, draft("下架", text("下架的文章")));
    Caller moderator = caller(ContentNode.MODERATOR, "moderation:review");
    refused("VALIDATION_ERROR", () -> content.unpublish(moderator, made.articleId(), null));
    content.unpublish(moderator, made.articleId(), "涉嫌侵权");
    ArticleDetail held = content.get(ME, made.articleId());
    assertTrue(held.review().hold());
    assertEquals("涉嫌侵权", held.review().notes());
    assertEquals(
        "REVIEW_HOLD",
        refused("INVALID_STATE_TRANSITION", () -> content.publish(ME, made.articleId(), null))
            .getDebugInfo()
            .getString("reason"));
    content.publish(caller(ContentNode.ADMIN, "content:manage"), made.articleId(), null);
    assertFalse(content.get(ME, made.articleId()).review().hold());
  }

  @Test
  void theTimerPublishesWhatIsDueAndNothingElse() {
    Instant now = content.node.clock().instant();
    Article soon = content.create(ME, draft("定时", text("定时发布")).scheduledAt(now.plusSeconds(60)));
    Article planned =
        content.create(
            ME, draft("计划", text("只是计划")).scheduledAt(now.plusSeconds(60)).status("draft"));
    assertEquals(ArticleStatus.SCHEDULED, soon.status());
    assertEquals(ArticleStatus.DRAFT, planned.status());
    assertNotNull(planned.scheduledAt());
    assertEquals(0, publishDue());
    content.node.clock().advance(Duration.ofMinutes(2));
    assertEquals(1, publishDue());
    assertEquals(0, publishDue());
    assertEquals(ArticleStatus.PUBLISHED, content.get(anonymous(), soon.articleId()).status());
    assertEquals(ArticleStatus.DRAFT, content.get(ME, planned.articleId()).status());
    assertEquals(1, firstPublications(soon.articleId()));
  }

  private static int publishDue() {
    return content.node.await(
        () ->
            content
                .articles()
                .publishDue(
                    Callers.system("timer"),
                    new ArticlesPublishDueRequest(new PublishDueCommand(50)))
                .await()
                .published());
  }

  @Test
  void aRefusedScheduleFallsBackToDraftAndTellsWhy() {
    Instant now = content.node.clock().instant();
    Article soon =
        content.create(
            ME,
            draft("认证失效", text("认证失效的定时"))
                .visibility(Visibility.SUBSCRIBERS)
                .scheduledAt(now.plusSeconds(30)));
    content.user(WRITER, false);
    content.node.clock().advance(Duration.ofMinutes(1));
    assertEquals(0, publishDue());
    content.user(WRITER, true);
    assertEquals(ArticleStatus.DRAFT, content.get(ME, soon.articleId()).status());
    assertEquals(
        1,
        content.one(
            """
            SELECT COUNT(*) FROM article_status_log WHERE article_id = ?
              AND from_status = 'scheduled' AND to_status = 'draft' AND change_reason LIKE '%CREATOR_NOT_VERIFIED'
            """,
            soon.articleId()));
  }

  @Test
  void countersFollowPublicationAndCategory() {
    long first = content.category(null, "counted-a");
    long second = content.category(null, "counted-b");
    content.user(901, true);
    Article made = content.published(901, draft("计数", text("计数的文章")).categoryId(first));
    assertEquals(1, inCategory(first));
    content.update(
        caller(901), made.articleId(), ArticleUpdate.builder().categoryId(Patch.of(second)));
    assertEquals(0, inCategory(first));
    assertEquals(1, inCategory(second));
    assertEquals(1, ofAuthor(901));
    content.unpublish(caller(901), made.articleId(), null);
    assertEquals(0, inCategory(second));
    assertEquals(0, ofAuthor(901));
  }

  private static long inCategory(long id) {
    return content.one("SELECT articles_count FROM categories WHERE category_id = ?", id);
  }

  private static long ofAuthor(long id) {
    return content.one("SELECT articles_count FROM author_counts WHERE author_id = ?", id);
  }

  @Test
  void aCopyOfAPublicArticleIsSpamAtCreationAndRefusedAtPublication() {
    String original = text("独一无二的原创内容") + "原创正文需要足够长，才能算出可以比较的指纹。".repeat(6);
    content.published(WRITER, draft("原创", original));
    refused("SPAM_DETECTED", () -> content.published(OTHER_WRITER, draft("原创", original)));
    Article copy = content.create(caller(OTHER_WRITER), draft("原创", original));
    assertEquals(
        List.of("duplicate"),
        refused(
                "CONTENT_MODERATION_FAILED",
                () -> content.publish(caller(OTHER_WRITER), copy.articleId(), null))
            .getDebugInfo()
            .getJsonArray("matched_rules")
            .getList());
  }
}
