package com.sharestack.billing.pricing;

import com.sharestack.contract.BillingCycle;
import java.time.Duration;
import java.time.Instant;

/** What changing a plan costs (subscription_lifecycle.proration). */
public final class Proration {

  /**
   * The period a subscriber is in.
   *
   * @param paidFen really charged for it after discounts, with earlier upgrade charges
   */
  public record Running(BillingCycle cycle, Instant start, Instant end, long paidFen) {
    public Running {
      if (!end.isAfter(start) || paidFen < 0) {
        throw new IllegalArgumentException("period from %s to %s".formatted(start, end));
      }
    }

    private long periodSeconds() {
      return Math.max(1, Duration.between(start, end).toSeconds());
    }

    private long remainingSeconds(Instant now) {
      long left = Duration.between(now, end).toSeconds();
      return Math.clamp(left, 0, periodSeconds());
    }
  }

  /**
   * What a change costs now.
   *
   * @param creditFen given for unused time
   * @param chargeFen to pay; 0 applies at once without payment
   * @param newPeriod whether a period starts with the change
   */
  public record Charge(long creditFen, long chargeFen, boolean newPeriod) {}

  private Proration() {}

  /**
   * An upgrade that takes effect now.
   *
   * @param prorate false: full new price, new period, unused time is forfeited
   */
  public static Charge upgrade(
      Running running, BillingCycle newCycle, long newPriceFen, boolean prorate, Instant now) {
    if (!prorate) {
      return new Charge(0, newPriceFen, true);
    }
    if (newCycle != running.cycle()) {
      long credit = unusedFen(running, now);
      return new Charge(credit, Math.max(0, newPriceFen - credit), true);
    }
    long charge =
        Rounding.mulDiv(
            newPriceFen - running.paidFen(),
            running.remainingSeconds(now),
            running.periodSeconds());
    return new Charge(0, Math.max(0, charge), false);
  }

  /** The share of the period that is left, also what subscribers.remove refunds. */
  public static long unusedFen(Running running, Instant now) {
    return Rounding.mulDiv(
        running.paidFen(), running.remainingSeconds(now), running.periodSeconds());
  }

  /**
   * Whether a plan is an upgrade: dearer per time than the running one, or lifetime. Cycles are
   * compared by their months, so that the length of a particular month decides nothing.
   */
  public static boolean isUpgrade(
      BillingCycle cycle, long priceFen, BillingCycle newCycle, long newPriceFen) {
    if (cycle == BillingCycle.LIFETIME) {
      return false;
    }
    if (newCycle == BillingCycle.LIFETIME) {
      return true;
    }
    return Math.multiplyExact(newPriceFen, Periods.months(cycle))
        > Math.multiplyExact(priceFen, Periods.months(newCycle));
  }
}
