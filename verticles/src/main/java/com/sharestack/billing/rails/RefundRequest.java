package com.sharestack.billing.rails;

/**
 * Money back to the payer. A repeat must carry the same {@code outRefundNo}: a new number refunds a
 * second time.
 *
 * @param outRefundNo our number, 6 to 32 of [0-9A-Za-z]
 * @param refundFen of this refund
 * @param totalFen of the order
 */
public record RefundRequest(
    String outTradeNo, String outRefundNo, long refundFen, long totalFen, String reason) {

  public RefundRequest {
    if (outTradeNo == null || !OrderRequest.NUMBER.matcher(outTradeNo).matches()) {
      throw new IllegalArgumentException("outTradeNo must be 6 to 32 letters and digits");
    }
    if (outRefundNo == null || !OrderRequest.NUMBER.matcher(outRefundNo).matches()) {
      throw new IllegalArgumentException("outRefundNo must be 6 to 32 letters and digits");
    }
    if (refundFen <= 0 || refundFen > totalFen) {
      throw new IllegalArgumentException("refundFen must be 1 to " + totalFen);
    }
  }
}
