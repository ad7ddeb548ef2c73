package com.sharestack.billing.purchases;

import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.platform.db.Tx;

/** The purchases of this process, wired once; makes them known to the payments. */
public final class PurchaseCore {

  private final PaymentCore payments;
  private final PurchaseRepository purchases = new PurchaseRepository();
  private final Coupons coupons;
  private final PurchaseEnds ends;

  public PurchaseCore(PaymentCore payments) {
    this.payments = payments;
    this.coupons = new Coupons(payments.parts().clock());
    this.ends = new PurchaseEnds(payments, purchases, coupons);
    payments.parts().kinds().add(new PurchaseOrders(purchases, coupons));
  }

  PaymentCore payments() {
    return payments;
  }

  PurchaseRepository purchases() {
    return purchases;
  }

  Coupons coupons() {
    return coupons;
  }

  /** The job that closes unpaid orders and ends access whose time is over. */
  public PurchaseEnds ends() {
    return ends;
  }

  /** The article is no longer published: its open orders end, bought access stays. */
  public void withdrawn(Tx tx, long articleId) {
    purchases.withdraw(tx, articleId, payments.parts().clock().instant());
  }
}
