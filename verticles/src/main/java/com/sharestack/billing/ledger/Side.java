package com.sharestack.billing.ledger;

/** Direction of a ledger line. */
public enum Side {
  /** Debit. */
  D,
  /** Credit. */
  C;

  public Side opposite() {
    return this == D ? C : D;
  }
}
