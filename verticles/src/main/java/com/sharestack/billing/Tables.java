package com.sharestack.billing;

/** The repositories of this domain. */
record Tables(
    PlanRepository plans,
    SubscriptionRepository subscriptions,
    DueRepository due,
    PeriodRepository periods,
    ChangeRepository changes,
    OpeningRepository openings,
    CounterRepository counters,
    AuditRepository audit) {

  Tables() {
    this(new SubscriptionRepository());
  }

  private Tables(SubscriptionRepository subscriptions) {
    this(
        new PlanRepository(),
        subscriptions,
        new DueRepository(subscriptions),
        new PeriodRepository(),
        new ChangeRepository(),
        new OpeningRepository(),
        new CounterRepository(),
        new AuditRepository());
  }
}
