package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.payments.RefundReviews;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundReview;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A full refund of a subscription that its channel refuses for good. */
class RefundTakenBackTest {

  private static PaidNode paid;

  private Caller creator;
  private Caller reader;
  private Plan plan;

  @BeforeAll
  static void start() {
    paid = new PaidNode("refund_taken_back");
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @BeforeEach
  void people() {
    creator = paid.billing.creator();
    reader = paid.billing.reader();
    plan = paid.monthly(creator, "29.90");
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  private SubscriptionCreated subscribed(Plan to) {
    SubscriptionCreated made = paid.order(reader, to, "wechat");
    paid.pay(made.payment());
    return made;
  }

  private String refund(String paymentId) {
    return paid.billing
        .await(
            paid.refunds.create(
                reader, new RefundsCreateRequest(paymentId, new RefundCreate(null, "不想要了", true))))
        .refund()
        .id();
  }

  /** The channel takes it and closes it without money moving; staff gives it up. */
  private static void refuseForGood(String refundId) {
    round();
    var row =
        paid.billing
            .rows(
                "SELECT p.out_trade_no, r.out_refund_no FROM refunds r JOIN payments p USING"
                    + " (payment_id) WHERE r.public_id = ?",
                refundId)
            .get(0);
    paid.rails.control(
        "/payments/" + row.getString(0) + "/refunds/" + row.getString(1),
        new JsonObject().put("state", "CLOSED").put("notify", new JsonObject().put("times", 0)));
    paid.advance(Duration.ofMinutes(11));
    round();
    assertEquals("failed", refundStatus(refundId));
    Caller staff = paid.billing.admin();
    paid.billing.node.await(
        () -> {
          new RefundReviews(paid.worker.payments())
              .decide(staff, refundId, new RefundReview("reject", null, "渠道已终止退款"));
          return null;
        });
    assertEquals("rejected", refundStatus(refundId));
  }

  private static void round() {
    paid.billing.node.await(() -> paid.worker.payments().refundRuns().run());
  }

  private static String refundStatus(String id) {
    return paid.billing
        .rows("SELECT status FROM refunds WHERE public_id = ?", id)
        .get(0)
        .getString(0);
  }

  private static long tickets(String refundId) {
    return paid.billing.number(
        "SELECT COUNT(*) FROM payment_tickets WHERE kind = 'access_not_restored' AND ref = ? AND"
            + " status = 'open'",
        refundId);
  }

  @Test
  void theSubscriptionRunsAgainUntilTheEndItHad() {
    SubscriptionCreated made = subscribed(plan);
    String id = made.subscription().id();
    var end = paid.get(reader, id).subscription().currentPeriodEnd();
    String refund = refund(made.payment().id());
    assertEquals("expired refunded", paid.status(id));

    refuseForGood(refund);

    assertEquals("active", paid.status(id));
    assertEquals(end, paid.get(reader, id).subscription().currentPeriodEnd());
    assertEquals(1, paid.subscribers(plan));
    assertEquals(new BigDecimal("26.91"), paid.balance("creator_pending", creator.userId()));
    assertEquals(0, tickets(refund));
    // the money is there to be asked for again
    refund(made.payment().id());
    assertEquals("expired refunded", paid.status(id));
    assertEquals(0, paid.subscribers(plan));
  }

  @Test
  void aTrialThatWasGivenUpRunsOnAsAPaidPeriod() {
    Plan trial = paid.plan(creator, "试用", "19.90", BillingCycle.MONTHLY, 7);
    SubscriptionCreated made = subscribed(trial);
    String refund =
        paid.billing
            .await(
                paid.billing.subscriptions.cancel(
                    reader,
                    new SubscriptionsCancelRequest(
                        made.subscription().id(),
                        new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, false))))
            .refund()
            .id();
    refuseForGood(refund);
    assertEquals("active", paid.status(made.subscription().id()));
    assertEquals(0, tickets(refund));
  }

  @Test
  void whoHasSubscribedAnewKeepsThatAndStaffSeesATicket() {
    SubscriptionCreated made = subscribed(plan);
    String refund = refund(made.payment().id());
    SubscriptionCreated second = subscribed(plan);

    refuseForGood(refund);

    assertEquals("expired refunded", paid.status(made.subscription().id()));
    assertEquals("active", paid.status(second.subscription().id()));
    assertEquals(1, paid.subscribers(plan));
    assertEquals(1, tickets(refund));
    assertEquals(new BigDecimal("53.82"), paid.balance("creator_pending", creator.userId()));
  }

  @Test
  void aPeriodThatWasUpgradedIsAMatterForStaff() {
    SubscriptionCreated made = subscribed(plan);
    Plan large = paid.monthly(creator, "99.00");
    paid.pay(
        paid.billing
            .await(
                paid.billing.subscriptions.changePlan(
                    reader,
                    new SubscriptionsChangePlanRequest(
                        made.subscription().id(),
                        new SubscriptionPlanChange(
                            large.id(), PlanChangeTiming.IMMEDIATE, true, "wechat"))))
            .payment());
    String refund = refund(made.payment().id());
    refuseForGood(refund);
    assertEquals("expired refunded", paid.status(made.subscription().id()));
    assertEquals(1, tickets(refund));
  }

  @Test
  void whatIsOverByThenIsAMatterForStaff() {
    SubscriptionCreated made = subscribed(plan);
    String refund = refund(made.payment().id());
    paid.billing.update(
        """
        UPDATE subscription_periods d JOIN subscriptions s USING (subscription_id)
        SET d.period_end = ?, s.current_period_end = ? WHERE s.public_id = ?
        """,
        paid.now().plusSeconds(60),
        paid.now().plusSeconds(60),
        made.subscription().id());
    refuseForGood(refund);
    assertEquals("expired refunded", paid.status(made.subscription().id()));
    assertEquals(1, tickets(refund));
  }
}
