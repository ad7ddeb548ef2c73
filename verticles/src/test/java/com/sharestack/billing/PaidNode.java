package com.sharestack.billing;

import com.sharestack.billing.ledger.LedgerVerifier;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Payment;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.PaymentsConfirmRequest;
import com.sharestack.contract.PaymentsService;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanCreate;
import com.sharestack.contract.RefundsService;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionDetail;
import com.sharestack.contract.SubscriptionsGetRequest;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The billing domain with the sandbox rails; what a worker does is run by hand. Two clocks, of the
 * node and of the rails, are moved together.
 */
final class PaidNode implements AutoCloseable {

  final TestRails rails = new TestRails();
  final BillingNode billing;
  final PaymentsService payments;
  final RefundsService refunds;

  /** As a worker of another process would have it. */
  final BillingAssembly worker;

  PaidNode(String name, String... overrides) {
    billing = new BillingNode(name, with(PaidRails.environment(rails), overrides));
    payments = billing.node.client(PaymentsService.class);
    refunds = billing.node.client(RefundsService.class);
    worker =
        billing.node.await(
            () -> new BillingAssembly(billing.node.vertx(), billing.node.platform()));
  }

  private static String[] with(List<String> environment, String... overrides) {
    List<String> all = new ArrayList<>(environment);
    all.addAll(List.of(overrides));
    return all.toArray(String[]::new);
  }

  Instant now() {
    return billing.node.clock().instant();
  }

  void advance(Duration by) {
    billing.node.clock().advance(by);
    rails.clock.advance(by);
  }

  Plan plan(Caller creator, String name, String price, BillingCycle cycle, int trialDays) {
    PlanCreate.Builder draft =
        BillingNode.draft(name, price)
            .billingCycle(cycle)
            .trialDays(trialDays)
            .features(List.of())
            .isActive(true);
    return billing.create(creator, draft);
  }

  Plan monthly(Caller creator, String price) {
    return plan(creator, "会员 " + price, price, BillingCycle.MONTHLY, 0);
  }

  SubscriptionCreated order(Caller reader, Plan plan, String method) {
    return order(reader, plan, method, null);
  }

  SubscriptionCreated order(Caller reader, Plan plan, String method, String code) {
    return billing.order(reader, new SubscriptionCreate(plan.id(), method, code, false, null));
  }

  /** Ordered and paid by WeChat. */
  Subscription subscribe(Caller reader, Plan plan) {
    SubscriptionCreated made = order(reader, plan, "wechat");
    pay(made.payment());
    return get(reader, made.subscription().id()).subscription();
  }

  SubscriptionDetail get(Caller caller, String id) {
    return billing.await(billing.subscriptions.get(caller, new SubscriptionsGetRequest(id)));
  }

  String tradeNo(String paymentId) {
    return billing
        .rows("SELECT out_trade_no FROM payments WHERE public_id = ?", paymentId)
        .get(0)
        .getString(0);
  }

  PaymentRow row(String paymentId) {
    return billing.node.await(
        () ->
            worker.payments().parts().payments().find(billing.node.db(), paymentId).orElseThrow());
  }

  /** The payer pays and the platform hears of it. */
  void pay(Payment payment) {
    if (payment.paymentMethod() == PaymentMethod.ALIPAY) {
      rails.get(row(payment.id()).placed().payUrl()); // the order is made when the page is opened
    }
    rails.pay(tradeNo(payment.id()));
    hear(payment.id());
  }

  /** What a notification or a look at the channel does. */
  void hear(String paymentId) {
    billing.node.await(() -> worker.payments().calls().ask(row2(paymentId), Action.QUERY));
  }

  private PaymentRow row2(String paymentId) {
    return worker.payments().parts().payments().find(billing.node.db(), paymentId).orElseThrow();
  }

  PaymentStatus confirm(Caller caller, String paymentId) {
    return billing
        .await(payments.confirm(caller, new PaymentsConfirmRequest(paymentId, null)))
        .payment()
        .status();
  }

  /** Tells the channels of refunds, and asks later what became of them. */
  void runRefunds() {
    refundRound();
    rails.control("/clock", new JsonObject().put("advance_seconds", 60)); // the rail pays later
    advance(Duration.ofMinutes(11));
    refundRound();
  }

  private void refundRound() {
    billing.node.await(
        () -> {
          while (worker.payments().refundRuns().run()) {
            // a full batch came back
          }
          return null;
        });
  }

  String status(String subscriptionId) {
    return billing
        .rows("SELECT status, ended_reason FROM subscriptions WHERE public_id = ?", subscriptionId)
        .stream()
        .map(row -> row.getString(0) + (row.getString(1) == null ? "" : " " + row.getString(1)))
        .findFirst()
        .orElseThrow();
  }

  long subscribers(Plan plan) {
    return billing
        .rows("SELECT subscriber_count FROM plan_counts WHERE plan_id = ?", plan.id())
        .stream()
        .mapToLong(row -> row.getLong(0))
        .sum();
  }

  long events(String topic, String subscriptionId) {
    return billing.number(
        "SELECT COUNT(*) FROM outbox WHERE topic = ? AND payload LIKE ?",
        topic,
        "%" + subscriptionId + "%");
  }

  /** Stored balance of an account of the creator's, or of all books, in yuan. */
  BigDecimal balance(String code, Long creatorId) {
    return BigDecimal.valueOf(
        billing.number(
            """
            SELECT COALESCE(SUM(balance_fen), 0) FROM ledger_accounts
            WHERE code = ? AND (? IS NULL OR creator_id = ?)
            """,
            code,
            creatorId,
            creatorId),
        2);
  }

  /** Re-adds and re-hashes all journals. */
  List<?> ledgerFindings() {
    try (Connection connection =
        Endpoints.ofMysqlUrl(billing.node.config().mysql().url(), null).connect()) {
      return LedgerVerifier.verify(connection, List.of()).findings();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    billing.close();
    rails.close();
  }
}
