package com.sharestack.billing.pricing;

import com.sharestack.billing.pricing.Discount.Funding;

/**
 * What an order costs: A = P - Dp - Dc (money_formulas.paid).
 *
 * @param listFen P
 * @param promotionFen taken off by the promotion
 * @param couponFen taken off by the coupon
 * @param platformFen the part of both that the platform pays, Dp
 */
public record Price(long listFen, long promotionFen, long couponFen, long platformFen) {

  public Price {
    if (promotionFen < 0
        || couponFen < 0
        || promotionFen + couponFen > listFen
        || platformFen < 0
        || platformFen > promotionFen + couponFen) {
      throw new IllegalArgumentException(
          "price %d with %d and %d off, %d by the platform"
              .formatted(listFen, promotionFen, couponFen, platformFen));
    }
  }

  /**
   * The price after promotion, then coupon. Both are used only when the coupon says that it joins a
   * promotion; otherwise the one that takes off more, the promotion when both take off the same (no
   * coupon is then used up).
   *
   * @param promotion null for none
   * @param coupon null for none
   */
  public static Price of(long listFen, Discount promotion, Discount coupon) {
    if (listFen < 0) {
      throw new IllegalArgumentException("price " + listFen);
    }
    long promotionFen = promotion == null ? 0 : promotion.off(listFen);
    long aloneFen = coupon == null ? 0 : coupon.off(listFen);
    if (promotionFen > 0 && aloneFen > 0 && !coupon.stackable()) {
      return aloneFen > promotionFen
          ? of(listFen, null, coupon)
          : of(listFen, promotion, (Discount) null);
    }
    long couponFen = coupon == null ? 0 : coupon.off(listFen - promotionFen);
    return new Price(
        listFen,
        promotionFen,
        couponFen,
        byPlatform(promotion, promotionFen) + byPlatform(coupon, couponFen));
  }

  private static long byPlatform(Discount discount, long fen) {
    return discount != null && discount.funding() == Funding.PLATFORM ? fen : 0;
  }

  /** Dc. */
  public long creatorFen() {
    return promotionFen + couponFen - platformFen;
  }

  /** A, what the payer pays; 0 needs no payment. */
  public long paidFen() {
    return listFen - promotionFen - couponFen;
  }
}
