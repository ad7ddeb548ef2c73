package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.rails.Placed;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentStatus;
import java.time.Instant;

/**
 * A payment as stored.
 *
 * @param publicId the pay_ id
 * @param channelFeeFen C, as expected
 * @param late money that came too late or twice
 * @param duplicateOf the payment whose order was paid a second time, null for all others
 * @param tradeNo our number at the channel: of the first row for a duplicate
 * @param placed null until the channel has the order
 * @param receivedFen what arrived when it was another amount, else null
 * @param reservedFen of all refunds that are not rejected
 * @param returned sum of the splits of the approved refunds of the sale
 */
public record PaymentRow(
    long id,
    String publicId,
    long userId,
    long creatorId,
    OrderRef order,
    Price price,
    Shares shares,
    long channelFeeFen,
    PaymentStatus status,
    PaymentFailureCode failureCode,
    boolean late,
    Long duplicateOf,
    Choice choice,
    String tradeNo,
    String transactionId,
    Placed placed,
    String description,
    Long receivedFen,
    long reservedFen,
    long refundedFen,
    RefundSplit returned,
    Instant expiresAt,
    Instant paidAt,
    Instant createdAt) {

  /** A, what the payer was asked for. */
  public long amountFen() {
    return price.paidFen();
  }

  /** What is there to be refunded at all. */
  public long heldFen() {
    return receivedFen == null ? amountFen() : receivedFen;
  }

  public boolean open() {
    return PaymentMachine.isOpen(status);
  }

  /** Money that is ours to refund: it came, and some of it may still be here. */
  public boolean paid() {
    return status == PaymentStatus.COMPLETED
        || status == PaymentStatus.PARTIAL_REFUNDED
        || status == PaymentStatus.REFUNDED;
  }
}
