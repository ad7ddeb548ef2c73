package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.anonymous;
import static com.sharestack.billing.BillingNode.caller;
import static com.sharestack.billing.BillingNode.draft;
import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorIdBatch;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.CreatorTeaser;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanDetail;
import com.sharestack.contract.PlanPage;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.PlanTeaser;
import com.sharestack.contract.PlansGetRequest;
import com.sharestack.contract.PlansListRequest;
import com.sharestack.contract.PlansPriceInfoRequest;
import com.sharestack.contract.PlansTeasersRequest;
import com.sharestack.contract.UserType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlansServiceTest {

  private static final String HASH_A = "a".repeat(64);
  private static final String HASH_B = "b".repeat(64);

  private static BillingNode billing;

  @BeforeAll
  static void start() {
    billing = new BillingNode("plans");
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static PlanPage list(Caller caller, Long creatorId, PlanStatus status, int page, int n) {
    return billing.await(
        billing.plans.list(caller, new PlansListRequest(creatorId, status, page, n)));
  }

  private static PlanDetail get(Caller caller, long planId) {
    return billing.await(billing.plans.get(caller, new PlansGetRequest(planId)));
  }

  @Test
  void aCreatorStoresAPlanWithItsDefaultsHistoryAndAudit() {
    Caller creator = billing.creator();

    Plan plan =
        billing.create(
            creator,
            draft("月度会员", "29.90")
                .features(List.of("长文", "答疑"))
                .trialDays(7)
                .isActive(true)
                .metadata(new JsonObject().put("sort_order", 3).put("own", "x")));

    assertEquals(new BigDecimal("29.90"), plan.price());
    assertEquals(PlanStatus.ACTIVE, plan.status());
    assertEquals(List.of("长文", "答疑"), plan.features());
    assertEquals(new JsonObject().put("sort_order", 3).put("own", "x"), plan.metadata());
    assertEquals(PlanRules.defaultEntitlements(2990), plan.entitlements());
    assertEquals(0, plan.subscriberCount());
    assertNull(plan.promotion());
    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM plan_price_history
            WHERE plan_id = ? AND old_price_fen IS NULL AND new_price_fen = 2990 AND changed_by = ?
            """,
            plan.id(),
            creator.userId()));
    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM billing_audit
            WHERE action = 'plans.create' AND target_id = ? AND actor_id = ? AND status_after = 'active'
              AND actor_role = 'creator' AND ip = '203.0.113.7' AND request_id = 'req_test'
            """,
            String.valueOf(plan.id()),
            creator.userId()));
  }

  @Test
  void aReaderIsNoCreatorEvenWhenHeNamesOne() {
    Caller creator = billing.creator();
    assertEquals(
        "FORBIDDEN NOT_A_CREATOR",
        failureOf(
                () ->
                    billing.create(
                        billing.reader(), draft("方案", "0.00").creatorId(creator.userId())))
            .named("reason"));
  }

  @Test
  void creatorIdIsReadFromAdminsOnly() {
    Caller other = billing.creator();
    Caller creator = billing.creator();
    assertEquals(
        creator.userId(),
        billing.create(creator, draft("我的方案", "0.00").creatorId(other.userId())).creatorId());
  }

  @Test
  void anUncertifiedCreatorSellsNothingButMayDraftAndGiveAway() {
    long id = billing.newId();
    billing.know(id, UserType.CREATOR, false);
    Caller uncertified = caller(id, "creator", false, List.of());

    assertEquals(
        "FORBIDDEN CREATOR_NOT_VERIFIED",
        failureOf(() -> billing.create(uncertified, draft("会员", "9.90").isActive(true)))
            .named("reason"));
    assertEquals(0, billing.number("SELECT COUNT(*) FROM plans WHERE creator_id = ?", id));
    assertEquals(PlanStatus.DRAFT, billing.create(uncertified, draft("会员", "9.90")).status());
    assertEquals(PlanStatus.ACTIVE, billing.freePlan(uncertified).status());
  }

  @Test
  void anAdminActsForACreatorUnderThatCreatorsCertification() {
    Caller admin = billing.admin();
    Caller certified = billing.creator();
    long uncertified = billing.newId();
    billing.know(uncertified, UserType.CREATOR, false);

    Plan plan =
        billing.create(admin, draft("会员", "9.90").isActive(true).creatorId(certified.userId()));

    assertEquals(certified.userId(), plan.creatorId());
    assertEquals(
        "FORBIDDEN CREATOR_NOT_VERIFIED",
        failureOf(
                () ->
                    billing.create(
                        admin, draft("会员", "9.90").isActive(true).creatorId(uncertified)))
            .named("reason"));
    assertEquals(
        "FORBIDDEN NOT_A_CREATOR",
        failureOf(
                () ->
                    billing.create(admin, draft("会员", "0.00").creatorId(billing.reader().userId())))
            .named("reason"));
    assertEquals(
        "VALIDATION_ERROR creator_id",
        failureOf(() -> billing.create(admin, draft("会员", "0.00").creatorId(999_999_999L)))
            .named("field"));
  }

  @Test
  void aNameLivesOnceAmongACreatorsPlansWhateverItsCase() {
    Caller creator = billing.creator();
    billing.create(creator, draft("VIP 会员", "9.90"));

    Failures refused = failureOf(() -> billing.create(creator, draft(" vip 会员 ", "19.90")));

    assertEquals("CONFLICT NAME_TAKEN", refused.named("reason"));
    assertEquals("CONFLICT name", refused.named("field"));
    billing.update(
        "UPDATE plans SET deleted_at = created_at WHERE creator_id = ?", creator.userId());
    assertEquals("vip 会员", billing.create(creator, draft("vip 会员", "19.90")).name());
  }

  @Test
  void aCreatorHasOneFreePlanAndOneDefaultPerCycle() {
    Caller creator = billing.creator();
    JsonObject standard = new JsonObject().put("default", true);
    billing.freePlan(creator);
    billing.create(creator, draft("月", "9.90").metadata(standard));

    assertEquals(
        "CONFLICT FREE_PLAN_EXISTS",
        failureOf(() -> billing.create(creator, draft("另一个", "0.00"))).named("reason"));
    assertEquals(
        "CONFLICT DEFAULT_PLAN_EXISTS",
        failureOf(() -> billing.create(creator, draft("月二", "19.90").metadata(standard)))
            .named("reason"));
    billing.create(
        creator, draft("年", "99.00").billingCycle(BillingCycle.YEARLY).metadata(standard));
  }

  @Test
  void theFiftyFirstPlanIsRefusedAlsoUnderParallelRequests() {
    Caller creator = billing.creator();
    IntStream.range(0, 45).forEach(i -> billing.create(creator, draft("方案" + i, "9.90")));

    List<Future<?>> calls =
        IntStream.range(0, 12)
            .<Future<?>>mapToObj(
                i ->
                    billing.plans.create(
                        creator,
                        new com.sharestack.contract.PlansCreateRequest(
                            draft("并发" + i, "9.90").build())))
            .toList();
    billing.node.await(() -> Future.join(calls).otherwiseEmpty().await());

    List<String> refusals =
        calls.stream().filter(Future::failed).map(c -> c.cause().getMessage()).toList();
    assertEquals(List.of("CONFLICT"), refusals.stream().distinct().toList());
    assertEquals(7, refusals.size());
    assertEquals(
        50, billing.number("SELECT COUNT(*) FROM plans WHERE creator_id = ?", creator.userId()));
  }

  @Test
  void aRepeatWithTheSameKeyAnswersTheSamePlanAndAnotherRequestIsAConflict() {
    Caller creator = billing.creator();
    Caller keyed = withKey(creator, "key-12345678", HASH_A);

    Plan first = billing.create(keyed, draft("会员", "9.90"));
    Plan second = billing.create(keyed, draft("会员", "9.90"));

    assertEquals(first.id(), second.id());
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        failureOf(
                () -> billing.create(withKey(creator, "key-12345678", HASH_B), draft("其他", "9.90")))
            .code());
    assertEquals(
        1, billing.number("SELECT COUNT(*) FROM plans WHERE creator_id = ?", creator.userId()));
  }

  @Test
  void plansComeInTheCreatorsOrderThenByPriceThenById() {
    Caller creator = billing.creator();
    Plan c = billing.create(creator, draft("c", "20.00").isActive(true));
    Plan b = billing.create(creator, draft("b", "10.00").isActive(true));
    Plan b2 = billing.create(creator, draft("b2", "10.00").isActive(true));
    Plan first =
        billing.create(
            creator,
            draft("a", "90.00").isActive(true).metadata(new JsonObject().put("sort_order", -1)));

    PlanPage page = list(anonymous(), creator.userId(), null, 1, 20);

    assertEquals(
        List.of(first.id(), b.id(), b2.id(), c.id()), page.plans().stream().map(Plan::id).toList());
    PlanPage second = list(anonymous(), creator.userId(), null, 2, 3);
    assertEquals(List.of(c.id()), second.plans().stream().map(Plan::id).toList());
    assertEquals(4, second.pagination().total());
    assertEquals(2, second.pagination().pages());
    assertEquals(List.of(), list(anonymous(), creator.userId(), null, 3, 3).plans());
  }

  @Test
  void strangersSeeActivePlansOnlyAndMayNotAskForOthers() {
    Caller creator = billing.creator();
    Plan active = billing.create(creator, draft("上架", "9.90").isActive(true));
    Plan draftPlan = billing.create(creator, draft("草稿", "9.90"));
    Plan inactive = billing.create(creator, draft("下架", "9.90").isActive(true));
    billing.update("UPDATE plans SET is_active = 0 WHERE plan_id = ?", inactive.id());

    assertEquals(
        List.of(active.id()),
        list(billing.reader(), creator.userId(), null, 1, 20).plans().stream()
            .map(Plan::id)
            .toList());
    for (PlanStatus hidden : List.of(PlanStatus.DRAFT, PlanStatus.INACTIVE)) {
      assertEquals(
          "FORBIDDEN NOT_OWNER",
          failureOf(() -> list(billing.reader(), creator.userId(), hidden, 1, 20)).named("reason"));
    }
    assertEquals(3, list(creator, null, null, 1, 20).plans().size());
    assertEquals(
        List.of(draftPlan.id()),
        list(billing.admin(), creator.userId(), PlanStatus.DRAFT, 1, 20).plans().stream()
            .map(Plan::id)
            .toList());
    assertEquals(
        PlanStatus.INACTIVE,
        list(creator, creator.userId(), PlanStatus.INACTIVE, 1, 20).plans().get(0).status());
    assertEquals(
        "VALIDATION_ERROR creator_id",
        failureOf(() -> list(billing.reader(), null, null, 1, 20)).named("field"));
    assertEquals(0, list(anonymous(), 987_654L, null, 1, 20).pagination().total());
  }

  @Test
  void aPlanThatIsNotActiveIsShownToItsOwnerAdminsAndSubscribers() {
    Caller creator = billing.creator();
    Caller subscriber = billing.reader();
    Plan plan = billing.freePlan(creator);
    billing.subscribe(subscriber, plan);
    billing.update("UPDATE plans SET is_active = 0 WHERE plan_id = ?", plan.id());

    assertEquals(PlanStatus.INACTIVE, get(creator, plan.id()).plan().status());
    assertEquals(plan.id(), get(billing.admin(), plan.id()).plan().id());
    PlanDetail mine = get(subscriber, plan.id());
    assertEquals(plan.id(), mine.mySubscription().planId());
    assertEquals("用户" + creator.userId(), mine.mySubscription().plan().creator().displayName());
    assertEquals(1, mine.plan().subscriberCount());
    assertEquals("PLAN_NOT_FOUND", failureOf(() -> get(billing.reader(), plan.id())).code());
    assertEquals("PLAN_NOT_FOUND", failureOf(() -> get(anonymous(), plan.id())).code());
  }

  @Test
  void anActivePlanIsPublicAndADeletedOneIsGone() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);

    assertNull(get(anonymous(), plan.id()).mySubscription());

    billing.update(
        "UPDATE plans SET is_active = 0, deleted_at = created_at WHERE plan_id = ?", plan.id());
    assertEquals("PLAN_NOT_FOUND", failureOf(() -> get(creator, plan.id())).code());
  }

  @Test
  void teasersAreTheThreeCheapestActivePlansOfEachCreator() {
    Caller rich = billing.creator();
    Caller poor = billing.creator();
    for (String price : List.of("40.00", "10.00", "30.00", "20.00")) {
      billing.create(rich, draft("方案 " + price, price).isActive(true));
    }
    billing.create(rich, draft("便宜草稿", "1.00"));

    List<CreatorTeaser> items =
        billing
            .await(
                billing.plans.teasers(
                    anonymous(),
                    new PlansTeasersRequest(
                        new CreatorIdBatch(List.of(rich.userId(), poor.userId(), rich.userId())))))
            .items();

    assertEquals(1, items.size());
    assertEquals(
        List.of(new BigDecimal("10.00"), new BigDecimal("20.00"), new BigDecimal("30.00")),
        items.get(0).plans().stream().map(PlanTeaser::price).toList());
  }

  @Test
  void priceInfoAnswersEveryCreatorAskedFor() {
    Caller creator = billing.creator();
    Caller free = billing.creator();
    Caller none = billing.creator();
    billing.freePlan(creator);
    billing.freePlan(free);
    billing.create(creator, draft("月贵", "30.00").isActive(true));
    billing.create(creator, draft("月", "20.00").isActive(true));
    billing.create(creator, draft("年草稿", "10.00").billingCycle(BillingCycle.YEARLY));

    List<CreatorPrice> items =
        billing
            .await(
                billing.plans.priceInfo(
                    anonymous(),
                    new PlansPriceInfoRequest(
                        new CreatorIdBatch(
                            List.of(creator.userId(), free.userId(), none.userId())))))
            .items();

    assertEquals(
        List.of(
            new CreatorPrice(creator.userId(), new BigDecimal("20.00"), null, true),
            new CreatorPrice(free.userId(), null, null, true),
            new CreatorPrice(none.userId(), null, null, false)),
        items);
    assertTrue(items.get(0).hasActivePlan());
    assertFalse(items.get(2).hasActivePlan());
  }
}
