package com.sharestack.billing.pricing;

/**
 * The two rates of a revenue rule, in ten-thousandths.
 *
 * @param platformFee of the share base
 * @param creatorShare of what is left
 */
public record RevenueRates(int platformFee, int creatorShare) {

  /** One whole. */
  static final int UNIT = 10_000;

  /** 0.1000 and 1.0000: the seeded rule, and what applies without any usable one. */
  public static final RevenueRates DEFAULT = new RevenueRates(1_000, UNIT);

  public RevenueRates {
    if (platformFee < 0 || platformFee > UNIT || creatorShare < 0 || creatorShare > UNIT) {
      throw new IllegalArgumentException("rates " + platformFee + ", " + creatorShare);
    }
  }
}
