package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.List;

/**
 * What the payments ask of the orders they pay. Every method with a transaction runs inside the one
 * that changes the payment, after the payment's row is locked (but {@link #lockBefore}), and makes
 * no call to the outside.
 *
 * <p>Lock order (ledger.locking_order): plan, payment, order, coupon, ledger.
 */
public interface OrderKind {

  /** Prefix of the public ids of this kind, like {@code sub_}. */
  String prefix();

  /** Takes the locks that come before the payment's: plans, in order of their ids. */
  void lockBefore(Tx tx, PaymentRow seen);

  /**
   * Locks the order and says whether it still waits for this payment. When not, money that arrives
   * is refunded.
   */
  boolean lockAwaiting(Tx tx, PaymentRow payment);

  /**
   * The payment is completed and the order waited for it: grants what was bought, uses up the
   * coupon, raises counters, writes events.
   *
   * @param payment with its paid_at and transaction_id
   * @return when the trial that the payment opens is over; null without one
   */
  Instant fulfil(Tx tx, PaymentRow payment, Instant now);

  /**
   * The payment ended and brought the order nothing: failed, expired, cancelled, or paid when the
   * order no longer waited for it. The order may wait for another one until its own end; a renewal
   * or a plan change ends with its payment. The order is locked.
   */
  void unpaid(Tx tx, PaymentRow payment, Instant now);

  /**
   * The payer pays the same charge by another payment: what waited for {@code old} waits for that
   * one. The order is locked and waited for the old one.
   *
   * @param paymentId of the new one
   */
  void replaced(Tx tx, PaymentRow old, String paymentId, Instant now);

  /**
   * What the order wants to be paid now, for payments.create. Locks the order.
   *
   * @param orderId with this kind's prefix
   * @throws io.vertx.serviceproxy.ServiceException not found to everybody but its owner;
   *     PAYMENT_ALREADY_PAID when nothing is due, PAYMENT_EXPIRED when the order ended
   */
  Charge due(Tx tx, long userId, String orderId, Instant now);

  /**
   * The paid order as the refund rules look at it. Locks the order: nothing more of it is used
   * until the transaction ends.
   */
  RefundCase refundCase(Tx tx, PaymentRow payment, Instant now);

  /**
   * A refund of a fulfilled payment is approved: ends access where the rules say so.
   *
   * @param full nothing is kept of the payment
   * @return other completed payments that go back in full with this one (plan changes of the period
   *     it opened); they are refunded in the same transaction and this method is called for each
   */
  List<String> refunded(
      Tx tx, PaymentRow payment, boolean full, RefundPolicy.Policy policy, Instant now);

  /**
   * A refund that kept nothing of the payment was taken back, as the channel refused it for good:
   * opens again what its approval shut. Locks the order.
   *
   * @return false when that can no longer be and a person must see what the payer is owed
   */
  boolean takenBack(Tx tx, PaymentRow payment, Instant now);
}
