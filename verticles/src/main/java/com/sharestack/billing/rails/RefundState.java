package com.sharestack.billing.rails;

/** Where a refund stands at the rail. */
public enum RefundState {
  /** Accepted, not done. */
  PROCESSING,
  SUCCESS,
  /** Ended without money moving. */
  CLOSED,
  /** The payer's account could not take it: staff must act. */
  ABNORMAL,
  /** The rail does not say: ask again. */
  UNKNOWN
}
