package com.sharestack.billing.ledger;

/**
 * Something in the ledger that cannot be.
 *
 * @param book -1: not of one book
 * @param seq of the journal; 0: of none
 */
public record Finding(Kind kind, int book, long seq, String text) {

  /** What is wrong. */
  public enum Kind {
    /** A number is missing or occurs twice. */
    GAP,
    /** A journal does not name its predecessor. */
    CHAIN,
    /** Content and hash do not belong together. */
    CONTENT,
    /** Debits and credits differ. */
    UNBALANCED,
    /** Lines are missing or too many. */
    LINES,
    /** A journal stands in the wrong book or names an account of another one. */
    PLACE,
    /** Time goes back, or a line has another time than its journal. */
    TIME,
    /** The head of a book is not its last journal. */
    HEAD,
    /** A head that was written down before is no longer there. */
    ANCHOR,
    /** A stored balance is not the sum of its lines. */
    BALANCE,
    /** A guarded account adds up to less than nothing. */
    NEGATIVE
  }

  /** Takes findings. */
  @FunctionalInterface
  interface Sink {
    void report(Kind kind, int book, long seq, String text);
  }
}
