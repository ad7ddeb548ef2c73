package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;

/**
 * A subscription as stored, with what its plan opens.
 *
 * @param publicId the sub_ id
 * @param priceFen locked at creation
 * @param planPriced whether the plan costs money, whatever this subscriber paid
 * @param periodStart of the period that runs; before activation the one it would get
 * @param anchorDay day of month its periods count from; null without periods
 * @param dueAt when the lifecycle job looks at it; the order's end before activation; null = never
 * @param promoCode coupon of the unpaid order, upper case; else null
 * @param coupon the coupon that covers charges, null for none
 * @param pending null without
 */
record SubscriptionRow(
    long id,
    String publicId,
    long userId,
    long creatorId,
    long planId,
    String planName,
    boolean planPriced,
    BillingCycle cycle,
    PlanEntitlements entitlements,
    SubscriptionStatus status,
    SubscriptionEndedReason endedReason,
    SubscriptionSource source,
    long priceFen,
    Instant trialEndsAt,
    Instant periodStart,
    Instant periodEnd,
    Instant graceUntil,
    Instant accessUntil,
    boolean autoRenew,
    String agreementId,
    Instant cancelledAt,
    Instant changedAt,
    Instant createdAt,
    Integer anchorDay,
    Instant activatedAt,
    Instant dueAt,
    String promoCode,
    CouponUse coupon,
    Pending pending) {

  /**
   * A used coupon.
   *
   * @param orderId under which its place was taken
   * @param charges it has covered so far
   */
  record CouponUse(String orderId, int charges) {}

  /**
   * A plan change to come.
   *
   * @param priceFen of the target on the day of the request
   * @param cycle of the target
   * @param paymentId the charge that an immediate change waits for; null for a scheduled one
   * @param newPeriod an immediate change opens a period
   * @param creditFen given for the unused time of the running period
   */
  record Pending(
      long planId,
      String planName,
      boolean planPriced,
      long priceFen,
      BillingCycle cycle,
      PlanChangeTiming timing,
      Instant effectiveAt,
      String paymentId,
      boolean newPeriod,
      long creditFen) {

    /** The same charge, to be paid by another payment. */
    Pending paidBy(String otherPaymentId) {
      return new Pending(
          planId,
          planName,
          planPriced,
          priceFen,
          cycle,
          timing,
          effectiveAt,
          otherPaymentId,
          newPeriod,
          creditFen);
    }

    boolean scheduled() {
      return timing == PlanChangeTiming.NEXT_CYCLE;
    }
  }
}
