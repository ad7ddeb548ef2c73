package com.sharestack.billing.coupons;

/**
 * What an order is for, as a coupon looks at it.
 *
 * @param id plan or article
 * @param creatorId who sells it
 */
public record CouponItem(Kind kind, long id, long creatorId) {

  /** How the item is sold. */
  public enum Kind {
    /** The first period of a subscription. */
    PLAN,
    /** A further period ordered by subscriptions.renew; only coupons made for it apply. */
    RENEWAL,
    /** A single sale. */
    ARTICLE
  }

  public static CouponItem plan(long planId, long creatorId) {
    return new CouponItem(Kind.PLAN, planId, creatorId);
  }

  public static CouponItem renewal(long planId, long creatorId) {
    return new CouponItem(Kind.RENEWAL, planId, creatorId);
  }

  public static CouponItem article(long articleId, long creatorId) {
    return new CouponItem(Kind.ARTICLE, articleId, creatorId);
  }

  /** Whether the item is a plan, first or again. */
  public boolean isPlan() {
    return kind != Kind.ARTICLE;
  }
}
