package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsCreateRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** subscriptions.create for priced plans, up to the first period, on the database and the rails. */
class PaidSubscriptionTest {

  private static PaidNode paid;

  @BeforeAll
  static void start() {
    paid = new PaidNode("paid_subscriptions");
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
  void aPricedPlanIsOrderedPaidAndActiveWithTheMoneyOfTheWorkedExample() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");

    SubscriptionCreated made = paid.order(reader, plan, "wechat");

    assertEquals(SubscriptionStatus.PENDING_PAYMENT, made.subscription().status());
    assertNull(made.replayed());
    assertEquals(new BigDecimal("29.90"), made.payment().amount());
    assertEquals(PaymentStatus.PENDING, made.payment().status());
    assertNotNull(made.subscription().currentPeriodEnd(), "a preview");
    assertEquals(0, paid.subscribers(plan));
    assertEquals(
        900, Duration.between(made.payment().createdAt(), made.payment().expiresAt()).toSeconds());

    paid.pay(made.payment());

    Subscription mine = paid.get(reader, made.subscription().id()).subscription();
    assertEquals(SubscriptionStatus.ACTIVE, mine.status());
    assertEquals(PaymentStatus.COMPLETED, paid.get(reader, mine.id()).lastPayment().status());
    assertNotNull(paid.get(reader, mine.id()).lastPayment().transactionId());
    assertNull(paid.get(creator, mine.id()).lastPayment().transactionId());
    assertEquals(1, paid.subscribers(plan));
    assertEquals(1, paid.events("subscription.activated", mine.id()));
    assertEquals(new BigDecimal("26.91"), paid.balance("creator_pending", creator.userId()));
    assertEquals(
        1,
        paid.billing.number(
            """
            SELECT COUNT(*) FROM subscription_periods p JOIN subscriptions s USING (subscription_id)
            WHERE s.public_id = ? AND p.paid_fen = 2990 AND p.payment_id = ?
              AND p.period_start = s.current_period_start AND p.period_end = s.current_period_end
            """,
            mine.id(),
            made.payment().id()));
  }

  @Test
  void theTrialLiesInsideTheFirstPeriodAndThereIsOneForLife() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "试用会员", "19.90", BillingCycle.MONTHLY, 7);

    Subscription first = paid.subscribe(reader, plan);

    assertEquals(SubscriptionStatus.TRIALING, first.status());
    assertEquals(
        Duration.ofDays(7), Duration.between(first.currentPeriodStart(), first.trialEndsAt()));
    paid.billing.update(
        """
        UPDATE subscriptions SET status = 'expired', ended_reason = 'natural', ended_at = NOW(3)
        WHERE public_id = ?
        """,
        first.id());
    SubscriptionCreated again = paid.order(reader, plan, "wechat");
    assertNull(again.subscription().trialEndsAt());
    paid.pay(again.payment());
    assertEquals("active", paid.status(again.subscription().id()));
  }

  @Test
  void anUnpaidOrderThatNeverHadATrialDoesNotCountAsOne() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan trial = paid.plan(creator, "试用会员", "19.90", BillingCycle.MONTHLY, 7);
    Plan plain = paid.monthly(creator, "9.90");
    SubscriptionCreated first = paid.order(reader, trial, "wechat");
    assertNotNull(first.subscription().trialEndsAt());

    SubscriptionCreated other = paid.order(reader, plain, "wechat");
    assertEquals(first.subscription().id(), other.subscription().id(), "the row is reused");
    assertNull(other.subscription().trialEndsAt());
    SubscriptionCreated back = paid.order(reader, trial, "wechat");
    assertNotNull(back.subscription().trialEndsAt());
  }

  @Test
  void aSwitchedOffTrialIsNone() {
    Caller creator = paid.billing.creator();
    Plan plan = paid.plan(creator, "试用会员", "19.90", BillingCycle.MONTHLY, 7);
    paid.billing.update(
        """
        INSERT INTO subscription_settings (creator_id, trial_enabled, updated_at) VALUES (?, 0, NOW(3))
        """,
        creator.userId());
    assertEquals(SubscriptionStatus.ACTIVE, paid.subscribe(paid.billing.reader(), plan).status());
  }

  @Test
  void theSameUnpaidOrderIsAnsweredAgainAndADifferentOneReplacesItsPayment() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");

    SubscriptionCreated first = paid.order(reader, plan, "wechat");
    SubscriptionCreated same = paid.order(reader, plan, "wechat");
    SubscriptionCreated other = paid.order(reader, plan, "alipay");

    assertEquals(first.payment().id(), same.payment().id());
    assertEquals(true, same.replayed());
    assertEquals(first.subscription().id(), other.subscription().id());
    assertNull(other.replayed());
    assertEquals(PaymentStatus.CANCELLED, paid.row(first.payment().id()).status());
    paid.pay(other.payment());
    assertEquals("active", paid.status(first.subscription().id()));
    assertEquals(1, paid.events("subscription.activated", first.subscription().id()));
  }

  @Test
  void whatWasPaidWhileTheOrderIsReplacedRunsAndTheSecondOrderIsRefused() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreated first = paid.order(reader, plan, "wechat");
    paid.rails.pay(paid.tradeNo(first.payment().id()));

    Failures refused = failureOf(() -> paid.order(reader, plan, "alipay"));

    assertEquals("SUBSCRIPTION_ALREADY_EXISTS active", refused.named("status"));
    assertEquals("active", paid.status(first.subscription().id()));
  }

  @Test
  void twentyEqualOrdersAtOnceMakeOneRowAndOnePayment() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreate order = new SubscriptionCreate(plan.id(), "wechat", null, false, null);

    List<Future<SubscriptionCreated>> calls =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    paid.billing.subscriptions.create(
                        reader, new SubscriptionsCreateRequest(order)))
            .toList();
    paid.billing.await(Future.join(calls).otherwiseEmpty());

    List<String> payments =
        calls.stream()
            .filter(Future::succeeded)
            .map(call -> call.result().payment().id())
            .distinct()
            .toList();
    assertEquals(1, payments.size());
    assertTrue(calls.stream().filter(Future::succeeded).count() >= 15);
    assertEquals(
        1, paid.billing.number("SELECT COUNT(*) FROM payments WHERE user_id = ?", reader.userId()));
  }

  @Test
  void aKeyGoesOnWhereTheChannelDidNotAnswer() {
    Caller creator = paid.billing.creator();
    Caller reader = withKey(paid.billing.reader(), "key-of-order", "a".repeat(64));
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreated first = paid.order(reader, plan, "wechat");
    // as if the process had died between commit and call
    paid.billing.update(
        "UPDATE payments SET placed = NULL WHERE public_id = ?", first.payment().id());

    SubscriptionCreated again = paid.order(reader, plan, "wechat");

    assertEquals(true, again.replayed());
    assertEquals(first.payment().id(), again.payment().id());
    assertNotNull(paid.row(first.payment().id()).placed());
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        failureOf(() -> paid.order(withKey(reader, "key-of-order", "b".repeat(64)), plan, "alipay"))
            .code());
  }

  @Test
  void anOrderOlderThanADayIsReplacedByANewOne() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreated first = paid.order(reader, plan, "wechat");
    paid.billing.update(
        """
        UPDATE subscriptions SET next_transition_at = created_at - INTERVAL 1 SECOND
        WHERE public_id = ?
        """,
        first.subscription().id());

    SubscriptionCreated second = paid.order(reader, plan, "wechat");

    assertEquals("expired unpaid", paid.status(first.subscription().id()));
    assertEquals("pending_payment", paid.status(second.subscription().id()));
    paid.rails.pay(paid.tradeNo(second.payment().id()));
    paid.hear(second.payment().id());
    assertEquals("active", paid.status(second.subscription().id()));
  }

  @Test
  void whileTheChannelIsAwayTheRowsAreKeptAndMayBeGivenUp() {
    try (PaidNode away =
        new PaidNode("paid_away", "SHARESTACK_RAILS_WECHAT_BASE_URL", "http://127.0.0.1:1")) {
      Caller reader = withKey(away.billing.reader(), "key-of-order", "e".repeat(64));
      Plan plan = away.monthly(away.billing.creator(), "29.90");

      for (int attempt = 0; attempt < 2; attempt++) {
        assertEquals(
            "PAYMENT_NETWORK_ERROR", failureOf(() -> away.order(reader, plan, "wechat")).code());
      }
      assertEquals(
          1, away.billing.number("SELECT COUNT(*) FROM payments WHERE status = 'pending'"));
      String id = away.billing.rows("SELECT public_id FROM subscriptions").get(0).getString(0);
      assertEquals("pending_payment", away.status(id));
      away.billing.await(
          away.billing.subscriptions.cancel(
              reader,
              new SubscriptionsCancelRequest(
                  id, new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, false))));
      assertEquals("expired unpaid", away.status(id));
    }
  }
}
