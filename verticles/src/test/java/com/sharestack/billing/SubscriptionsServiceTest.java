package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.anonymous;
import static com.sharestack.billing.BillingNode.draft;
import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorIdBatch;
import com.sharestack.contract.GrantsQuery;
import com.sharestack.contract.Plan;
import com.sharestack.contract.SubscriberIds;
import com.sharestack.contract.SubscribersQuery;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.SubscriptionsCountsRequest;
import com.sharestack.contract.SubscriptionsCreateRequest;
import com.sharestack.contract.SubscriptionsGetRequest;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsSubscribersRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubscriptionsServiceTest {

  private static final String HASH = "c".repeat(64);

  private static BillingNode billing;

  @BeforeAll
  static void start() {
    billing = new BillingNode("subscriptions");
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static SubscriptionCreate plain(Plan plan) {
    return new SubscriptionCreate(plan.id(), null, null, false, null);
  }

  private static long rowsOf(Caller user) {
    return billing.number("SELECT COUNT(*) FROM subscriptions WHERE user_id = ?", user.userId());
  }

  private static long planCount(Plan plan) {
    return billing
        .rows("SELECT subscriber_count FROM plan_counts WHERE plan_id = ?", plan.id())
        .stream()
        .mapToLong(row -> row.getLong(0))
        .sum();
  }

  private static long creatorCount(long creatorId) {
    return billing
        .await(
            billing.subscriptions.counts(
                anonymous(),
                new SubscriptionsCountsRequest(new CreatorIdBatch(List.of(creatorId)))))
        .items()
        .get(0)
        .subscriberCount();
  }

  private static List<SubscriptionGrant> grants(Caller user, Long... creators) {
    return billing
        .await(
            billing.subscriptions.grants(
                anonymous(),
                new SubscriptionsGrantsRequest(new GrantsQuery(user.userId(), List.of(creators)))))
        .items();
  }

  /** The subscription as if it had been cancelled, with access until the time given. */
  private static void cancel(Subscription subscription, String accessUntil) {
    billing.update(
        """
        UPDATE subscriptions SET status = 'cancelled', cancelled_at = created_at, access_until = ?
        WHERE public_id = ?
        """,
        java.time.Instant.parse(accessUntil),
        subscription.id());
  }

  @Test
  void aFreePlanIsActiveAtOnceWithPeriodCountersAuditAndEvent() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);

    SubscriptionCreated made = billing.order(reader, plain(plan));

    Subscription mine = made.subscription();
    assertTrue(mine.id().matches("sub_[0-9a-z]{12}"));
    assertEquals(SubscriptionStatus.ACTIVE, mine.status());
    assertEquals(SubscriptionSource.FREE, mine.source());
    assertEquals(new BigDecimal("0.00"), mine.price());
    assertEquals("user_" + creator.userId(), mine.plan().creator().username());
    assertEquals(mine.createdAt(), mine.currentPeriodStart());
    assertNull(mine.currentPeriodEnd());
    assertNull(mine.nextBillingDate());
    assertNull(made.payment());
    assertNull(made.replayed());
    assertEquals(1, planCount(plan));
    assertEquals(1, creatorCount(creator.userId()));
    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM subscription_periods p
            JOIN subscriptions s ON s.subscription_id = p.subscription_id
            WHERE s.public_id = ? AND p.period_end IS NULL AND p.paid_fen = 0
              AND p.period_start = s.current_period_start
            """,
            mine.id()));
    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM billing_audit WHERE action = 'subscriptions.create'
              AND target_id = ? AND status_before IS NULL AND status_after = 'active'
            """,
            mine.id()));
    List<JsonObject> events =
        billing.rows("SELECT payload FROM outbox WHERE topic = 'subscription.activated'").stream()
            .map(row -> new JsonObject(row.getString(0)))
            .filter(event -> event.getString("subscription_id").equals(mine.id()))
            .toList();
    assertEquals(1, events.size());
    assertEquals(creator.userId(), events.get(0).getLong("creator_id"));
    assertEquals("免费方案", events.get(0).getString("plan_name"));
  }

  @Test
  void aPricedPlanIsNotSoldWhileNoChannelIsConfiguredAndStoresNothing() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.create(creator, draft("会员", "9.90").isActive(true));

    Failures refused =
        failureOf(
            () ->
                billing.order(
                    reader, new SubscriptionCreate(plan.id(), "wechat", null, false, null)));

    assertEquals("PAYMENT_METHOD_UNSUPPORTED wechat", refused.named("payment_method"));
    assertEquals(0, rowsOf(reader));
    assertEquals(0, creatorCount(creator.userId()));
  }

  @Test
  void aLapsedRowStaysUntouchedWhenTheNewOrderIsRefused() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Subscription old = billing.subscribe(reader, billing.freePlan(creator));
    cancel(old, "2020-01-01T00:00:00Z");
    Plan priced = billing.create(creator, draft("会员", "9.90").isActive(true));

    failureOf(
        () ->
            billing.order(
                reader, new SubscriptionCreate(priced.id(), "alipay", null, false, null)));

    assertEquals(
        "cancelled",
        billing
            .rows("SELECT status FROM subscriptions WHERE public_id = ?", old.id())
            .get(0)
            .getString(0));
  }

  @Test
  void aSecondSubscriptionToTheSameCreatorNamesTheFirst() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Subscription first = billing.subscribe(reader, billing.freePlan(creator));
    Plan other = billing.create(creator, draft("会员", "9.90").isActive(true));

    Failures refused =
        failureOf(
            () ->
                billing.order(
                    reader, new SubscriptionCreate(other.id(), "wechat", null, false, null)));

    assertEquals("SUBSCRIPTION_ALREADY_EXISTS", refused.code());
    assertEquals(
        new JsonObject()
            .put("subscription_id", first.id())
            .put("status", "active")
            .put("plan_id", first.planId()),
        refused.details());
  }

  @Test
  void unknownInactiveAndOwnPlansAreRefused() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan draftPlan = billing.create(creator, draft("草稿", "0.00"));

    assertEquals(
        "PLAN_NOT_FOUND",
        failureOf(
                () ->
                    billing.order(
                        reader, new SubscriptionCreate(987_654_321L, null, null, false, null)))
            .code());
    assertEquals(
        "PLAN_NOT_ACTIVE draft",
        failureOf(() -> billing.order(reader, plain(draftPlan))).named("status"));
    assertEquals(
        "SELF_PURCHASE_NOT_ALLOWED",
        failureOf(() -> billing.order(creator, plain(draftPlan))).code());
    billing.update("UPDATE plans SET deleted_at = created_at WHERE plan_id = ?", draftPlan.id());
    assertEquals("PLAN_NOT_FOUND", failureOf(() -> billing.order(reader, plain(draftPlan))).code());
    assertEquals(0, rowsOf(reader));
  }

  @Test
  void twentyEqualRequestsAtOnceMakeOneRowAndNineteenRefusals() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);

    List<Future<SubscriptionCreated>> calls = atOnce(20, i -> reader, plan);

    assertEquals(1, calls.stream().filter(Future::succeeded).count());
    assertEquals(
        Set.of("SUBSCRIPTION_ALREADY_EXISTS"),
        calls.stream()
            .filter(Future::failed)
            .map(call -> call.cause().getMessage())
            .collect(Collectors.toSet()));
    assertEquals(1, rowsOf(reader));
    assertEquals(1, planCount(plan));
    assertEquals(1, creatorCount(creator.userId()));
  }

  @Test
  void twentyEqualRequestsWithOneKeyAllAnswerTheSameRow() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);
    Caller keyed = withKey(reader, "key-20-at-once", HASH);

    List<Future<SubscriptionCreated>> calls = atOnce(20, i -> keyed, plan);

    assertTrue(calls.stream().allMatch(Future::succeeded));
    assertEquals(
        1, calls.stream().map(call -> call.result().subscription().id()).distinct().count());
    assertEquals(1, calls.stream().filter(call -> call.result().replayed() == null).count());
    assertEquals(1, rowsOf(reader));
    assertEquals(1, planCount(plan));
  }

  @Test
  void oneKeyOnTwoPlansAtOnceMakesOneRowAndConflictsForTheOtherRequest() {
    Caller reader = billing.reader();
    Plan one = billing.freePlan(billing.creator());
    Plan two = billing.freePlan(billing.creator());
    Caller first = withKey(reader, "key-two-plans", HASH);
    Caller second = withKey(reader, "key-two-plans", "d".repeat(64));

    List<Future<SubscriptionCreated>> calls =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? billing.subscriptions.create(
                            first, new SubscriptionsCreateRequest(plain(one)))
                        : billing.subscriptions.create(
                            second, new SubscriptionsCreateRequest(plain(two))))
            .toList();
    billing.node.await(() -> Future.join(calls).otherwiseEmpty().await());

    assertEquals(10, calls.stream().filter(Future::succeeded).count());
    assertEquals(
        Set.of("IDEMPOTENCY_CONFLICT"),
        calls.stream()
            .filter(Future::failed)
            .map(call -> call.cause().getMessage())
            .collect(Collectors.toSet()));
    assertEquals(1, rowsOf(reader));
    assertEquals(1, planCount(one) + planCount(two));
  }

  @Test
  void manyReadersAtOnceAreAllCounted() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);

    List<Future<SubscriptionCreated>> calls = atOnce(20, i -> billing.reader(), plan);

    assertTrue(calls.stream().allMatch(Future::succeeded));
    assertEquals(20, planCount(plan));
    assertEquals(20, creatorCount(creator.userId()));
  }

  private static List<Future<SubscriptionCreated>> atOnce(
      int n, java.util.function.IntFunction<Caller> who, Plan plan) {
    List<Future<SubscriptionCreated>> calls =
        IntStream.range(0, n)
            .mapToObj(
                i ->
                    billing.subscriptions.create(
                        who.apply(i), new SubscriptionsCreateRequest(plain(plan))))
            .toList();
    billing.node.await(() -> Future.join(calls).otherwiseEmpty().await());
    return calls;
  }

  @Test
  void aKeyThatMadeARowAnswersItsPresentStateAndRefusesAnotherRequest() {
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(billing.creator());
    Plan otherPlan = billing.freePlan(billing.creator());
    Caller keyed = withKey(reader, "key-present", HASH);
    Subscription first = billing.order(keyed, plain(plan)).subscription();
    cancel(first, "2099-01-01T00:00:00Z");

    SubscriptionCreated again = billing.order(keyed, plain(plan));

    assertEquals(first.id(), again.subscription().id());
    assertEquals(SubscriptionStatus.CANCELLED, again.subscription().status());
    assertEquals(true, again.replayed());
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        failureOf(
                () ->
                    billing.order(withKey(reader, "key-present", "d".repeat(64)), plain(otherPlan)))
            .code());
    assertEquals(1, rowsOf(reader));
  }

  @Test
  void aLapsedRowIsEndedAndReplacedInOneTransaction() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);
    Subscription old = billing.subscribe(reader, plan);
    cancel(old, "2020-01-01T00:00:00Z");

    Subscription fresh = billing.subscribe(reader, plan);

    assertNotEquals(old.id(), fresh.id());
    Row ended =
        billing
            .rows(
                "SELECT status, ended_reason, ended_at FROM subscriptions WHERE public_id = ?",
                old.id())
            .get(0);
    assertEquals("expired", ended.getString("status"));
    assertEquals("natural", ended.getString("ended_reason"));
    assertEquals(1, planCount(plan));
    assertEquals(1, creatorCount(creator.userId()));
    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM billing_audit WHERE target_id = ? AND status_before = 'cancelled'
              AND status_after = 'expired'
            """,
            old.id()));
  }

  @Test
  void aRowCancelledAfterFailedPaymentsKeepsThatReasonWhenItEnds() {
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(billing.creator());
    Subscription old = billing.subscribe(reader, plan);
    cancel(old, "2020-01-01T00:00:00Z");
    billing.update(
        "UPDATE subscriptions SET ended_reason = 'payment_failed' WHERE public_id = ?", old.id());

    billing.subscribe(reader, plan);

    assertEquals(
        "payment_failed",
        billing
            .rows("SELECT ended_reason FROM subscriptions WHERE public_id = ?", old.id())
            .get(0)
            .getString(0));
  }

  @Test
  void aCancelledRowWithAccessStillStandsInTheWay() {
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(billing.creator());
    cancel(billing.subscribe(reader, plan), "2099-01-01T00:00:00Z");

    assertEquals(
        "SUBSCRIPTION_ALREADY_EXISTS cancelled",
        failureOf(() -> billing.subscribe(reader, plan)).named("status"));
  }

  @Test
  void countersThatHadDriftedToZeroStayThere() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(creator);
    cancel(billing.subscribe(reader, plan), "2020-01-01T00:00:00Z");
    billing.update("UPDATE plan_counts SET subscriber_count = 0 WHERE plan_id = ?", plan.id());
    billing.update(
        "UPDATE creator_counts SET subscriber_count = 0 WHERE creator_id = ?", creator.userId());

    billing.subscribe(reader, plan);

    assertEquals(1, planCount(plan));
    assertEquals(1, creatorCount(creator.userId()));
  }

  @Test
  void whileTheUsersDomainIsAwayNothingIsStored() {
    Caller reader = billing.reader();
    Plan plan = billing.freePlan(billing.creator());

    billing.usersAway = true;
    Failures refused = failureOf(() -> billing.subscribe(reader, plan));
    billing.usersAway = false;

    assertEquals("SERVICE_UNAVAILABLE", refused.code());
    assertEquals(0, rowsOf(reader));
  }

  @Test
  void aCreatorWhoseAccountIsGoneKeepsHisPlaceInTheAnswer() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);
    billing.cards.remove(creator.userId());

    Subscription mine = billing.subscribe(billing.reader(), plan);

    assertEquals("已注销用户", mine.plan().creator().displayName());
    assertEquals(creator.userId(), mine.plan().creator().id());
  }

  @Test
  void subscriberCreatorAndAdminReadASubscriptionAndNobodyElse() {
    Caller creator = billing.creator();
    Caller reader = billing.reader();
    Subscription mine = billing.subscribe(reader, billing.freePlan(creator));
    billing.update(
        "UPDATE subscriptions SET agreement_id = 'agr_abcdefghijkl' WHERE public_id = ?",
        mine.id());

    assertEquals("agr_abcdefghijkl", get(reader, mine.id()).agreementId());
    assertEquals("agr_abcdefghijkl", get(billing.admin(), mine.id()).agreementId());
    assertNull(get(creator, mine.id()).agreementId());
    assertEquals(
        "SUBSCRIPTION_NOT_FOUND", failureOf(() -> get(billing.reader(), mine.id())).code());
    assertEquals("SUBSCRIPTION_NOT_FOUND", failureOf(() -> get(reader, "sub_nosuchrow000")).code());
  }

  private static Subscription get(Caller caller, String id) {
    return billing
        .await(billing.subscriptions.get(caller, new SubscriptionsGetRequest(id)))
        .subscription();
  }

  @Test
  void grantsFollowTheAccessFunctionAndNotTheState() {
    Caller creator = billing.creator();
    Caller lapsedTo = billing.creator();
    Caller reader = billing.reader();
    Subscription mine = billing.subscribe(reader, billing.freePlan(creator));
    cancel(mine, "2099-01-01T00:00:00Z");
    cancel(billing.subscribe(reader, billing.freePlan(lapsedTo)), "2020-01-01T00:00:00Z");

    List<SubscriptionGrant> found = grants(reader, creator.userId(), lapsedTo.userId(), 987_654L);

    assertEquals(1, found.size());
    SubscriptionGrant grant = found.get(0);
    assertEquals(mine.id(), grant.subscriptionId());
    assertFalse(grant.priced());
    assertEquals(java.time.Instant.parse("2099-01-01T00:00:00Z"), grant.accessUntil());
    assertEquals(PlanRules.defaultEntitlements(0).visibilityLevels(), grant.visibilityLevels());
    assertEquals(List.of(), grants(reader));
  }

  @Test
  void subscribersComeInBatchesByUserIdWithoutThoseWhoseAccessEnded() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);
    List<Caller> readers = IntStream.range(0, 5).mapToObj(i -> billing.reader()).toList();
    List<Subscription> all = readers.stream().map(r -> billing.subscribe(r, plan)).toList();
    cancel(all.get(1), "2020-01-01T00:00:00Z");

    List<Long> seen = new ArrayList<>();
    Long after = 0L;
    int pages = 0;
    while (after != null) {
      SubscriberIds page =
          billing.await(
              billing.subscriptions.subscribers(
                  anonymous(),
                  new SubscriptionsSubscribersRequest(
                      new SubscribersQuery(creator.userId(), after, 2))));
      seen.addAll(page.subscriberIds());
      after = page.nextAfter();
      pages++;
    }

    assertEquals(
        List.of(
            readers.get(0).userId(),
            readers.get(2).userId(),
            readers.get(3).userId(),
            readers.get(4).userId()),
        seen);
    assertEquals(3, pages);
  }

  @Test
  void aCreatorWithoutSubscribersIsCountedAsZero() {
    assertEquals(0, creatorCount(987_655L));
  }
}
