package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionStatus;
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

/** Periods paid ahead, in time and in grace. */
class RenewingTest {

  private static PaidNode paid;
  private static SubscriptionActs acts;

  @BeforeAll
  static void start() {
    paid = new PaidNode("renewing");
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
  void theNextPeriodIsPaidAheadAndBeginsWhenItsTimeComes() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    Subscription mine = paid.subscribe(reader, plan);
    acts.age(mine.id(), Duration.ofDays(20));

    SubscriptionRenewal first = acts.renew(reader, mine.id());
    SubscriptionRenewal same = acts.renew(reader, mine.id());
    assertEquals(first.payment().id(), same.payment().id());
    assertEquals(true, same.replayed());
    paid.pay(first.payment());

    Instant end = acts.get(reader, mine.id()).currentPeriodEnd();
    assertEquals(
        "CONFLICT already_renewed", failureOf(() -> acts.renew(reader, mine.id())).named("reason"));
    acts.age(mine.id(), Duration.ofDays(20));
    acts.tick();
    Subscription rolled = acts.get(reader, mine.id());
    assertEquals(SubscriptionStatus.ACTIVE, rolled.status());
    assertEquals(end.minus(Duration.ofDays(20)), rolled.currentPeriodStart());
    assertTrue(rolled.currentPeriodEnd().isAfter(paid.now()));
    assertEquals(new BigDecimal("53.82"), paid.balance("creator_pending", creator.userId()));
  }

  @Test
  void twoRenewalsAtOnceOpenOnePayment() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    acts.age(mine.id(), Duration.ofDays(20));

    List<Future<SubscriptionRenewal>> calls =
        IntStream.range(0, 8).mapToObj(i -> acts.renewing(reader, mine.id(), "wechat")).toList();
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
    acts.age(mine.id(), Duration.ofDays(20));
    SubscriptionRenewal renewal = acts.renew(reader, mine.id());
    // the end comes while the payer is at it; the payment's period moves along
    acts.age(mine.id(), Duration.ofDays(20));
    paid.billing.update(
        """
        UPDATE payments p JOIN subscriptions s ON s.public_id = p.order_id
        SET p.period_start = s.current_period_end WHERE p.public_id = ?
        """,
        renewal.payment().id());

    acts.tick();
    assertEquals("active", paid.status(mine.id()));
    paid.pay(renewal.payment());
    Subscription renewed = acts.get(reader, mine.id());
    assertEquals(SubscriptionStatus.ACTIVE, renewed.status());
    assertTrue(renewed.currentPeriodStart().isBefore(paid.now()));
    assertTrue(renewed.currentPeriodEnd().isAfter(paid.now()));
  }

  @Test
  void graceIsPaidFromTheOldEndOn() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    paid.billing.update("UPDATE subscriptions SET auto_renew = 1 WHERE public_id = ?", mine.id());
    acts.age(mine.id(), Duration.ofDays(32));
    acts.tick();
    Instant oldEnd = acts.get(reader, mine.id()).currentPeriodEnd();
    assertEquals("past_due", paid.status(mine.id()));

    paid.pay(acts.renew(reader, mine.id()).payment());

    assertEquals(SubscriptionStatus.ACTIVE, acts.get(reader, mine.id()).status());
    assertEquals(oldEnd, acts.get(reader, mine.id()).currentPeriodStart());
  }

  @Test
  void aKeyOfARenewalAnswersItsPayment() {
    Caller reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    acts.age(mine.id(), Duration.ofDays(20));
    Caller keyed = withKey(reader, "renewal-key-1", "d".repeat(64));
    SubscriptionRenewal first = acts.renew(keyed, mine.id());
    paid.pay(first.payment());
    SubscriptionRenewal again = acts.renew(keyed, mine.id());
    assertEquals(first.payment().id(), again.payment().id());
    assertEquals(PaymentStatus.COMPLETED, again.payment().status());
  }
}
