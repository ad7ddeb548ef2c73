package com.sharestack.content;

import static com.sharestack.content.ContentNode.READER;
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

import com.sharestack.contract.AccessCheck;
import com.sharestack.contract.AccessCheckRequest;
import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.PurchasePass;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.service.Signals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reading articles with and without entitlement. */
class ReadingTest {

  private static final String OPEN = "这是任何人都能读到的开头。";
  private static final String SECRET = "只有付费读者才能看到的结论";

  private static ContentNode content;

  @BeforeAll
  static void start() {
    content = new ContentNode("reading");
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  @AfterEach
  void reset() {
    content.billingAway = false;
    content.grants.clear();
    content.node.clock().advance(Duration.ofSeconds(6));
  }

  private static String text() {
    String middle = ContentNode.filler(100) + "\n\n";
    return OPEN + "\n\n" + middle + ContentNode.filler(200) + "\n\n" + SECRET + "。\n";
  }

  private static Article gated(Visibility visibility) {
    return content.published(
        WRITER,
        draft("付费文章", text())
            .visibility(visibility)
            .price(visibility == Visibility.PAID ? new BigDecimal("19.90") : null));
  }

  @Test
  void aReaderWithoutSubscriptionSeesTheFreePart() {
    long id = gated(Visibility.PAID).articleId();
    for (var reader : List.of(anonymous(), caller(READER))) {
      ArticleDetail seen = content.get(reader, id);
      assertTrue(seen.contentTruncated());
      assertFalse(seen.access().allowed());
      assertTrue(seen.content().contains(OPEN));
      assertFalse(seen.contentHtml().contains(SECRET));
      assertEquals("subscription_or_purchase", seen.paywall().required());
      assertEquals(new BigDecimal("19.90"), seen.paywall().price());
      assertEquals(1, seen.paywall().plans().size());
      assertTrue(seen.paywall().hiddenWords() > 100);
      assertNull(seen.watermark());
      assertNull(seen.review());
    }
  }

  @Test
  void aSubscriberReadsAtOnceAndNoLongerThanHeMay() {
    long id = gated(Visibility.PAID).articleId();
    assertFalse(content.get(caller(READER), id).access().allowed());
    Instant until = content.node.clock().instant().plusSeconds(3);
    content.subscribe(READER, WRITER, true, until);
    ArticleDetail seen = content.get(caller(READER), id);
    assertEquals(AccessSource.SUBSCRIPTION, seen.access().source());
    assertTrue(seen.contentHtml().contains(SECRET));
    assertTrue(seen.userInteractions().isSubscribedToAuthor());
    assertTrue(seen.watermark().startsWith("ID " + READER + " · "));
    assertNull(seen.paywall());
    content.grants.clear();
    content.node.clock().advance(Duration.ofSeconds(3));
    assertFalse(content.get(caller(READER), id).access().allowed());
  }

  @Test
  void authorAndStaffReadTheWholeWithoutAWatermark() {
    long id = gated(Visibility.PAID).articleId();
    for (var reader : List.of(caller(WRITER), caller(ContentNode.ADMIN, "content:manage"))) {
      ArticleDetail seen = content.get(reader, id);
      assertTrue(seen.content().contains(SECRET));
      assertNull(seen.watermark());
      assertNotNull(seen.review());
    }
  }

  @Test
  void whileBillingIsAwayPublicArticlesAreReadAndGatedOnesAreNot() {
    long free = content.published(WRITER, draft("公开的", "公开的内容，" + text())).articleId();
    long gated = gated(Visibility.SUBSCRIBERS).articleId();
    content.billingAway = true;
    assertTrue(content.get(caller(READER), free).content().contains(SECRET));
    refused("SERVICE_UNAVAILABLE", () -> content.get(caller(READER), gated));
    refused("SERVICE_UNAVAILABLE", () -> content.get(anonymous(), gated));
    assertTrue(content.get(caller(WRITER), gated).content().contains(SECRET));
  }

  @Test
  void turningAnArticlePaidHidesItsTextAtOnce() {
    long id = content.published(WRITER, draft("先公开后收费", "先公开后收费。" + text())).articleId();
    assertTrue(content.get(anonymous(), id).content().contains(SECRET));
    content.update(
        caller(WRITER), id, ArticleUpdate.builder().visibility(Patch.of(Visibility.SUBSCRIBERS)));
    ArticleDetail seen = content.get(anonymous(), id);
    assertFalse(seen.content().contains(SECRET));
    assertFalse(seen.excerpt().contains(SECRET));
    assertEquals(1, seen.version());
  }

  @Test
  void aBuyerKeepsTheLastPublishedTextOfAWithdrawnArticle() {
    long id = gated(Visibility.PAID).articleId();
    content.run(
        """
        INSERT INTO article_access (user_id, article_id, source, payment_id, created_at)
        VALUES (?, ?, 'purchased', ?, ?)
        """,
        READER,
        id,
        "pay_" + id,
        content.node.clock().instant());
    assertEquals(AccessSource.PURCHASED, content.get(caller(READER), id).access().source());
    content.unpublish(caller(WRITER), id, null);
    content.update(
        caller(WRITER),
        id,
        ArticleUpdate.builder().title(Patch.of("新的草稿")).content(Patch.of("改得面目全非")));
    ArticleDetail kept = content.get(caller(READER), id);
    assertTrue(kept.content().contains(SECRET));
    assertFalse(kept.title().contains("草稿"));
    refused("NOT_FOUND", () -> content.get(caller(ContentNode.OTHER_WRITER), id));
    content.publish(caller(WRITER), id, null);
    assertEquals("改得面目全非", content.get(caller(READER), id).content());
  }

  @Test
  void aBoughtTextIsOpenAtOnceAndItsFirstOpeningIsToldBefore() {
    long id = gated(Visibility.PAID).articleId();
    long buyer = 6201;
    content.user(buyer, false);
    assertFalse(content.get(caller(buyer), id).access().allowed());
    content.passes.put(buyer + ":" + id, new PurchasePass(id, null, false));
    ArticleDetail read = content.get(caller(buyer), id);
    assertEquals(AccessSource.PURCHASED, read.access().source());
    assertTrue(read.content().contains(SECRET));
    assertTrue(content.opened.contains(buyer + ":" + id));
    content.passes.remove(buyer + ":" + id);
    assertFalse(content.get(caller(buyer), id).access().allowed());
  }

  @Test
  void billingHearsOnceWhatASubscriberWhoPaidLatelyOpensBeforeHeReadsIt() {
    long id = gated(Visibility.SUBSCRIBERS).articleId();
    long reader = 6301;
    content.user(reader, false);
    content.countsOpeningsUntil = content.node.clock().instant().plus(Duration.ofDays(7));
    content.subscribe(reader, WRITER, true, null);
    content.countsOpeningsUntil = null;

    assertTrue(content.get(caller(reader), id).content().contains(SECRET));
    assertTrue(content.opened.remove(reader + ":" + id));
    assertTrue(content.get(caller(reader), id).content().contains(SECRET));
    assertFalse(content.opened.contains(reader + ":" + id), "told twice");

    content.node.clock().advance(Duration.ofDays(8));
    long later = gated(Visibility.SUBSCRIBERS).articleId();
    assertTrue(content.get(caller(reader), later).content().contains(SECRET));
    assertFalse(content.opened.contains(reader + ":" + later), "it does not matter any more");
  }

  @Test
  void aSubscriptionRefundedInTheMomentOfReadingOpensNothing() {
    long id = gated(Visibility.SUBSCRIBERS).articleId();
    long reader = 6302;
    content.user(reader, false);
    content.countsOpeningsUntil = content.node.clock().instant().plus(Duration.ofDays(7));
    content.subscribe(reader, WRITER, true, null);
    content.countsOpeningsUntil = null;
    content.subscriptionsStand = false;
    try {
      ArticleDetail read = content.get(caller(reader), id);
      assertFalse(read.access().allowed());
      assertFalse(read.content().contains(SECRET));
    } finally {
      content.subscriptionsStand = true;
    }
  }

  @Test
  void aPurchaseRefundedInTheMomentOfReadingOpensNothing() {
    long id = gated(Visibility.PAID).articleId();
    long buyer = 6202;
    content.user(buyer, false);
    content.passes.put(buyer + ":" + id, new PurchasePass(id, null, false));
    content.purchasesStand = false;
    try {
      assertFalse(content.get(caller(buyer), id).content().contains(SECRET));
    } finally {
      content.purchasesStand = true;
    }
  }

  @Test
  void anEndedPurchaseIsSaidToBeExpired() {
    long id = gated(Visibility.PAID).articleId();
    long buyer = 6203;
    content.user(buyer, false);
    content.passes.put(
        buyer + ":" + id,
        new PurchasePass(id, content.node.clock().instant().minusSeconds(1), true));
    assertEquals(AccessReason.EXPIRED, content.get(caller(buyer), id).access().reason());
  }

  @Test
  void aTrialShowsEverybodyTheSame() {
    long id = gated(Visibility.PAID).articleId();
    content.subscribe(READER, WRITER, true, null);
    TrialContent stranger = trial(anonymous(), id);
    assertEquals(stranger, trial(caller(READER), id));
    assertEquals(stranger, trial(caller(WRITER), id));
    assertFalse(stranger.contentHtml().contains(SECRET));
    assertEquals(20, stranger.settings().percent());
    content.run(
        "UPDATE articles SET preview_allow_anonymous = 0, revision = revision + 1 WHERE article_id"
            + " = ?",
        id);
    refused("UNAUTHORIZED", () -> trial(anonymous(), id));
    assertEquals("", content.get(anonymous(), id).content());
    assertFalse(trial(caller(READER), id).contentHtml().isEmpty());
  }

  private static TrialContent trial(com.sharestack.contract.Caller caller, long id) {
    return content.node.await(() -> content.trial().get(caller, new TrialGetRequest(id)).await());
  }

  private static AccessCheck check(
      com.sharestack.contract.Caller caller, long id, String permission, Long user) {
    return content.node.await(
        () -> content.access().check(caller, new AccessCheckRequest(id, permission, user)).await());
  }

  @Test
  void accessCheckSaysWhatUnlocksTheArticle() {
    long id = gated(Visibility.SUBSCRIBERS).articleId();
    AccessCheck denied = check(caller(READER), id, "view", null);
    assertEquals(AccessReason.SUBSCRIPTION_REQUIRED, denied.access().reason());
    assertEquals("subscription", denied.paywall().required());
    assertTrue(check(caller(READER), id, "share", null).access().allowed());
    assertEquals(
        AccessReason.LOGIN_REQUIRED, check(anonymous(), id, "comment", null).access().reason());
    refused("FORBIDDEN", () -> check(caller(READER), id, "view", WRITER));
    refused("NOT_FOUND", () -> check(caller(WRITER), id, "view", 12_345L));
    refused("NOT_FOUND", () -> check(anonymous(), 999_999, "view", null));
  }

  @Test
  void otherDomainsAskTheSameEngine() {
    long id = gated(Visibility.PAID).articleId();
    content.subscribe(READER, WRITER, true, null);
    var reader = decide(READER, id);
    assertTrue(reader.found());
    assertTrue(reader.access().allowed());
    assertEquals(new BigDecimal("19.90"), reader.price());
    assertFalse(decide(null, id).access().allowed());
    assertFalse(decide(READER, 999_999).found());
  }

  private static com.sharestack.contract.AccessDecision decide(Long user, long id) {
    return content.node.await(
        () ->
            content
                .access()
                .decide(
                    com.sharestack.platform.service.Callers.system("billing"),
                    new AccessDecideRequest(new AccessDecideQuery(user, id)))
                .await());
  }

  @Test
  void articlesOfHiddenAuthorsDisappearAndComeBack() {
    content.user(801, true);
    long id = content.published(801, draft("被隐藏的作者", "隐藏作者的文章。" + text())).articleId();
    assertEquals(1, live(id));
    content.user(801, true, AccountStatus.BANNED, false);
    content.node.clock().advance(Duration.ofSeconds(4));
    refused("NOT_FOUND", () -> content.get(anonymous(), id));
    assertEquals(0, live(id));
    assertEquals(0, content.one("SELECT articles_count FROM author_counts WHERE author_id = 801"));
    content.user(801, true);
    hint(801);
    assertEquals(id, content.get(anonymous(), id).articleId());
    assertEquals(1, live(id));
    assertEquals(1, content.one("SELECT articles_count FROM author_counts WHERE author_id = 801"));
  }

  private static void hint(long user) {
    content.node.clock().advance(Duration.ofSeconds(4));
    new Signals(content.node.vertx()).userChanged(user);
  }

  private static long live(long id) {
    return content.one("SELECT live FROM articles WHERE article_id = ?", id);
  }

  @Test
  void anUpgradedRendererReachesOldRowsEvenBeforeTheyAreRenderedAgain() {
    long id = content.published(WRITER, draft("旧渲染", "旧渲染的文章。" + text())).articleId();
    content.run(
        "UPDATE article_bodies SET renderer = 0, content_html = '<script>x</script>' WHERE"
            + " article_id = ?",
        id);
    content.run("UPDATE articles SET revision = revision + 1 WHERE article_id = ?", id);
    assertFalse(content.get(anonymous(), id).contentHtml().contains("script"));
    assertEquals(1, renderStale());
    assertEquals(0, renderStale());
    assertEquals(
        0,
        content.one(
            "SELECT COUNT(*) FROM article_bodies WHERE article_id = ? AND content_html LIKE"
                + " '%script%'",
            id));
  }

  private static int renderStale() {
    return content.node.await(
        () ->
            content
                .articles()
                .renderStale(
                    com.sharestack.platform.service.Callers.system("start"),
                    new com.sharestack.contract.ArticlesRenderStaleRequest(
                        new com.sharestack.contract.RenderStaleCommand(50)))
                .await()
                .rendered());
  }
}
