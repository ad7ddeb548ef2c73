package com.sharestack.billing.earnings;

import com.sharestack.billing.earnings.EarningLineRepository.Stored;
import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The earning lines of payments and refunds, written in the transaction that posts their journal
 * and before {@link com.sharestack.billing.ledger.Ledger#post}, whose locks come last. Each line is
 * keyed by its event: written again it is a no-op. Callers hold the lock of the payment; here line,
 * then day.
 *
 * <pre>
 * processing, failed, dropped   a payment on its way, listed only
 * sale                 payment_completed: counts from now on
 * refund               refund_approved or chargeback: counts, pending until the channel confirms
 * refundCompleted      the channel has paid it back
 * refundReversed       refund_rejected_by_channel_final: comes back on the day of that journal
 * </pre>
 */
public final class EarningLines {

  private final Clock clock;
  private final EarningLineRepository lines = new EarningLineRepository();

  public EarningLines(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes the day that a line of the creator at {@code at} will count on. Whoever reads {@link
   * com.sharestack.billing.ledger.Ledger#lockBalances} before he writes the line calls this first,
   * so that day and ledger are always locked in this order.
   */
  public void lockDay(Tx tx, long creatorId, Instant at) {
    lines.lockDay(tx, creatorId, day(at));
  }

  /** A payment the payer has begun; amounts are those it will have. No-op once it is known. */
  public void processing(Tx tx, Sale sale) {
    lines.insertSale(tx, sale, "pending", clock.instant());
  }

  /** A payment that was processing expired or was cancelled: no line. No-op unless on its way. */
  public void dropped(Tx tx, String ref) {
    lines.deletePending(tx, ref);
  }

  /** A payment that was processing has failed. No-op unless it is still on its way. */
  public void failed(Tx tx, String ref, Instant at) {
    lines.markFailed(tx, ref, at);
  }

  /**
   * A completed sale. With A and Dp both zero there is no line (ledger.zero_amount).
   *
   * @return whether this call wrote it
   */
  public boolean sale(Tx tx, Sale sale) {
    if (sale.shares().baseFen() == 0) {
      return false;
    }
    boolean fresh =
        lines.insertSale(tx, sale, "completed", clock.instant()) || lines.complete(tx, sale);
    if (fresh) {
      lines.addToDay(tx, day(sale.processedAt()), DayChange.of(sale));
    }
    return fresh;
  }

  /**
   * An approved refund or a chargeback of a completed sale.
   *
   * @param refundRef event_ref of its journal, rf_ for a refund
   * @param saleRef of the sale
   * @param split as posted
   * @param from as posted
   * @param confirmed the channel has the money back already (chargeback)
   * @param at when the journal is posted
   * @return whether this call wrote it
   * @throws IllegalStateException when there is no such sale, or more would be refunded than paid
   */
  public boolean refund(
      Tx tx,
      String refundRef,
      String saleRef,
      RefundSplit split,
      CreatorPart from,
      boolean confirmed,
      Instant at) {
    Stored sale =
        lines
            .lockSale(tx, saleRef)
            .filter(Stored::completed)
            .orElseThrow(() -> new IllegalStateException("no completed sale " + saleRef));
    if (!lines.insertRefund(tx, refundRef, sale, split, from, confirmed, at, clock.instant())) {
      return false;
    }
    if (!lines.addRefunded(tx, sale.id(), split.refundFen())) {
      throw new IllegalStateException(refundRef + " refunds more than " + saleRef + " paid");
    }
    lines.addToDay(tx, day(at), DayChange.of(sale, split));
    return true;
  }

  /** The channel has confirmed a refund. */
  public void refundCompleted(Tx tx, String refundRef) {
    lines.confirmRefund(tx, refundRef);
  }

  /**
   * The channel refused a refund for good and its journal was reversed.
   *
   * @return whether this call wrote it
   */
  public boolean refundReversed(Tx tx, String refundRef, Instant at) {
    Optional<Stored> refund = lines.lockRefund(tx, refundRef);
    if (refund.isEmpty()) {
      throw new IllegalStateException("no refund " + refundRef);
    }
    Stored undone = refund.get();
    if (!lines.insertReversal(tx, undone, at, clock.instant())) {
      return false;
    }
    lines.failRefund(tx, undone.id());
    lines.addRefunded(tx, undone.saleId(), undone.paidFen());
    lines.addToDay(tx, day(at), DayChange.back(undone));
    return true;
  }

  private static LocalDate day(Instant at) {
    return EarningPeriods.day(at);
  }
}
