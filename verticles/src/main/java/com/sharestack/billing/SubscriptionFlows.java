package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentCore;

/** The operations that change subscriptions, one class per flow. */
record SubscriptionFlows(
    SubscriptionCreation creation,
    SubscriptionEnding ending,
    SubscriptionRenewing renewing,
    SubscriptionPlanChanging planChanging) {

  static SubscriptionFlows of(
      SubscriptionParts parts, PaymentCore payments, Creators creators, CheckoutRules checkout) {
    return new SubscriptionFlows(
        new SubscriptionCreation(parts, payments, creators, checkout),
        new SubscriptionEnding(parts, payments),
        new SubscriptionRenewing(parts, payments, checkout),
        new SubscriptionPlanChanging(parts, payments));
  }
}
