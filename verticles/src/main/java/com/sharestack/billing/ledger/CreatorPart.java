package com.sharestack.billing.ledger;

/**
 * Where the creator's part of a refund is taken from. creator_frozen is never touched.
 *
 * @param debtFen not covered by his balance: he owes it
 */
public record CreatorPart(long pendingFen, long availableFen, long debtFen) {

  public CreatorPart {
    if (pendingFen < 0 || availableFen < 0 || debtFen < 0) {
      throw new IllegalArgumentException("a creator's part below zero");
    }
  }

  /** The settlement of the sale is not completed: its money is still pending. */
  public static CreatorPart unsettled(long shareFen) {
    return new CreatorPart(shareFen, 0, 0);
  }

  /** The sale was settled: from what is withdrawable as far as it reaches. */
  public static CreatorPart settled(long shareFen, CreatorBalances balances) {
    long covered = Math.min(shareFen, balances.availableFen());
    return new CreatorPart(0, covered, shareFen - covered);
  }

  long totalFen() {
    return pendingFen + availableFen + debtFen;
  }
}
