package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.AccountCode.BANK_CASH;
import static com.sharestack.billing.ledger.AccountCode.CHANNEL_FEE_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.CHANNEL_RECEIVABLE;
import static com.sharestack.billing.ledger.AccountCode.TAX_PAYABLE;
import static com.sharestack.billing.ledger.AccountCode.VAT_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.VAT_OUTPUT_PAYABLE;

import com.sharestack.contract.PaymentMethod;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/**
 * Postings between the platform, the channels, the bank and the state (section ledger.postings).
 */
public final class PlatformPostings {

  private PlatformPostings() {}

  /**
   * channel_fee_adjusted, ref channel and line of its bill.
   *
   * @param differenceFen real fee less the accrued one, of either sign
   */
  public static Journal channelFeeAdjusted(
      PaymentMethod channel, String billLine, long differenceFen, Instant at) {
    return Journal.of(
            JournalType.CHANNEL_FEE_ADJUSTED, SalePostings.channelRef(channel, billLine), at)
        .move(
            Account.of(CHANNEL_FEE_EXPENSE), Account.of(CHANNEL_RECEIVABLE, channel), differenceFen)
        .journal();
  }

  /**
   * channel_settled, ref channel and batch of its bill.
   *
   * @param amountFen paid out to our bank; negative when the channel took money from it
   */
  public static Journal channelSettled(
      PaymentMethod channel, String batch, long amountFen, Instant at) {
    return Journal.of(JournalType.CHANNEL_SETTLED, SalePostings.channelRef(channel, batch), at)
        .move(Account.of(BANK_CASH), Account.of(CHANNEL_RECEIVABLE, channel), amountFen)
        .journal();
  }

  /** tax_remitted, ref tax period. */
  public static Journal taxRemitted(YearMonth period, long amountFen, Instant at) {
    return Journal.of(JournalType.TAX_REMITTED, period.toString(), at)
        .debit(Account.of(TAX_PAYABLE), amountFen)
        .credit(Account.of(BANK_CASH), amountFen)
        .journal();
  }

  /**
   * vat_accrued, ref month.
   *
   * @param vatFen of the month's payments less its refunds; negative when refunds prevail
   */
  public static Journal vatAccrued(YearMonth month, long vatFen, Instant at) {
    return Journal.of(JournalType.VAT_ACCRUED, month.toString(), at)
        .move(Account.of(VAT_EXPENSE), Account.of(VAT_OUTPUT_PAYABLE), vatFen)
        .journal();
  }

  /**
   * manual_adjustment, ref ticket.
   *
   * @param creatorId the only creator whose accounts are touched; 0 for none
   * @param maker who wrote it
   * @param checker who released it, somebody else
   */
  public static Journal manualAdjustment(
      String ticket, long creatorId, List<Line> lines, long maker, long checker, Instant at) {
    if (maker == checker) {
      throw new IllegalArgumentException(ticket + " was checked by its maker");
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(ticket + " adjusts nothing");
    }
    return new Journal(JournalType.MANUAL_ADJUSTMENT, ticket, at, creatorId, lines);
  }
}
