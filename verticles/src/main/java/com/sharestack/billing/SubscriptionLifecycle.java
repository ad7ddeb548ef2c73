package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time does to subscriptions (subscription_lifecycle.transitions): ends trials, rolls into
 * periods that are paid, ends what is not, gives grace, ends orders nobody paid. Any number of
 * processes may run it: each row is taken under its lock, one transaction per row, and looked at
 * again there. Access never waits for it; it asks the times themselves.
 */
final class SubscriptionLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionLifecycle.class);
  private static final int BATCH = 50;

  /** grace_until = current_period_end + 3 d. */
  static final Duration GRACE = Duration.ofDays(3);

  /** While a payment is under way its outcome is waited for. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

  private final SubscriptionParts parts;
  private final PaymentCore payments;
  private final Activation activation;
  private final Renewals renewals;

  SubscriptionLifecycle(SubscriptionParts parts, PaymentCore payments) {
    this.parts = parts;
    this.payments = payments;
    this.activation = new Activation(parts);
    this.renewals = new Renewals(parts);
  }

  /**
   * Takes what is due.
   *
   * @return whether there may be more at once
   */
  boolean run() {
    List<String> due = parts.due().due(parts.db(), parts.clock().instant(), BATCH);
    due.forEach(this::attempt);
    return due.size() == BATCH;
  }

  /** A row that fails is put back, so that it does not stand before the others. */
  private void attempt(String publicId) {
    try {
      step(publicId);
    } catch (RuntimeException failure) {
      LOG.error("subscription {} did not move on", publicId, failure);
      parts
          .subscriptions()
          .find(parts.db(), publicId)
          .ifPresent(
              row ->
                  parts
                      .due()
                      .postpone(parts.db(), row.id(), parts.clock().instant().plus(AFTER_FAILURE)));
    }
  }

  private void step(String publicId) {
    Optional<SubscriptionRow> seen = parts.subscriptions().find(parts.db(), publicId);
    if (seen.isEmpty()
        || (seen.get().status() == SubscriptionStatus.PENDING_PAYMENT && !closed(seen.get()))) {
      return;
    }
    TreeSet<Long> plans = plans(seen.get());
    parts
        .db()
        .tx(
            tx -> {
              plans.forEach(plan -> parts.tables().plans().lock(tx, plan));
              parts
                  .due()
                  .lockDue(tx, publicId, parts.clock().instant())
                  .filter(row -> plans.containsAll(plans(row)))
                  .ifPresent(row -> move(tx, row, parts.clock().instant()));
              return null;
            });
  }

  private static TreeSet<Long> plans(SubscriptionRow row) {
    TreeSet<Long> plans = new TreeSet<>();
    plans.add(row.planId());
    if (row.pending() != null) {
      plans.add(row.pending().planId());
    }
    return plans;
  }

  /** Whether nothing of an order that is over can be paid any more; otherwise it waits. */
  private boolean closed(SubscriptionRow order) {
    Optional<PaymentRow> open = parts.payments().payments().open(parts.db(), order.publicId());
    if (open.isEmpty()) {
      return true;
    }
    try {
      payments.opening().supersede(open.get());
      return true;
    } catch (ServiceException unclear) {
      if (!ErrorCode.PAYMENT_ALREADY_PAID.name().equals(unclear.getMessage())) {
        parts.due().postpone(parts.db(), order.id(), parts.clock().instant().plus(SOON));
      }
      return false;
    }
  }

  private void move(Tx tx, SubscriptionRow row, Instant now) {
    switch (row.status()) {
      case PENDING_PAYMENT -> {
        if (parts.payments().payments().open(tx, row.publicId()).isEmpty()) {
          activation.abandon(tx, row, now);
        }
      }
      case TRIALING -> {
        SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.TRIAL_ENDED);
        parts.subscriptions().store(tx, edit, now);
      }
      case ACTIVE -> periodOver(tx, row, now);
      case PAST_DUE -> graceOver(tx, row, now);
      case CANCELLED -> cancelled(tx, row, now);
      case EXPIRED -> throw new IllegalStateException(row.publicId() + " is over and due");
    }
  }

  private void periodOver(Tx tx, SubscriptionRow row, Instant now) {
    if (rolled(tx, row, now) || waitsForRenewal(tx, row, now)) {
      return;
    }
    if (row.autoRenew()) {
      SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.RENEWAL_MISSED);
      edit.graceUntil = row.periodEnd().plus(GRACE);
      parts.subscriptions().store(tx, edit, now);
      parts.news().pastDue(tx, row, edit.graceUntil, now);
    } else if (row.pending() != null
        && row.pending().scheduled()
        && row.pending().priceFen() == 0) {
      goFree(tx, row, row.pending(), now);
    } else {
      activation.end(tx, row, SubscriptionEvent.PERIOD_ENDED, now);
    }
  }

  /** The period that follows is paid. */
  private boolean rolled(Tx tx, SubscriptionRow row, Instant now) {
    Optional<Period> next = renewals.ahead(tx, row).filter(period -> !now.isBefore(period.start()));
    next.ifPresent(
        period -> {
          SubscriptionEdit edit = new SubscriptionEdit(row);
          renewals.enter(tx, edit, period, now);
          parts.subscriptions().store(tx, edit, now);
        });
    return next.isPresent();
  }

  /** A renewal payment that is still open decides; what is open for another reason does not. */
  private boolean waitsForRenewal(Tx tx, SubscriptionRow row, Instant now) {
    boolean waits =
        parts
            .payments()
            .payments()
            .open(tx, row.publicId())
            .filter(payment -> payment.order().purpose() == PaymentPurpose.RENEWAL)
            .isPresent();
    if (waits) {
      parts.due().postpone(tx, row.id(), now.plus(SOON));
    }
    return waits;
  }

  /** A change to the free plan needs no payment to take effect. */
  private void goFree(Tx tx, SubscriptionRow row, SubscriptionRow.Pending target, Instant now) {
    parts
        .periods()
        .insert(tx, row.id(), target.planId(), row.periodEnd(), null, 0, 0, null, null, 0, now);
    SubscriptionEdit edit = new SubscriptionEdit(row);
    renewals.enter(tx, edit, parts.periods().at(tx, row.id(), row.periodEnd()).orElseThrow(), now);
    edit.source = SubscriptionSource.FREE;
    edit.coupon = null;
    parts.subscriptions().store(tx, edit, now);
  }

  private void graceOver(Tx tx, SubscriptionRow row, Instant now) {
    if (waitsForRenewal(tx, row, now)) {
      return;
    }
    SubscriptionEdit edit = new SubscriptionEdit(row).on(SubscriptionEvent.GRACE_ENDED);
    edit.cancelledAt = now;
    edit.accessUntil = row.graceUntil();
    parts.subscriptions().store(tx, edit, now);
    parts.news().cancelled(tx, row, "payment_failed", row.graceUntil(), now);
  }

  /** Access is over, or a period paid ahead of the cancellation begins. */
  private void cancelled(Tx tx, SubscriptionRow row, Instant now) {
    if (rolled(tx, row, now) || waitsForRenewal(tx, row, now)) {
      return;
    }
    if (now.isBefore(row.accessUntil())) {
      parts.due().postpone(tx, row.id(), row.accessUntil());
      return;
    }
    activation.end(tx, row, SubscriptionEvent.ACCESS_ENDED, now);
  }
}
