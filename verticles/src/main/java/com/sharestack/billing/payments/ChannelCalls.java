package com.sharestack.billing.payments;

import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.Settlement.Outcome;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.OrderRequest;
import com.sharestack.billing.rails.Placed;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Refusal;
import com.sharestack.billing.rails.Reply;
import com.sharestack.billing.rails.Trade;
import com.sharestack.billing.rails.TradeState;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.util.Optional;

/**
 * The calls about one payment to its channel, and what their answers do. None runs inside a
 * transaction; the row is there before the call. An unanswered call changes nothing here: a query
 * decides later.
 */
public final class ChannelCalls {

  private final PaymentParts parts;
  private final Settlement settlement;

  ChannelCalls(PaymentParts parts, Settlement settlement) {
    this.parts = parts;
    this.settlement = settlement;
  }

  /**
   * Creates the payment at its channel, unless it is there already. Repeatable: the same number
   * carries the same values.
   *
   * @return the payment with what the payer's device needs, or as it ended meanwhile
   * @throws ServiceException PAYMENT_NETWORK_ERROR, PAYMENT_TIMEOUT: the payment stays as it is and
   *     a repeat goes on with it
   */
  public PaymentRow place(PaymentRow payment) {
    if (!payment.open() || payment.placed() != null) {
      return payment;
    }
    Rail rail = parts.channels().require(payment.choice().method());
    Reply<Placed> reply =
        rail.create(
                new OrderRequest(
                    payment.choice().product(),
                    payment.tradeNo(),
                    payment.amountFen(),
                    payment.description(),
                    payment.expiresAt(),
                    payment.choice().returnUrl(),
                    payment.choice().openid(),
                    payment.choice().payerIp()))
            .await();
    switch (reply) {
      case Reply.Answered<Placed> made ->
          parts
              .payments()
              .storePlaced(parts.db(), payment.id(), made.value(), parts.clock().instant());
      case Reply.Refused<Placed> refused -> {
        if (refused.reason() != Refusal.ALREADY_PAID && refused.reason() != Refusal.ORDER_CLOSED) {
          throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, refused.code());
        }
        ask(payment, Action.QUERY);
      }
      case Reply.Unknown<Placed> unknown ->
          throw failure(payment, ErrorCode.PAYMENT_TIMEOUT, unknown.cause());
      case Reply.NotSent<Placed> unsent ->
          throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, unsent.cause());
    }
    return reread(payment);
  }

  /**
   * Asks the channel for the payment and applies what it says.
   *
   * @throws ServiceException PAYMENT_NETWORK_ERROR, PAYMENT_TIMEOUT
   */
  public Outcome ask(PaymentRow payment, Action source) {
    boolean over = !parts.clock().instant().isBefore(payment.expiresAt());
    return ask(payment, source, over ? PaymentEvent.EXPIRED : PaymentEvent.CLOSED);
  }

  private Outcome ask(PaymentRow payment, Action source, PaymentEvent whenUnpaid) {
    return switch (query(payment)) {
      case Reply.Answered<Trade> answered -> apply(payment, answered.value(), source, whenUnpaid);
      case Reply.Refused<Trade> refused -> {
        if (refused.reason() == Refusal.NOT_FOUND) {
          yield Outcome.NOTHING; // nobody has scanned it, or it never got there
        }
        throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, refused.code());
      }
      case Reply.Unknown<Trade> unknown ->
          throw failure(payment, ErrorCode.PAYMENT_TIMEOUT, unknown.cause());
      case Reply.NotSent<Trade> unsent ->
          throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, unsent.cause());
    };
  }

  private Reply<Trade> query(PaymentRow payment) {
    return parts.channels().require(payment.choice().method()).query(payment.tradeNo()).await();
  }

  /**
   * Closes the payment at its channel, then here. What was paid meanwhile is completed instead.
   *
   * @param event CLOSED or EXPIRED
   * @return what became of it; PROCESSING or NOTHING when it could not be closed now
   * @throws ServiceException PAYMENT_NETWORK_ERROR, PAYMENT_TIMEOUT: nothing changed here
   */
  public Outcome close(PaymentRow payment, PaymentEvent event, Action source) {
    return shut(payment, event, source).orElseGet(() -> end(payment, event, source));
  }

  /**
   * Closes the payment at its channel and not here.
   *
   * @return empty when nobody can pay it any more; else what the channel said instead, applied
   */
  Optional<Outcome> shut(PaymentRow payment, PaymentEvent event, Action source) {
    Rail rail = parts.channels().require(payment.choice().method());
    return switch (rail.close(payment.tradeNo()).await()) {
      case Reply.Answered<Rail.Closed> closed -> Optional.empty();
      case Reply.Refused<Rail.Closed> refused ->
          switch (refused.reason()) {
            // an order nobody scanned does not exist at Alipay; should it be paid all the same, the
            // rule for late money sends it back
            case NOT_FOUND, ORDER_CLOSED -> Optional.empty();
            case ALREADY_PAID, WRONG_STATE -> whyNot(payment, source, event);
            default -> {
              throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, refused.code());
            }
          };
      case Reply.Unknown<Rail.Closed> unknown ->
          throw failure(payment, ErrorCode.PAYMENT_TIMEOUT, unknown.cause());
      case Reply.NotSent<Rail.Closed> unsent ->
          throw failure(payment, ErrorCode.PAYMENT_NETWORK_ERROR, unsent.cause());
    };
  }

  /** It could not be closed: it was paid, or closed before. */
  private Optional<Outcome> whyNot(PaymentRow payment, Action source, PaymentEvent event) {
    return query(payment) instanceof Reply.Answered<Trade> answered
            && answered.value().state() == TradeState.CLOSED
        ? Optional.empty()
        : Optional.of(ask(payment, source, event));
  }

  private Outcome end(PaymentRow payment, PaymentEvent event, Action source) {
    return parts.db().tx(tx -> settlement.end(tx, payment.id(), event, source));
  }

  Outcome apply(PaymentRow payment, Trade trade, Action source, PaymentEvent whenUnpaid) {
    Channel channel = Channels.channel(payment.choice().method()).orElseThrow();
    return parts.db().tx(tx -> settlement.apply(tx, channel, trade, source, whenUnpaid));
  }

  PaymentRow reread(PaymentRow payment) {
    return parts.payments().find(parts.db(), payment.publicId()).orElseThrow();
  }

  /** What the caller is told, and the log of the payment with it. */
  private ServiceException failure(PaymentRow payment, ErrorCode error, String cause) {
    String code = cause == null ? "unknown" : cause.replaceAll("[^\\x20-\\x7e]", "?");
    parts
        .trail()
        .log(
            parts.db(),
            payment.id(),
            Action.QUERY,
            payment.status(),
            payment.status(),
            code.substring(0, Math.min(64, code.length())),
            null,
            parts.clock().instant());
    return Errors.of(error, "payment_id", payment.publicId());
  }
}
