package com.sharestack.billing;

import com.sharestack.billing.ChangeRepository.Change;
import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Immediate plan changes: how one is applied, and undone when its charge is refunded. */
final class PlanChanges {

  private final SubscriptionParts parts;
  private final Renewals renewals;

  PlanChanges(SubscriptionParts parts) {
    this.parts = parts;
    this.renewals = new Renewals(parts);
  }

  /** Whether the change that the payment pays is still wanted. */
  static boolean awaits(SubscriptionRow row, PaymentRow payment) {
    return payment.order().purpose() == PaymentPurpose.PLAN_CHANGE
        && (row.status() == SubscriptionStatus.ACTIVE
            || row.status() == SubscriptionStatus.TRIALING)
        && row.pending() != null
        && payment.publicId().equals(row.pending().paymentId());
  }

  void paid(Tx tx, SubscriptionRow row, PaymentRow payment, Instant now) {
    apply(tx, row, row.pending(), payment.publicId(), payment.amountFen(), now);
  }

  /**
   * Plan, price, entitlements and, where it says so, the period become the target's; a trial ends.
   *
   * @param paymentId null when nothing was due
   */
  void apply(
      Tx tx,
      SubscriptionRow row,
      SubscriptionRow.Pending target,
      String paymentId,
      long chargedFen,
      Instant now) {
    Period running = parts.periods().at(tx, row.id(), row.periodStart()).orElseThrow();
    SubscriptionEdit edit = new SubscriptionEdit(row);
    if (row.status() == SubscriptionStatus.TRIALING) {
      edit.on(SubscriptionEvent.TRIAL_ENDED);
      edit.trialEndsAt = now;
    }
    edit.planId = target.planId();
    edit.priceFen = target.priceFen();
    edit.cycle = target.cycle();
    edit.source = SubscriptionSource.PAID;
    edit.pending = null;
    edit.changedAt = now;
    if (target.newPeriod()) {
      edit.anchorDay = Periods.anchorDay(now);
      edit.periodStart = now;
      edit.periodEnd = Periods.end(now, target.cycle(), edit.anchorDay);
      parts.periods().storeEnd(tx, running.id(), now);
      parts
          .periods()
          .insert(
              tx,
              row.id(),
              target.planId(),
              now,
              edit.periodEnd,
              target.priceFen(),
              chargedFen + target.creditFen(),
              paymentId,
              running.baseId(),
              parts.periods().returned(tx, row.id(), running.baseId()),
              now);
    } else {
      parts.periods().upgrade(tx, running.id(), target.planId(), target.priceFen(), chargedFen);
    }
    parts.tables().changes().insert(tx, row, running, target, paymentId, chargedFen, now);
    renewals.move(tx, row, target.planId(), target.planPriced());
    parts.subscriptions().store(tx, edit, now);
    parts.news().planChanged(tx, row, target.planId(), target.planName(), now);
  }

  /**
   * The charge of a change was refunded: the plan before it is back, with the dates it had. Under a
   * later change only the record of that one is corrected: what is on top was paid for.
   *
   * @return payments that go back along: of a period paid ahead, which followed on dates that are
   *     no more
   */
  List<String> undo(Tx tx, SubscriptionRow row, String paymentId, Instant now) {
    Optional<Change> found =
        parts.tables().changes().ofPayment(tx, paymentId).filter(change -> !change.undone());
    if (found.isEmpty()) {
      return List.of();
    }
    Change change = found.get();
    parts.tables().changes().markUndone(tx, change.id(), now);
    Optional<Change> later = parts.tables().changes().after(tx, change);
    if (later.isPresent()) {
      parts.tables().changes().standOn(tx, later.get().id(), change);
      return List.of();
    }
    boolean runs =
        row.status() == SubscriptionStatus.ACTIVE
            || row.status() == SubscriptionStatus.PAST_DUE
            || row.status() == SubscriptionStatus.CANCELLED;
    return runs && row.planId() == change.planTo() ? restore(tx, row, change, now) : List.of();
  }

  private List<String> restore(Tx tx, SubscriptionRow row, Change change, Instant now) {
    PlanRow plan = parts.tables().plans().find(tx, change.planFrom()).orElseThrow();
    Period running = parts.periods().at(tx, row.id(), row.periodStart()).orElseThrow();
    SubscriptionEdit edit = new SubscriptionEdit(row);
    edit.planId = change.planFrom();
    edit.priceFen = change.priceFromFen();
    edit.cycle = change.cycleFrom();
    edit.source = change.sourceFrom();
    edit.changedAt = now;
    List<String> along = List.of();
    if (!change.newPeriod()) {
      parts
          .periods()
          .upgrade(
              tx, running.id(), change.planFrom(), change.priceFromFen(), -change.chargedFen());
    } else if (change.paymentId().equals(running.paymentId())) {
      along = giveUpAhead(tx, row, running);
      goBack(tx, edit, change, running, now);
    } else {
      return List.of(); // its period is over: nothing of it is left to take back
    }
    renewals.move(tx, row, change.planFrom(), plan.priced());
    parts.subscriptions().store(tx, edit, now);
    parts.news().planChanged(tx, row, change.planFrom(), plan.name(), now);
    return along;
  }

  /** The refund of a paid one takes its period; one for which nothing was due just ends. */
  private List<String> giveUpAhead(Tx tx, SubscriptionRow row, Period running) {
    Optional<Period> ahead =
        parts.periods().last(tx, row.id()).filter(last -> last.id() != running.id());
    ahead
        .filter(period -> period.paymentId() == null)
        .ifPresent(period -> parts.periods().delete(tx, period.id()));
    return ahead.map(Period::paymentId).stream().toList();
  }

  /**
   * The period that the change cut short runs on to its old end, and with it the access: also of
   * who cancelled since, or did not pay for what followed the change's own period.
   */
  private void goBack(Tx tx, SubscriptionEdit edit, Change change, Period running, Instant now) {
    SubscriptionRow row = edit.before;
    parts.periods().delete(tx, running.id());
    Period old = parts.periods().at(tx, row.id(), change.periodStartFrom()).orElseThrow();
    parts.periods().storeEnd(tx, old.id(), change.periodEndFrom());
    edit.anchorDay = change.anchorFrom();
    edit.periodStart = change.periodStartFrom();
    edit.periodEnd = change.periodEndFrom();
    boolean paidOn = change.periodEndFrom() != null && now.isBefore(change.periodEndFrom());
    if (row.status() == SubscriptionStatus.PAST_DUE && paidOn) {
      edit.on(SubscriptionEvent.RENEWAL_PAID);
    } else if (row.status() == SubscriptionStatus.CANCELLED && change.periodEndFrom() != null) {
      edit.accessUntil = change.periodEndFrom();
    }
  }
}
