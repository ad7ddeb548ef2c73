package com.sharestack.billing;

/** What can happen to a subscription (subscription_lifecycle.transitions). */
enum SubscriptionEvent {
  /** Made with an amount due. */
  ORDERED,
  /** Made with nothing due: free plan, full discount or grant. */
  GRANTED,
  /** The first payment completed and opens the one trial of this user and creator. */
  PAID_WITH_TRIAL,
  /** The first payment completed, no trial. */
  PAID,
  /** No payment within 24 hours. */
  PAYMENT_ABANDONED,
  /** trial_ends_at reached. */
  TRIAL_ENDED,
  /** Cancelled by the user, inside the trial or later. */
  CANCELLED,
  /** All that was paid for the running period goes back. */
  REFUNDED,
  /** The channel refused that refund for good: what it ended goes on. */
  REFUND_TAKEN_BACK,
  /** Resumed before access_until, without payment. */
  RESUMED,
  /** A renewal payment completed. */
  RENEWAL_PAID,
  /** The period is over, auto-renewal is on and nothing was paid. */
  RENEWAL_MISSED,
  /** grace_until passed. */
  GRACE_ENDED,
  /** The period is over and auto-renewal is off. */
  PERIOD_ENDED,
  /** access_until passed. */
  ACCESS_ENDED
}
