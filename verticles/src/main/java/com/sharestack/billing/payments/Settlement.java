package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.earnings.EarningLines;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.Ledger;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Trade;
import com.sharestack.billing.rails.TradeState;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What verified news of a channel does to a payment: one transaction, the same one for a
 * notification, an answer to a query and the outcome of a close (entries webhooks.*,
 * payments.confirm; section payment_state_machine). Nothing here trusts anything but the rail's
 * signature, and nothing is done twice: the payment's lock orders what arrives, the machine says
 * what it means, the unique keys of payments and journals have the last word.
 */
public final class Settlement {

  /** Setting finance.settlement_hold_days, its default. */
  private static final int HOLD_DAYS = 7;

  /** What came of a piece of news; stored with the notification. */
  public enum Outcome {
    COMPLETED,
    /** Known already, or nothing new. */
    NOTHING,
    PROCESSING,
    /** The order no longer waits: refunded. */
    LATE,
    /** A second transaction: refunded. */
    DUPLICATE,
    /** Another amount: refunded. */
    MISMATCH,
    FAILED,
    CANCELLED,
    EXPIRED,
    /** No payment of ours has this number: the money is in suspense. */
    UNKNOWN_ORDER,
    /** Another app or merchant: no money of ours. */
    FOREIGN
  }

  private final Clock clock;
  private final PaymentRepository payments;
  private final PaymentTrailRepository trail;
  private final Channels channels;
  private final OrderKinds kinds;
  private final RefundDesk desk;
  private final EarningLines earnings;
  private final Ledger ledger;
  private final Outbox outbox;

  Settlement(PaymentParts parts, RefundDesk desk) {
    this.clock = parts.clock();
    this.payments = parts.payments();
    this.trail = parts.trail();
    this.channels = parts.channels();
    this.kinds = parts.kinds();
    this.earnings = parts.earnings();
    this.ledger = parts.ledger();
    this.outbox = parts.outbox();
    this.desk = desk;
  }

  /**
   * Takes in what the rail says of an order.
   *
   * @param source where it comes from
   * @param whenUnpaid what an order that the rail closed or does not know unpaid becomes: CLOSED
   *     for a close by the payer, EXPIRED for the sweeper
   */
  public Outcome apply(
      Tx tx, Channel channel, Trade trade, Action source, PaymentEvent whenUnpaid) {
    Instant now = clock.instant();
    PaymentMethod method = Channels.method(channel);
    if (channels.foreign(channel, trade)) {
      trail.ticket(
          tx,
          "foreign_merchant",
          method.literal() + ":" + trade.outTradeNo(),
          null,
          trade.amountFen() < 0 ? null : trade.amountFen(),
          new JsonObject().put("app_id", trade.appId()).put("merchant_id", trade.merchantId()),
          now);
      return Outcome.FOREIGN;
    }
    Optional<PaymentRow> seen =
        payments.byTradeNo(tx, trade.outTradeNo()).filter(row -> row.choice().method() == method);
    if (seen.isEmpty()) {
      return trade.state() == TradeState.PAID
          ? unknownOrder(tx, method, trade, now)
          : Outcome.NOTHING;
    }
    kinds.of(seen.get()).lockBefore(tx, seen.get());
    PaymentRow payment = payments.lock(tx, seen.get().id()).orElseThrow();
    return switch (trade.state()) {
      case PAID -> paid(tx, payment, trade, source, now);
      case PAYING -> started(tx, payment, source, now);
      case CLOSED -> closed(tx, payment, source, whenUnpaid, now);
      case FAILED ->
          ended(tx, payment, PaymentEvent.REFUSED, PaymentFailureCode.CHANNEL_ERROR, source, now);
      case REFUNDED -> refundedThere(tx, payment, trade, now);
      case UNPAID, UNKNOWN -> Outcome.NOTHING;
    };
  }

  /**
   * The payer changes the method: the payment ends, after its channel said that nobody can pay it
   * any more, and its charge does not. The payment is pending, it and its order are locked.
   */
  void replaced(Tx tx, PaymentRow payment) {
    Instant now = clock.instant();
    PaymentMachine.Transition closed =
        PaymentMachine.next(payment.status(), PaymentEvent.CLOSED).orElseThrow();
    payments.move(tx, payment, closed, null, now);
    log(tx, payment, Action.UPDATE, closed.to(), null, now);
    earnings.dropped(tx, payment.publicId());
  }

  /** Ends an open payment without money, after its channel said that nobody can pay it any more. */
  public Outcome end(Tx tx, long paymentId, PaymentEvent event, Action source) {
    Instant now = clock.instant();
    PaymentRow seen = payments.lock(tx, paymentId).orElseThrow();
    return ended(tx, seen, event, null, source, now);
  }

  private Outcome paid(Tx tx, PaymentRow payment, Trade trade, Action source, Instant now) {
    if (trade.amountFen() < 0 || trade.transactionId() == null) {
      return Outcome.NOTHING; // the rail left out what must be compared: a query will tell
    }
    Optional<PaymentRow> known =
        payments.byTransaction(tx, payment.choice().method(), trade.transactionId());
    if (known.isPresent()) {
      return sameTransaction(tx, payment, known.get(), trade, now);
    }
    boolean fits =
        trade.amountFen() == payment.amountFen()
            && (trade.currency() == null || "CNY".equals(trade.currency()));
    if (payment.transactionId() != null || (!fits && !payment.open())) {
      return duplicate(tx, payment, trade, now);
    }
    if (!fits) {
      return mismatch(tx, payment, trade, source, now);
    }
    boolean awaited = kinds.of(payment).lockAwaiting(tx, payment);
    PaymentEvent event =
        payment.open() && !awaited ? PaymentEvent.PAID_FOR_NOTHING : PaymentEvent.PAID;
    PaymentMachine.Transition transition =
        PaymentMachine.next(payment.status(), event).orElseThrow();
    payments.storeReceipt(
        tx, payment.id(), trade.transactionId(), SettlementWords.paidAt(trade, now), null);
    payments.move(tx, payment, transition, null, now);
    log(tx, payment, source, transition.to(), null, now);
    PaymentRow settled = payments.lock(tx, payment.id()).orElseThrow();
    if (transition.effect() == PaymentMachine.Effect.FULFIL) {
      return fulfil(tx, settled, now);
    }
    if (payment.open()) {
      // for the order it ends like any payment that brought nothing
      kinds.of(payment).unpaid(tx, payment, now);
    }
    return late(tx, settled, payment.open() ? "order_ended" : "late_payment", now);
  }

  /** A transaction is one payment's for ever; at another one it is a matter for people. */
  private Outcome sameTransaction(
      Tx tx, PaymentRow payment, PaymentRow known, Trade trade, Instant now) {
    boolean ours =
        known.id() == payment.id() || Long.valueOf(payment.id()).equals(known.duplicateOf());
    if (!ours) {
      trail.ticket(
          tx,
          "transaction_of_another",
          payment.choice().method().literal() + ":" + trade.transactionId(),
          payment.id(),
          trade.amountFen(),
          new JsonObject().put("payment_id", known.publicId()),
          now);
    }
    return Outcome.NOTHING;
  }

  private Outcome fulfil(Tx tx, PaymentRow payment, Instant now) {
    Instant trialEnd = kinds.of(payment).fulfil(tx, payment, now);
    earnings.sale(
        tx,
        SettlementWords.sale(
            payment, now, Periods.holdUntil(payment.paidAt(), trialEnd, HOLD_DAYS)));
    outbox.publish(tx, EventTopic.PAYMENT_COMPLETED, SettlementWords.completed(payment, now));
    ledger.post(
        tx,
        List.of(
            SalePostings.paymentCompleted(
                payment.publicId(),
                payment.choice().method(),
                payment.creatorId(),
                payment.shares(),
                now),
            SalePostings.channelFeeAccrued(
                payment.publicId(),
                payment.choice().method(),
                payment.creatorId(),
                payment.channelFeeFen(),
                now)));
    return Outcome.COMPLETED;
  }

  private Outcome late(Tx tx, PaymentRow payment, String reason, Instant now) {
    desk.openUnfulfilled(tx, payment, reason, now);
    earnings.dropped(tx, payment.publicId());
    outbox.publish(tx, EventTopic.PAYMENT_COMPLETED, SettlementWords.completed(payment, now));
    ledger.post(
        tx,
        SalePostings.lateOrDuplicatePayment(
            payment.choice().method(), payment.transactionId(), payment.heldFen(), now));
    return payment.duplicateOf() == null ? Outcome.LATE : Outcome.DUPLICATE;
  }

  /** A second sum for the order gets a row of its own to carry its refund. */
  private Outcome duplicate(Tx tx, PaymentRow first, Trade trade, Instant now) {
    PaymentMachine.Transition born =
        PaymentMachine.birth(PaymentEvent.DUPLICATE_RECEIVED).orElseThrow();
    Price price = new Price(trade.amountFen(), 0, 0, 0);
    PaymentRow draft =
        new PaymentRow(
            0,
            Ids.random("pay_", 12),
            first.userId(),
            first.creatorId(),
            first.order(),
            price,
            Shares.of(price.paidFen(), 0, RevenueRates.DEFAULT),
            0,
            born.to(),
            null,
            born.late(),
            first.id(),
            first.choice(),
            Ids.random("D", 27),
            trade.transactionId(),
            null,
            first.description(),
            null,
            0,
            0,
            RefundSplit.NONE,
            first.expiresAt(),
            SettlementWords.paidAt(trade, now),
            now);
    long id = payments.insert(tx, draft, null, new IdempotencyKey(null, null), null);
    PaymentRow row = payments.lock(tx, id).orElseThrow();
    log(tx, row, Action.CALLBACK, born.to(), null, now);
    return late(tx, row, "duplicate_payment", now);
  }

  private Outcome mismatch(Tx tx, PaymentRow payment, Trade trade, Action source, Instant now) {
    PaymentMachine.Transition transition =
        PaymentMachine.next(payment.status(), PaymentEvent.PAID_ANOTHER_AMOUNT).orElseThrow();
    payments.storeReceipt(
        tx,
        payment.id(),
        trade.transactionId(),
        SettlementWords.paidAt(trade, now),
        trade.amountFen());
    payments.move(tx, payment, transition, PaymentFailureCode.AMOUNT_MISMATCH, now);
    log(tx, payment, source, transition.to(), "amount_mismatch", now);
    trail.ticket(
        tx,
        "amount_mismatch",
        payment.publicId(),
        payment.id(),
        trade.amountFen(),
        new JsonObject()
            .put("expected", Money.ofFen(payment.amountFen()))
            .put("received", Money.ofFen(trade.amountFen()))
            .put("currency", trade.currency()),
        now);
    kinds.of(payment).lockAwaiting(tx, payment);
    kinds.of(payment).unpaid(tx, payment, now);
    PaymentRow failed = payments.lock(tx, payment.id()).orElseThrow();
    Journal refund = desk.openSuspense(tx, failed, now);
    earnings.failed(tx, failed.publicId(), now);
    outbox.publish(tx, EventTopic.PAYMENT_FAILED, SettlementWords.failed(failed, now));
    ledger.post(
        tx,
        List.of(
            SalePostings.amountMismatch(
                payment.choice().method(), trade.transactionId(), trade.amountFen(), now),
            refund));
    return Outcome.MISMATCH;
  }

  private Outcome unknownOrder(Tx tx, PaymentMethod method, Trade trade, Instant now) {
    if (trade.amountFen() <= 0 || trade.transactionId() == null) {
      return Outcome.NOTHING;
    }
    trail.ticket(
        tx,
        "unknown_trade",
        method.literal() + ":" + trade.transactionId(),
        null,
        trade.amountFen(),
        new JsonObject().put("out_trade_no", trade.outTradeNo()),
        now);
    ledger.post(
        tx, SalePostings.amountMismatch(method, trade.transactionId(), trade.amountFen(), now));
    return Outcome.UNKNOWN_ORDER;
  }

  private Outcome started(Tx tx, PaymentRow payment, Action source, Instant now) {
    Optional<PaymentMachine.Transition> transition =
        PaymentMachine.next(payment.status(), PaymentEvent.PAYER_STARTED);
    if (transition.isEmpty()) {
      return Outcome.NOTHING;
    }
    payments.move(tx, payment, transition.get(), null, now);
    log(tx, payment, source, transition.get().to(), null, now);
    earnings.processing(
        tx, SettlementWords.sale(payment, now, Periods.holdUntil(now, null, HOLD_DAYS)));
    return Outcome.PROCESSING;
  }

  private Outcome closed(
      Tx tx, PaymentRow payment, Action source, PaymentEvent whenUnpaid, Instant now) {
    if (payments.isReplacing(tx, payment.id(), now)) {
      return Outcome.NOTHING; // we closed it: whoever did is about to say what follows
    }
    PaymentEvent event =
        payment.status() == PaymentStatus.PROCESSING && whenUnpaid == PaymentEvent.CLOSED
            ? PaymentEvent.REFUSED // the payer had begun: what the channel ended then is a failure
            : whenUnpaid;
    return ended(
        tx,
        payment,
        event,
        event == PaymentEvent.REFUSED ? PaymentFailureCode.CHANNEL_ERROR : null,
        source,
        now);
  }

  private Outcome ended(
      Tx tx,
      PaymentRow payment,
      PaymentEvent event,
      PaymentFailureCode failure,
      Action source,
      Instant now) {
    Optional<PaymentMachine.Transition> transition = PaymentMachine.next(payment.status(), event);
    if (transition.isEmpty()) {
      return Outcome.NOTHING;
    }
    PaymentStatus to = transition.get().to();
    payments.move(tx, payment, transition.get(), failure, now);
    log(tx, payment, source, to, failure == null ? null : failure.literal(), now);
    kinds.of(payment).lockAwaiting(tx, payment);
    kinds.of(payment).unpaid(tx, payment, now);
    if (to == PaymentStatus.FAILED) {
      earnings.failed(tx, payment.publicId(), now);
      outbox.publish(
          tx,
          EventTopic.PAYMENT_FAILED,
          SettlementWords.failed(payments.lock(tx, payment.id()).orElseThrow(), now));
    } else {
      earnings.dropped(tx, payment.publicId());
    }
    return switch (to) {
      case FAILED -> Outcome.FAILED;
      case EXPIRED -> Outcome.EXPIRED;
      default -> Outcome.CANCELLED;
    };
  }

  /** The rail says "refunded" of money that we never saw arrive, or did not send back. */
  private Outcome refundedThere(Tx tx, PaymentRow payment, Trade trade, Instant now) {
    if (payment.reservedFen() == 0) {
      trail.ticket(
          tx,
          "refunded_at_channel",
          payment.publicId(),
          payment.id(),
          trade.amountFen() < 0 ? null : trade.amountFen(),
          new JsonObject().put("state", trade.rawState()).put("status", payment.status().literal()),
          now);
    }
    return Outcome.NOTHING;
  }

  private void log(
      Tx tx, PaymentRow payment, Action source, PaymentStatus to, String error, Instant now) {
    trail.log(tx, payment.id(), source, payment.status(), to, error, null, now);
  }
}
