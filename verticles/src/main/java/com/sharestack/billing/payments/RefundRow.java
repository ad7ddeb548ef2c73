package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.RefundStatus;
import java.time.Instant;

/**
 * A refund as stored.
 *
 * @param publicId the rf_ id
 * @param split zero until approved, and always for money that fulfilled nothing
 * @param outRefundNo our number at the channel; a repeat carries the same one
 * @param acceptedAt since when the channel has it; null while it must still be told
 * @param attempts to tell the channel so far
 */
public record RefundRow(
    long id,
    String publicId,
    long paymentId,
    String paymentPublicId,
    long userId,
    long creatorId,
    Kind kind,
    long amountFen,
    boolean full,
    String reason,
    RefundPolicy.Policy policy,
    boolean manual,
    RefundStatus status,
    RefundSplit split,
    PaymentMethod method,
    String outRefundNo,
    Instant acceptedAt,
    int attempts,
    boolean notifyUser,
    String rejectReason,
    Instant estimatedArrival,
    Instant processedAt,
    Instant createdAt) {

  /** Which money goes back, and so which postings. */
  public enum Kind {
    /** Of a fulfilled payment: refund_approved with its split. */
    SALE,
    /** Late or duplicate: refund_payable was credited on receipt. */
    UNFULFILLED,
    /** Another amount than asked: suspense_refund_approved. */
    SUSPENSE
  }
}
