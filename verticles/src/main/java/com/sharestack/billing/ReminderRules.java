package com.sharestack.billing;

import com.sharestack.contract.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a subscriber is told what lies ahead (notifications_sent,
 * subscription_lifecycle.auto_renew): 7, 3 and 1 days before an automatic renewal is charged, 3 and
 * 1 days before an end without renewal. Pure.
 */
final class ReminderRules {

  /** The first attempt to charge is made so long before current_period_end. */
  static final Duration CHARGED_AHEAD = Duration.ofHours(12);

  private static final List<Integer> RENEWAL_DAYS = List.of(7, 3, 1);
  private static final List<Integer> END_DAYS = List.of(3, 1);

  private ReminderRules() {}

  /**
   * What lies ahead of a subscription.
   *
   * @param at the charge, or the end of access
   */
  record Ahead(boolean renewal, Instant at) {

    private List<Integer> days() {
      return renewal ? RENEWAL_DAYS : END_DAYS;
    }

    private Instant before(int days) {
      return at.minus(Duration.ofDays(days));
    }
  }

  /** Empty without an end, and when the end is not news: in grace, unpaid, over. */
  static Optional<Ahead> of(
      SubscriptionStatus status, boolean autoRenew, Instant periodEnd, Instant accessUntil) {
    return switch (status) {
      case TRIALING, ACTIVE ->
          periodEnd == null
              ? Optional.empty()
              : Optional.of(
                  autoRenew
                      ? new Ahead(true, periodEnd.minus(CHARGED_AHEAD))
                      : new Ahead(false, periodEnd));
      case CANCELLED ->
          periodEnd == null ? Optional.empty() : Optional.of(new Ahead(false, accessUntil));
      case PENDING_PAYMENT, PAST_DUE, EXPIRED -> Optional.empty();
    };
  }

  /** The first reminder after {@code now}; null when there is none left. */
  static Instant next(Ahead ahead, Instant now) {
    return ahead.days().stream()
        .map(ahead::before)
        .filter(time -> time.isAfter(now))
        .findFirst()
        .orElse(null);
  }

  /**
   * Of which days to remind now: of several that were missed the nearest. Empty when it is too
   * early, or too late to be news.
   */
  static Optional<Integer> due(Ahead ahead, Instant now) {
    return now.isBefore(ahead.at())
        ? ahead.days().stream()
            .filter(days -> !now.isBefore(ahead.before(days)))
            .reduce((farther, nearer) -> nearer)
        : Optional.empty();
  }
}
