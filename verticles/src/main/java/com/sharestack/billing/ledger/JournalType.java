package com.sharestack.billing.ledger;

import java.util.Locale;

/** What makes a journal (section ledger.postings). With its ref it happens once. */
public enum JournalType {
  PAYMENT_COMPLETED,
  CHANNEL_FEE_ACCRUED,
  CHANNEL_FEE_ADJUSTED,
  CHANNEL_SETTLED,
  LATE_OR_DUPLICATE_PAYMENT,
  AMOUNT_MISMATCH,
  SUSPENSE_REFUND_APPROVED,
  HOLD_RELEASED,
  REFUND_APPROVED,
  REFUND_COMPLETED,
  DEBT_RECOVERED,
  REFUND_REJECTED_BY_CHANNEL_FINAL,
  WITHDRAWAL_REQUESTED,
  WITHDRAWAL_COMPLETED,
  PAYOUT_COST,
  WITHDRAWAL_RELEASED,
  WITHDRAWAL_RETURNED_BY_BANK,
  CHARGEBACK,
  TAX_REMITTED,
  VAT_ACCRUED,
  MANUAL_ADJUSTMENT,
  BAD_DEBT;

  /** As stored in event_type. */
  public String literal() {
    return name().toLowerCase(Locale.ROOT);
  }
}
