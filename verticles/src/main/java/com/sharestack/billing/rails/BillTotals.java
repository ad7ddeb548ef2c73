package com.sharestack.billing.rails;

/**
 * Sums of a bill as its lines give them; the file's own totals were compared with these.
 *
 * @param feesFen of payments less what refunds gave back
 */
public record BillTotals(
    long payments, long paymentsFen, long refunds, long refundsFen, long feesFen) {

  static final BillTotals ZERO = new BillTotals(0, 0, 0, 0, 0);

  BillTotals plus(BillLine line) {
    return line.kind() == BillLine.Kind.PAYMENT
        ? new BillTotals(
            payments + 1,
            paymentsFen + line.amountFen(),
            refunds,
            refundsFen,
            feesFen + line.feeFen())
        : new BillTotals(
            payments,
            paymentsFen,
            refunds + 1,
            refundsFen + line.amountFen(),
            feesFen + line.feeFen());
  }
}
