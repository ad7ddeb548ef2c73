package com.sharestack.billing.rails;

import java.time.Instant;

/**
 * One line of a rail's bill, in words common to both.
 *
 * @param outRefundNo of a REFUND
 * @param amountFen positive, for both kinds
 * @param feeFen what the rail keeps; negative = fee given back
 * @param status the rail's literal
 */
public record BillLine(
    Kind kind,
    String outTradeNo,
    String transactionId,
    String outRefundNo,
    long amountFen,
    long feeFen,
    String status,
    Instant at) {

  public enum Kind {
    PAYMENT,
    REFUND
  }
}
