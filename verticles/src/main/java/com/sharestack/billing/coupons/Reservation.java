package com.sharestack.billing.coupons;

import com.sharestack.billing.pricing.Discount;
import com.sharestack.billing.pricing.Discount.Funding;

/**
 * The place of a coupon that an order holds.
 *
 * @param code upper case
 * @param discountFen taken off the list price of one charge; 0 for a trial coupon
 * @param discount the terms as {@link com.sharestack.billing.pricing.Price#of} takes them
 * @param trialDays by which a trial coupon widens the trial of a first subscription; else 0
 * @param appliesToCycles consecutive charges the use covers, this one included
 */
public record Reservation(
    long couponId,
    String code,
    long discountFen,
    Discount discount,
    int trialDays,
    int appliesToCycles) {

  /** Who pays for the discount: Dp when it is the platform, else Dc. */
  public Funding fundedBy() {
    return discount.funding();
  }
}
