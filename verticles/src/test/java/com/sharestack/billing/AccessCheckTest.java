package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.anonymous;
import static com.sharestack.billing.BillingNode.caller;
import static com.sharestack.billing.BillingNode.draft;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.AccessVerdict;
import com.sharestack.contract.AccessVerdictReason;
import com.sharestack.contract.AccessVerdictSource;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionsAccessCheckRequest;
import com.sharestack.contract.Visibility;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessCheckTest {

  private static BillingNode billing;

  @BeforeAll
  static void start() {
    billing = new BillingNode("access");
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static AccessVerdict check(Caller caller, Long article, Long creator, String feature) {
    return billing.await(
        billing.subscriptions.accessCheck(
            caller, new SubscriptionsAccessCheckRequest(article, creator, feature)));
  }

  private static void decide(
      long article, Caller creator, AccessInfo info, Visibility visibility, String price) {
    billing.decisions.put(
        article,
        new AccessDecision(
            true,
            creator.userId(),
            info,
            ArticleStatus.PUBLISHED,
            visibility,
            price == null ? null : new BigDecimal(price),
            true));
  }

  private static AccessInfo refusal(AccessReason reason) {
    return new AccessInfo(false, null, reason, null);
  }

  private static List<Long> plansOf(AccessVerdict verdict) {
    return verdict.required().plans().stream().map(Plan::id).toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-,-,-", "1,2,-", "1,2,x", "-,-,x", "1,-,x"})
  void exactlyOneQuestionIsAnswered(Long article, Long creator, String feature) {
    assertEquals(
        "VALIDATION_ERROR",
        failureOf(() -> check(billing.reader(), article, creator, feature)).code());
  }

  @Test
  void anArticleThatIsUnknownToTheReaderIsNotFound() {
    assertEquals(
        "NOT_FOUND article",
        failureOf(() -> check(billing.reader(), 404_404L, null, null)).named("resource"));
  }

  @ParameterizedTest
  @CsvSource({
    "free, free",
    "purchased, purchased",
    "subscription, subscription",
    "granted, granted",
    "author, author",
    "admin, admin"
  })
  void anAllowedArticleKeepsTheSourceAndEndOfContentsVerdict(String source, String expected) {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Subscription mine = billing.subscribe(reader, billing.freePlan(creator));
    Instant end = Instant.parse("2027-01-01T00:00:00Z");
    decide(
        51,
        creator,
        new AccessInfo(true, AccessSource.of(source), null, end),
        Visibility.SUBSCRIBERS,
        null);

    AccessVerdict verdict = check(reader, 51L, null, null);

    assertEquals(true, verdict.hasAccess());
    assertEquals(expected, verdict.source().literal());
    assertEquals(end, verdict.expiresAt());
    assertEquals(source.equals("subscription") ? mine.id() : null, verdict.subscriptionId());
    assertNull(verdict.required());
    assertNull(verdict.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "LOGIN_REQUIRED, login_required",
    "SUBSCRIPTION_REQUIRED, subscription_required",
    "PURCHASE_REQUIRED, purchase_required",
    "EXPIRED, subscription_required",
    "NOT_YET_VALID, content_unavailable",
    "PERMISSION_RULE, content_unavailable"
  })
  void aRefusalTranslatesContentsReason(String reason, String expected) {
    Caller creator = billing.creator();
    decide(52, creator, refusal(AccessReason.of(reason)), Visibility.SUBSCRIBERS, null);

    AccessVerdict verdict = check(billing.reader(), 52L, null, null);

    assertEquals(false, verdict.hasAccess());
    assertEquals(AccessVerdictSource.NONE, verdict.source());
    assertEquals(expected, verdict.reason().literal());
  }

  @Test
  void aRefusedArticleNamesThePlansThatWouldOpenItAndItsPrice() {
    Caller creator = billing.creator();
    Plan free = billing.freePlan(creator);
    Plan priced = billing.create(creator, draft("会员", "9.90").isActive(true));
    billing.create(creator, draft("草稿", "8.80"));
    decide(53, creator, refusal(AccessReason.SUBSCRIPTION_REQUIRED), Visibility.SUBSCRIBERS, null);
    decide(54, creator, refusal(AccessReason.PURCHASE_REQUIRED), Visibility.PAID, "6.00");

    AccessVerdict forSubscribers = check(anonymous(), 53L, null, null);
    AccessVerdict paid = check(anonymous(), 54L, null, null);

    assertEquals(List.of(free.id(), priced.id()), plansOf(forSubscribers));
    assertNull(forSubscribers.required().singlePrice());
    assertEquals(List.of(priced.id()), plansOf(paid));
    assertEquals(new BigDecimal("6.00"), paid.required().singlePrice());
  }

  @Test
  void aCreatorsAreaOpensToHimStaffAndSubscribers() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);
    Subscription mine = billing.subscribe(reader, plan);
    Caller moderator = caller(billing.newId(), "reader", false, List.of("moderator"));

    assertEquals(AccessVerdictSource.AUTHOR, check(creator, null, creator.userId(), null).source());
    assertEquals(
        AccessVerdictSource.ADMIN, check(moderator, null, creator.userId(), null).source());
    AccessVerdict subscribed = check(reader, null, creator.userId(), null);
    assertEquals(AccessVerdictSource.SUBSCRIPTION, subscribed.source());
    assertEquals(mine.id(), subscribed.subscriptionId());
    AccessVerdict stranger = check(billing.reader(), null, creator.userId(), null);
    assertEquals(AccessVerdictReason.SUBSCRIPTION_REQUIRED, stranger.reason());
    assertEquals(List.of(plan.id()), plansOf(stranger));
    assertEquals(
        AccessVerdictReason.LOGIN_REQUIRED,
        check(anonymous(), null, creator.userId(), null).reason());
  }

  @Test
  void aFailedRenewalIsToldFromNoSubscription() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Subscription mine = billing.subscribe(reader, billing.freePlan(creator));
    billing.update(
        "UPDATE subscriptions SET status = 'past_due', grace_until = ? WHERE public_id = ?",
        Instant.parse("2020-01-01T00:00:00Z"),
        mine.id());

    assertEquals(
        AccessVerdictReason.GRACE_ENDED, check(reader, null, creator.userId(), null).reason());

    billing.update(
        "UPDATE subscriptions SET grace_until = ? WHERE public_id = ?",
        Instant.parse("2099-01-01T00:00:00Z"),
        mine.id());
    AccessVerdict inGrace = check(reader, null, creator.userId(), null);
    assertEquals(true, inGrace.hasAccess());
    assertEquals(Instant.parse("2099-01-01T00:00:00Z"), inGrace.expiresAt());
  }

  @Test
  void aFeatureIsWhatThePlanOfTheSubscriptionLists() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);
    Subscription mine = billing.subscribe(reader, plan);
    billing.update(
        "UPDATE plans SET entitlements = ? WHERE plan_id = ?",
        """
        {"content_scope":"all","visibility_levels":["subscribers"],"category_ids":[],"article_ids":[],
         "features":[
          {"feature_key":"group","type":"boolean","limit":null,"highlighted":false,"sort_order":0},
          {"feature_key":"ask","type":"quota","limit":5,"highlighted":false,"sort_order":1},
          {"feature_key":"none","type":"quota","limit":0,"highlighted":false,"sort_order":2}]}
        """,
        plan.id());

    AccessVerdict group = check(reader, null, creator.userId(), "group");
    assertEquals(mine.id(), group.subscriptionId());
    assertNull(group.quota());
    AccessVerdict ask = check(reader, null, creator.userId(), "ask");
    assertEquals(5, ask.quota().limit());
    assertEquals(0, ask.quota().used());
    assertEquals(false, check(reader, null, creator.userId(), "none").hasAccess());
    AccessVerdict unknown = check(reader, null, creator.userId(), "other");
    assertEquals(AccessVerdictReason.SUBSCRIPTION_REQUIRED, unknown.reason());
    assertEquals(List.of(), plansOf(unknown));
    assertEquals(List.of(plan.id()), plansOf(check(anonymous(), null, creator.userId(), "group")));
    assertEquals(
        AccessVerdictSource.AUTHOR, check(creator, null, creator.userId(), "other").source());
  }
}
