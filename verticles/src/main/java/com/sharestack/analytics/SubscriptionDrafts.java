package com.sharestack.analytics;

import com.sharestack.contract.SubscriptionCancelledEvent;
import com.sharestack.contract.SubscriptionPastDueEvent;
import com.sharestack.contract.SubscriptionReminderEvent;
import com.sharestack.contract.SubscriptionReminderReason;
import java.time.Instant;
import java.util.Map;

/** What subscribers read about their subscriptions, as pure functions of events. */
final class SubscriptionDrafts {

  /** Reason of a cancellation that nobody asked for: the grace after a missed renewal is over. */
  private static final String GIVEN_UP = "payment_failed";

  private SubscriptionDrafts() {}

  static Draft stopped(long eventId, SubscriptionCancelledEvent cancelled) {
    Template template =
        cancelled.accessUntil().isAfter(cancelled.at()) ? Template.STOPPED : Template.STOPPED_NOW;
    return draft(
        NotificationKind.SUBSCRIPTION_STOPPED,
        eventId,
        GIVEN_UP.equals(cancelled.reason()) ? Template.GIVEN_UP : template,
        Map.of("plan", cancelled.planName(), "time", Drafts.minute(cancelled.accessUntil())),
        cancelled.subscriptionId(),
        cancelled.at());
  }

  static Draft renewalFailed(long eventId, SubscriptionPastDueEvent missed) {
    return draft(
        NotificationKind.RENEWAL_FAILED,
        eventId,
        Template.RENEWAL_FAILED,
        Map.of("plan", missed.planName(), "time", Drafts.minute(missed.graceUntil())),
        missed.subscriptionId(),
        missed.at());
  }

  static Draft reminder(long eventId, SubscriptionReminderEvent ahead) {
    return draft(
        NotificationKind.SUBSCRIPTION_REMINDER,
        eventId,
        ahead.reason() == SubscriptionReminderReason.RENEWAL
            ? Template.RENEWAL_AHEAD
            : Template.END_AHEAD,
        Map.of(
            "plan", ahead.planName(),
            "time", Drafts.minute(ahead.dueAt()),
            "amount", PaymentDrafts.yuan(ahead.amount())),
        ahead.subscriptionId(),
        ahead.at());
  }

  private static Draft draft(
      NotificationKind kind,
      long eventId,
      Template template,
      Map<String, ?> values,
      String subscriptionId,
      Instant at) {
    return Draft.of(
        kind,
        eventId,
        template,
        values,
        "/subscriptions/" + subscriptionId,
        Drafts.metadata(kind).build(),
        at);
  }
}
