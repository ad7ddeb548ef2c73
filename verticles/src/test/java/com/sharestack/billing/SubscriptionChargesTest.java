package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.payments.PaymentEvent;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.Settlement;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Reply;
import com.sharestack.billing.rails.Trade;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Payment;
import com.sharestack.contract.PaymentCreate;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOpened;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.PaymentsCloseRequest;
import com.sharestack.contract.PaymentsCreateRequest;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** payments.create on the open charge of a renewal or a plan change. */
class SubscriptionChargesTest {

  private static PaidNode paid;

  private Caller creator;
  private Caller reader;

  @BeforeAll
  static void start() {
    paid = new PaidNode("subscription_charges");
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  /** Paid three days ago: a renewal may be ordered. */
  private Subscription subscribed(String price) {
    creator = paid.billing.creator();
    reader = paid.billing.reader();
    Subscription mine = paid.subscribe(reader, paid.monthly(creator, price));
    paid.advance(Duration.ofDays(3));
    return mine;
  }

  private Payment renewal(String id, String code) {
    return paid.billing
        .await(
            paid.billing.subscriptions.renew(
                reader,
                new SubscriptionsRenewRequest(id, new SubscriptionRenew("wechat", code, null))))
        .payment();
  }

  private Payment upgrade(String id, Plan to) {
    return paid.billing
        .await(
            paid.billing.subscriptions.changePlan(
                reader,
                new SubscriptionsChangePlanRequest(
                    id,
                    new SubscriptionPlanChange(
                        to.id(), PlanChangeTiming.IMMEDIATE, true, "wechat"))))
        .payment();
  }

  private Future<PaymentOpened> opening(String orderId, String method, BigDecimal amount) {
    return paid.payments.create(
        reader,
        new PaymentsCreateRequest(
            PaymentCreate.builder()
                .amount(amount)
                .currency("CNY")
                .paymentMethod(method)
                .orderType(PaymentOrderType.SUBSCRIPTION)
                .orderId(orderId)
                .idempotencyKey(Ids.random("key-", 20))
                .build()));
  }

  private Payment otherMethod(String orderId, Payment open) {
    return paid.billing.await(opening(orderId, "alipay", open.amount())).payment();
  }

  private Subscription get(String id) {
    return paid.get(reader, id).subscription();
  }

  private static long periods(String id) {
    return paid.billing.number(
        "SELECT COUNT(*) FROM subscription_periods JOIN subscriptions USING (subscription_id)"
            + " WHERE public_id = ?",
        id);
  }

  private static long live(String orderId) {
    return paid.billing.number(
        "SELECT COUNT(*) FROM payments WHERE order_id = ? AND live_key = 1", orderId);
  }

  @Test
  void aRenewalIsPaidByAnotherMethodAndMoneyOfTheFirstGoesBack() {
    Subscription mine = subscribed("29.90");
    Payment first = renewal(mine.id(), null);

    Payment second = otherMethod(mine.id(), first);

    assertEquals(PaymentStatus.CANCELLED, paid.row(first.id()).status());
    assertNotEquals(first.id(), second.id());
    assertEquals(PaymentMethod.ALIPAY, second.paymentMethod());
    assertEquals(PaymentPurpose.RENEWAL, second.metadata().purpose());
    assertEquals(new BigDecimal("29.90"), second.amount());
    assertEquals(
        paid.row(first.id()).order().periodStart(), paid.row(second.id()).order().periodStart());
    paid.pay(second);
    assertEquals(2, periods(mine.id()));

    // the payer pays the first one after all
    paid.rails.control(
        "/payments/" + paid.tradeNo(first.id()) + "/pay",
        new JsonObject().put("force", true).put("notify", new JsonObject().put("times", 0)));
    paid.hear(first.id());
    assertTrue(paid.row(first.id()).late());
    paid.runRefunds();
    assertEquals(PaymentStatus.REFUNDED, paid.row(first.id()).status());
    assertEquals(PaymentStatus.COMPLETED, paid.row(second.id()).status());
    assertEquals(2, periods(mine.id()));
    assertEquals(new BigDecimal("53.82"), paid.balance("creator_pending", creator.userId()));
  }

  @Test
  void aChangeOfPlanIsPaidByAnotherMethodAndActsWhenThatIsPaid() {
    Subscription mine = subscribed("29.90");
    Plan large = paid.monthly(creator, "99.00");
    Payment first = upgrade(mine.id(), large);

    Payment second = otherMethod(mine.id(), first);

    assertEquals(first.amount(), second.amount());
    assertEquals(PaymentPurpose.PLAN_CHANGE, second.metadata().purpose());
    assertEquals(second.id(), get(mine.id()).pendingChange().paymentId());
    assertEquals(large.id(), get(mine.id()).pendingChange().planId());
    paid.pay(second);
    assertEquals(large.id(), get(mine.id()).planId());
    assertNull(get(mine.id()).pendingChange());
    assertEquals(1, paid.events("subscription.plan_changed", mine.id()));
  }

  @Test
  void theCouponOfTheChargeKeepsItsPlaceAndIsUsedOnce() {
    Subscription mine = subscribed("30.00");
    String code = "AGAIN" + mine.planId();
    paid.billing.update(
        """
        INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value, plan_ids,
          for_renewal, total_quantity, starts_at, expires_at, status, created_by, created_at, updated_at)
        VALUES ('creator', ?, ?, 'percentage', 50, '[]', 1, 1, ?, ?, 'active', 1, ?, ?)
        """,
        creator.userId(),
        code,
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
    Payment first = renewal(mine.id(), code);
    assertEquals(new BigDecimal("15.00"), first.amount());

    Payment second = otherMethod(mine.id(), first);

    assertEquals(new BigDecimal("15.00"), second.amount());
    assertEquals(List.of("reserved"), uses(mine.id()));
    paid.pay(second);
    assertEquals(List.of("used"), uses(mine.id()));
  }

  private static List<String> uses(String subscriptionId) {
    return paid
        .billing
        .rows(
            "SELECT status FROM coupon_uses WHERE order_id LIKE ? ORDER BY use_id",
            subscriptionId + "@%")
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void whatWasPaidMeanwhileCompletesAndTheSecondMethodIsRefused() {
    Subscription mine = subscribed("29.90");
    Payment first = renewal(mine.id(), null);
    paid.rails.pay(paid.tradeNo(first.id()), new JsonObject().put("times", 0));

    assertEquals("PAYMENT_ALREADY_PAID", failureOf(() -> otherMethod(mine.id(), first)).code());

    assertEquals(PaymentStatus.COMPLETED, paid.row(first.id()).status());
    assertEquals(2, periods(mine.id()));
    assertEquals(0, live(mine.id()));
  }

  @Test
  void withAnotherAmountNothingIsClosedNorOpened() {
    Subscription mine = subscribed("29.90");
    Payment first = renewal(mine.id(), null);

    assertEquals(
        "PAYMENT_AMOUNT_INVALID 29.90",
        failureOf(() -> paid.billing.await(opening(mine.id(), "alipay", new BigDecimal("0.01"))))
            .named("expected_amount"));

    assertEquals(PaymentStatus.PENDING, paid.row(first.id()).status());
    assertEquals(1, live(mine.id()));
  }

  @Test
  void aChargeThatItsPayerGaveUpOrLetExpireIsOver() {
    Subscription mine = subscribed("29.90");
    Payment given = renewal(mine.id(), null);
    paid.billing.await(paid.payments.close(reader, new PaymentsCloseRequest(given.id())));
    assertEquals("PAYMENT_ALREADY_PAID", failureOf(() -> otherMethod(mine.id(), given)).code());

    Plan large = paid.monthly(creator, "99.00");
    Payment expired = upgrade(mine.id(), large);
    paid.advance(Duration.ofMinutes(16));
    assertEquals("PAYMENT_ALREADY_PAID", failureOf(() -> otherMethod(mine.id(), expired)).code());
    assertNull(get(mine.id()).pendingChange());
    assertEquals(0, live(mine.id()));
  }

  @Test
  void thePayersClosingOfTheSecondEndsTheCharge() {
    Subscription mine = subscribed("29.90");
    Payment second = otherMethod(mine.id(), upgrade(mine.id(), paid.monthly(creator, "99.00")));
    paid.billing.await(paid.payments.close(reader, new PaymentsCloseRequest(second.id())));
    assertNull(get(mine.id()).pendingChange());
  }

  @Test
  void manyMethodsAtOnceLeaveOneOpenPaymentOfTheCharge() {
    Subscription mine = subscribed("29.90");
    Plan large = paid.monthly(creator, "99.00");
    Payment first = upgrade(mine.id(), large);

    List<Future<PaymentOpened>> calls =
        Stream.of("alipay", "wechat", "alipay", "wechat", "alipay", "alipay")
            .map(method -> opening(mine.id(), method, first.amount()))
            .toList();
    paid.billing.await(Future.join(calls).otherwiseEmpty());

    assertEquals(1, live(mine.id()));
    String open =
        paid.billing
            .rows("SELECT public_id FROM payments WHERE order_id = ? AND live_key = 1", mine.id())
            .get(0)
            .getString(0);
    assertEquals(open, get(mine.id()).pendingChange().paymentId());
  }

  @Test
  void theChannelsWordOfOurOwnCloseDoesNotEndTheChargeAndAKilledChangeOfMethodDoes() {
    Subscription mine = subscribed("29.90");
    Payment first = upgrade(mine.id(), paid.monthly(creator, "99.00"));
    PaymentRow row = paid.row(first.id());
    Instant until = paid.now().plusSeconds(60);
    // as a process leaves it that was killed between the close and its transaction
    paid.billing.update(
        "UPDATE payments SET replacing_until = ? WHERE public_id = ?", until, first.id());
    paid.rails.control("/payments/" + row.tradeNo() + "/close", new JsonObject());

    assertEquals(Settlement.Outcome.NOTHING, closedNews(row));
    assertEquals(first.id(), get(mine.id()).pendingChange().paymentId());

    paid.advance(Duration.ofSeconds(61));
    assertEquals(Settlement.Outcome.CANCELLED, closedNews(row));
    assertNull(get(mine.id()).pendingChange());
  }

  private static Settlement.Outcome closedNews(PaymentRow row) {
    return paid.billing.node.await(
        () -> {
          var core = paid.worker.payments();
          Reply<Trade> reply =
              core.parts().channels().require(PaymentMethod.WECHAT).query(row.tradeNo()).await();
          Trade trade = ((Reply.Answered<Trade>) reply).value();
          return core.parts()
              .db()
              .tx(
                  tx ->
                      core.settlement()
                          .apply(tx, Channel.WECHAT, trade, Action.CALLBACK, PaymentEvent.CLOSED));
        });
  }
}
