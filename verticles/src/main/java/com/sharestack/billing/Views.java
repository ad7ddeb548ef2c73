package com.sharestack.billing;

import com.sharestack.contract.CurrencyCode;
import com.sharestack.contract.PendingPlanChange;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionPlan;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.money.Money;
import java.time.Instant;

/** Stored rows as the contract shows them. */
final class Views {

  private Views() {}

  static Plan plan(PlanRow row) {
    return Plan.builder()
        .id(row.id())
        .creatorId(row.creatorId())
        .name(row.name())
        .description(row.description() == null ? "" : row.description())
        .price(Money.ofFen(row.priceFen()))
        .currency(CurrencyCode.CNY)
        .billingCycle(row.cycle())
        .features(row.features())
        .trialDays(row.trialDays())
        .isActive(row.active())
        .status(row.status())
        .subscriberCount(row.subscriberCount())
        .entitlements(row.entitlements())
        .metadata(row.metadata())
        .createdAt(row.createdAt())
        .updatedAt(row.updatedAt())
        .build();
  }

  static Subscription subscription(SubscriptionRow row, UserRef creator, Instant now) {
    return subscription(row, creator, row.agreementId(), now);
  }

  /** What the creator sees of a subscriber: no number that belongs to a payment channel. */
  static Subscription subscriptionForCreator(SubscriptionRow row, UserRef creator, Instant now) {
    return subscription(row, creator, null, now);
  }

  private static Subscription subscription(
      SubscriptionRow row, UserRef creator, String agreementId, Instant now) {
    return Subscription.builder()
        .id(row.publicId())
        .planId(row.planId())
        .plan(new SubscriptionPlan(row.planId(), row.planName(), row.cycle(), creator))
        .status(row.status())
        .endedReason(row.endedReason())
        .price(Money.ofFen(row.priceFen()))
        .currency(CurrencyCode.CNY)
        .trialEndsAt(trialEnd(row, now))
        .currentPeriodStart(row.periodStart())
        .currentPeriodEnd(row.periodEnd())
        .accessUntil(
            row.status() == SubscriptionStatus.PAST_DUE ? row.graceUntil() : row.accessUntil())
        .autoRenew(row.autoRenew())
        .agreementId(agreementId)
        .nextBillingAmount(row.autoRenew() ? Money.ofFen(nextPriceFen(row)) : null)
        .nextBillingDate(row.autoRenew() ? row.periodEnd() : null)
        .pendingChange(pending(row))
        .source(row.source())
        .cancelledAt(row.cancelledAt())
        .changedAt(row.changedAt())
        .createdAt(row.createdAt())
        .build();
  }

  private static long nextPriceFen(SubscriptionRow row) {
    return row.pending() != null && row.pending().scheduled()
        ? row.pending().priceFen()
        : row.priceFen();
  }

  private static PendingPlanChange pending(SubscriptionRow row) {
    SubscriptionRow.Pending change = row.pending();
    return change == null
        ? null
        : new PendingPlanChange(
            change.planId(),
            change.planName(),
            change.timing(),
            change.effectiveAt(),
            change.paymentId());
  }

  private static Instant trialEnd(SubscriptionRow row, Instant now) {
    return row.trialEndsAt() != null && now.isBefore(row.trialEndsAt()) ? row.trialEndsAt() : null;
  }
}
