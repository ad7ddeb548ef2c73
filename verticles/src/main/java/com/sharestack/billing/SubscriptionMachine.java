package com.sharestack.billing;

import static com.sharestack.contract.SubscriptionStatus.ACTIVE;
import static com.sharestack.contract.SubscriptionStatus.CANCELLED;
import static com.sharestack.contract.SubscriptionStatus.EXPIRED;
import static com.sharestack.contract.SubscriptionStatus.PAST_DUE;
import static com.sharestack.contract.SubscriptionStatus.PENDING_PAYMENT;
import static com.sharestack.contract.SubscriptionStatus.TRIALING;

import com.sharestack.contract.SubscriptionEndedReason;
import com.sharestack.contract.SubscriptionStatus;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * The life of a subscription as data: every transition that section subscription_lifecycle,
 * refund_rules.effect and the entry subscriptions.cancel of the contract list, and no other.
 */
final class SubscriptionMachine {

  /**
   * Where an event leads.
   *
   * @param reason what ended_reason becomes unless the row already names one; null = stays
   */
  record Transition(SubscriptionStatus to, SubscriptionEndedReason reason) {}

  private static final Map<SubscriptionEvent, SubscriptionStatus> BIRTHS =
      new EnumMap<>(
          Map.of(
              SubscriptionEvent.ORDERED, PENDING_PAYMENT,
              SubscriptionEvent.GRANTED, ACTIVE));

  private static final Map<SubscriptionStatus, Map<SubscriptionEvent, Transition>> TRANSITIONS =
      new EnumMap<>(SubscriptionStatus.class);

  static {
    on(PENDING_PAYMENT, SubscriptionEvent.PAID_WITH_TRIAL, TRIALING, null);
    on(PENDING_PAYMENT, SubscriptionEvent.PAID, ACTIVE, null);
    // the row of an unpaid order is reused (subscriptions.create), also when nothing is due any
    // more
    on(PENDING_PAYMENT, SubscriptionEvent.GRANTED, ACTIVE, null);
    on(
        PENDING_PAYMENT,
        SubscriptionEvent.PAYMENT_ABANDONED,
        EXPIRED,
        SubscriptionEndedReason.UNPAID);
    on(TRIALING, SubscriptionEvent.TRIAL_ENDED, ACTIVE, null);
    on(TRIALING, SubscriptionEvent.CANCELLED, CANCELLED, null);
    on(ACTIVE, SubscriptionEvent.CANCELLED, CANCELLED, null);
    on(ACTIVE, SubscriptionEvent.RENEWAL_PAID, ACTIVE, null);
    on(ACTIVE, SubscriptionEvent.RENEWAL_MISSED, PAST_DUE, null);
    on(ACTIVE, SubscriptionEvent.PERIOD_ENDED, EXPIRED, SubscriptionEndedReason.NATURAL);
    on(PAST_DUE, SubscriptionEvent.CANCELLED, CANCELLED, null);
    on(PAST_DUE, SubscriptionEvent.RENEWAL_PAID, ACTIVE, null);
    on(PAST_DUE, SubscriptionEvent.GRACE_ENDED, CANCELLED, SubscriptionEndedReason.PAYMENT_FAILED);
    on(CANCELLED, SubscriptionEvent.RESUMED, ACTIVE, null);
    on(CANCELLED, SubscriptionEvent.RENEWAL_PAID, ACTIVE, null);
    // "cancelled, then expired (refunded)" of a trial, and refund_rules.effect of every other state
    for (SubscriptionStatus running : EnumSet.of(TRIALING, ACTIVE, PAST_DUE, CANCELLED)) {
      on(running, SubscriptionEvent.REFUNDED, EXPIRED, SubscriptionEndedReason.REFUNDED);
    }
    on(CANCELLED, SubscriptionEvent.ACCESS_ENDED, EXPIRED, SubscriptionEndedReason.NATURAL);
    // refund_rejected_by_channel_final is the exact reverse, also of what the refund did to access
    on(EXPIRED, SubscriptionEvent.REFUND_TAKEN_BACK, ACTIVE, null);
  }

  private SubscriptionMachine() {}

  private static void on(
      SubscriptionStatus from,
      SubscriptionEvent event,
      SubscriptionStatus to,
      SubscriptionEndedReason reason) {
    TRANSITIONS
        .computeIfAbsent(from, status -> new EnumMap<>(SubscriptionEvent.class))
        .put(event, new Transition(to, reason));
  }

  /** The state in which {@code event} brings a new row into the world; empty when it does not. */
  static Optional<SubscriptionStatus> birth(SubscriptionEvent event) {
    return Optional.ofNullable(BIRTHS.get(event));
  }

  /** Where {@code event} leads a row in state {@code from}; empty when it may not happen there. */
  static Optional<Transition> next(SubscriptionStatus from, SubscriptionEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(from, Map.of()).get(event));
  }
}
