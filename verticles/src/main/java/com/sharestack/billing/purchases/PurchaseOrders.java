package com.sharestack.billing.purchases;

import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.Charge;
import com.sharestack.billing.payments.OrderKind;
import com.sharestack.billing.payments.OrderRef;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PurchaseStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Instant;
import java.util.List;

/** Purchases as the payments see them: what money opens and a refund shuts. */
final class PurchaseOrders implements OrderKind {

  static final String PREFIX = "pur_";

  private final PurchaseRepository purchases;
  private final Coupons coupons;

  PurchaseOrders(PurchaseRepository purchases, Coupons coupons) {
    this.purchases = purchases;
    this.coupons = coupons;
  }

  static Charge charge(PurchaseRow row) {
    return new Charge(
        new OrderRef(
            PaymentOrderType.ONE_TIME,
            row.publicId(),
            PaymentPurpose.PURCHASE,
            null,
            row.article().id(),
            null),
        row.userId(),
        row.article().creatorId(),
        row.price(),
        PurchaseRules.description(row.article().title()));
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  @Override
  public void lockBefore(Tx tx, PaymentRow seen) {
    // no plan is behind a purchase
  }

  /** Money of an old price finds the order waiting for another amount. */
  @Override
  public boolean lockAwaiting(Tx tx, PaymentRow payment) {
    PurchaseRow row = lock(tx, payment);
    return row.pending() && row.price().equals(payment.price());
  }

  @Override
  public Instant fulfil(Tx tx, PaymentRow payment, Instant now) {
    PurchaseRow row = lock(tx, payment);
    Instant end = PurchaseRules.accessEnd(payment.paidAt(), row.article().accessDays());
    purchases.activate(tx, row, payment.paidAt(), end, now);
    coupons.use(tx, row.publicId());
    return null;
  }

  @Override
  public void unpaid(Tx tx, PaymentRow payment, Instant now) {
    // the order waits for another payment until its own end, its coupon with it
  }

  @Override
  public void replaced(Tx tx, PaymentRow old, String paymentId, Instant now) {
    // the order names no payment
  }

  @Override
  public Charge due(Tx tx, long userId, String orderId, Instant now) {
    PurchaseRow row =
        purchases
            .lock(tx, orderId)
            .filter(found -> found.userId() == userId)
            .orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND, "resource", "order"));
    if (row.active()) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "order_id", orderId);
    }
    if (!row.awaits(now)) {
      throw Errors.of(
          ErrorCode.PAYMENT_EXPIRED, "order_id", orderId, "status", row.status().literal());
    }
    return charge(row);
  }

  @Override
  public RefundCase refundCase(Tx tx, PaymentRow payment, Instant now) {
    PurchaseRow row = lock(tx, payment);
    return new RefundCase(
        PaymentPurpose.PURCHASE,
        payment.amountFen(),
        payment.reservedFen(),
        payment.paidAt(),
        false,
        false,
        false,
        row.openedAt() == null ? 0 : 1,
        false);
  }

  @Override
  public List<String> refunded(
      Tx tx, PaymentRow payment, boolean full, RefundPolicy.Policy policy, Instant now) {
    PurchaseRow row = lock(tx, payment);
    if (full && row.status() != PurchaseStatus.REFUNDED) {
      purchases.end(tx, row, PurchaseStatus.REFUNDED, now);
      coupons.refunded(tx, row.publicId(), policy == RefundPolicy.Policy.SYSTEM);
    }
    return List.of();
  }

  /** Not when its time is over, or the reader has bought the article anew. */
  @Override
  public boolean takenBack(Tx tx, PaymentRow payment, Instant now) {
    PurchaseRow row = lock(tx, payment);
    if (row.status() != PurchaseStatus.REFUNDED) {
      return true;
    }
    boolean over = row.accessExpiresAt() != null && !now.isBefore(row.accessExpiresAt());
    if (over || purchases.lockLive(tx, row.userId(), row.article().id()).isPresent()) {
      return false;
    }
    purchases.reopen(tx, row, now);
    return true;
  }

  private PurchaseRow lock(Tx tx, PaymentRow payment) {
    return purchases.lock(tx, payment.order().id()).orElseThrow();
  }
}
