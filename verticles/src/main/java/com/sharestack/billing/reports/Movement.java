package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.ledger.JournalView;
import java.time.Instant;

/**
 * What one journal means to its creator, in fen. Pure. For every journal: change of what he has
 * (pending + available + frozen - debt) = revenue - platform fee - refunds - tax - withdrawn +
 * adjustments; so the columns of a report add up to the change of his balances.
 *
 * @param channel literal; empty for none
 * @param revenueFen B of a sale
 * @param feeFen F + R, less what refunds gave back
 * @param refundFen dS + dF + dR
 * @param settledFen made withdrawable by a settlement, recovered debt included
 * @param withdrawnFen paid out with fee; negative when the bank returned it
 * @param withdrawalFeeFen part of it
 * @param adjustmentFen whatever else changed what he has
 */
record Movement(
    JournalType type,
    String ref,
    Instant at,
    String channel,
    long pendingFen,
    long availableFen,
    long frozenFen,
    long debtFen,
    long revenueFen,
    long feeFen,
    long refundFen,
    long taxFen,
    long settledFen,
    long withdrawnFen,
    long withdrawalFeeFen,
    long adjustmentFen) {

  static Movement of(JournalView journal) {
    long pending = journal.netFen(AccountCode.CREATOR_PENDING);
    long available = journal.netFen(AccountCode.CREATOR_AVAILABLE);
    long frozen = journal.netFen(AccountCode.CREATOR_FROZEN);
    long debt = journal.netFen(AccountCode.CREATOR_RECEIVABLE);
    long fee = journal.netFen(AccountCode.PLATFORM_FEE_INCOME);
    long tax = journal.netFen(AccountCode.TAX_PAYABLE);
    long has = pending + available + frozen - debt;
    long revenue = 0;
    long refund = 0;
    long settled = 0;
    long withdrawn = 0;
    switch (journal.type()) {
      case PAYMENT_COMPLETED -> revenue = has + fee;
      case REFUND_APPROVED, CHARGEBACK, REFUND_REJECTED_BY_CHANNEL_FINAL -> refund = -has - fee;
      case HOLD_RELEASED -> settled = available - debt;
      case WITHDRAWAL_COMPLETED, WITHDRAWAL_RETURNED_BY_BANK -> withdrawn = -has;
      default -> {
        // moves between his own accounts, or concerns the platform alone
      }
    }
    return new Movement(
        journal.type(),
        journal.ref(),
        journal.postedAt(),
        journal.channel(),
        pending,
        available,
        frozen,
        debt,
        revenue,
        fee,
        refund,
        tax,
        settled,
        withdrawn,
        journal.netFen(AccountCode.PAYOUT_FEE_INCOME),
        has - (revenue - fee - refund - tax - withdrawn));
  }

  long hasFen() {
    return pendingFen + availableFen + frozenFen - debtFen;
  }

  /** Whether it concerns the creator; fees between platform and channel do not. */
  boolean isHis() {
    return pendingFen != 0
        || availableFen != 0
        || frozenFen != 0
        || debtFen != 0
        || revenueFen != 0
        || feeFen != 0
        || refundFen != 0;
  }

  boolean isSale() {
    return type == JournalType.PAYMENT_COMPLETED;
  }

  boolean isRefund() {
    return refundFen != 0;
  }
}
