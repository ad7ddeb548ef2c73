package com.sharestack.billing.reports;

/** Movements added up. */
final class Amounts {

  long sales;
  long revenueFen;
  long feeFen;
  long refundFen;
  long taxFen;
  long settledFen;
  long withdrawnFen;
  long withdrawalFeeFen;
  long adjustmentFen;

  void add(Movement movement) {
    sales += movement.isSale() ? 1 : 0;
    revenueFen += movement.revenueFen();
    feeFen += movement.feeFen();
    refundFen += movement.refundFen();
    taxFen += movement.taxFen();
    settledFen += movement.settledFen();
    withdrawnFen += movement.withdrawnFen();
    withdrawalFeeFen += movement.withdrawalFeeFen();
    adjustmentFen += movement.adjustmentFen();
  }

  void add(Amounts other) {
    sales += other.sales;
    revenueFen += other.revenueFen;
    feeFen += other.feeFen;
    refundFen += other.refundFen;
    taxFen += other.taxFen;
    settledFen += other.settledFen;
    withdrawnFen += other.withdrawnFen;
    withdrawalFeeFen += other.withdrawalFeeFen;
    adjustmentFen += other.adjustmentFen;
  }

  /** Fee, refunds, tax, withdrawal fees. */
  long expenseFen() {
    return feeFen + refundFen + taxFen + withdrawalFeeFen;
  }

  long netFen() {
    return revenueFen - expenseFen();
  }
}
