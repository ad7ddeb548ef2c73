package com.sharestack.billing;

import com.sharestack.billing.earnings.Sale;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.platform.db.Tx;
import java.time.Instant;

/**
 * Periods for which nothing was due (ledger.zero_amount): only what the platform gives is booked.
 */
final class GrantedSales {

  /** Setting finance.settlement_hold_days, its default. */
  private static final int HOLD_DAYS = 7;

  private final PaymentParts payments;

  GrantedSales(PaymentParts payments) {
    this.payments = payments;
  }

  /**
   * Books the earning line, then the journal, whose locks come last.
   *
   * @param platformFen Dp
   */
  void book(
      Tx tx,
      SubscriptionRow row,
      PlanRow plan,
      PaymentPurpose purpose,
      Instant periodStart,
      long platformFen,
      Instant now) {
    if (platformFen == 0) {
      return;
    }
    Shares shares = Shares.of(0, platformFen, RevenueRates.DEFAULT);
    payments
        .earnings()
        .sale(
            tx,
            new Sale(
                row.publicId() + "@" + periodStart.getEpochSecond(),
                row.creatorId(),
                row.userId(),
                false,
                purpose,
                row.publicId(),
                null,
                Sale.Item.plan(plan.id(), plan.name()),
                null,
                shares,
                null,
                RevenueRates.DEFAULT,
                now,
                Periods.holdUntil(now, null, HOLD_DAYS)));
    payments
        .ledger()
        .post(
            tx,
            SalePostings.orderGranted(row.publicId(), periodStart, row.creatorId(), shares, now));
  }
}
