package com.sharestack.billing.ledger;

/** A balance that must not fall below zero would have: nothing of the transaction is written. */
public final class OverdrawnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OverdrawnException(Journal journal) {
    super(journal.type().literal() + " " + journal.ref() + " overdraws an account");
  }
}
