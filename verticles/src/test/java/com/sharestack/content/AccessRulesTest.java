package com.sharestack.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.content.AccessRules.Facts;
import com.sharestack.content.AccessRules.Pass;
import com.sharestack.content.AccessRules.Permission;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.ContentScope;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The access rules, each against what comes before and after it. */
class AccessRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final Viewer READER = new Viewer(7L, false);
  private static final Viewer STRANGER = new Viewer(null, false);
  private static final Viewer AUTHOR = new Viewer(1L, false);
  private static final Viewer STAFF = new Viewer(9L, true);

  private static ArticleRow article(Visibility visibility, Long priceFen, boolean included) {
    return new ArticleRow(
        100,
        1,
        ArticleStatus.PUBLISHED,
        visibility,
        ContentType.ARTICLE,
        ContentFormat.MARKDOWN,
        5L,
        "题",
        "",
        true,
        null,
        null,
        priceFen,
        included,
        true,
        false,
        false,
        false,
        new ArticleRow.Seo(null, null, List.of(), null, "index,follow", null),
        1,
        1,
        null,
        new ArticleRow.Preview("percent", 20, 60, true),
        new ArticleRow.Review("not_required", false, null, null),
        1,
        1,
        new ArticleRow.Counters(0, 0, 0, 0, 0),
        null,
        NOW,
        NOW,
        NOW,
        1);
  }

  private static final ArticleRow SUBSCRIBERS = article(Visibility.SUBSCRIBERS, null, true);
  private static final ArticleRow PAID = article(Visibility.PAID, 990L, true);
  private static final ArticleRow SOLD_ONLY = article(Visibility.PAID, 990L, false);

  private static SubscriptionGrant plan(
      boolean priced,
      ContentScope scope,
      List<Long> categories,
      List<Long> articles,
      Instant until) {
    List<EntitlementLevel> levels =
        priced
            ? List.of(EntitlementLevel.SUBSCRIBERS, EntitlementLevel.PAID)
            : List.of(EntitlementLevel.SUBSCRIBERS);
    return new SubscriptionGrant(
        1, "sub", 4, priced, until, scope, levels, categories, articles, null);
  }

  private static Facts subscription(SubscriptionGrant grant) {
    return new Facts(Optional.empty(), Optional.empty(), Optional.of(grant), Set.of(5L, 2L));
  }

  private static final SubscriptionGrant FREE_PLAN =
      plan(false, ContentScope.ALL, List.of(), List.of(), null);
  private static final SubscriptionGrant PRICED_PLAN =
      plan(true, ContentScope.ALL, List.of(), List.of(), NOW.plusSeconds(1));

  private static AccessInfo view(Viewer viewer, ArticleRow article, Facts facts) {
    return AccessRules.decide(viewer, article, facts, NOW);
  }

  @Test
  void authorAndStaffReadEverything() {
    assertEquals(AccessSource.AUTHOR, view(AUTHOR, SOLD_ONLY, Facts.NONE).source());
    assertEquals(AccessSource.ADMIN, view(STAFF, SOLD_ONLY, Facts.NONE).source());
    assertEquals(AccessSource.AUTHOR, view(new Viewer(1L, true), PAID, Facts.NONE).source());
  }

  @Test
  void whatIsPublicIsFreeForEverybody() {
    ArticleRow free = article(Visibility.PUBLIC, null, true);
    assertEquals(AccessSource.FREE, view(STRANGER, free, Facts.NONE).source());
    assertEquals(AccessSource.FREE, view(READER, free, subscription(PRICED_PLAN)).source());
  }

  @Test
  void strangersAreAskedToLogInAndReadersToPay() {
    assertEquals(AccessReason.LOGIN_REQUIRED, view(STRANGER, PAID, Facts.NONE).reason());
    assertEquals(
        AccessReason.SUBSCRIPTION_REQUIRED, view(READER, SUBSCRIBERS, Facts.NONE).reason());
    assertEquals(AccessReason.PURCHASE_REQUIRED, view(READER, PAID, Facts.NONE).reason());
    assertEquals(
        AccessReason.SUBSCRIPTION_REQUIRED,
        view(READER, article(Visibility.PAID, null, true), Facts.NONE).reason());
  }

  @Test
  void aFreePlanOpensWhatIsForSubscribersAndNothingPaid() {
    assertTrue(view(READER, SUBSCRIBERS, subscription(FREE_PLAN)).allowed());
    assertFalse(view(READER, PAID, subscription(FREE_PLAN)).allowed());
  }

  @Test
  void aPricedPlanOpensPaidArticlesThatAreIncluded() {
    AccessInfo access = view(READER, PAID, subscription(PRICED_PLAN));
    assertEquals(AccessSource.SUBSCRIPTION, access.source());
    assertEquals(NOW.plusSeconds(1), access.expiresAt());
    assertFalse(view(READER, SOLD_ONLY, subscription(PRICED_PLAN)).allowed());
  }

  @Test
  void aSubscriptionEndsAtItsMoment() {
    SubscriptionGrant ended = plan(true, ContentScope.ALL, List.of(), List.of(), NOW);
    assertFalse(view(READER, SUBSCRIBERS, subscription(ended)).allowed());
  }

  @Test
  void aPlanOfSelectedContentOpensItsArticlesAndCategoriesOnly() {
    assertTrue(view(READER, PAID, subscription(selected(List.of(), List.of(100L)))).allowed());
    assertTrue(view(READER, PAID, subscription(selected(List.of(2L), List.of()))).allowed());
    assertFalse(view(READER, PAID, subscription(selected(List.of(3L), List.of(101L)))).allowed());
  }

  private static SubscriptionGrant selected(List<Long> categories, List<Long> articles) {
    return plan(true, ContentScope.SELECTED, categories, articles, null);
  }

  @Test
  void grantComesBeforePurchaseAndPurchaseBeforeSubscription() {
    Optional<Pass> pass = Optional.of(new Pass(null));
    Optional<Pass> expired = Optional.of(new Pass(NOW));
    Optional<SubscriptionGrant> plan = Optional.of(PRICED_PLAN);
    assertEquals(AccessSource.GRANTED, view(READER, PAID, facts(pass, pass, plan)).source());
    assertEquals(AccessSource.PURCHASED, view(READER, PAID, facts(expired, pass, plan)).source());
    assertEquals(
        AccessSource.SUBSCRIPTION, view(READER, PAID, facts(expired, expired, plan)).source());
    assertEquals(
        AccessReason.EXPIRED,
        view(READER, PAID, facts(expired, Optional.empty(), Optional.empty())).reason());
  }

  private static Facts facts(
      Optional<Pass> grant, Optional<Pass> purchase, Optional<SubscriptionGrant> plan) {
    return new Facts(grant, purchase, plan, Set.of());
  }

  @Test
  void sharingIsFreeCommentingNeedsLoginAndView() {
    AccessInfo denied = view(READER, PAID, Facts.NONE);
    assertTrue(AccessRules.permit(Permission.SHARE, STRANGER, PAID, denied).allowed());
    assertFalse(AccessRules.permit(Permission.COMMENT, READER, PAID, denied).allowed());
    ArticleRow free = article(Visibility.PUBLIC, null, true);
    AccessInfo open = view(STRANGER, free, Facts.NONE);
    assertEquals(
        AccessReason.LOGIN_REQUIRED,
        AccessRules.permit(Permission.COMMENT, STRANGER, free, open).reason());
    assertTrue(AccessRules.permit(Permission.COMMENT, READER, free, open).allowed());
    assertTrue(AccessRules.permit(Permission.DOWNLOAD, READER, free, open).allowed());
  }
}
