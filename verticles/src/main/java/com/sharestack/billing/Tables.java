package com.sharestack.billing;

/** The repositories of this domain. */
record Tables(
    PlanRepository plans,
    SubscriptionRepository subscriptions,
    CounterRepository counters,
    AuditRepository audit) {

  Tables() {
    this(
        new PlanRepository(),
        new SubscriptionRepository(),
        new CounterRepository(),
        new AuditRepository());
  }
}
