package com.sharestack.billing;

import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;

/** What the state of a subscription means. Nobody else compares states. */
final class SubscriptionRules {

  private SubscriptionRules() {}

  /**
   * The access function (subscription_lifecycle.access): trialing and active rows give access,
   * past_due ones in their grace time, cancelled ones until their access ends.
   */
  static boolean grantsAccess(SubscriptionRow row, Instant now) {
    return switch (row.status()) {
      case TRIALING, ACTIVE -> true;
      case PAST_DUE -> now.isBefore(row.graceUntil());
      case CANCELLED -> now.isBefore(row.accessUntil());
      case PENDING_PAYMENT, EXPIRED -> false;
    };
  }

  /**
   * Whether the row stands in the way of another subscription to the creator
   * (subscription_lifecycle.uniqueness): every state but expired, and cancelled only with access.
   */
  static boolean isLive(SubscriptionRow row, Instant now) {
    return row.status() != SubscriptionStatus.EXPIRED && !isLapsed(row, now);
  }

  /** Cancelled, without access, and not yet ended by a job. */
  static boolean isLapsed(SubscriptionRow row, Instant now) {
    return row.status() == SubscriptionStatus.CANCELLED && !grantsAccess(row, now);
  }

  /** Past due and out of grace: what a reader is told instead of "subscribe". */
  static boolean graceEnded(SubscriptionRow row, Instant now) {
    return row.status() == SubscriptionStatus.PAST_DUE && !grantsAccess(row, now);
  }

  /**
   * Until when it matters what the subscriber opens: only refunds without staff ask for it, and
   * only of what was paid lately. A period that follows may have begun before a job says so.
   *
   * @return null = it does not matter
   */
  static Instant countsOpeningsUntil(SubscriptionRow row, Instant now) {
    if (row.priceFen() == 0 || row.periodStart() == null) {
      return null;
    }
    boolean over = row.periodEnd() != null && !now.isBefore(row.periodEnd());
    Instant until =
        (over ? row.periodEnd() : row.periodStart()).plus(RefundPolicy.LONGEST_USE_WINDOW);
    return now.isAfter(until) ? null : until;
  }

  /** Until when a positive answer may be relied on; null = open end. */
  static Instant accessEnd(SubscriptionRow row) {
    return switch (row.status()) {
      case CANCELLED -> row.accessUntil();
      case PAST_DUE -> row.graceUntil();
      case PENDING_PAYMENT, TRIALING, ACTIVE, EXPIRED -> row.periodEnd();
    };
  }
}
