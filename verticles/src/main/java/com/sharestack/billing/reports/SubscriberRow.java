package com.sharestack.billing.reports;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;

/**
 * A subscriber by the live subscription, or else the latest one.
 *
 * @param expiresAt null for one without end
 * @param paidFen over all subscriptions to the creator
 */
record SubscriberRow(
    long userId,
    String subscriptionId,
    String planName,
    long priceFen,
    BillingCycle cycle,
    SubscriptionStatus status,
    Instant startedAt,
    Instant expiresAt,
    boolean autoRenew,
    SubscriptionSource source,
    long paidFen) {

  /** The locked price over the months of the cycle, half up; 0 for lifetime. */
  long monthlyFen() {
    return switch (cycle) {
      case MONTHLY -> priceFen;
      case QUARTERLY -> (priceFen * 2 + 3) / 6;
      case YEARLY -> (priceFen + 6) / 12;
      case LIFETIME -> 0;
    };
  }
}
