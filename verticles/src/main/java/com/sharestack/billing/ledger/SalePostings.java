package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.AccountCode.CHANNEL_FEE_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.CHANNEL_RECEIVABLE;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_AVAILABLE;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_PENDING;
import static com.sharestack.billing.ledger.AccountCode.CREATOR_RECEIVABLE;
import static com.sharestack.billing.ledger.AccountCode.MARKETING_EXPENSE;
import static com.sharestack.billing.ledger.AccountCode.PLATFORM_FEE_INCOME;
import static com.sharestack.billing.ledger.AccountCode.REFUND_PAYABLE;
import static com.sharestack.billing.ledger.AccountCode.SUSPENSE;

import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import java.time.Instant;

/**
 * Postings of money that comes in and goes back (section ledger.postings). Pure functions; each
 * names its ref. Late and duplicate money has no refund_approved: refund_payable is credited on
 * receipt, only {@link #refundCompleted} follows.
 */
public final class SalePostings {

  private SalePostings() {}

  /**
   * payment_completed, ref pay_.
   *
   * @param sale paid above zero
   */
  public static Journal paymentCompleted(
      String paymentId, PaymentMethod channel, long creatorId, Shares sale, Instant at) {
    return Journal.of(JournalType.PAYMENT_COMPLETED, paymentId, at, creatorId)
        .debit(Account.of(CHANNEL_RECEIVABLE, channel), sale.paidFen())
        .debit(Account.of(MARKETING_EXPENSE), sale.platformDiscountFen())
        .credit(Account.of(CREATOR_PENDING, creatorId), sale.creatorShareFen())
        .credit(Account.of(PLATFORM_FEE_INCOME), sale.platformFen())
        .journal();
  }

  /**
   * The sale of an order with nothing to pay (ledger.zero_amount): empty unless the platform funded
   * a discount. Its ref is the order and the start of the period, as nothing was paid.
   *
   * @param orderId sub_ or pur_
   */
  public static Journal orderGranted(
      String orderId, Instant periodStart, long creatorId, Shares sale, Instant at) {
    if (sale.paidFen() != 0) {
      throw new IllegalArgumentException(orderId + " has something to pay");
    }
    return Journal.of(
            JournalType.PAYMENT_COMPLETED,
            orderId + "@" + periodStart.getEpochSecond(),
            at,
            creatorId)
        .debit(Account.of(MARKETING_EXPENSE), sale.platformDiscountFen())
        .credit(Account.of(CREATOR_PENDING, creatorId), sale.creatorShareFen())
        .credit(Account.of(PLATFORM_FEE_INCOME), sale.platformFen())
        .journal();
  }

  /** channel_fee_accrued, ref pay_: the fee we expect. */
  public static Journal channelFeeAccrued(
      String paymentId, PaymentMethod channel, long creatorId, long feeFen, Instant at) {
    return Journal.of(JournalType.CHANNEL_FEE_ACCRUED, paymentId, at, creatorId)
        .debit(Account.of(CHANNEL_FEE_EXPENSE), feeFen)
        .credit(Account.of(CHANNEL_RECEIVABLE, channel), feeFen)
        .journal();
  }

  /**
   * late_or_duplicate_payment, ref channel and channel transaction: no share is booked.
   *
   * @param transactionId of the channel
   */
  public static Journal lateOrDuplicatePayment(
      PaymentMethod channel, String transactionId, long receivedFen, Instant at) {
    return Journal.of(JournalType.LATE_OR_DUPLICATE_PAYMENT, channelRef(channel, transactionId), at)
        .debit(Account.of(CHANNEL_RECEIVABLE, channel), receivedFen)
        .credit(Account.of(REFUND_PAYABLE, channel), receivedFen)
        .journal();
  }

  /** amount_mismatch, ref channel and channel transaction; also for an unknown out_trade_no. */
  public static Journal amountMismatch(
      PaymentMethod channel, String transactionId, long receivedFen, Instant at) {
    return Journal.of(JournalType.AMOUNT_MISMATCH, channelRef(channel, transactionId), at)
        .debit(Account.of(CHANNEL_RECEIVABLE, channel), receivedFen)
        .credit(Account.of(SUSPENSE, channel), receivedFen)
        .journal();
  }

  /** suspense_refund_approved, ref rf_. */
  public static Journal suspenseRefundApproved(
      String refundId, PaymentMethod channel, long receivedFen, Instant at) {
    return Journal.of(JournalType.SUSPENSE_REFUND_APPROVED, refundId, at)
        .debit(Account.of(SUSPENSE, channel), receivedFen)
        .credit(Account.of(REFUND_PAYABLE, channel), receivedFen)
        .journal();
  }

  /**
   * refund_approved, ref rf_.
   *
   * @param from where the creator's part is taken from
   */
  public static Journal refundApproved(
      String refundId,
      PaymentMethod channel,
      long creatorId,
      RefundSplit split,
      CreatorPart from,
      Instant at) {
    return givenBack(
            Journal.of(JournalType.REFUND_APPROVED, refundId, at, creatorId),
            creatorId,
            split,
            from)
        .credit(Account.of(REFUND_PAYABLE, channel), split.refundFen())
        .journal();
  }

  /** refund_completed, ref rf_: the channel has confirmed. */
  public static Journal refundCompleted(
      String refundId, PaymentMethod channel, long creatorId, long refundFen, Instant at) {
    return Journal.of(JournalType.REFUND_COMPLETED, refundId, at, creatorId)
        .debit(Account.of(REFUND_PAYABLE, channel), refundFen)
        .credit(Account.of(CHANNEL_RECEIVABLE, channel), refundFen)
        .journal();
  }

  /**
   * refund_rejected_by_channel_final, ref rf_: exactly the reverse. What it gives back to
   * creator_available may meet a debt: see {@link PayoutPostings#debtRecovered}.
   *
   * @param approved the refund_approved journal as posted
   */
  public static Journal refundRejectedByChannel(Journal approved, Instant at) {
    if (approved.type() != JournalType.REFUND_APPROVED) {
      throw new IllegalArgumentException(approved.type() + " is no approved refund");
    }
    return approved.reversed(JournalType.REFUND_REJECTED_BY_CHANNEL_FINAL, approved.ref(), at);
  }

  /** chargeback, ref channel and dispute: the channel has taken the money already. */
  public static Journal chargeback(
      PaymentMethod channel,
      String disputeId,
      long creatorId,
      RefundSplit split,
      CreatorPart from,
      Instant at) {
    return givenBack(
            Journal.of(JournalType.CHARGEBACK, channelRef(channel, disputeId), at, creatorId),
            creatorId,
            split,
            from)
        .credit(Account.of(CHANNEL_RECEIVABLE, channel), split.refundFen())
        .journal();
  }

  private static Journal.Draft givenBack(
      Journal.Draft draft, long creatorId, RefundSplit split, CreatorPart from) {
    if (from.totalFen() != split.creatorFen()) {
      throw new IllegalArgumentException("the creator's part of the refund does not add up");
    }
    return draft
        .debit(Account.of(CREATOR_PENDING, creatorId), from.pendingFen())
        .debit(Account.of(CREATOR_AVAILABLE, creatorId), from.availableFen())
        .debit(Account.of(CREATOR_RECEIVABLE, creatorId), from.debtFen())
        .debit(Account.of(PLATFORM_FEE_INCOME), split.platformFen())
        .credit(Account.of(MARKETING_EXPENSE), split.platformDiscountFen());
  }

  /** Numbers of a channel are unique within that channel only. */
  static String channelRef(PaymentMethod channel, String number) {
    return channel.literal() + ":" + number;
  }
}
