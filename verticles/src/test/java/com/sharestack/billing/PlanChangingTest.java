package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionPlanChangeResult;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plan changes at once and with the next period, and their refunds. */
class PlanChangingTest {

  private static PaidNode paid;
  private static SubscriptionActs acts;

  @BeforeAll
  static void start() {
    paid = new PaidNode("plan_changing");
    acts = new SubscriptionActs(paid);
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  @Test
  void anUpgradeCostsTheWorkedExampleAndActsWhenItIsPaid() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "29.90");
    Plan large = paid.monthly(creator, "99.00");
    Subscription mine = paid.subscribe(reader, small);
    acts.thirtyDays(mine.id(), 10);

    SubscriptionPlanChangeResult change =
        acts.change(reader, mine.id(), large, PlanChangeTiming.IMMEDIATE);

    assertEquals(new BigDecimal("46.07"), change.payment().amount());
    assertEquals(small.id(), change.subscription().planId());
    assertEquals(large.id(), change.subscription().pendingChange().planId());
    assertEquals(change.payment().id(), change.subscription().pendingChange().paymentId());
    assertEquals(
        "PLAN_CHANGE_NOT_ALLOWED change_open",
        failureOf(() -> acts.change(reader, mine.id(), large, PlanChangeTiming.IMMEDIATE))
            .named("reason"));
    Instant end = acts.get(reader, mine.id()).currentPeriodEnd();
    paid.pay(change.payment());

    Subscription changed = acts.get(reader, mine.id());
    assertEquals(large.id(), changed.planId());
    assertEquals(new BigDecimal("99.00"), changed.price());
    assertEquals(end, changed.currentPeriodEnd());
    assertNull(changed.pendingChange());
    assertNotNull(changed.changedAt());
    assertEquals(new BigDecimal("68.37"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, paid.subscribers(small));
    assertEquals(1, paid.subscribers(large));
    assertEquals(1, paid.events("subscription.plan_changed", mine.id()));
  }

  @Test
  void aChangeThatIsNotPaidLeavesTheOldPlan() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "29.90");
    Plan yearly = paid.plan(creator, "年度", "599.00", BillingCycle.YEARLY, 0);
    Subscription mine = paid.subscribe(reader, small);
    SubscriptionPlanChangeResult change =
        acts.change(reader, mine.id(), yearly, PlanChangeTiming.IMMEDIATE);

    paid.billing.await(
        paid.payments.close(
            reader, new com.sharestack.contract.PaymentsCloseRequest(change.payment().id())));

    assertNull(acts.get(reader, mine.id()).pendingChange());
    assertEquals(small.id(), acts.get(reader, mine.id()).planId());
  }

  @Test
  void aChangeOfCycleCreditsUnusedTimeAndItsRefundRestoresThePlanAndItsDates() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "30.00");
    Plan yearly = paid.plan(creator, "年度", "599.00", BillingCycle.YEARLY, 0);
    Subscription mine = paid.subscribe(reader, small);
    acts.thirtyDays(mine.id(), 10);
    Instant end = acts.get(reader, mine.id()).currentPeriodEnd();

    SubscriptionPlanChangeResult change =
        acts.change(reader, mine.id(), yearly, PlanChangeTiming.IMMEDIATE);
    assertEquals(new BigDecimal("579.00"), change.payment().amount());
    paid.pay(change.payment());
    assertEquals(yearly.id(), acts.get(reader, mine.id()).planId());
    assertNotEquals(end, acts.get(reader, mine.id()).currentPeriodEnd());

    acts.refundAll(change.payment().id());

    Subscription back = acts.get(reader, mine.id());
    assertEquals(SubscriptionStatus.ACTIVE, back.status());
    assertEquals(small.id(), back.planId());
    assertEquals(new BigDecimal("30.00"), back.price());
    assertEquals(end, back.currentPeriodEnd());
    assertEquals(1, paid.subscribers(small));
    assertEquals(0, paid.subscribers(yearly));
  }

  @Test
  void refundingTheFirstPaymentEndsTheSubscriptionAndRefundsItsUpgrade() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "29.90");
    Plan large = paid.monthly(creator, "99.00");
    SubscriptionCreated made = paid.order(reader, small, "wechat");
    paid.pay(made.payment());
    String id = made.subscription().id();
    SubscriptionPlanChangeResult change =
        acts.change(reader, id, large, PlanChangeTiming.IMMEDIATE);
    paid.pay(change.payment());

    acts.refundAll(made.payment().id());
    paid.runRefunds();

    assertEquals("expired refunded", paid.status(id));
    assertEquals(PaymentStatus.REFUNDED, paid.row(made.payment().id()).status());
    assertEquals(PaymentStatus.REFUNDED, paid.row(change.payment().id()).status());
    assertEquals(new BigDecimal("0.00"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, paid.subscribers(large));
  }

  @Test
  void aDowngradeWaitsForTheNextPeriodAndGoesWithItsRenewal() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan large = paid.monthly(creator, "99.00");
    Plan small = paid.monthly(creator, "29.90");
    Subscription mine = paid.subscribe(reader, large);
    assertEquals(
        "PLAN_CHANGE_NOT_ALLOWED immediate_downgrade",
        failureOf(() -> acts.change(reader, mine.id(), small, PlanChangeTiming.IMMEDIATE))
            .named("reason"));

    Subscription scheduled =
        acts.change(reader, mine.id(), small, PlanChangeTiming.NEXT_CYCLE).subscription();
    assertEquals(small.id(), scheduled.pendingChange().planId());
    assertNull(
        acts.change(reader, mine.id(), large, PlanChangeTiming.NEXT_CYCLE)
            .subscription()
            .pendingChange(),
        "the running plan's id drops it");
    acts.change(reader, mine.id(), small, PlanChangeTiming.NEXT_CYCLE);
    acts.age(mine.id(), Duration.ofDays(20));
    SubscriptionRenewal renewal = acts.renew(reader, mine.id());
    assertEquals(new BigDecimal("29.90"), renewal.payment().amount());
    paid.pay(renewal.payment());
    assertEquals(large.id(), acts.get(reader, mine.id()).planId(), "until the period ends");
    assertEquals(
        "PLAN_CHANGE_NOT_ALLOWED renewal_prepaid",
        failureOf(() -> acts.change(reader, mine.id(), large, PlanChangeTiming.NEXT_CYCLE))
            .named("reason"));

    acts.age(mine.id(), Duration.ofDays(20));
    acts.tick();
    assertEquals(small.id(), acts.get(reader, mine.id()).planId());
    assertEquals(new BigDecimal("29.90"), acts.get(reader, mine.id()).price());
    assertEquals(1, paid.subscribers(small));
  }
}
