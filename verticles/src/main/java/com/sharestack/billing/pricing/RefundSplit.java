package com.sharestack.billing.pricing;

/**
 * What one refund takes back from whom (money_formulas.refund_split): r + dDp = dS + dFR.
 *
 * @param refundFen r, to the payer
 * @param platformDiscountFen dDp, back to the platform's marketing
 * @param platformFen dF + dR, from the platform
 * @param creatorFen dS, from the creator
 */
public record RefundSplit(
    long refundFen, long platformDiscountFen, long platformFen, long creatorFen) {

  /** Nothing refunded yet. */
  public static final RefundSplit NONE = new RefundSplit(0, 0, 0, 0);

  public RefundSplit {
    if (refundFen < 0
        || platformDiscountFen < 0
        || platformFen < 0
        || creatorFen < 0
        || refundFen + platformDiscountFen != platformFen + creatorFen) {
      throw new IllegalArgumentException("a refund split that does not add up");
    }
  }

  /**
   * The split of a refund of {@code refundFen} after those that were approved before it.
   * Cumulative: refunding everything in any parts gives back exactly S, F + R and Dp.
   *
   * @param before sum of the splits of all refunds of the payment that were not rejected
   * @throws IllegalArgumentException when more would be refunded than was paid
   */
  public static RefundSplit of(Shares sale, RefundSplit before, long refundFen) {
    long cumulative = Math.addExact(before.refundFen, refundFen);
    if (refundFen <= 0 || cumulative > sale.paidFen()) {
      throw new IllegalArgumentException(
          "refund of %d after %d of %d".formatted(refundFen, before.refundFen, sale.paidFen()));
    }
    long discount =
        Rounding.mulDiv(sale.platformDiscountFen(), cumulative, sale.paidFen())
            - before.platformDiscountFen;
    long platform =
        Math.min(
            refundFen + discount,
            Rounding.mulDiv(sale.platformFen(), cumulative, sale.paidFen()) - before.platformFen);
    return new RefundSplit(refundFen, discount, platform, refundFen + discount - platform);
  }

  /** Both together. */
  public RefundSplit plus(RefundSplit other) {
    return new RefundSplit(
        refundFen + other.refundFen,
        platformDiscountFen + other.platformDiscountFen,
        platformFen + other.platformFen,
        creatorFen + other.creatorFen);
  }
}
