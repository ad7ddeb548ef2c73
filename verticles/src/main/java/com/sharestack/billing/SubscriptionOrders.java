package com.sharestack.billing;

import com.sharestack.billing.payments.Charge;
import com.sharestack.billing.payments.OrderKind;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** Subscriptions as orders that payments pay: first payment, renewal, plan change. */
final class SubscriptionOrders implements OrderKind {

  private final SubscriptionParts parts;
  private final Activation activation;
  private final Renewals renewals;
  private final PlanChanges changes;
  private final SubscriptionRefunds refunds;

  SubscriptionOrders(SubscriptionParts parts) {
    this.parts = parts;
    this.activation = new Activation(parts);
    this.renewals = new Renewals(parts);
    this.changes = new PlanChanges(parts);
    this.refunds = new SubscriptionRefunds(parts, activation, renewals, changes);
  }

  @Override
  public String prefix() {
    return "sub_";
  }

  @Override
  public void lockBefore(Tx tx, PaymentRow seen) {
    TreeSet<Long> plans = new TreeSet<>();
    plans.add(seen.order().planId());
    parts
        .subscriptions()
        .find(tx, seen.order().id())
        .ifPresent(
            row -> {
              plans.add(row.planId());
              if (row.pending() != null) {
                plans.add(row.pending().planId());
              }
            });
    plans.forEach(plan -> parts.tables().plans().lock(tx, plan));
  }

  private SubscriptionRow locked(Tx tx, PaymentRow payment) {
    return parts.subscriptions().lock(tx, payment.order().id()).orElseThrow();
  }

  @Override
  public boolean lockAwaiting(Tx tx, PaymentRow payment) {
    SubscriptionRow row = locked(tx, payment);
    return switch (payment.order().purpose()) {
      case INITIAL ->
          row.status() == SubscriptionStatus.PENDING_PAYMENT
              && row.planId() == payment.order().planId();
      case RENEWAL -> renewals.awaits(tx, row, payment);
      case PLAN_CHANGE -> PlanChanges.awaits(row, payment);
      case PURCHASE, TIP -> false;
    };
  }

  @Override
  public Instant fulfil(Tx tx, PaymentRow payment, Instant now) {
    SubscriptionRow row = locked(tx, payment);
    return switch (payment.order().purpose()) {
      case INITIAL -> activation.paid(tx, row, payment, now);
      case RENEWAL -> {
        renewals.paid(tx, row, payment, now);
        yield null;
      }
      case PLAN_CHANGE -> {
        changes.paid(tx, row, payment, now);
        yield null;
      }
      case PURCHASE, TIP -> throw new IllegalStateException(payment.publicId());
    };
  }

  /**
   * A first order waits for another payment. A renewal ends with its payment, its coupon's place is
   * free again; a change that waited is gone, the old plan stays. A change scheduled for the next
   * period is no charge of its own and stays.
   */
  @Override
  public void unpaid(Tx tx, PaymentRow payment, Instant now) {
    SubscriptionRow row = locked(tx, payment);
    SubscriptionEdit edit = new SubscriptionEdit(row);
    if (payment.order().purpose() == PaymentPurpose.RENEWAL) {
      renewals
          .reserved(tx, row, payment.order().periodStart())
          .ifPresent(order -> parts.coupons().release(tx, order));
      if (row.status() != SubscriptionStatus.EXPIRED) {
        edit.promoCode = null;
        parts.subscriptions().store(tx, edit, now);
      }
    } else if (PlanChanges.awaits(row, payment)) {
      edit.pending = null;
      parts.subscriptions().store(tx, edit, now);
    }
  }

  /** A change names the payment that it waits for. */
  @Override
  public void replaced(Tx tx, PaymentRow old, String paymentId, Instant now) {
    SubscriptionRow row = locked(tx, old);
    if (PlanChanges.awaits(row, old)) {
      SubscriptionEdit edit = new SubscriptionEdit(row);
      edit.pending = row.pending().paidBy(paymentId);
      parts.subscriptions().store(tx, edit, now);
    }
  }

  /**
   * Only a first order is left without an open payment and still due: a renewal or a plan change
   * ends with its payment and is asked for anew by its own operation.
   */
  @Override
  public Charge due(Tx tx, long userId, String orderId, Instant now) {
    SubscriptionRow seen =
        parts
            .subscriptions()
            .find(tx, orderId)
            .filter(row -> row.userId() == userId)
            .orElseThrow(() -> Errors.of(ErrorCode.SUBSCRIPTION_NOT_FOUND));
    parts.tables().plans().lock(tx, seen.planId());
    SubscriptionRow row = parts.subscriptions().lock(tx, orderId).orElseThrow();
    boolean waits = row.status() == SubscriptionStatus.PENDING_PAYMENT;
    if (row.endedReason() == SubscriptionEndedReason.UNPAID
        || (waits && !now.isBefore(row.dueAt()))) {
      throw Errors.of(ErrorCode.PAYMENT_EXPIRED, "order_id", orderId);
    }
    if (!waits) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "order_id", orderId);
    }
    // an order is written together with its first payment, and priced anew with another one
    PaymentRow last = parts.payments().payments().last(tx, orderId).orElseThrow();
    return new Charge(last.order(), userId, row.creatorId(), last.price(), last.description());
  }

  @Override
  public RefundCase refundCase(Tx tx, PaymentRow payment, Instant now) {
    return refunds.facts(tx, locked(tx, payment), payment, now);
  }

  @Override
  public List<String> refunded(
      Tx tx, PaymentRow payment, boolean full, RefundPolicy.Policy policy, Instant now) {
    return refunds.approved(tx, locked(tx, payment), payment, full, policy, now);
  }

  @Override
  public boolean takenBack(Tx tx, PaymentRow payment, Instant now) {
    return refunds.takenBack(tx, locked(tx, payment), payment, now);
  }
}
