package com.sharestack.billing;

import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import java.time.Clock;

/** What the flows of subscriptions share. */
record SubscriptionParts(
    Db db,
    Clock clock,
    Tables tables,
    Coupons coupons,
    SubscriptionNews news,
    SellerSwitches switches,
    PaymentParts payments) {

  static SubscriptionParts of(Tables tables, PaymentParts payments) {
    return new SubscriptionParts(
        payments.db(),
        payments.clock(),
        tables,
        new Coupons(payments.clock()),
        new SubscriptionNews(payments.outbox()),
        new SellerSwitches(),
        payments);
  }

  SubscriptionRepository subscriptions() {
    return tables.subscriptions();
  }

  DueRepository due() {
    return tables.due();
  }

  PeriodRepository periods() {
    return tables.periods();
  }

  /**
   * The caller's own subscription.
   *
   * @throws io.vertx.serviceproxy.ServiceException SUBSCRIPTION_NOT_FOUND, also for another's
   */
  SubscriptionRow requireOwn(Caller caller, String subscriptionId) {
    return subscriptions()
        .find(db, subscriptionId)
        .filter(row -> Callers.isUser(caller, row.userId()))
        .orElseThrow(() -> Errors.of(ErrorCode.SUBSCRIPTION_NOT_FOUND));
  }
}
