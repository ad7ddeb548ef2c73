package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * A locked subscription on its way to {@link SubscriptionRepository#store}: the columns that its
 * life changes, as they shall be. One statement writes all of them, so that no flow leaves half of
 * a state behind.
 */
final class SubscriptionEdit {

  final SubscriptionRow before;
  long planId;
  SubscriptionStatus status;
  SubscriptionEndedReason endedReason;
  SubscriptionSource source;
  long priceFen;
  BillingCycle cycle;
  Integer anchorDay;
  Instant trialEndsAt;
  Instant periodStart;
  Instant periodEnd;
  Instant graceUntil;
  Instant accessUntil;
  boolean autoRenew;
  SubscriptionRow.Pending pending;
  String promoCode;
  SubscriptionRow.CouponUse coupon;
  Instant cancelledAt;
  Instant changedAt;
  Instant activatedAt;

  /** The end of the unpaid order; read while it waits for its first payment. */
  Instant orderEndsAt;

  SubscriptionEdit(SubscriptionRow row) {
    before = row;
    planId = row.planId();
    status = row.status();
    endedReason = row.endedReason();
    source = row.source();
    priceFen = row.priceFen();
    cycle = row.cycle();
    anchorDay = row.anchorDay();
    trialEndsAt = row.trialEndsAt();
    periodStart = row.periodStart();
    periodEnd = row.periodEnd();
    graceUntil = row.graceUntil();
    accessUntil = row.accessUntil();
    autoRenew = row.autoRenew();
    pending = row.pending();
    promoCode = row.promoCode();
    coupon = row.coupon();
    cancelledAt = row.cancelledAt();
    changedAt = row.changedAt();
    activatedAt = row.activatedAt();
    orderEndsAt = row.dueAt();
  }

  /**
   * Moves along the machine.
   *
   * @throws IllegalStateException when the event may not happen in this state
   */
  SubscriptionEdit on(SubscriptionEvent event) {
    SubscriptionMachine.Transition next =
        SubscriptionMachine.next(status, event)
            .orElseThrow(
                () -> new IllegalStateException(before.publicId() + ": " + status + " " + event));
    status = next.to();
    if (status == SubscriptionStatus.EXPIRED || status == SubscriptionStatus.CANCELLED) {
      endedReason = endedReason == null ? next.reason() : endedReason;
      pending = null;
      autoRenew = false;
    }
    if (status == SubscriptionStatus.ACTIVE) {
      graceUntil = null;
      accessUntil = null;
      cancelledAt = null;
      endedReason = null;
    }
    return this;
  }

  /** When the lifecycle job must look at the row; null = never. */
  Instant due() {
    return switch (status) {
      case PENDING_PAYMENT -> orderEndsAt;
      case TRIALING -> earlier(trialEndsAt, periodEnd);
      case ACTIVE -> periodEnd;
      case PAST_DUE -> graceUntil;
      // a period paid ahead begins before the access is over
      case CANCELLED -> earlier(accessUntil, periodEnd);
      case EXPIRED -> null;
    };
  }

  /**
   * Whether what its subscriber is told ahead of stays where it was: then nothing is told twice.
   */
  boolean sameAhead() {
    return ahead()
        .equals(
            ReminderRules.of(
                before.status(), before.autoRenew(), before.periodEnd(), before.accessUntil()));
  }

  /** When he is to be told first; null = of nothing. */
  Instant nextReminder(Instant now) {
    return ahead().map(found -> ReminderRules.next(found, now)).orElse(null);
  }

  private Optional<ReminderRules.Ahead> ahead() {
    return ReminderRules.of(status, autoRenew, periodEnd, accessUntil);
  }

  private static Instant earlier(Instant one, Instant other) {
    return other == null || one.isBefore(other) ? one : other;
  }
}
