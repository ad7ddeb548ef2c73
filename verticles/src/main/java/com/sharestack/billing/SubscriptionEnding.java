package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.RefundDesk;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Operations {@code subscriptions.cancel} and {@code subscriptions.resume}. */
final class SubscriptionEnding {

  private static final int LOOKS = 3;

  private final SubscriptionParts parts;
  private final PaymentCore payments;
  private final Activation activation;

  SubscriptionEnding(SubscriptionParts parts, PaymentCore payments) {
    this.parts = parts;
    this.payments = payments;
    this.activation = new Activation(parts);
  }

  /**
   * @param refundId of a trial, else null
   */
  record Cancelled(SubscriptionRow row, String refundId, String message) {}

  /**
   * @param refund the trial's payment goes back
   */
  private record Decision(boolean refund, String message) {}

  Cancelled cancel(Caller caller, String subscriptionId, SubscriptionCancel wish) {
    return Looks.until(
        LOOKS,
        () -> {
          SubscriptionRow seen = parts.requireOwn(caller, subscriptionId);
          closeOpen(seen);
          return parts.db().tx(tx -> cancel(tx, caller, seen, wish));
        });
  }

  /**
   * Closes at its channel what would be paid for nothing: the first payment of an order, the charge
   * of a change. A renewal under way may still complete. While the channel is away the cancellation
   * goes on all the same: the sweeper closes the payment, and money that comes is refunded.
   */
  private void closeOpen(SubscriptionRow seen) {
    boolean order = seen.status() == SubscriptionStatus.PENDING_PAYMENT;
    boolean change = seen.pending() != null && seen.pending().paymentId() != null;
    if (!order && !change) {
      return;
    }
    Optional<PaymentRow> open = parts.payments().payments().open(parts.db(), seen.publicId());
    if (open.isEmpty()) {
      return;
    }
    try {
      payments.opening().supersede(open.get());
    } catch (ServiceException refused) {
      if (ErrorCode.PAYMENT_ALREADY_PAID.name().equals(refused.getMessage())) {
        throw Errors.of(
            ErrorCode.CONFLICT,
            "reason",
            "payment_completed",
            "current_status",
            parts
                .subscriptions()
                .find(parts.db(), seen.publicId())
                .orElseThrow()
                .status()
                .literal());
      }
      if (ErrorCode.CONFLICT.name().equals(refused.getMessage())) {
        throw refused;
      }
    }
  }

  /** Empty when the row is not what it was when its locks were chosen. */
  private Optional<Cancelled> cancel(
      Tx tx, Caller caller, SubscriptionRow seen, SubscriptionCancel wish) {
    Instant now = parts.clock().instant();
    parts.tables().plans().lock(tx, seen.planId());
    Optional<PaymentRow> trial =
        seen.status() == SubscriptionStatus.TRIALING ? lockOpening(tx, seen) : Optional.empty();
    SubscriptionRow row = parts.subscriptions().lock(tx, seen.publicId()).orElseThrow();
    if (row.status() != seen.status() || row.planId() != seen.planId()) {
      return Optional.empty();
    }
    Decision decision =
        switch (row.status()) {
          case PENDING_PAYMENT -> {
            activation.abandon(tx, row, now);
            yield new Decision(false, "订单已取消");
          }
          case TRIALING ->
              now.isBefore(row.trialEndsAt())
                  ? withdraw(tx, row, wish, trial, now)
                  : stop(tx, row, wish, now);
          case ACTIVE, PAST_DUE -> stop(tx, row, wish, now);
          case CANCELLED, EXPIRED ->
              throw Errors.of(ErrorCode.SUBSCRIPTION_CANCELLED, "status", row.status().literal());
        };
    return Optional.of(finish(tx, caller, row, wish, decision, trial, now));
  }

  private Optional<PaymentRow> lockOpening(Tx tx, SubscriptionRow row) {
    return parts
        .periods()
        .at(tx, row.id(), row.periodStart())
        .map(Period::paymentId)
        .flatMap(id -> parts.payments().payments().find(tx, id))
        .flatMap(payment -> parts.payments().payments().lock(tx, payment.id()));
  }

  /** Inside the trial: over now, everything goes back (refund_rules.automatic.trial). */
  private Decision withdraw(
      Tx tx,
      SubscriptionRow row,
      SubscriptionCancel wish,
      Optional<PaymentRow> payment,
      Instant now) {
    SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.CANCELLED);
    edit.cancelledAt = now;
    edit.accessUntil = now;
    parts.subscriptions().store(tx, edit, now);
    parts.news().cancelled(tx, row, wish.reason().literal(), now, now);
    boolean refundable =
        payment.isPresent() && payment.get().amountFen() > payment.get().refundedFen();
    return new Decision(refundable, refundable ? "订阅已取消，款项将原路退回" : "订阅已取消");
  }

  /** Out of the trial: what is paid may be used up; what nobody paid for by time ends now. */
  private Decision stop(Tx tx, SubscriptionRow row, SubscriptionCancel wish, Instant now) {
    if (row.cycle() == BillingCycle.LIFETIME && row.priceFen() > 0 && !wish.confirm()) {
      throw Errors.invalid("confirm", "终身订阅取消后不退款，请确认");
    }
    SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.CANCELLED);
    edit.cancelledAt = now;
    edit.accessUntil = row.status() == SubscriptionStatus.PAST_DUE ? now : paidUntil(tx, row, now);
    parts.subscriptions().store(tx, edit, now);
    parts.news().cancelled(tx, row, wish.reason().literal(), edit.accessUntil, now);
    return new Decision(false, "订阅已取消");
  }

  private Instant paidUntil(Tx tx, SubscriptionRow row, Instant now) {
    Instant end =
        row.periodEnd() == null
            ? null
            : parts.periods().last(tx, row.id()).map(Period::end).orElse(row.periodEnd());
    return end == null || end.isBefore(now) ? now : end;
  }

  /** Reason, audit, and last the refund, whose journals end the transaction's locks. */
  private Cancelled finish(
      Tx tx,
      Caller caller,
      SubscriptionRow before,
      SubscriptionCancel wish,
      Decision decision,
      Optional<PaymentRow> payment,
      Instant now) {
    parts
        .subscriptions()
        .storeCancelReason(tx, before.id(), wish.reason().literal(), wish.feedback());
    List<Journal> journals = List.of();
    String refundId = null;
    if (decision.refund()) {
      Optional<RefundDesk.Approved> approved =
          payments
              .desk()
              .openRest(
                  tx,
                  payment.orElseThrow(),
                  new RefundDesk.Cause(RefundPolicy.Policy.TRIAL, "trial_cancelled", false, true),
                  now);
      journals = approved.map(RefundDesk.Approved::journals).orElse(List.of());
      refundId = approved.map(made -> made.refundIds().getFirst()).orElse(null);
    }
    SubscriptionRow after = parts.subscriptions().find(tx, before.publicId()).orElseThrow();
    audit(tx, caller, "subscriptions.cancel", before, after.status(), now);
    if (!journals.isEmpty()) {
      parts.payments().ledger().post(tx, journals);
    }
    return new Cancelled(after, refundId, decision.message());
  }

  SubscriptionRow resume(Caller caller, String subscriptionId, boolean autoRenew) {
    parts.requireOwn(caller, subscriptionId);
    parts
        .db()
        .tx(
            tx -> {
              Instant now = parts.clock().instant();
              SubscriptionRow row = parts.subscriptions().lock(tx, subscriptionId).orElseThrow();
              requireResumable(row, now);
              if (autoRenew) {
                throw Errors.of(
                    ErrorCode.AUTO_RENEW_UNAVAILABLE,
                    "reason",
                    "no_agreement",
                    "message",
                    "请先签约自动续费，或选择不自动续费");
              }
              SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.RESUMED);
              parts.subscriptions().store(tx, edit, now);
              parts.subscriptions().storeCancelReason(tx, row.id(), null, null);
              audit(tx, caller, "subscriptions.resume", row, edit.status, now);
              return null;
            });
    return parts.subscriptions().find(parts.db(), subscriptionId).orElseThrow();
  }

  private static void requireResumable(SubscriptionRow row, Instant now) {
    boolean over =
        row.status() == SubscriptionStatus.EXPIRED
            || SubscriptionRules.isLapsed(row, now)
            || row.endedReason() != null;
    if (over) {
      throw Errors.of(ErrorCode.SUBSCRIPTION_CANCELLED, "status", row.status().literal());
    }
    if (row.status() != SubscriptionStatus.CANCELLED) {
      throw Errors.of(ErrorCode.CONFLICT, "current_status", row.status().literal());
    }
  }

  private void audit(
      Tx tx,
      Caller caller,
      String action,
      SubscriptionRow before,
      SubscriptionStatus after,
      Instant now) {
    parts
        .tables()
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                action,
                "subscription",
                before.publicId(),
                before.status().literal(),
                after.literal(),
                null),
            now);
  }
}
