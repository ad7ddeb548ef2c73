package com.sharestack.billing.payments;

import static com.sharestack.contract.PaymentStatus.CANCELLED;
import static com.sharestack.contract.PaymentStatus.COMPLETED;
import static com.sharestack.contract.PaymentStatus.EXPIRED;
import static com.sharestack.contract.PaymentStatus.FAILED;
import static com.sharestack.contract.PaymentStatus.PARTIAL_REFUNDED;
import static com.sharestack.contract.PaymentStatus.PENDING;
import static com.sharestack.contract.PaymentStatus.PROCESSING;
import static com.sharestack.contract.PaymentStatus.REFUNDED;

import com.sharestack.contract.PaymentStatus;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The life of a payment as data: every transition that section payment_state_machine of the
 * contract lists, and no other.
 */
public final class PaymentMachine {

  /** What the transition does besides changing the status, in the same transaction. */
  public enum Effect {
    NONE,
    /** Fulfil the order and post payment_completed and channel_fee_accrued. */
    FULFIL,
    /** The order stays as it is; post late_or_duplicate_payment and refund all of it. */
    REFUND_LATE,
    /** The order is free for a new payment; post amount_mismatch and refund what was received. */
    REFUND_MISMATCH
  }

  /**
   * Where an event leads.
   *
   * @param late true sets the payment's flag: money that came too late or twice; false leaves it
   */
  public record Transition(PaymentStatus to, boolean late, Effect effect) {}

  private static final Map<PaymentEvent, Transition> BIRTHS = new EnumMap<>(PaymentEvent.class);
  private static final Map<PaymentStatus, Map<PaymentEvent, Transition>> TRANSITIONS =
      new EnumMap<>(PaymentStatus.class);

  static {
    BIRTHS.put(PaymentEvent.OPENED, new Transition(PENDING, false, Effect.NONE));
    BIRTHS.put(
        PaymentEvent.DUPLICATE_RECEIVED, new Transition(COMPLETED, true, Effect.REFUND_LATE));
    on(PENDING, PaymentEvent.PAYER_STARTED, PROCESSING);
    on(PENDING, PaymentEvent.CLOSED, CANCELLED);
    for (PaymentStatus open : EnumSet.of(PENDING, PROCESSING)) {
      on(open, PaymentEvent.PAID, COMPLETED, false, Effect.FULFIL);
      on(open, PaymentEvent.PAID_ANOTHER_AMOUNT, FAILED, false, Effect.REFUND_MISMATCH);
      on(open, PaymentEvent.PAID_FOR_NOTHING, COMPLETED, true, Effect.REFUND_LATE);
      on(open, PaymentEvent.REFUSED, FAILED);
      on(open, PaymentEvent.EXPIRED, EXPIRED);
    }
    for (PaymentStatus ended : EnumSet.of(EXPIRED, CANCELLED, FAILED)) {
      on(ended, PaymentEvent.PAID, COMPLETED, true, Effect.REFUND_LATE);
    }
    on(COMPLETED, PaymentEvent.REFUNDED_IN_PART, PARTIAL_REFUNDED);
    on(COMPLETED, PaymentEvent.REFUNDED_IN_FULL, REFUNDED);
    on(PARTIAL_REFUNDED, PaymentEvent.REFUNDED_IN_PART, PARTIAL_REFUNDED);
    on(PARTIAL_REFUNDED, PaymentEvent.REFUNDED_IN_FULL, REFUNDED);
  }

  private PaymentMachine() {}

  private static void on(PaymentStatus from, PaymentEvent event, PaymentStatus to) {
    on(from, event, to, false, Effect.NONE);
  }

  private static void on(
      PaymentStatus from, PaymentEvent event, PaymentStatus to, boolean late, Effect effect) {
    TRANSITIONS
        .computeIfAbsent(from, status -> new EnumMap<>(PaymentEvent.class))
        .put(event, new Transition(to, late, effect));
  }

  /** How {@code event} brings a new row into the world; empty when it does not. */
  public static Optional<Transition> birth(PaymentEvent event) {
    return Optional.ofNullable(BIRTHS.get(event));
  }

  /**
   * Where {@code event} leads a payment in state {@code from}; empty when nothing changes: the
   * event is a repetition or must be handled as a difference.
   */
  public static Optional<Transition> next(PaymentStatus from, PaymentEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(from, Map.of()).get(event));
  }

  /** The states in which {@code event} changes something: the WHERE of the conditional update. */
  public static Set<PaymentStatus> sources(PaymentEvent event) {
    Set<PaymentStatus> sources = EnumSet.noneOf(PaymentStatus.class);
    TRANSITIONS.forEach(
        (from, events) -> {
          if (events.containsKey(event)) {
            sources.add(from);
          }
        });
    return Collections.unmodifiableSet(sources);
  }

  /** Waiting for money: at most one such payment per order. */
  public static boolean isOpen(PaymentStatus status) {
    return status == PENDING || status == PROCESSING;
  }
}
