package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.RefundStatus;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCancelResult;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionPlanChangeResult;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionResume;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import com.sharestack.contract.SubscriptionsResumeRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Renewals, plan changes, cancellations and refunds of paid subscriptions, and the worker's job.
 */
class SubscriptionFlowsTest {

  private static PaidNode paid;

  @BeforeAll
  static void start() {
    paid = new PaidNode("subscription_flows");
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  private static SubscriptionCancelResult cancel(Caller reader, String id) {
    return paid.billing.await(paid.billing.subscriptions.cancel(reader, cancelling(id, false)));
  }

  private static SubscriptionsCancelRequest cancelling(String id, boolean confirm) {
    return new SubscriptionsCancelRequest(
        id, new SubscriptionCancel(SubscriptionCancelReason.OTHER, "再见", confirm));
  }

  private static Future<SubscriptionRenewal> renewing(Caller reader, String id, String method) {
    return paid.billing.subscriptions.renew(
        reader, new SubscriptionsRenewRequest(id, new SubscriptionRenew(method, null, null)));
  }

  private static SubscriptionRenewal renew(Caller reader, String id) {
    return paid.billing.await(renewing(reader, id, "wechat"));
  }

  private static SubscriptionPlanChangeResult change(
      Caller reader, String id, Plan plan, PlanChangeTiming timing) {
    return paid.billing.await(
        paid.billing.subscriptions.changePlan(
            reader,
            new SubscriptionsChangePlanRequest(
                id, new SubscriptionPlanChange(plan.id(), timing, true, null))));
  }

  /** The running period as if it had begun earlier; all its times move. */
  private static void age(String id, Duration by) {
    long seconds = by.toSeconds();
    paid.billing.update(
        """
        UPDATE subscription_periods p JOIN subscriptions s USING (subscription_id)
        SET p.period_start = p.period_start - INTERVAL ? SECOND, p.period_end = p.period_end - INTERVAL ? SECOND,
          s.current_period_start = s.current_period_start - INTERVAL ? SECOND,
          s.current_period_end = s.current_period_end - INTERVAL ? SECOND,
          s.next_transition_at = s.next_transition_at - INTERVAL ? SECOND,
          s.trial_ends_at = s.trial_ends_at - INTERVAL ? SECOND
        WHERE s.public_id = ?
        """,
        seconds,
        seconds,
        seconds,
        seconds,
        seconds,
        seconds,
        id);
  }

  private static void thirtyDays(String id, int used) {
    Instant start = paid.now().minus(Duration.ofDays(used));
    paid.billing.update(
        """
        UPDATE subscription_periods p JOIN subscriptions s USING (subscription_id)
        SET p.period_start = ?, p.period_end = ?, s.current_period_start = ?, s.current_period_end = ?,
          s.next_transition_at = ?
        WHERE s.public_id = ?
        """,
        start,
        start.plus(Duration.ofDays(30)),
        start,
        start.plus(Duration.ofDays(30)),
        start.plus(Duration.ofDays(30)),
        id);
  }

  private static void tick() {
    SubscriptionLifecycle job =
        new SubscriptionLifecycle(paid.worker.subscriptions(), paid.worker.payments());
    paid.billing.node.await(job::run);
  }

  private static Subscription get(Caller caller, String id) {
    return paid.get(caller, id).subscription();
  }

  @Test
  void cancellingInTheTrialEndsItNowAndRefundsEverything() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    Subscription mine = paid.subscribe(reader, plan);

    SubscriptionCancelResult done = cancel(reader, mine.id());

    assertEquals("expired refunded", paid.status(mine.id()));
    assertEquals(new BigDecimal("29.90"), done.refund().refundAmount());
    assertEquals("trial", done.refund().policy());
    assertEquals(RefundStatus.PROCESSING, done.refund().status());
    assertEquals(new BigDecimal("0.00"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, paid.subscribers(plan));
    assertEquals(1, paid.events("subscription.cancelled", mine.id()));
    assertEquals(1, paid.events("subscription.expired", mine.id()));
    paid.runRefunds();
    assertEquals(PaymentStatus.REFUNDED, paid.get(reader, mine.id()).lastPayment().status());
    assertEquals("SUBSCRIPTION_CANCELLED", failureOf(() -> cancel(reader, mine.id())).code());
  }

  @Test
  void aCancelledSubscriptionRunsOnCanBeResumedAndElseEnds() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    Subscription mine = paid.subscribe(reader, plan);

    Subscription stopped = cancel(reader, mine.id()).subscription();
    assertEquals(SubscriptionStatus.CANCELLED, stopped.status());
    assertEquals(mine.currentPeriodEnd(), stopped.accessUntil());
    assertEquals(
        "AUTO_RENEW_UNAVAILABLE no_agreement",
        failureOf(
                () ->
                    paid.billing.await(
                        paid.billing.subscriptions.resume(
                            reader, new SubscriptionsResumeRequest(mine.id(), null))))
            .named("reason"));
    Subscription back =
        paid.billing
            .await(
                paid.billing.subscriptions.resume(
                    reader,
                    new SubscriptionsResumeRequest(mine.id(), new SubscriptionResume(false))))
            .subscription();
    assertEquals(SubscriptionStatus.ACTIVE, back.status());
    assertNull(back.cancelledAt());

    cancel(reader, mine.id());
    age(mine.id(), Duration.ofDays(40));
    paid.billing.update(
        "UPDATE subscriptions SET access_until = current_period_end WHERE public_id = ?",
        mine.id());
    tick();
    assertEquals("expired natural", paid.status(mine.id()));
    assertEquals(0, paid.subscribers(plan));
  }

  @Test
  void othersCannotTouchASubscription() {
    Caller creator = paid.billing.creator();
    Subscription mine = paid.subscribe(paid.billing.reader(), paid.monthly(creator, "29.90"));
    for (Caller other : List.of(creator, paid.billing.reader())) {
      assertEquals("SUBSCRIPTION_NOT_FOUND", failureOf(() -> cancel(other, mine.id())).code());
      assertEquals("SUBSCRIPTION_NOT_FOUND", failureOf(() -> renew(other, mine.id())).code());
    }
  }

  @Test
  void anUnpaidOrderIsGivenUpAndItsPaymentClosed() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    SubscriptionCreated made = paid.order(reader, paid.monthly(creator, "29.90"), "wechat");

    cancel(reader, made.subscription().id());

    assertEquals("expired unpaid", paid.status(made.subscription().id()));
    assertEquals(PaymentStatus.CANCELLED, paid.row(made.payment().id()).status());
  }

  @Test
  void payingAndCancellingAnOrderAtOnceLeavesEitherASubscriptionOrARefundedPayment() {
    Caller creator = paid.billing.creator();
    Plan plan = paid.monthly(creator, "29.90");
    for (int round = 0; round < 4; round++) {
      Caller reader = paid.billing.reader();
      SubscriptionCreated made = paid.order(reader, plan, "wechat");
      paid.rails.pay(paid.tradeNo(made.payment().id()));
      Future<?> cancelling =
          paid.billing.subscriptions.cancel(reader, cancelling(made.subscription().id(), false));
      paid.hear(made.payment().id());
      paid.billing.node.await(
          () -> {
            cancelling.otherwiseEmpty().await();
            return null;
          });

      String status = paid.status(made.subscription().id());
      boolean late = paid.row(made.payment().id()).late();
      assertTrue(
          late ? "expired unpaid".equals(status) : List.of("active", "cancelled").contains(status),
          status + " " + late);
    }
  }

  @Test
  void theNextPeriodIsPaidAheadAndBeginsWhenItsTimeComes() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    Subscription mine = paid.subscribe(reader, plan);
    age(mine.id(), Duration.ofDays(20));

    SubscriptionRenewal first = renew(reader, mine.id());
    SubscriptionRenewal same = renew(reader, mine.id());
    assertEquals(first.payment().id(), same.payment().id());
    assertEquals(true, same.replayed());
    paid.pay(first.payment());

    Instant end = get(reader, mine.id()).currentPeriodEnd();
    assertEquals(
        "CONFLICT already_renewed", failureOf(() -> renew(reader, mine.id())).named("reason"));
    age(mine.id(), Duration.ofDays(20));
    tick();
    Subscription rolled = get(reader, mine.id());
    assertEquals(SubscriptionStatus.ACTIVE, rolled.status());
    assertEquals(end.minus(Duration.ofDays(20)), rolled.currentPeriodStart());
    assertTrue(rolled.currentPeriodEnd().isAfter(paid.now()));
    assertEquals(new BigDecimal("53.82"), paid.balance("creator_pending", creator.userId()));
  }

  @Test
  void twoRenewalsAtOnceOpenOnePayment() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    age(mine.id(), Duration.ofDays(20));

    List<Future<SubscriptionRenewal>> calls =
        IntStream.range(0, 8).mapToObj(i -> renewing(reader, mine.id(), "wechat")).toList();
    paid.billing.await(Future.join(calls).otherwiseEmpty());

    assertEquals(
        1,
        calls.stream()
            .filter(Future::succeeded)
            .map(call -> call.result().payment().id())
            .distinct()
            .count());
    assertEquals(
        1,
        paid.billing.number(
            "SELECT COUNT(*) FROM payments WHERE order_id = ? AND purpose = 'renewal'", mine.id()));
  }

  @Test
  void aRenewalUnderWayKeepsThePeriodsEndWaiting() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    age(mine.id(), Duration.ofDays(20));
    SubscriptionRenewal renewal = renew(reader, mine.id());
    // the end comes while the payer is at it; the payment's period moves along
    age(mine.id(), Duration.ofDays(20));
    paid.billing.update(
        """
        UPDATE payments p JOIN subscriptions s ON s.public_id = p.order_id
        SET p.period_start = s.current_period_end WHERE p.public_id = ?
        """,
        renewal.payment().id());

    tick();
    assertEquals("active", paid.status(mine.id()));
    paid.pay(renewal.payment());
    Subscription renewed = get(reader, mine.id());
    assertEquals(SubscriptionStatus.ACTIVE, renewed.status());
    assertTrue(renewed.currentPeriodStart().isBefore(paid.now()));
    assertTrue(renewed.currentPeriodEnd().isAfter(paid.now()));
  }

  @Test
  void anUpgradeCostsTheWorkedExampleAndActsWhenItIsPaid() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "29.90");
    Plan large = paid.monthly(creator, "99.00");
    Subscription mine = paid.subscribe(reader, small);
    thirtyDays(mine.id(), 10);

    SubscriptionPlanChangeResult change =
        change(reader, mine.id(), large, PlanChangeTiming.IMMEDIATE);

    assertEquals(new BigDecimal("46.07"), change.payment().amount());
    assertEquals(small.id(), change.subscription().planId());
    assertEquals(large.id(), change.subscription().pendingChange().planId());
    assertEquals(change.payment().id(), change.subscription().pendingChange().paymentId());
    assertEquals(
        "PLAN_CHANGE_NOT_ALLOWED change_open",
        failureOf(() -> change(reader, mine.id(), large, PlanChangeTiming.IMMEDIATE))
            .named("reason"));
    Instant end = get(reader, mine.id()).currentPeriodEnd();
    paid.pay(change.payment());

    Subscription changed = get(reader, mine.id());
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
        change(reader, mine.id(), yearly, PlanChangeTiming.IMMEDIATE);

    paid.billing.await(
        paid.payments.close(
            reader, new com.sharestack.contract.PaymentsCloseRequest(change.payment().id())));

    assertNull(get(reader, mine.id()).pendingChange());
    assertEquals(small.id(), get(reader, mine.id()).planId());
  }

  @Test
  void aChangeOfCycleCreditsUnusedTimeAndItsRefundRestoresThePlanAndItsDates() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "30.00");
    Plan yearly = paid.plan(creator, "年度", "599.00", BillingCycle.YEARLY, 0);
    Subscription mine = paid.subscribe(reader, small);
    thirtyDays(mine.id(), 10);
    Instant end = get(reader, mine.id()).currentPeriodEnd();

    SubscriptionPlanChangeResult change =
        change(reader, mine.id(), yearly, PlanChangeTiming.IMMEDIATE);
    assertEquals(new BigDecimal("579.00"), change.payment().amount());
    paid.pay(change.payment());
    assertEquals(yearly.id(), get(reader, mine.id()).planId());
    assertNotEquals(end, get(reader, mine.id()).currentPeriodEnd());

    refundAll(change.payment().id());

    Subscription back = get(reader, mine.id());
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
    SubscriptionPlanChangeResult change = change(reader, id, large, PlanChangeTiming.IMMEDIATE);
    paid.pay(change.payment());

    refundAll(made.payment().id());
    paid.runRefunds();

    assertEquals("expired refunded", paid.status(id));
    assertEquals(PaymentStatus.REFUNDED, paid.row(made.payment().id()).status());
    assertEquals(PaymentStatus.REFUNDED, paid.row(change.payment().id()).status());
    assertEquals(new BigDecimal("0.00"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, paid.subscribers(large));
  }

  /** As staff or a rule would approve it. */
  private static void refundAll(String paymentId) {
    paid.billing.node.await(
        () ->
            paid.billing
                .node
                .db()
                .tx(
                    tx -> {
                      var parts = paid.worker.payments().parts();
                      var seen = parts.payments().find(tx, paymentId).orElseThrow();
                      parts.kinds().find("sub_").orElseThrow().lockBefore(tx, seen);
                      var payment = parts.payments().lock(tx, seen.id()).orElseThrow();
                      var approved =
                          paid.worker
                              .payments()
                              .desk()
                              .openApproved(
                                  tx,
                                  payment,
                                  payment.amountFen(),
                                  com.sharestack.billing.payments.RefundDesk.Cause.system("test"),
                                  new IdempotencyKey(null, null),
                                  paid.now());
                      parts.ledger().post(tx, approved.journals());
                      return null;
                    }));
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
        failureOf(() -> change(reader, mine.id(), small, PlanChangeTiming.IMMEDIATE))
            .named("reason"));

    Subscription scheduled =
        change(reader, mine.id(), small, PlanChangeTiming.NEXT_CYCLE).subscription();
    assertEquals(small.id(), scheduled.pendingChange().planId());
    assertNull(
        change(reader, mine.id(), large, PlanChangeTiming.NEXT_CYCLE)
            .subscription()
            .pendingChange(),
        "the running plan's id drops it");
    change(reader, mine.id(), small, PlanChangeTiming.NEXT_CYCLE);
    age(mine.id(), Duration.ofDays(20));
    SubscriptionRenewal renewal = renew(reader, mine.id());
    assertEquals(new BigDecimal("29.90"), renewal.payment().amount());
    paid.pay(renewal.payment());
    assertEquals(large.id(), get(reader, mine.id()).planId(), "until the period ends");
    assertEquals(
        "PLAN_CHANGE_NOT_ALLOWED renewal_prepaid",
        failureOf(() -> change(reader, mine.id(), large, PlanChangeTiming.NEXT_CYCLE))
            .named("reason"));

    age(mine.id(), Duration.ofDays(20));
    tick();
    assertEquals(small.id(), get(reader, mine.id()).planId());
    assertEquals(new BigDecimal("29.90"), get(reader, mine.id()).price());
    assertEquals(1, paid.subscribers(small));
  }

  @Test
  void timeEndsTrialsPeriodsGraceAndUnpaidOrders() {
    Caller creator = paid.billing.creator();
    Plan trial = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    Caller first = paid.billing.reader();
    Subscription mine = paid.subscribe(first, trial);
    age(mine.id(), Duration.ofDays(8));
    tick();
    assertEquals("active", paid.status(mine.id()));
    age(mine.id(), Duration.ofDays(30));
    tick();
    assertEquals("expired natural", paid.status(mine.id()));
    assertEquals(1, paid.events("subscription.expired", mine.id()));

    Subscription renewing = paid.subscribe(paid.billing.reader(), trial);
    paid.billing.update(
        "UPDATE subscriptions SET auto_renew = 1 WHERE public_id = ?", renewing.id());
    age(renewing.id(), Duration.ofDays(8));
    tick();
    age(renewing.id(), Duration.ofDays(24));
    tick();
    assertEquals("past_due", paid.status(renewing.id()));
    paid.billing.update(
        """
        UPDATE subscriptions SET grace_until = ?, next_transition_at = ? WHERE public_id = ?
        """,
        paid.now().minusSeconds(1),
        paid.now().minusSeconds(1),
        renewing.id());
    tick();
    assertEquals("cancelled payment_failed", paid.status(renewing.id()));
    tick();
    assertEquals("expired payment_failed", paid.status(renewing.id()));
    assertEquals(0, paid.subscribers(trial));

    SubscriptionCreated order = paid.order(paid.billing.reader(), trial, "wechat");
    paid.billing.update(
        "UPDATE subscriptions SET next_transition_at = ? WHERE public_id = ?",
        paid.now().minusSeconds(1),
        order.subscription().id());
    tick();
    assertEquals("expired unpaid", paid.status(order.subscription().id()));
    assertEquals(PaymentStatus.CANCELLED, paid.row(order.payment().id()).status());
  }

  @Test
  void graceIsPaidFromTheOldEndOn() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    paid.billing.update("UPDATE subscriptions SET auto_renew = 1 WHERE public_id = ?", mine.id());
    age(mine.id(), Duration.ofDays(32));
    tick();
    Instant oldEnd = get(reader, mine.id()).currentPeriodEnd();
    assertEquals("past_due", paid.status(mine.id()));

    paid.pay(renew(reader, mine.id()).payment());

    assertEquals(SubscriptionStatus.ACTIVE, get(reader, mine.id()).status());
    assertEquals(oldEnd, get(reader, mine.id()).currentPeriodStart());
  }

  @Test
  void aCouponOfThePlatformThatTakesEverythingGrantsAndBooksTheCreatorsShare() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    coupon("ALLFREE" + plan.id(), "platform", null, "percentage", 100);

    SubscriptionCreated made = paid.order(reader, plan, null, "allfree" + plan.id());

    assertEquals(SubscriptionStatus.ACTIVE, made.subscription().status());
    assertNull(made.payment());
    assertEquals(new BigDecimal("26.91"), paid.balance("creator_pending", creator.userId()));
    assertEquals(
        1,
        paid.billing.number(
            "SELECT COUNT(*) FROM coupon_uses WHERE order_id = ? AND status = 'used'",
            made.subscription().id()));
  }

  @Test
  void aCouponsPlaceIsHeldByTheOrderUsedWhenPaidAndFreedWhenGivenUp() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "30.00");
    String code = "HALF" + plan.id();
    coupon(code, "creator", creator.userId(), "percentage", 50);

    SubscriptionCreated first = paid.order(reader, plan, "wechat", code);
    assertEquals(new BigDecimal("15.00"), first.payment().amount());
    assertEquals("reserved", use(first));
    cancel(reader, first.subscription().id());
    assertEquals("released", use(first));
    SubscriptionCreated second = paid.order(reader, plan, "wechat", code);
    paid.pay(second.payment());
    assertEquals("used", use(second));
    assertEquals(
        "COUPON_EXHAUSTED per_user",
        failureOf(
                () -> {
                  cancel(reader, second.subscription().id());
                  paid.billing.update(
                      "UPDATE subscriptions SET access_until = ? WHERE public_id = ?",
                      paid.now().minusSeconds(1),
                      second.subscription().id());
                  paid.order(reader, plan, "wechat", code);
                })
            .named("reason"));
  }

  @Test
  void aTrialCouponWidensTheTrialOfAFirstSubscriptionOnly() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    String code = "LONGER" + plan.id();
    coupon(code, "creator", creator.userId(), "trial_days", 10);

    SubscriptionCreated made = paid.order(reader, plan, "wechat", code);
    assertEquals(
        Duration.ofDays(17),
        Duration.between(
            made.subscription().currentPeriodStart(), made.subscription().trialEndsAt()));
    assertEquals(new BigDecimal("29.90"), made.payment().amount());
  }

  private static String use(SubscriptionCreated made) {
    return paid.billing
        .rows(
            "SELECT status FROM coupon_uses WHERE order_id = ? ORDER BY use_id DESC LIMIT 1",
            made.subscription().id())
        .get(0)
        .getString(0);
  }

  private static void coupon(String code, String scope, Long creatorId, String type, long value) {
    paid.billing.update(
        """
        INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value, plan_ids,
          starts_at, expires_at, status, created_by, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, '[]', ?, ?, 'active', 1, ?, ?)
        """,
        scope,
        creatorId,
        code,
        type,
        value,
        paid.now().minus(Duration.ofDays(1)),
        paid.now().plus(Duration.ofDays(30)),
        paid.now(),
        paid.now());
    paid.billing.update(
        """
        INSERT INTO coupon_codes (code, coupon_id, created_at)
        SELECT ?, coupon_id, ? FROM coupons ORDER BY coupon_id DESC LIMIT 1
        """,
        code,
        paid.now());
  }

  @Test
  void aLifetimeEndsOnlyWhenItsHolderConfirms() {
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(paid.billing.creator(), "终身", "699.00", BillingCycle.LIFETIME, 0);
    Subscription mine = paid.subscribe(reader, plan);
    assertNull(mine.currentPeriodEnd());
    assertEquals(
        "VALIDATION_ERROR confirm", failureOf(() -> cancel(reader, mine.id())).named("field"));
    paid.billing.await(paid.billing.subscriptions.cancel(reader, cancelling(mine.id(), true)));
    tick();
    assertEquals("expired natural", paid.status(mine.id()));
  }

  @Test
  void aKeyOfARenewalAnswersItsPayment() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    age(mine.id(), Duration.ofDays(20));
    Caller keyed = withKey(reader, "renewal-key-1", "d".repeat(64));
    SubscriptionRenewal first = renew(keyed, mine.id());
    paid.pay(first.payment());
    SubscriptionRenewal again = renew(keyed, mine.id());
    assertEquals(first.payment().id(), again.payment().id());
    assertEquals(PaymentStatus.COMPLETED, again.payment().status());
  }
}
