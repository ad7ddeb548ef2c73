package com.sharestack.billing.reconciliation;

/**
 * A payment or a refund as the comparison needs it.
 *
 * @param publicId pay_ or rf_
 * @param paymentId pay_ of either
 * @param tradeNo our number at the channel
 * @param number transaction of the channel, or our number of the refund
 * @param status literal
 * @param heldFen what was received, or is refunded
 * @param mismatched the payment failed because another amount came
 */
record LocalMoney(
    String publicId,
    String paymentId,
    String tradeNo,
    String number,
    String status,
    long heldFen,
    boolean mismatched) {

  /** Money came, whatever became of it since. */
  boolean received() {
    return switch (status) {
      case "completed", "partial_refunded", "refunded" -> true;
      default -> mismatched;
    };
  }
}
