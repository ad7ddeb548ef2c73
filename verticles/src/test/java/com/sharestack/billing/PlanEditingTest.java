package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.caller;
import static com.sharestack.billing.BillingNode.draft;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.PlanUpdate;
import com.sharestack.contract.PlansDeleteRequest;
import com.sharestack.contract.PlansUpdateRequest;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionsCreateRequest;
import com.sharestack.contract.UserType;
import com.sharestack.contract.wire.Patch;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlanEditingTest {

  private static BillingNode billing;

  @BeforeAll
  static void start() {
    billing = new BillingNode("plan_editing");
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static Plan update(Caller caller, Plan plan, PlanUpdate.Builder change) {
    return billing
        .await(billing.plans.update(caller, new PlansUpdateRequest(plan.id(), change.build())))
        .plan();
  }

  private static void delete(Caller caller, Plan plan) {
    billing.await(billing.plans.delete(caller, new PlansDeleteRequest(plan.id())));
  }

  private static <T> Patch<T> to(T value) {
    return new Patch<>(value);
  }

  private static PlanUpdate.Builder price(String yuan) {
    return PlanUpdate.builder().price(to(new BigDecimal(yuan)));
  }

  @Test
  void absentFieldsStayAndNullEmptiesTheDescription() {
    Caller creator = billing.creator();
    Plan plan =
        billing.create(
            creator,
            draft("会员", "29.90")
                .description("旧说明")
                .features(List.of("答疑"))
                .trialDays(7)
                .metadata(new JsonObject().put("sort_order", 3).put("own", "x")));

    Plan renamed = update(creator, plan, PlanUpdate.builder().name(to(" 新会员 ")));
    assertEquals("新会员", renamed.name());
    assertEquals("旧说明", renamed.description());
    assertEquals(List.of("答疑"), renamed.features());
    assertEquals(7, renamed.trialDays());
    assertEquals(plan.metadata(), renamed.metadata());
    assertEquals(plan.entitlements(), renamed.entitlements());
    assertEquals(PlanStatus.DRAFT, renamed.status());

    Plan emptied =
        update(
            creator,
            plan,
            PlanUpdate.builder()
                .description(to(null))
                .metadata(to(new JsonObject().put("sort_order", 9))));
    assertEquals("", emptied.description());
    assertEquals(new JsonObject().put("sort_order", 9), emptied.metadata());
  }

  @Test
  void aNewPriceIsKeptWithActorAndTimeAndTouchesNoSubscription() {
    Caller creator = billing.creator();
    Plan plan = billing.create(creator, draft("会员", "29.90").isActive(true));

    assertEquals(new BigDecimal("39.90"), update(creator, plan, price("39.90")).price());
    update(creator, plan, price("39.90"));

    assertEquals(
        1,
        billing.number(
            """
            SELECT COUNT(*) FROM plan_price_history
            WHERE plan_id = ? AND old_price_fen = 2990 AND new_price_fen = 3990 AND changed_by = ?
            """,
            plan.id(),
            creator.userId()));
    assertEquals(
        2, billing.number("SELECT COUNT(*) FROM plan_price_history WHERE plan_id = ?", plan.id()));
    assertEquals(
        2,
        billing.number(
            "SELECT COUNT(*) FROM billing_audit WHERE action = 'plans.update' AND target_id = ?",
            String.valueOf(plan.id())));
  }

  @Test
  void aSoldPlanKeepsItsCycleAndItsKindOfPrice() {
    Caller creator = billing.creator();
    Plan free = billing.freePlan(creator);
    billing.subscribe(billing.reader(), free);

    assertEquals(
        "CONFLICT plan_sold",
        failureOf(() -> update(creator, free, price("9.90"))).named("reason"));
    assertEquals(
        "CONFLICT plan_sold",
        failureOf(
                () ->
                    update(
                        creator, free, PlanUpdate.builder().billingCycle(to(BillingCycle.YEARLY))))
            .named("reason"));
    assertEquals("新名", update(creator, free, PlanUpdate.builder().name(to("新名"))).name());
  }

  @Test
  void anUnsoldPlanMayTurnFromFreeToPricedAndOpensWhatPricedPlansOpen() {
    Caller creator = billing.creator();
    Plan plan = update(creator, billing.freePlan(creator), price("9.90"));
    assertEquals(
        List.of(EntitlementLevel.SUBSCRIBERS, EntitlementLevel.PAID),
        plan.entitlements().visibilityLevels());
  }

  @Test
  void theRulesOfANewPlanHoldForAChangedOneToo() {
    Caller creator = billing.creator();
    billing.create(creator, draft("甲", "9.90"));
    Plan plan = billing.create(creator, draft("乙", "9.90"));

    assertEquals(
        "CONFLICT NAME_TAKEN",
        failureOf(() -> update(creator, plan, PlanUpdate.builder().name(to("甲")))).named("reason"));
    assertEquals(
        "VALIDATION_ERROR price",
        failureOf(() -> update(creator, plan, price("0.50"))).named("field"));
    assertEquals(
        "CURRENCY_UNSUPPORTED USD",
        failureOf(() -> update(creator, plan, PlanUpdate.builder().currency(to("USD"))))
            .named("currency"));
    assertEquals(
        "VALIDATION_ERROR trial_days",
        failureOf(
                () ->
                    update(
                        creator,
                        plan,
                        PlanUpdate.builder()
                            .billingCycle(to(BillingCycle.LIFETIME))
                            .trialDays(to(3))))
            .named("field"));
  }

  @Test
  void anUncertifiedCreatorPutsNothingOnSaleButMayEditAndWithdraw() {
    long id = billing.newId();
    billing.know(id, UserType.CREATOR, true);
    Caller certified = caller(id, "creator", true, List.of());
    Caller uncertified = caller(id, "creator", false, List.of());
    Plan onSale = billing.create(certified, draft("在售", "9.90").isActive(true));
    Plan drafted = billing.create(certified, draft("草稿", "9.90"));

    assertEquals(
        "FORBIDDEN CREATOR_NOT_VERIFIED",
        failureOf(() -> update(uncertified, drafted, PlanUpdate.builder().isActive(to(true))))
            .named("reason"));
    assertEquals(
        PlanStatus.ACTIVE,
        update(uncertified, onSale, PlanUpdate.builder().features(to(List.of("新")))).status());
    assertEquals(
        PlanStatus.INACTIVE,
        update(uncertified, onSale, PlanUpdate.builder().isActive(to(false))).status());
  }

  @Test
  void plansOfOthersDoNotExistAndAdminsActForEveryCreator() {
    Plan plan = billing.create(billing.creator(), draft("会员", "9.90"));

    for (Caller other : List.of(billing.creator(), billing.reader())) {
      assertEquals("PLAN_NOT_FOUND", failureOf(() -> update(other, plan, price("1.00"))).code());
      assertEquals("PLAN_NOT_FOUND", failureOf(() -> delete(other, plan)).code());
    }
    assertEquals(
        PlanStatus.ACTIVE,
        update(billing.admin(), plan, PlanUpdate.builder().isActive(to(true))).status());
    delete(billing.admin(), plan);
    assertEquals("PLAN_NOT_FOUND", failureOf(() -> delete(billing.admin(), plan)).code());
  }

  @Test
  void aPlanThatSomebodyHoldsIsNotDeletedUntilHisAccessIsOver() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);
    String held = billing.subscribe(billing.reader(), plan).id();

    assertEquals(
        "PLAN_HAS_SUBSCRIBERS 1", failureOf(() -> delete(creator, plan)).named("subscriber_count"));
    billing.update(
        """
        UPDATE subscriptions SET status = 'cancelled', cancelled_at = NOW(3), access_until = '2020-01-01'
        WHERE public_id = ?
        """,
        held);
    delete(creator, plan);

    assertEquals(
        1,
        billing.number(
            "SELECT COUNT(*) FROM plans WHERE plan_id = ? AND deleted_at IS NOT NULL AND is_active"
                + " = 0",
            plan.id()));
    assertEquals(plan.name(), billing.freePlan(creator).name(), "the name is free again");
  }

  @Test
  void aPlanThatSomebodyChangesIntoIsNotDeleted() {
    Caller creator = billing.creator();
    Plan from = billing.freePlan(creator);
    Plan target = billing.create(creator, draft("目标", "9.90"));
    billing.update(
        "UPDATE subscriptions SET pending_plan_id = ?, pending_timing = 'next_cycle' WHERE"
            + " public_id = ?",
        target.id(),
        billing.subscribe(billing.reader(), from).id());

    assertEquals(
        "PLAN_HAS_SUBSCRIBERS 1",
        failureOf(() -> delete(creator, target)).named("subscriber_count"));
  }

  @Test
  void aSaleAndTheDeletionOfItsPlanNeverBothSucceed() {
    for (int round = 0; round < 10; round++) {
      Caller creator = billing.creator();
      Plan plan = billing.freePlan(creator);
      Future<Boolean> sold =
          succeeded(
              billing.subscriptions.create(
                  billing.reader(),
                  new SubscriptionsCreateRequest(
                      new SubscriptionCreate(plan.id(), null, null, false, null))));
      Future<Boolean> deleted =
          succeeded(billing.plans.delete(creator, new PlansDeleteRequest(plan.id())));

      assertEquals(
          1, (billing.await(sold) ? 1 : 0) + (billing.await(deleted) ? 1 : 0), "round " + round);
    }
  }

  private static Future<Boolean> succeeded(Future<?> call) {
    return call.map(done -> true).otherwise(false);
  }
}
