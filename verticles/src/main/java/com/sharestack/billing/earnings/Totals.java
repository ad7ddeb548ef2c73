package com.sharestack.billing.earnings;

/**
 * A creator's sums of some days, net of refunds.
 *
 * @param subscriptionFen share base B of subscriptions
 * @param platformFen F + R
 * @param shareFen S
 */
public record Totals(
    long subscriptionFen, long oneTimeFen, long tipFen, long platformFen, long shareFen) {

  public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

  /** Sum of B. */
  public long revenueFen() {
    return subscriptionFen + oneTimeFen + tipFen;
  }
}
