package com.sharestack.billing.pricing;

/**
 * How a sale is divided (money_formulas). The share base B = A + Dp is exactly F + S + R.
 *
 * @param paidFen A
 * @param platformDiscountFen Dp
 * @param platformFeeFen F
 * @param creatorShareFen S
 * @param restFen R, the platform's too
 */
public record Shares(
    long paidFen,
    long platformDiscountFen,
    long platformFeeFen,
    long creatorShareFen,
    long restFen) {

  public Shares {
    if (paidFen < 0
        || platformDiscountFen < 0
        || platformFeeFen < 0
        || creatorShareFen < 0
        || restFen < 0
        || platformFeeFen + creatorShareFen + restFen != paidFen + platformDiscountFen) {
      throw new IllegalArgumentException("shares that do not add up");
    }
  }

  public static Shares of(long paidFen, long platformDiscountFen, RevenueRates rates) {
    long base = Math.addExact(paidFen, platformDiscountFen);
    long fee = Rounding.mulDiv(base, rates.platformFee(), RevenueRates.UNIT);
    long share = Rounding.mulDiv(base - fee, rates.creatorShare(), RevenueRates.UNIT);
    return new Shares(paidFen, platformDiscountFen, fee, share, base - fee - share);
  }

  /** B. */
  public long baseFen() {
    return paidFen + platformDiscountFen;
  }

  /** F + R, all that the platform keeps. */
  public long platformFen() {
    return platformFeeFen + restFen;
  }
}
