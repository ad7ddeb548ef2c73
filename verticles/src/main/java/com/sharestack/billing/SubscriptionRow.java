package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;

/**
 * A subscription as stored, with what its plan opens.
 *
 * @param publicId the sub_ id
 * @param priceFen locked at creation
 * @param planPriced whether the plan costs money, whatever this subscriber paid
 */
record SubscriptionRow(
    long id,
    String publicId,
    long userId,
    long creatorId,
    long planId,
    String planName,
    boolean planPriced,
    BillingCycle cycle,
    PlanEntitlements entitlements,
    SubscriptionStatus status,
    SubscriptionEndedReason endedReason,
    SubscriptionSource source,
    long priceFen,
    Instant trialEndsAt,
    Instant periodStart,
    Instant periodEnd,
    Instant graceUntil,
    Instant accessUntil,
    boolean autoRenew,
    String agreementId,
    Instant cancelledAt,
    Instant changedAt,
    Instant createdAt) {}
