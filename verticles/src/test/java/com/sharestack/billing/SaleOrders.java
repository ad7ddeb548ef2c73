package com.sharestack.billing;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentCreate;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentsCloseRequest;
import com.sharestack.contract.PaymentsConfirmRequest;
import com.sharestack.contract.PaymentsCreateRequest;
import com.sharestack.contract.PaymentsGetRequest;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.PurchaseCreate;
import com.sharestack.contract.PurchasesCreateRequest;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionResume;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsCreateRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import com.sharestack.contract.SubscriptionsResumeRequest;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;

/** The requests of readers, each of which may be sent again. */
final class SaleOrders {

  private final SaleWorld world;

  SaleOrders(SaleWorld world) {
    this.world = world;
  }

  /** Of the user with this id. */
  Caller reader(long id) {
    return world.readers.stream().filter(reader -> reader.userId() == id).findFirst().orElseThrow();
  }

  /** A key in most cases. */
  String key() {
    return world.oneIn(4) ? null : world.newKey();
  }

  Request subscribe(Caller reader, long plan, String method, String code, String key) {
    String what = "subscriptions.create %d %s %s".formatted(plan, method, code);
    SubscriptionCreate order = new SubscriptionCreate(plan, method, code, false, null);
    Caller caller = world.keyed(reader, key, what);
    return new Request(
        what,
        caller,
        key,
        node ->
            node.subscriptions
                .create(caller, new SubscriptionsCreateRequest(order))
                .map(made -> made.subscription().id()));
  }

  Request buy(Caller reader, long article, String method, String code, String key) {
    String what = "purchases.create %d %s %s".formatted(article, method, code);
    PurchaseCreate order =
        PurchaseCreate.builder()
            .articleId(article)
            .paymentMethod(method)
            .promoCode(code)
            .force(false)
            .build();
    Caller caller = world.keyed(reader, key, what);
    return new Request(
        what,
        caller,
        key,
        node ->
            node.purchases
                .create(caller, new PurchasesCreateRequest(order))
                .map(made -> made.purchase().id()));
  }

  Request renew(Line subscription, String method, String code, String key) {
    String id = subscription.text("public_id");
    String what = "subscriptions.renew %s %s %s".formatted(id, method, code);
    Caller caller = world.keyed(reader(subscription.number("user_id")), key, what);
    return new Request(
        what,
        caller,
        key,
        node ->
            node.subscriptions
                .renew(
                    caller,
                    new SubscriptionsRenewRequest(id, new SubscriptionRenew(method, code, null)))
                .map(made -> made.payment() == null ? id : made.payment().id()));
  }

  Request change(Line subscription, long plan, boolean now, boolean prorate) {
    String id = subscription.text("public_id");
    Caller caller = reader(subscription.number("user_id"));
    SubscriptionPlanChange wish =
        new SubscriptionPlanChange(
            plan,
            now ? PlanChangeTiming.IMMEDIATE : PlanChangeTiming.NEXT_CYCLE,
            prorate,
            world.rail());
    return new Request(
        "subscriptions.changePlan %s %d".formatted(id, plan),
        caller,
        null,
        node ->
            node.subscriptions
                .changePlan(caller, new SubscriptionsChangePlanRequest(id, wish))
                .map(made -> made.payment() == null ? id : made.payment().id()));
  }

  Request cancel(Line subscription) {
    String id = subscription.text("public_id");
    Caller caller = reader(subscription.number("user_id"));
    SubscriptionCancel wish = new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, true);
    return new Request(
        "subscriptions.cancel " + id,
        caller,
        null,
        node ->
            node.subscriptions
                .cancel(caller, new SubscriptionsCancelRequest(id, wish))
                .map(made -> made.subscription().id()));
  }

  Request resume(Line subscription) {
    String id = subscription.text("public_id");
    Caller caller = reader(subscription.number("user_id"));
    return new Request(
        "subscriptions.resume " + id,
        caller,
        null,
        node ->
            node.subscriptions
                .resume(caller, new SubscriptionsResumeRequest(id, new SubscriptionResume(false)))
                .map(made -> made.subscription().id()));
  }

  /** Another payment of an order, or the same one once more. */
  Request pay(Line payment, String method) {
    Caller caller = reader(payment.number("user_id"));
    String order = payment.text("order_id");
    PaymentCreate wish =
        PaymentCreate.builder()
            .amount(Money.ofFen(payment.number("amount_fen")))
            .currency("CNY")
            .paymentMethod(method)
            .orderType(
                order.startsWith("sub_")
                    ? PaymentOrderType.SUBSCRIPTION
                    : PaymentOrderType.ONE_TIME)
            .orderId(order)
            .idempotencyKey(world.newKey())
            .build();
    return new Request(
        "payments.create %s %s".formatted(order, method),
        caller,
        wish.idempotencyKey(),
        node ->
            node.payments
                .create(caller, new PaymentsCreateRequest(wish))
                .map(made -> made.payment().id()));
  }

  Request close(Line payment) {
    String id = payment.text("public_id");
    Caller caller = reader(payment.number("user_id"));
    return new Request(
        "payments.close " + id,
        caller,
        null,
        node ->
            node.payments
                .close(caller, new PaymentsCloseRequest(id))
                .map(done -> done.payment().id()));
  }

  Request look(Line payment, boolean confirm) {
    String id = payment.text("public_id");
    Caller caller = reader(payment.number("user_id"));
    return new Request(
        (confirm ? "payments.confirm " : "payments.get ") + id,
        caller,
        null,
        node ->
            (confirm
                    ? node.payments.confirm(caller, new PaymentsConfirmRequest(id, null))
                    : node.payments.get(caller, new PaymentsGetRequest(id)))
                .map(done -> done.payment().id()));
  }

  /**
   * @param fen null for everything
   */
  Request refund(Line payment, Long fen, String key) {
    String id = payment.text("public_id");
    BigDecimal amount = fen == null ? null : Money.ofFen(fen);
    String what = "refunds.create %s %s".formatted(id, amount);
    Caller caller = world.keyed(reader(payment.number("user_id")), key, what);
    return new Request(
        what,
        caller,
        key,
        node ->
            node.refunds
                .create(
                    caller, new RefundsCreateRequest(id, new RefundCreate(amount, "不想要了", true)))
                .map(made -> made.refund().id()));
  }
}
