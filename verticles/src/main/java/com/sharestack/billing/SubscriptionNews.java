package com.sharestack.billing;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.SubscriptionCancelledEvent;
import com.sharestack.contract.SubscriptionCreatedEvent;
import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionExpiredEvent;
import com.sharestack.contract.SubscriptionPastDueEvent;
import com.sharestack.contract.SubscriptionPlanChangedEvent;
import com.sharestack.contract.SubscriptionReminderEvent;
import com.sharestack.contract.SubscriptionReminderReason;
import com.sharestack.contract.SubscriptionRenewedEvent;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.money.Money;
import java.time.Instant;

/** Events of subscriptions, written in the transaction of the change. */
final class SubscriptionNews {

  private final Outbox outbox;

  SubscriptionNews(Outbox outbox) {
    this.outbox = outbox;
  }

  void created(Tx tx, SubscriptionRow row, SubscriptionStatus status, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_CREATED,
        new SubscriptionCreatedEvent(
            row.publicId(),
            row.userId(),
            row.creatorId(),
            row.planId(),
            row.planName(),
            status,
            now));
  }

  void activated(Tx tx, SubscriptionRow row, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_ACTIVATED,
        new SubscriptionActivatedEvent(
            row.publicId(), row.userId(), row.creatorId(), row.planId(), row.planName(), now));
  }

  /**
   * @param plan of the paid period
   * @param paymentId null when nothing was due
   */
  void renewed(
      Tx tx,
      SubscriptionRow row,
      PlanRow plan,
      String paymentId,
      Instant periodStart,
      Instant periodEnd,
      Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_RENEWED,
        SubscriptionRenewedEvent.builder()
            .subscriptionId(row.publicId())
            .userId(row.userId())
            .creatorId(row.creatorId())
            .planId(plan.id())
            .planName(plan.name())
            .paymentId(paymentId)
            .periodStart(periodStart)
            .periodEnd(periodEnd)
            .at(now)
            .build());
  }

  /**
   * @param row as it was before
   */
  void planChanged(Tx tx, SubscriptionRow row, long planId, String planName, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_PLAN_CHANGED,
        new SubscriptionPlanChangedEvent(
            row.publicId(), row.userId(), row.creatorId(), row.planId(), planId, planName, now));
  }

  void pastDue(Tx tx, SubscriptionRow row, Instant graceUntil, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_PAST_DUE,
        new SubscriptionPastDueEvent(
            row.publicId(),
            row.userId(),
            row.creatorId(),
            row.planId(),
            row.planName(),
            graceUntil,
            now));
  }

  void cancelled(Tx tx, SubscriptionRow row, String reason, Instant accessUntil, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_CANCELLED,
        new SubscriptionCancelledEvent(
            row.publicId(),
            row.userId(),
            row.creatorId(),
            row.planId(),
            row.planName(),
            reason,
            accessUntil,
            now));
  }

  /** Says that the renewal or the end of what is paid is so many days ahead. */
  void reminder(Tx tx, SubscriptionRow row, ReminderRules.Ahead ahead, int days, Instant now) {
    SubscriptionRow.Pending next =
        row.pending() != null && row.pending().scheduled() ? row.pending() : null;
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_REMINDER,
        SubscriptionReminderEvent.builder()
            .subscriptionId(row.publicId())
            .userId(row.userId())
            .creatorId(row.creatorId())
            .planId(row.planId())
            .planName(ahead.renewal() && next != null ? next.planName() : row.planName())
            .reason(
                ahead.renewal()
                    ? SubscriptionReminderReason.RENEWAL
                    : SubscriptionReminderReason.PERIOD_END)
            .days(days)
            .dueAt(ahead.at())
            .amount(Money.ofFen(next == null ? row.priceFen() : next.priceFen()))
            .at(now)
            .build());
  }

  void expired(Tx tx, SubscriptionRow row, SubscriptionEndedReason reason, Instant now) {
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_EXPIRED,
        new SubscriptionExpiredEvent(
            row.publicId(),
            row.userId(),
            row.creatorId(),
            row.planId(),
            row.planName(),
            reason,
            now));
  }
}
