package com.sharestack.billing.reconciliation;

import com.sharestack.billing.rails.BillLine;

/**
 * A line of a stored bill.
 *
 * @param repeated the bill has had the same transaction or refund before
 */
record BillEntry(int number, BillLine line, boolean repeated) {

  boolean refund() {
    return line.kind() == BillLine.Kind.REFUND;
  }

  /** What the line is about, within its channel. */
  String key() {
    return refund() ? line.outRefundNo() : line.transactionId();
  }
}
