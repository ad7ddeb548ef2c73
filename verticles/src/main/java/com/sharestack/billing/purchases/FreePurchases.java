package com.sharestack.billing.purchases;

import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.earnings.Sale;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.platform.db.Tx;
import java.time.Instant;

/** Purchases that a full discount leaves nothing to pay for: no payment, active at once. */
final class FreePurchases {

  /** Setting finance.settlement_hold_days, its default. */
  private static final int HOLD_DAYS = 7;

  private final PaymentParts parts;
  private final Coupons coupons;

  FreePurchases(PaymentParts parts, Coupons coupons) {
    this.parts = parts;
    this.coupons = coupons;
  }

  /** Uses up the coupon; books the creator's share when the platform pays for the discount. */
  void book(Tx tx, PurchaseRow row, Instant now) {
    coupons.use(tx, row.publicId());
    Shares shares = Shares.of(0, row.price().platformFen(), RevenueRates.DEFAULT);
    Journal journal =
        SalePostings.orderGranted(
            row.publicId(), row.purchasedAt(), row.article().creatorId(), shares, now);
    parts
        .earnings()
        .sale(
            tx,
            new Sale(
                journal.ref(),
                row.article().creatorId(),
                row.userId(),
                false,
                PaymentPurpose.PURCHASE,
                row.publicId(),
                null,
                Sale.Item.article(row.article().id(), row.article().title()),
                null,
                shares,
                null,
                RevenueRates.DEFAULT,
                now,
                Periods.holdUntil(now, null, HOLD_DAYS)));
    parts.ledger().post(tx, journal);
  }
}
