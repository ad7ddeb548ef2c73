package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What refund_rules ask of subscriptions, and what an approved refund does to one. */
final class SubscriptionRefunds {

  private final SubscriptionParts parts;
  private final Activation activation;
  private final Renewals renewals;
  private final PlanChanges changes;

  SubscriptionRefunds(
      SubscriptionParts parts, Activation activation, Renewals renewals, PlanChanges changes) {
    this.parts = parts;
    this.activation = activation;
    this.renewals = renewals;
    this.changes = changes;
  }

  /**
   * What the rules want to know, as it stays until the transaction ends: no further item is opened
   * while the subscription is locked.
   */
  RefundCase facts(Tx tx, SubscriptionRow row, PaymentRow payment, Instant now) {
    boolean initial = payment.order().purpose() == PaymentPurpose.INITIAL;
    return new RefundCase(
        payment.order().purpose(),
        payment.heldFen(),
        payment.reservedFen(),
        payment.paidAt(),
        initial && row.status() == SubscriptionStatus.TRIALING && now.isBefore(row.trialEndsAt()),
        initial && paidForRunningFirstPeriod(tx, row, payment),
        false, // no agreement exists, so nothing is charged without the payer
        parts.tables().openings().since(tx, row.id(), usedSince(tx, payment)),
        false); // invoices do not exist yet
  }

  private boolean paidForRunningFirstPeriod(Sql sql, SubscriptionRow row, PaymentRow payment) {
    return parts
        .periods()
        .ofPayment(sql, payment.publicId())
        .filter(period -> period.start().equals(row.periodStart()))
        .filter(period -> parts.periods().isFirst(sql, row.id(), period))
        .isPresent();
  }

  /**
   * "Opened since payment", of a renewal "in the new period": since the period began that was paid,
   * as the channel's clock may be ahead of ours.
   */
  private Instant usedSince(Sql sql, PaymentRow payment) {
    return parts
        .periods()
        .ofPayment(sql, payment.publicId())
        .map(Period::start)
        .orElse(payment.paidAt());
  }

  /**
   * @param row locked
   * @return payments that go back along with this one: plan changes of the period it opened, and
   *     periods paid ahead of a subscription that ends here, or whose dates change here
   */
  List<String> approved(
      Tx tx,
      SubscriptionRow row,
      PaymentRow payment,
      boolean full,
      RefundPolicy.Policy policy,
      Instant now) {
    if (!full) {
      return List.of();
    }
    boolean bySystem = policy == RefundPolicy.Policy.SYSTEM;
    couponOrder(tx, row, payment).ifPresent(order -> parts.coupons().refunded(tx, order, bySystem));
    if (payment.order().purpose() == PaymentPurpose.PLAN_CHANGE) {
      return changes.undo(tx, row, payment.publicId(), now);
    }
    return opened(tx, row, payment.publicId(), now);
  }

  private Optional<String> couponOrder(Sql sql, SubscriptionRow row, PaymentRow payment) {
    return switch (payment.order().purpose()) {
      case RENEWAL ->
          payment.price().couponFen() == 0
              ? Optional.empty()
              : renewals.used(sql, row, payment.order().periodStart());
      default -> Optional.of(row.publicId());
    };
  }

  /** The payment opened a period: the running one, one paid ahead, or one that is over. */
  private List<String> opened(Tx tx, SubscriptionRow row, String paymentId, Instant now) {
    List<String> along =
        new ArrayList<>(parts.tables().changes().chargesOn(tx, row.id(), paymentId));
    if (row.status() == SubscriptionStatus.EXPIRED) {
      return along;
    }
    Optional<Period> running = parts.periods().at(tx, row.id(), row.periodStart());
    Optional<Period> last = parts.periods().last(tx, row.id());
    boolean ahead =
        last.isPresent() && running.isPresent() && last.get().id() != running.get().id();
    if (running.isPresent() && paymentId.equals(running.get().baseId())) {
      if (ahead && last.get().paymentId() != null) {
        along.add(last.get().paymentId());
      }
      activation.end(tx, row, SubscriptionEvent.REFUNDED, now);
    } else if (ahead && paymentId.equals(last.get().paymentId())) {
      parts.periods().delete(tx, last.get().id());
      giveUpAhead(tx, row, running.orElseThrow(), now);
    }
    return along;
  }

  /**
   * The subscription that a full refund ended runs again until the end of its period; a trial that
   * was given up stays over. Not when the period was changed or followed by others, whose money
   * went back on its own, when it is over, or when its subscriber has another subscription by now.
   *
   * @param row locked
   * @return whether he has what he paid for
   */
  boolean takenBack(Tx tx, SubscriptionRow row, PaymentRow payment, Instant now) {
    Optional<Period> paid = parts.periods().ofPayment(tx, payment.publicId());
    if (payment.order().purpose() == PaymentPurpose.PLAN_CHANGE || paid.isEmpty()) {
      return false;
    }
    Period period = paid.get();
    boolean ended =
        row.status() == SubscriptionStatus.EXPIRED
            && row.endedReason() == SubscriptionEndedReason.REFUNDED
            && period.start().equals(row.periodStart());
    if (!ended) {
      return true; // the refund of a period that was over took nothing
    }
    boolean alone =
        parts.periods().last(tx, row.id()).orElseThrow().id() == period.id()
            && !parts.tables().changes().anyOn(tx, row.id(), payment.publicId());
    boolean over = period.end() != null && !now.isBefore(period.end());
    if (!alone
        || over
        || parts.subscriptions().lockUnexpired(tx, row.userId(), row.creatorId()).isPresent()) {
      return false;
    }
    SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.REFUND_TAKEN_BACK);
    parts.subscriptions().store(tx, edit, now);
    parts.tables().counters().accessBegan(tx, row.creatorId(), row.planId(), row.planPriced());
    return true;
  }

  /** Access promised by a period that was taken back ends with the running one. */
  private void giveUpAhead(Tx tx, SubscriptionRow row, Period running, Instant now) {
    if (row.status() == SubscriptionStatus.CANCELLED
        && running.end() != null
        && running.end().isBefore(row.accessUntil())) {
      SubscriptionEdit edit = new SubscriptionEdit(row);
      edit.accessUntil = running.end();
      parts.subscriptions().store(tx, edit, now);
    }
  }
}
