package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.GrantsQuery;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Refund;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundStatus;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionOpened;
import com.sharestack.contract.SubscriptionOpening;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsOpenedRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was opened decides whether a subscriber's refund needs staff (refund_rules.automatic). */
class SubscriptionOpeningsTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private static PaidNode paid;

  @BeforeAll
  static void start() {
    paid = new PaidNode("subscription_openings");
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  private static Future<SubscriptionOpened> opening(Caller reader, Caller creator, long article) {
    return paid.billing.subscriptions.opened(
        reader,
        new SubscriptionsOpenedRequest(
            new SubscriptionOpening(reader.userId(), creator.userId(), article)));
  }

  private static boolean open(Caller reader, Caller creator, long article) {
    return paid.billing.await(opening(reader, creator, article)).open();
  }

  private static Future<Refund> refunding(Caller reader, String paymentId) {
    return paid.refunds
        .create(reader, new RefundsCreateRequest(paymentId, new RefundCreate(null, "不想要了", true)))
        .map(created -> created.refund());
  }

  private static Refund refund(Caller reader, String paymentId) {
    return paid.billing.await(refunding(reader, paymentId));
  }

  private static SubscriptionCreated subscribed(Caller reader, Plan plan) {
    SubscriptionCreated made = paid.order(reader, plan, "wechat");
    paid.pay(made.payment());
    return made;
  }

  private static SubscriptionGrant grant(Caller reader, Caller creator) {
    return paid.billing
        .await(
            paid.billing.subscriptions.grants(
                reader,
                new SubscriptionsGrantsRequest(
                    new GrantsQuery(reader.userId(), List.of(creator.userId())))))
        .items()
        .get(0);
  }

  @Test
  void whoOpenedAtMostThreeItemsInTheFirstWeekGetsEverythingBackAtOnce() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreated made = subscribed(reader, plan);
    for (long article : new long[] {1, 2, 3, 3, 1}) {
      assertTrue(open(reader, creator, article));
    }

    Refund refund = refund(reader, made.payment().id());

    assertEquals("first_period", refund.policy());
    assertEquals(RefundStatus.PROCESSING, refund.status());
    assertEquals(new BigDecimal("29.90"), refund.refundAmount());
    assertEquals("expired refunded", paid.status(made.subscription().id()));
    assertEquals(new BigDecimal("0.00"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, paid.subscribers(plan));
    assertFalse(open(reader, creator, 4), "the subscription is over");
  }

  @Test
  void theFourthItemSendsTheRequestToStaffAndAccessStays() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    SubscriptionCreated made = subscribed(reader, paid.monthly(creator, "29.90"));
    for (long article = 1; article <= 4; article++) {
      open(reader, creator, article);
    }

    Refund refund = refund(reader, made.payment().id());

    assertEquals("review", refund.policy());
    assertEquals(RefundStatus.PENDING, refund.status());
    assertEquals("active", paid.status(made.subscription().id()));
    assertTrue(open(reader, creator, 5));
  }

  @Test
  void afterTheFirstWeekNothingIsCountedAndStaffDecides() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    SubscriptionCreated made = subscribed(reader, paid.monthly(creator, "29.90"));
    Subscription mine = paid.get(reader, made.subscription().id()).subscription();
    assertEquals(
        mine.currentPeriodStart().plus(WEEK), grant(reader, creator).countsOpeningsUntil());

    paid.advance(WEEK.plusSeconds(1));

    assertNull(grant(reader, creator).countsOpeningsUntil());
    assertEquals("review", refund(reader, made.payment().id()).policy());
  }

  @Test
  void whatCostsNothingCountsNothing() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    paid.billing.subscribe(reader, paid.billing.freePlan(creator));
    assertNull(grant(reader, creator).countsOpeningsUntil());
  }

  @Test
  void aLifetimeIsRefundedByTheSameRule() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "终身", "299.00", BillingCycle.LIFETIME, 0);
    SubscriptionCreated made = subscribed(reader, plan);
    open(reader, creator, 1);
    assertEquals("first_period", refund(reader, made.payment().id()).policy());
    assertEquals("expired refunded", paid.status(made.subscription().id()));
  }

  @Test
  void aRenewalByHandWaitsForStaffHoweverLittleWasOpened() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    SubscriptionCreated made = subscribed(reader, paid.monthly(creator, "29.90"));
    paid.advance(Duration.ofDays(3)); // a renewal is refused earlier than 30 days before the end
    String renewal =
        paid.billing
            .await(
                paid.billing.subscriptions.renew(
                    reader,
                    new SubscriptionsRenewRequest(
                        made.subscription().id(), new SubscriptionRenew("wechat", null, null))))
            .payment()
            .id();
    paid.rails.pay(paid.tradeNo(renewal));
    paid.hear(renewal);
    assertEquals("review", refund(reader, renewal).policy());
  }

  @Test
  void whatWasOpenedBeforeThePaymentDoesNotCount() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    SubscriptionCreated first = subscribed(reader, plan);
    for (long article = 1; article <= 9; article++) {
      open(reader, creator, article);
    }
    paid.billing.await(
        paid.billing.subscriptions.cancel(
            reader,
            new SubscriptionsCancelRequest(
                first.subscription().id(),
                new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, false))));
    paid.billing.update(
        "UPDATE subscriptions SET access_until = ? WHERE public_id = ?",
        paid.now().minusSeconds(1),
        first.subscription().id());
    assertFalse(open(reader, creator, 10), "cancelled, and its access is over");

    SubscriptionCreated second = subscribed(reader, plan);
    assertNotNull(grant(reader, creator).countsOpeningsUntil());
    assertEquals("first_period", refund(reader, second.payment().id()).policy());
  }

  @Test
  void theFourthItemAndTheRefundAtOnceNeverGiveBothTheTextAndTheMoney() {
    Caller creator = paid.billing.creator();
    Plan plan = paid.monthly(creator, "29.90");
    for (int round = 0; round < 6; round++) {
      Caller reader = paid.billing.reader();
      SubscriptionCreated made = subscribed(reader, plan);
      for (long article = 1; article <= 3; article++) {
        open(reader, creator, article);
      }

      Future<SubscriptionOpened> fourth = opening(reader, creator, 4);
      Refund refund = refund(reader, made.payment().id());
      boolean opened = paid.billing.await(fourth).open();

      assertEquals(opened ? "review" : "first_period", refund.policy());
    }
  }
}
