package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Instant;
import java.util.List;

/** The order that unmatched money belongs to: none. Nothing waits for money, nothing is opened. */
final class UnmatchedOrders implements OrderKind {

  @Override
  public String prefix() {
    return UnmatchedMoney.PREFIX;
  }

  @Override
  public void lockBefore(Tx tx, PaymentRow seen) {
    // there is nothing
  }

  @Override
  public boolean lockAwaiting(Tx tx, PaymentRow payment) {
    return false;
  }

  @Override
  public Instant fulfil(Tx tx, PaymentRow payment, Instant now) {
    throw new IllegalStateException(payment.publicId() + " fulfils nothing");
  }

  @Override
  public void unpaid(Tx tx, PaymentRow payment, Instant now) {
    // nothing waited
  }

  @Override
  public void replaced(Tx tx, PaymentRow old, String paymentId, Instant now) {
    throw new IllegalStateException(old.publicId() + " has no charge");
  }

  @Override
  public Charge due(Tx tx, long userId, String orderId, Instant now) {
    throw Errors.of(ErrorCode.NOT_FOUND, "resource", "order");
  }

  @Override
  public RefundCase refundCase(Tx tx, PaymentRow payment, Instant now) {
    throw new IllegalStateException(payment.publicId() + " is refunded by staff alone");
  }

  @Override
  public List<String> refunded(
      Tx tx, PaymentRow payment, boolean full, RefundPolicy.Policy policy, Instant now) {
    return List.of();
  }

  @Override
  public boolean takenBack(Tx tx, PaymentRow payment, Instant now) {
    return true;
  }
}
