package com.sharestack.billing.pricing;

import com.sharestack.contract.BillingCycle;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Periods, trials and holds (subscription_lifecycle.periods, .trial; ledger.hold). */
public final class Periods {

  /** Business days and calendar months are those of this zone. */
  public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final int MAX_TRIAL_DAYS = 30;

  private Periods() {}

  /** The day of month from which a subscription that starts now counts its periods. */
  public static int anchorDay(Instant start) {
    return start.atZone(ZONE).getDayOfMonth();
  }

  /**
   * End of the period that starts at {@code start}: the same time of day, the cycle's months later,
   * on the anchor day or the last day of a shorter month.
   *
   * @param anchorDay 1-31, fixed when the subscription was activated or changed its cycle
   * @return null for a cycle without end
   */
  public static Instant end(Instant start, BillingCycle cycle, int anchorDay) {
    if (cycle == BillingCycle.LIFETIME) {
      return null;
    }
    if (anchorDay < 1 || anchorDay > 31) {
      throw new IllegalArgumentException("anchor day " + anchorDay);
    }
    ZonedDateTime from = start.atZone(ZONE);
    LocalDate month = from.toLocalDate().withDayOfMonth(1).plusMonths(months(cycle));
    LocalDate day = month.withDayOfMonth(Math.min(anchorDay, month.lengthOfMonth()));
    return ZonedDateTime.of(day, from.toLocalTime(), ZONE).toInstant();
  }

  /**
   * @throws IllegalArgumentException for lifetime, which has none
   */
  static int months(BillingCycle cycle) {
    return switch (cycle) {
      case MONTHLY -> 1;
      case QUARTERLY -> 3;
      case YEARLY -> 12;
      case LIFETIME -> throw new IllegalArgumentException("lifetime has no months");
    };
  }

  /**
   * End of a trial inside the first paid period, 30 days at most.
   *
   * @param wideningDays of a trial_days coupon or free_trial promotion
   * @return null without trial
   */
  public static Instant trialEnd(Instant start, int planDays, int wideningDays) {
    int days = Math.min(MAX_TRIAL_DAYS, planDays + wideningDays);
    return days == 0 ? null : start.plus(Duration.ofDays(days));
  }

  /**
   * Until when an earning is pending: the hold after it was paid, not before the trial is over.
   *
   * @param trialEndsAt null without trial
   * @param holdDays setting finance.settlement_hold_days
   */
  public static Instant holdUntil(Instant paidAt, Instant trialEndsAt, int holdDays) {
    Instant held = paidAt.plus(Duration.ofDays(holdDays));
    return trialEndsAt != null && trialEndsAt.isAfter(held) ? trialEndsAt : held;
  }
}
