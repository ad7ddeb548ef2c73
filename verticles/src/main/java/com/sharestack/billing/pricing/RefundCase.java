package com.sharestack.billing.pricing;

import com.sharestack.contract.PaymentPurpose;
import java.time.Instant;

/**
 * A paid payment as the refund rules look at it.
 *
 * @param amountFen paid, or received when the amount did not match
 * @param reservedFen refunded or asked for, every status except rejected
 * @param trialing the subscription is in its trial, which this payment opened
 * @param firstPeriod the payment opened the subscription's first period
 * @param autoDebit charged by agreement, without the payer at the keyboard
 * @param openedItems gated items of the creator opened since payment (for a purchase: 1 once the
 *     content was opened past its preview)
 * @param specialInvoice a live special VAT invoice exists
 */
public record RefundCase(
    PaymentPurpose purpose,
    long amountFen,
    long reservedFen,
    Instant paidAt,
    boolean trialing,
    boolean firstPeriod,
    boolean autoDebit,
    int openedItems,
    boolean specialInvoice) {

  /** What can still be refunded. */
  public long refundableFen() {
    return amountFen - reservedFen;
  }
}
