package com.sharestack.billing.ledger;

/**
 * An event was posted before with other content: something upstream is wrong, nothing is written.
 */
public final class LedgerConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LedgerConflictException(Journal journal) {
    super(journal.type().literal() + " " + journal.ref() + " was posted with other content");
  }
}
