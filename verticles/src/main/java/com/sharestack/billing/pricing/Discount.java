package com.sharestack.billing.pricing;

/**
 * One promotion or coupon as the price sees it.
 *
 * @param funding who pays for it
 * @param kind how {@code value} is read
 * @param value percent taken off (1-100), fen taken off, or the fixed price in fen; 0 for NONE
 * @param maxFen the most a percentage takes off; null for no cap
 * @param minFen the least amount it applies to; null for any
 * @param stackable whether it may join the other kind (coupon with promotion)
 */
public record Discount(
    Funding funding, Kind kind, long value, Long maxFen, Long minFen, boolean stackable) {

  /** Who pays for a discount. */
  public enum Funding {
    PLATFORM,
    CREATOR
  }

  /** How a discount is reckoned. */
  public enum Kind {
    PERCENTAGE,
    FIXED_AMOUNT,
    FIXED_PRICE,
    /** Changes the trial, not the price. */
    NONE
  }

  public Discount {
    if (value < 0 || (kind == Kind.PERCENTAGE && (value < 1 || value > 100))) {
      throw new IllegalArgumentException(kind + " discount of " + value);
    }
  }

  /** Whether an order of {@code amountFen} is large enough. */
  public boolean appliesTo(long amountFen) {
    return minFen == null || amountFen >= minFen;
  }

  /** What it takes off {@code amountFen}: never more than that, nothing below its minimum. */
  public long off(long amountFen) {
    if (!appliesTo(amountFen)) {
      return 0;
    }
    long off =
        switch (kind) {
          case PERCENTAGE -> {
            long share = Rounding.mulDiv(amountFen, value, 100);
            yield maxFen == null ? share : Math.min(share, maxFen);
          }
          case FIXED_AMOUNT -> value;
          case FIXED_PRICE -> Math.max(0, amountFen - value);
          case NONE -> 0;
        };
    return Math.min(off, amountFen);
  }
}
