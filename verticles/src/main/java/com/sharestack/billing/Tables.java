package com.sharestack.billing;

/** The repositories of this domain. */
record Tables(
    PlanRepository plans,
    SubscriptionRepository subscriptions,
    PeriodRepository periods,
    ChangeRepository changes,
    OpeningRepository openings,
    CounterRepository counters,
    AuditRepository audit) {

  Tables() {
    this(
        new PlanRepository(),
        new SubscriptionRepository(),
        new PeriodRepository(),
        new ChangeRepository(),
        new OpeningRepository(),
        new CounterRepository(),
        new AuditRepository());
  }
}
