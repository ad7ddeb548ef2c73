package com.sharestack.billing.coupons;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;

/** Why a code is no use for an order, in the words of coupons.validate. */
public enum CouponReason {
  /** Unknown, draft, disabled, or of another creator: one answer for all, nothing to guess. */
  NOT_FOUND("not_found"),
  NOT_STARTED("not_started"),
  EXPIRED("expired"),
  PAUSED("paused"),
  /** All places or the budget are used up or reserved. */
  EXHAUSTED("exhausted"),
  PER_USER("per_user"),
  /** Not for this plan, article or kind of order. */
  SCOPE("scope"),
  NEW_USERS_ONLY("new_users_only"),
  MIN_AMOUNT("min_amount"),
  /** The payer sells the item himself. */
  SELF("self");

  private final String literal;

  CouponReason(String literal) {
    this.literal = literal;
  }

  public String literal() {
    return literal;
  }

  /** COUPON_EXHAUSTED (details.reason total or per_user) or COUPON_INVALID (details.reason). */
  public ServiceException failure() {
    return switch (this) {
      case EXHAUSTED -> Errors.of(ErrorCode.COUPON_EXHAUSTED, "reason", "total");
      case PER_USER -> Errors.of(ErrorCode.COUPON_EXHAUSTED, "reason", literal);
      default -> Errors.of(ErrorCode.COUPON_INVALID, "reason", literal);
    };
  }
}
