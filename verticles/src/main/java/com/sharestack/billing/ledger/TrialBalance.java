package com.sharestack.billing.ledger;

import java.time.Instant;
import java.util.List;

/**
 * All accounts over a span of time, added up from the lines.
 *
 * @param from first moment of the span
 * @param to first moment after it
 */
public record TrialBalance(Instant from, Instant to, List<Total> accounts) {

  /**
   * One code of the chart; channels, creators and books added up.
   *
   * @param openingFen before the span, in the account's normal direction
   * @param closingFen after it
   */
  public record Total(
      AccountCode code, long openingFen, long debitFen, long creditFen, long closingFen) {}

  /**
   * A stored balance that is not the sum of its lines.
   *
   * @param account code of the account
   * @param ownerId creator or channel; null for the platform
   */
  public record Difference(AccountCode account, String ownerId, long storedFen, long computedFen) {}

  public TrialBalance {
    accounts = List.copyOf(accounts);
  }

  /** Turnover of the span, all debits. */
  public long debitTotalFen() {
    return accounts.stream().mapToLong(Total::debitFen).sum();
  }

  /** Turnover of the span, all credits. */
  public long creditTotalFen() {
    return accounts.stream().mapToLong(Total::creditFen).sum();
  }

  /** Whether turnover and closing balances add up to nothing. */
  public boolean balanced() {
    long closing =
        accounts.stream()
            .mapToLong(t -> t.code().normalSide() == Side.D ? t.closingFen() : -t.closingFen())
            .sum();
    return closing == 0 && debitTotalFen() == creditTotalFen();
  }
}
