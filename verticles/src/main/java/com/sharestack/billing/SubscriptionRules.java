package com.sharestack.billing;

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

  /** Until when a positive answer may be relied on; null = open end. */
  static Instant accessEnd(SubscriptionRow row) {
    return switch (row.status()) {
      case CANCELLED -> row.accessUntil();
      case PAST_DUE -> row.graceUntil();
      case PENDING_PAYMENT, TRIALING, ACTIVE, EXPIRED -> row.periodEnd();
    };
  }
}
