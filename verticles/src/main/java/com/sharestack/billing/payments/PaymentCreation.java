package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.Looks;
import com.sharestack.billing.rails.Product;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentCreate;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Operation {@code payments.create}: the order says what is due, the client only how to pay. The
 * row is committed before the channel hears of it; a retry with the same key goes on where the
 * first one was killed.
 */
final class PaymentCreation {

  private static final int LOOKS = 3;
  private static final String SCOPE = "payments.create";

  private final PaymentParts parts;
  private final PaymentOpening opening;
  private final ChannelCalls calls;
  private final Consumer<String> returnUrls;

  /**
   * @param returnUrls refuses an address that no payer may be sent to
   */
  PaymentCreation(PaymentCore core, Consumer<String> returnUrls) {
    this.parts = core.parts();
    this.opening = core.opening();
    this.calls = core.calls();
    this.returnUrls = returnUrls;
  }

  /**
   * @param before whether the payment existed
   */
  record Outcome(PaymentRow payment, boolean before) {}

  Outcome create(Caller caller, PaymentCreate order) {
    PaymentMethod method = parts.channels().requireOpen(order.paymentMethod());
    if (!"CNY".equals(order.currency())) {
      throw Errors.of(ErrorCode.CURRENCY_UNSUPPORTED, "currency", order.currency());
    }
    if (!OrderKinds.fits(order.orderType(), order.orderId())) {
      throw Errors.invalid("order_id", "订单号与订单类型不符");
    }
    if (order.returnUrl() != null) {
      returnUrls.accept(order.returnUrl());
    }
    Product product = TradeTypes.product(method, order.tradeType());
    TradeTypes.requireOpenid(product, order.openid());
    Choice choice = new Choice(method, product, order.returnUrl(), order.openid(), caller.ip());
    IdempotencyKey key = key(order, choice);
    return Looks.until(
        LOOKS,
        () ->
            attempt(caller, order, choice, key)
                .map(done -> new Outcome(live(calls.place(done.payment())), done.before())));
  }

  /** Empty when an older payment was put out of the way and the order must be looked at again. */
  private Optional<Outcome> attempt(
      Caller caller, PaymentCreate order, Choice choice, IdempotencyKey key) {
    Optional<PaymentRepository.Stored> stored =
        parts.payments().byIdempotencyKey(parts.db(), caller.userId(), SCOPE, key.key());
    if (stored.isPresent()) {
      key.requireSame(stored.get().hash());
      return parts
          .payments()
          .find(parts.db(), stored.get().publicId())
          .map(row -> new Outcome(row, true));
    }
    Optional<PaymentRow> open = parts.payments().open(parts.db(), order.orderId());
    if (open.isPresent()) {
      return reuse(caller, order, choice, key, open.get());
    }
    String id =
        parts
            .db()
            .tx(
                tx -> {
                  Charge due = kind(order).due(tx, caller.userId(), order.orderId(), now());
                  requireAmount(order.amount(), due.price().paidFen());
                  return opening.open(tx, due, choice, SCOPE, key);
                });
    return parts.payments().find(parts.db(), id).map(row -> new Outcome(row, false));
  }

  /** The open payment with the same method, or its successor with another one. */
  private Optional<Outcome> reuse(
      Caller caller, PaymentCreate order, Choice choice, IdempotencyKey key, PaymentRow open) {
    if (open.userId() != caller.userId()) {
      throw unknownOrder(order);
    }
    requireAmount(order.amount(), open.amountFen());
    if (!now().isBefore(open.expiresAt())) {
      opening.supersede(open); // its time is over, and that of a charge which lives with it
      return Optional.empty();
    }
    boolean same =
        open.choice().method() == choice.method() && open.choice().product() == choice.product();
    if (same) {
      return Optional.of(new Outcome(open, true));
    }
    return opening
        .replace(open, choice, SCOPE, key)
        .flatMap(id -> parts.payments().find(parts.db(), id))
        .map(row -> new Outcome(row, false));
  }

  private OrderKind kind(PaymentCreate order) {
    return parts.kinds().find(order.orderId()).orElseThrow(() -> unknownOrder(order));
  }

  private static RuntimeException unknownOrder(PaymentCreate order) {
    return order.orderId().startsWith("sub_")
        ? Errors.of(ErrorCode.SUBSCRIPTION_NOT_FOUND)
        : Errors.of(ErrorCode.NOT_FOUND, "resource", "order");
  }

  /** Placing may find that the channel ended it, or that it was paid. */
  private static PaymentRow live(PaymentRow payment) {
    if (payment.paid()) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "payment_id", payment.publicId());
    }
    if (!payment.open()) {
      throw Errors.of(
          ErrorCode.PAYMENT_EXPIRED,
          "payment_id",
          payment.publicId(),
          "status",
          payment.status().literal());
    }
    return payment;
  }

  private static void requireAmount(BigDecimal asked, long dueFen) {
    if (asked.compareTo(Money.ofFen(dueFen)) != 0) {
      throw Errors.of(ErrorCode.PAYMENT_AMOUNT_INVALID, "expected_amount", Money.ofFen(dueFen));
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }

  /** What the request asks for, without the fields that are ignored. */
  private static IdempotencyKey key(PaymentCreate order, Choice choice) {
    String canonical =
        new JsonArray()
            .add(order.orderId())
            .add(order.amount().stripTrailingZeros().toPlainString())
            .add(choice.method().literal())
            .add(choice.product().name())
            .add(String.valueOf(choice.returnUrl()))
            .add(String.valueOf(choice.openid()))
            .encode();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      return new IdempotencyKey(order.idempotencyKey(), Buffer.buffer(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
