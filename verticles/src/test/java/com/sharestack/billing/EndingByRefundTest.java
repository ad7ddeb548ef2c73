package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.withKey;
import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.AdminFinanceRefundsReviewRequest;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Payment;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundReview;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCancelResult;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A refund ends a subscription of which something else is asked for, or under way. */
class EndingByRefundTest {

  private static PaidNode paid;
  private static AdminFinanceService staff;

  @BeforeAll
  static void start() {
    paid = new PaidNode("ending_by_refund");
    staff = paid.billing.node.client(AdminFinanceService.class);
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  private static String ask(Caller reader, String paymentId, String amount) {
    readMuch(paymentId);
    BigDecimal part = amount == null ? null : new BigDecimal(amount);
    return paid.billing
        .await(
            paid.refunds.create(
                reader, new RefundsCreateRequest(paymentId, new RefundCreate(part, "不想要了", true))))
        .refund()
        .id();
  }

  /** So that no rule decides about the request and staff does. */
  private static void readMuch(String paymentId) {
    paid.billing.update(
        """
        INSERT INTO subscription_openings (subscription_id, article_id, opened_at)
        SELECT s.subscription_id, n.article, ? FROM payments p
        JOIN subscriptions s ON s.public_id = p.order_id
        JOIN (SELECT 1 AS article UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) n
        WHERE p.public_id = ?
        ON DUPLICATE KEY UPDATE opened_at = VALUES(opened_at)
        """,
        paid.now(),
        paymentId);
  }

  private static void approve(String refundId) {
    paid.billing.await(
        staff.refundsReview(
            paid.billing.admin(),
            new AdminFinanceRefundsReviewRequest(
                refundId, new RefundReview("approve", null, null))));
  }

  private static Future<SubscriptionCancelResult> cancel(Caller reader, String id) {
    return paid.billing.subscriptions.cancel(
        reader,
        new SubscriptionsCancelRequest(
            id, new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, false)));
  }

  private static String firstPayment(Caller reader, String id) {
    return paid.get(reader, id).lastPayment().id();
  }

  /** Refunds of a payment, in order: state, policy and sum. */
  private static List<String> refunds(String paymentId) {
    return paid
        .billing
        .rows(
            """
            SELECT CONCAT_WS(' ', r.status, r.policy, r.amount_fen) AS refund FROM refunds r
            JOIN payments p ON p.payment_id = r.payment_id WHERE p.public_id = ? ORDER BY refund_id
            """,
            paymentId)
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void aPeriodPaidAheadGoesBackWholeThoughARequestForSomeOfItWaits() {
    Caller reader = paid.billing.reader();
    Subscription running = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    String first = firstPayment(reader, running.id());
    SubscriptionRenewal ahead =
        paid.billing.await(
            paid.billing.subscriptions.renew(
                reader,
                new SubscriptionsRenewRequest(
                    running.id(), new SubscriptionRenew("wechat", null, null))));
    paid.pay(ahead.payment());
    ask(reader, ahead.payment().id(), "10.00");
    assertEquals(List.of("pending review 1000"), refunds(ahead.payment().id()));
    approve(ask(reader, first, null));
    assertEquals("expired refunded", paid.status(running.id()));
    assertEquals(List.of("processing review 2990"), refunds(ahead.payment().id()));
    paid.runRefunds();
    assertEquals(2_990, paid.row(ahead.payment().id()).refundedFen());
    assertEquals(2_990, paid.row(first).refundedFen());
  }

  /** Half of a renewal; answers its code. */
  private static String coupon(Caller creator) {
    String code = "AGAIN" + creator.userId();
    paid.billing.update(
        """
        INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value, plan_ids,
          for_renewal, starts_at, expires_at, status, created_by, created_at, updated_at)
        VALUES ('creator', ?, '续费', 'percentage', 50, '[]', 1, ?, ?, 'active', 1, ?, ?)
        """,
        creator.userId(),
        paid.now().minusSeconds(60),
        paid.now().plusSeconds(86_400),
        paid.now(),
        paid.now());
    paid.billing.update(
        """
        INSERT INTO coupon_codes (code, coupon_id, created_at)
        SELECT ?, coupon_id, created_at FROM coupons WHERE creator_id = ?
        """,
        code,
        creator.userId());
    return code;
  }

  @Test
  void aRenewalPaidAfterTheEndGoesBackAndItsCouponsPlaceIsFree() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    String code = coupon(creator);
    Subscription running = paid.subscribe(reader, paid.monthly(creator, "29.90"));
    String first = firstPayment(reader, running.id());
    SubscriptionRenewal renewal =
        paid.billing.await(
            paid.billing.subscriptions.renew(
                reader,
                new SubscriptionsRenewRequest(
                    running.id(), new SubscriptionRenew("wechat", code, null))));
    approve(ask(reader, first, null));
    paid.pay(renewal.payment());
    paid.runRefunds();
    assertEquals(List.of("success system 1495"), refunds(renewal.payment().id()));
    assertEquals(
        0,
        paid.billing.number(
            "SELECT reserved_count + used_count FROM coupons WHERE creator_id = ?",
            creator.userId()));
  }

  @Test
  void whatWasPaidAheadOfAChangedPeriodGoesBackWithTheChange() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan small = paid.monthly(creator, "29.90");
    Plan large = paid.monthly(creator, "99.00");
    Subscription running = paid.subscribe(reader, small);
    Instant end = running.currentPeriodEnd();
    Payment change = change(reader, running, large, false);
    SubscriptionRenewal ahead =
        paid.billing.await(
            paid.billing.subscriptions.renew(
                reader,
                new SubscriptionsRenewRequest(
                    running.id(), new SubscriptionRenew("wechat", null, null))));
    paid.pay(ahead.payment());
    approve(ask(reader, change.id(), null));
    assertEquals(List.of("processing review 9900"), refunds(ahead.payment().id()));
    Subscription back = paid.get(reader, running.id()).subscription();
    assertEquals(small.id(), back.planId());
    assertEquals(end, back.currentPeriodEnd());
    assertEquals(
        1,
        paid.billing.number(
            """
            SELECT COUNT(*) FROM subscription_periods d
            JOIN subscriptions s ON s.subscription_id = d.subscription_id WHERE s.public_id = ?
            """,
            running.id()));
    paid.runRefunds();
    assertEquals(9_900, paid.row(ahead.payment().id()).refundedFen());
  }

  private static SubscriptionRenewal renew(Caller reader, String id, String code) {
    return paid.billing.await(
        paid.billing.subscriptions.renew(
            reader,
            new SubscriptionsRenewRequest(id, new SubscriptionRenew("wechat", code, null))));
  }

  @Test
  void aPeriodOrderedAnewAfterItsRefundTakesAPlaceOfItsOwn() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    String code = coupon(creator);
    Subscription running = paid.subscribe(reader, paid.monthly(creator, "29.90"));
    SubscriptionRenewal first = renew(reader, running.id(), code);
    paid.pay(first.payment());
    approve(ask(reader, first.payment().id(), null));
    assertEquals(
        "COUPON_EXHAUSTED per_user",
        failureOf(() -> renew(reader, running.id(), code)).named("reason"));
    paid.billing.update(
        "UPDATE coupons SET per_user_limit = 2, discount_value = 100 WHERE creator_id = ?",
        creator.userId());
    assertNull(renew(reader, running.id(), code).payment());
    assertEquals(
        2,
        paid.billing.number(
            "SELECT used_count FROM coupons WHERE creator_id = ?", creator.userId()));
  }

  /** It has no payment that remembers the request. */
  @Test
  void aRenewalForWhichNothingWasDueIsAnsweredAgainByItsKey() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    String code = coupon(creator);
    paid.billing.update(
        "UPDATE coupons SET discount_value = 100 WHERE creator_id = ?", creator.userId());
    Subscription running = paid.subscribe(reader, paid.monthly(creator, "29.90"));
    Caller keyed = withKey(reader, "renewal-" + running.id(), "a".repeat(64));
    List<Future<SubscriptionRenewal>> all =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    paid.billing.subscriptions.renew(
                        keyed,
                        new SubscriptionsRenewRequest(
                            running.id(), new SubscriptionRenew("wechat", code, null))))
            .toList();
    List<SubscriptionRenewal> answers = all.stream().map(paid.billing::await).toList();
    assertEquals(
        1, answers.stream().filter(answer -> !Boolean.TRUE.equals(answer.replayed())).count());
    answers.forEach(answer -> assertNull(answer.payment()));
    assertEquals(
        "CONFLICT already_renewed",
        failureOf(() -> renew(reader, running.id(), null)).named("reason"));
    Caller other = withKey(reader, "renewal-" + running.id(), "b".repeat(64));
    assertEquals("IDEMPOTENCY_CONFLICT", failureOf(() -> renew(other, running.id(), code)).code());
  }

  @Test
  void aPeriodWhoseRenewalWasRefundedIsPaidAgain() {
    Caller reader = paid.billing.reader();
    Subscription running = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
    Payment first = renew(reader, running.id(), null).payment();
    paid.pay(first);
    approve(ask(reader, first.id(), null));
    paid.runRefunds();
    Payment second = renew(reader, running.id(), null).payment();
    paid.pay(second);
    assertEquals(
        List.of("refunded", "completed"),
        List.of(paid.row(first.id()).status().literal(), paid.row(second.id()).status().literal()));
    assertEquals(
        List.of(second.id()),
        paid
            .billing
            .rows(
                """
                SELECT d.payment_id FROM subscription_periods d
                JOIN subscriptions s ON s.subscription_id = d.subscription_id
                WHERE s.public_id = ? AND d.period_start >= s.current_period_end
                """,
                running.id())
            .stream()
            .map(row -> row.getString(0))
            .toList());
  }

  private static Payment change(Caller reader, Subscription running, Plan target, boolean prorate) {
    Payment charge =
        paid.billing
            .await(
                paid.billing.subscriptions.changePlan(
                    reader,
                    new SubscriptionsChangePlanRequest(
                        running.id(),
                        new SubscriptionPlanChange(
                            target.id(), PlanChangeTiming.IMMEDIATE, prorate, "wechat"))))
            .payment();
    paid.pay(charge);
    return charge;
  }

  @Test
  void whatWasGivenBackIsNoCreditForAnotherPlan() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Subscription running = paid.subscribe(reader, paid.monthly(creator, "29.90"));
    String first = firstPayment(reader, running.id());
    approve(ask(reader, first, "10.00"));

    // 499.00 less the 19.90 that were kept
    Payment year =
        change(reader, running, paid.plan(creator, "年", "499.00", BillingCycle.YEARLY, 0), true);
    assertEquals(new BigDecimal("479.10"), year.amount());

    // the ten are in that already; of the year's own money another twenty go back
    approve(ask(reader, year.id(), "20.00"));
    Payment more =
        change(reader, running, paid.plan(creator, "年二", "599.00", BillingCycle.YEARLY, 0), true);
    assertEquals(new BigDecimal("120.00"), more.amount());
  }

  @Test
  void whoCancelledAfterAChangeReadsOnToTheOldEndOnceItIsRefunded() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan year = paid.plan(creator, "年", "299.00", BillingCycle.YEARLY, 0);
    Subscription running = paid.subscribe(reader, year);
    Payment charge = change(reader, running, paid.monthly(creator, "99.00"), false);
    paid.billing.await(cancel(reader, running.id()));
    approve(ask(reader, charge.id(), null));
    Subscription back = paid.get(reader, running.id()).subscription();
    assertEquals(SubscriptionStatus.CANCELLED, back.status());
    assertEquals(year.id(), back.planId());
    assertEquals(running.currentPeriodEnd(), back.accessUntil());
  }

  @Test
  void whoOwesTheMonthAfterAChangeReadsOnInHisYearOnceItIsRefunded() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan year = paid.plan(creator, "年", "299.00", BillingCycle.YEARLY, 0);
    Subscription running = paid.subscribe(reader, year);
    Payment charge = change(reader, running, paid.monthly(creator, "99.00"), false);
    paid.billing.update(
        """
        UPDATE subscriptions SET status = 'past_due', auto_renew = 1, grace_until = ?
        WHERE public_id = ?
        """,
        paid.now().plusSeconds(86_400),
        running.id());
    approve(ask(reader, charge.id(), null));
    Subscription back = paid.get(reader, running.id()).subscription();
    assertEquals(SubscriptionStatus.ACTIVE, back.status());
    assertEquals(running.currentPeriodEnd(), back.currentPeriodEnd());
  }

  private static Plan trial(Caller creator) {
    return paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
  }

  @Test
  void aTrialCancelledWhileARequestForSomeOfItWaitsGoesBackWhole() {
    Caller reader = paid.billing.reader();
    Subscription trialing = paid.subscribe(reader, trial(paid.billing.creator()));
    String payment = firstPayment(reader, trialing.id());
    String asked = ask(reader, payment, "10.00");
    SubscriptionCancelResult done = paid.billing.await(cancel(reader, trialing.id()));
    assertEquals(asked, done.refund().id());
    assertEquals(List.of("processing trial 2990"), refunds(payment));
    assertEquals("expired refunded", paid.status(trialing.id()));
    paid.runRefunds();
    assertEquals(2_990, paid.row(payment).refundedFen());
  }

  @Test
  void whatIsLeftCannotFollowWhileTheChannelIsAtSomeOfIt() {
    Caller reader = paid.billing.reader();
    Subscription trialing = paid.subscribe(reader, trial(paid.billing.creator()));
    String payment = firstPayment(reader, trialing.id());
    approve(ask(reader, payment, "10.00"));
    assertEquals(
        "CONFLICT refund_in_progress",
        failureOf(() -> paid.billing.await(cancel(reader, trialing.id()))).named("reason"));
    assertEquals("trialing", paid.status(trialing.id()));
    paid.runRefunds();
    paid.billing.await(cancel(reader, trialing.id()));
    assertEquals("expired refunded", paid.status(trialing.id()));
    paid.runRefunds();
    assertEquals(List.of("success review 1000", "success trial 1990"), refunds(payment));
  }
}
