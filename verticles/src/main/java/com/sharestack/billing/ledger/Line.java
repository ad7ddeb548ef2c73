package com.sharestack.billing.ledger;

/**
 * One line of a journal.
 *
 * @param amountFen above zero
 */
public record Line(Account account, Side side, long amountFen) {

  public Line {
    if (amountFen <= 0) {
      throw new IllegalArgumentException("a ledger line of " + amountFen + " fen");
    }
  }

  /** The amount with the sign of a debit. */
  long debitFen() {
    return side == Side.D ? amountFen : -amountFen;
  }
}
