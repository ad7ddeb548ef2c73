package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.Settlement.Outcome;
import com.sharestack.billing.pricing.Fees;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.PaymentCreatedEvent;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Opens payments of orders, and makes room for them. */
public final class PaymentOpening {

  /** expires_at = created_at + 900 s. */
  static final Duration LIFE = Duration.ofSeconds(900);

  /** An open payment is looked at from this age on, and at its end. */
  static final Duration FIRST_CHECK = Duration.ofMinutes(5);

  /** Longer than the calls of a replacement may take. */
  private static final Duration REPLACING = Duration.ofSeconds(60);

  private final PaymentParts parts;
  private final ChannelCalls calls;
  private final Settlement settlement;

  PaymentOpening(PaymentParts parts, ChannelCalls calls, Settlement settlement) {
    this.parts = parts;
    this.calls = calls;
    this.settlement = settlement;
  }

  /**
   * Writes the payment of an order, in the order's transaction; {@link ChannelCalls#place} goes to
   * the channel after its commit.
   *
   * @param charge above zero
   * @param scope operation and target the idempotency key belongs to, at most 40 characters
   * @return the pay_ id
   * @throws io.vertx.serviceproxy.ServiceException PAYMENT_RISK_BLOCKED, RATE_LIMIT_EXCEEDED
   * @throws com.sharestack.platform.db.DuplicateKeyException the order has an open payment, or the
   *     key was used at the same time
   */
  public String open(
      Tx tx, Charge charge, Choice choice, String scope, IdempotencyKey idempotency) {
    Instant now = parts.clock().instant();
    requireNoRisk(tx, charge, now);
    PaymentStatus status = PaymentMachine.birth(PaymentEvent.OPENED).orElseThrow().to();
    PaymentRow row =
        new PaymentRow(
            0,
            Ids.random("pay_", 12),
            charge.userId(),
            charge.creatorId(),
            charge.order(),
            charge.price(),
            Shares.of(charge.price().paidFen(), charge.price().platformFen(), RevenueRates.DEFAULT),
            Fees.channelFen(charge.price().paidFen(), Fees.CHANNEL_RATE),
            status,
            null,
            false,
            null,
            choice,
            Ids.random("P", 27),
            null,
            null,
            charge.description(),
            null,
            0,
            0,
            RefundSplit.NONE,
            now.plus(LIFE),
            null,
            now);
    long id = parts.payments().insert(tx, row, scope, idempotency, now.plus(FIRST_CHECK));
    parts.trail().log(tx, id, Action.CREATE, null, status, null, null, now);
    parts
        .outbox()
        .publish(
            tx,
            EventTopic.PAYMENT_CREATED,
            new PaymentCreatedEvent(
                row.publicId(),
                row.userId(),
                row.creatorId(),
                charge.order().id(),
                charge.order().purpose(),
                Money.ofFen(row.amountFen()),
                now));
    return row.publicId();
  }

  private void requireNoRisk(Tx tx, Charge charge, Instant now) {
    PaymentRisk.refusal(
            charge.price().paidFen(),
            parts.payments().recent(tx, charge.userId(), now.minus(Duration.ofHours(1))),
            parts.payments().recent(tx, charge.userId(), now.minus(Duration.ofHours(24))))
        .ifPresent(
            refused -> {
              throw refused;
            });
  }

  /**
   * Closes an open payment at its channel, so that its order may be priced anew or paid otherwise.
   *
   * @throws io.vertx.serviceproxy.ServiceException PAYMENT_ALREADY_PAID when it was paid meanwhile
   *     (and is completed now); CONFLICT reason payment_processing while the payer is at it;
   *     PAYMENT_NETWORK_ERROR, PAYMENT_TIMEOUT when the channel does not answer
   */
  public void supersede(PaymentRow open) {
    if (open.status() == PaymentStatus.PROCESSING) {
      throw processing(open);
    }
    Outcome outcome = calls.close(open, PaymentEvent.CLOSED, Action.UPDATE);
    PaymentRow now = calls.reread(open);
    if (now.paid() || outcome == Outcome.COMPLETED) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "payment_id", open.publicId());
    }
    if (now.open()) {
      throw processing(open);
    }
  }

  /**
   * Another payment of the same charge, for a payer who chose another method: the open one is
   * closed at its channel, then one transaction cancels it here and opens its successor, which the
   * order waits for from then on. Killed between the two, the payment is found closed and its
   * charge ends as if nobody had paid.
   *
   * @return the pay_ id; empty when the order must be looked at again
   * @throws io.vertx.serviceproxy.ServiceException as {@link #supersede} and {@link #open}
   */
  Optional<String> replace(
      PaymentRow open, Choice choice, String scope, IdempotencyKey idempotency) {
    Instant until = parts.clock().instant().plus(REPLACING);
    if (!parts.payments().markReplacing(parts.db(), open.id(), until)) {
      requireWaiting(calls.reread(open));
      return Optional.empty();
    }
    if (calls.shut(open, PaymentEvent.CLOSED, Action.UPDATE).isPresent()) {
      requireWaiting(calls.reread(open));
      return Optional.empty();
    }
    return parts.db().tx(tx -> succeed(tx, open, choice, scope, idempotency));
  }

  private Optional<String> succeed(
      Tx tx, PaymentRow seen, Choice choice, String scope, IdempotencyKey idempotency) {
    OrderKind kind = parts.kinds().of(seen);
    kind.lockBefore(tx, seen);
    PaymentRow old = parts.payments().lock(tx, seen.id()).orElseThrow();
    requireWaiting(old);
    if (!old.open()) {
      return Optional.empty();
    }
    if (!kind.lockAwaiting(tx, old)) {
      settlement.end(tx, old.id(), PaymentEvent.CLOSED, Action.UPDATE);
      return Optional.empty();
    }
    settlement.replaced(tx, old);
    Charge charge =
        new Charge(old.order(), old.userId(), old.creatorId(), old.price(), old.description());
    String id = open(tx, charge, choice, scope, idempotency);
    kind.replaced(tx, old, id, parts.clock().instant());
    return Optional.of(id);
  }

  /** Neither paid nor about to be; it may have ended. */
  private static void requireWaiting(PaymentRow payment) {
    if (payment.paid()) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "payment_id", payment.publicId());
    }
    if (payment.status() == PaymentStatus.PROCESSING) {
      throw processing(payment);
    }
  }

  private static RuntimeException processing(PaymentRow open) {
    return Errors.of(
        ErrorCode.CONFLICT,
        "reason",
        "payment_processing",
        "payment_id",
        open.publicId(),
        "message",
        "支付结果确认中，请稍后再试");
  }
}
