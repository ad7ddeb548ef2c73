package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.Plan;
import com.sharestack.contract.RefundStatus;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancelResult;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionResume;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.SubscriptionsResumeRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ends that subscribers and time ask for, and what comes back with them. */
class CancellingTest {

  private static PaidNode paid;
  private static SubscriptionActs acts;

  @BeforeAll
  static void start() {
    paid = new PaidNode("cancelling");
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
  void cancellingInTheTrialEndsItNowAndRefundsEverything() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    Subscription mine = paid.subscribe(reader, plan);

    SubscriptionCancelResult done = acts.cancel(reader, mine.id());

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
    assertEquals("SUBSCRIPTION_CANCELLED", failureOf(() -> acts.cancel(reader, mine.id())).code());
  }

  @Test
  void aCancelledSubscriptionRunsOnCanBeResumedAndElseEnds() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    Subscription mine = paid.subscribe(reader, plan);

    Subscription stopped = acts.cancel(reader, mine.id()).subscription();
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

    acts.cancel(reader, mine.id());
    acts.age(mine.id(), Duration.ofDays(40));
    paid.billing.update(
        "UPDATE subscriptions SET access_until = current_period_end WHERE public_id = ?",
        mine.id());
    acts.tick();
    assertEquals("expired natural", paid.status(mine.id()));
    assertEquals(0, paid.subscribers(plan));
  }

  @Test
  void othersCannotTouchASubscription() {
    Caller creator = paid.billing.creator();
    Subscription mine = paid.subscribe(paid.billing.reader(), paid.monthly(creator, "29.90"));
    for (Caller other : List.of(creator, paid.billing.reader())) {
      assertEquals("SUBSCRIPTION_NOT_FOUND", failureOf(() -> acts.cancel(other, mine.id())).code());
      assertEquals("SUBSCRIPTION_NOT_FOUND", failureOf(() -> acts.renew(other, mine.id())).code());
    }
  }

  @Test
  void anUnpaidOrderIsGivenUpAndItsPaymentClosed() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    SubscriptionCreated made = paid.order(reader, paid.monthly(creator, "29.90"), "wechat");

    acts.cancel(reader, made.subscription().id());

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
          paid.billing.subscriptions.cancel(
              reader, acts.cancelling(made.subscription().id(), false));
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
  void aLifetimeEndsOnlyWhenItsHolderConfirms() {
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(paid.billing.creator(), "终身", "699.00", BillingCycle.LIFETIME, 0);
    Subscription mine = paid.subscribe(reader, plan);
    assertNull(mine.currentPeriodEnd());
    assertEquals(
        "VALIDATION_ERROR confirm", failureOf(() -> acts.cancel(reader, mine.id())).named("field"));
    paid.billing.await(paid.billing.subscriptions.cancel(reader, acts.cancelling(mine.id(), true)));
    acts.tick();
    assertEquals("expired natural", paid.status(mine.id()));
  }

  @Test
  void timeEndsTrialsPeriodsGraceAndUnpaidOrders() {
    Caller creator = paid.billing.creator();
    Plan trial = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    Caller first = paid.billing.reader();
    Subscription mine = paid.subscribe(first, trial);
    acts.age(mine.id(), Duration.ofDays(8));
    acts.tick();
    assertEquals("active", paid.status(mine.id()));
    acts.age(mine.id(), Duration.ofDays(30));
    acts.tick();
    assertEquals("expired natural", paid.status(mine.id()));
    assertEquals(1, paid.events("subscription.expired", mine.id()));

    Subscription renewing = paid.subscribe(paid.billing.reader(), trial);
    paid.billing.update(
        "UPDATE subscriptions SET auto_renew = 1 WHERE public_id = ?", renewing.id());
    acts.age(renewing.id(), Duration.ofDays(8));
    acts.tick();
    acts.age(renewing.id(), Duration.ofDays(24));
    acts.tick();
    assertEquals("past_due", paid.status(renewing.id()));
    paid.billing.update(
        """
        UPDATE subscriptions SET grace_until = ?, next_transition_at = ? WHERE public_id = ?
        """,
        paid.now().minusSeconds(1),
        paid.now().minusSeconds(1),
        renewing.id());
    acts.tick();
    assertEquals("cancelled payment_failed", paid.status(renewing.id()));
    acts.tick();
    assertEquals("expired payment_failed", paid.status(renewing.id()));
    assertEquals(0, paid.subscribers(trial));

    SubscriptionCreated order = paid.order(paid.billing.reader(), trial, "wechat");
    paid.billing.update(
        "UPDATE subscriptions SET next_transition_at = ? WHERE public_id = ?",
        paid.now().minusSeconds(1),
        order.subscription().id());
    acts.tick();
    assertEquals("expired unpaid", paid.status(order.subscription().id()));
    assertEquals(PaymentStatus.CANCELLED, paid.row(order.payment().id()).status());
  }
}
