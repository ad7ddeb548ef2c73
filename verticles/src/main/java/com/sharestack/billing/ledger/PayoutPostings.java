package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.AccountCode.BAD_DEBT_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.BANK_CASH;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_AVAILABLE;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_FROZEN;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_PENDING;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_RECEIVABLE;
import static com.sharestack.billing.ledger.AccountCode.PAYOUT_COST_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.PAYOUT_FEE_INCOME;
import static com.sharestack.billing.ledger.AccountCode.TAX_PAYABLE;

import java.time.Instant;
import java.time.LocalDate;

/** Postings between a creator's balances, the tax office and the bank (section ledger.postings). */
public final class PayoutPostings {

  private PayoutPostings() {}

  /**
   * hold_released, ref stl_. Open debt is recovered before anything becomes withdrawable.
   *
   * @param grossFen G: shares of the settlement's lines less what refunds took from pending
   * @param taxFen T; negative when refunds of the month gave tax back
   * @param debtFen open debt before
   */
  public static Journal holdReleased(
      String settlementId, long creatorId, long grossFen, long taxFen, long debtFen, Instant at) {
    long net = Math.subtractExact(grossFen, taxFen);
    if (grossFen < 0 || net < 0 || debtFen < 0) {
      throw new IllegalArgumentException(
          "%s releases %d with tax %d and debt %d"
              .formatted(settlementId, grossFen, taxFen, debtFen));
    }
    long recovered = Math.min(debtFen, net);
    return Journal.of(JournalType.HOLD_RELEASED, settlementId, at, creatorId)
        .debit(Account.of(CREATOR_PENDING, creatorId), grossFen)
        .debit(Account.of(TAX_PAYABLE), Math.max(0, -taxFen))
        .credit(Account.of(CREATOR_AVAILABLE, creatorId), net - recovered)
        .credit(Account.of(TAX_PAYABLE), Math.max(0, taxFen))
        .credit(Account.of(CREATOR_RECEIVABLE, creatorId), recovered)
        .journal();
  }

  /**
   * debt_recovered, ref of the crediting event: posted right after whatever credited
   * creator_available, except hold_released. Empty without debt.
   *
   * @param creditFen what was credited
   */
  public static Journal debtRecovered(
      String creditRef, long creatorId, long debtFen, long creditFen, Instant at) {
    long recovered = Math.min(debtFen, creditFen);
    return Journal.of(JournalType.DEBT_RECOVERED, creditRef, at, creatorId)
        .debit(Account.of(CREATOR_AVAILABLE, creatorId), recovered)
        .credit(Account.of(CREATOR_RECEIVABLE, creatorId), recovered)
        .journal();
  }

  /** withdrawal_requested, ref wd_. */
  public static Journal withdrawalRequested(
      String withdrawalId, long creatorId, long amountFen, Instant at) {
    return Journal.of(JournalType.WITHDRAWAL_REQUESTED, withdrawalId, at, creatorId)
        .debit(Account.of(CREATOR_AVAILABLE, creatorId), amountFen)
        .credit(Account.of(CREATOR_FROZEN, creatorId), amountFen)
        .journal();
  }

  /** withdrawal_completed, ref wd_: the bank has paid amount less fee. */
  public static Journal withdrawalCompleted(
      String withdrawalId, long creatorId, long amountFen, long feeFen, Instant at) {
    return Journal.of(JournalType.WITHDRAWAL_COMPLETED, withdrawalId, at, creatorId)
        .debit(Account.of(CREATOR_FROZEN, creatorId), amountFen)
        .credit(Account.of(BANK_CASH), amountFen - feeFen)
        .credit(Account.of(PAYOUT_FEE_INCOME), feeFen)
        .journal();
  }

  /** payout_cost, ref wd_: what the bank charged us. */
  public static Journal payoutCost(String withdrawalId, long creatorId, long costFen, Instant at) {
    return Journal.of(JournalType.PAYOUT_COST, withdrawalId, at, creatorId)
        .debit(Account.of(PAYOUT_COST_EXPENSE), costFen)
        .credit(Account.of(BANK_CASH), costFen)
        .journal();
  }

  /** withdrawal_released, ref wd_: rejected, failed or cancelled. */
  public static Journal withdrawalReleased(
      String withdrawalId, long creatorId, long amountFen, Instant at) {
    return Journal.of(JournalType.WITHDRAWAL_RELEASED, withdrawalId, at, creatorId)
        .debit(Account.of(CREATOR_FROZEN, creatorId), amountFen)
        .credit(Account.of(CREATOR_AVAILABLE, creatorId), amountFen)
        .journal();
  }

  /** withdrawal_returned_by_bank, ref bank return: the fee is given back, payout_cost is not. */
  public static Journal withdrawalReturned(
      String bankReturnId, long creatorId, long amountFen, long feeFen, Instant at) {
    return Journal.of(JournalType.WITHDRAWAL_RETURNED_BY_BANK, bankReturnId, at, creatorId)
        .debit(Account.of(BANK_CASH), amountFen - feeFen)
        .debit(Account.of(PAYOUT_FEE_INCOME), feeFen)
        .credit(Account.of(CREATOR_AVAILABLE, creatorId), amountFen)
        .journal();
  }

  /** bad_debt, ref creator and date: a debt is given up. */
  public static Journal badDebt(long creatorId, LocalDate date, long amountFen, Instant at) {
    return Journal.of(JournalType.BAD_DEBT, creatorId + "@" + date, at, creatorId)
        .debit(Account.of(BAD_DEBT_EXPENSE), amountFen)
        .credit(Account.of(CREATOR_RECEIVABLE, creatorId), amountFen)
        .journal();
  }
}
