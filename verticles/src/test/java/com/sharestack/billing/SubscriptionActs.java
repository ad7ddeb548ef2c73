package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionCancelResult;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.contract.SubscriptionPlanChangeResult;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;

/** What subscribers, staff and time do to paid subscriptions, for tests. */
record SubscriptionActs(PaidNode paid) {

  SubscriptionCancelResult cancel(Caller reader, String id) {
    return paid.billing.await(paid.billing.subscriptions.cancel(reader, cancelling(id, false)));
  }

  SubscriptionsCancelRequest cancelling(String id, boolean confirm) {
    return new SubscriptionsCancelRequest(
        id, new SubscriptionCancel(SubscriptionCancelReason.OTHER, "再见", confirm));
  }

  Future<SubscriptionRenewal> renewing(Caller reader, String id, String method) {
    return paid.billing.subscriptions.renew(
        reader, new SubscriptionsRenewRequest(id, new SubscriptionRenew(method, null, null)));
  }

  SubscriptionRenewal renew(Caller reader, String id) {
    return paid.billing.await(renewing(reader, id, "wechat"));
  }

  SubscriptionPlanChangeResult change(
      Caller reader, String id, Plan plan, PlanChangeTiming timing) {
    return paid.billing.await(
        paid.billing.subscriptions.changePlan(
            reader,
            new SubscriptionsChangePlanRequest(
                id, new SubscriptionPlanChange(plan.id(), timing, true, null))));
  }

  /** The running period as if it had begun earlier; all its times move. */
  void age(String id, Duration by) {
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

  void thirtyDays(String id, int used) {
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

  void tick() {
    SubscriptionLifecycle job =
        new SubscriptionLifecycle(paid.worker.subscriptions(), paid.worker.payments());
    paid.billing.node.await(job::run);
  }

  Subscription get(Caller caller, String id) {
    return paid.get(caller, id).subscription();
  }

  /** As staff or a rule would approve it. */
  void refundAll(String paymentId) {
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

  String use(SubscriptionCreated made) {
    return paid.billing
        .rows(
            "SELECT status FROM coupon_uses WHERE order_id = ? ORDER BY use_id DESC LIMIT 1",
            made.subscription().id())
        .get(0)
        .getString(0);
  }

  void coupon(String code, String scope, Long creatorId, String type, long value) {
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
}
