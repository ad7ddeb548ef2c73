package com.sharestack.billing.payments;

import com.sharestack.billing.Actors;
import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.Settlement.Outcome;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentMethodOption;
import com.sharestack.contract.PaymentMethods;
import com.sharestack.contract.PaymentOpened;
import com.sharestack.contract.PaymentResult;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.PaymentTradeType;
import com.sharestack.contract.PaymentsCloseRequest;
import com.sharestack.contract.PaymentsConfirmRequest;
import com.sharestack.contract.PaymentsCreateRequest;
import com.sharestack.contract.PaymentsGetRequest;
import com.sharestack.contract.PaymentsMethodsRequest;
import com.sharestack.contract.PaymentsService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Operations {@code payments.*}. */
public final class PaymentsServiceImpl implements PaymentsService {

  private static final long LEAST_FEN = 1;
  private static final long MOST_FEN = 100_000_000;
  private static final Duration CONFIRM_PAUSE = Duration.ofSeconds(3);

  private final PaymentParts parts;
  private final ChannelCalls calls;
  private final PaymentCreation creation;
  private final PaymentViews views;
  private final ChannelHealthRepository health;

  public PaymentsServiceImpl(PaymentCore core, PaymentViews views, Consumer<String> returnUrls) {
    this.parts = core.parts();
    this.calls = core.calls();
    this.creation = new PaymentCreation(core, returnUrls);
    this.views = views;
    this.health = new ChannelHealthRepository(parts.db(), parts.clock());
  }

  @Override
  public Future<PaymentMethods> methods(Caller caller, PaymentsMethodsRequest request) {
    List<PaymentMethod> open = parts.channels().open();
    Set<PaymentMethod> troubled = open.isEmpty() ? Set.of() : health.troubled();
    List<PaymentMethodOption> options =
        open.stream()
            .filter(method -> !TradeTypes.of(method, request.client()).isEmpty())
            .sorted(Comparator.comparing(troubled::contains))
            .map(method -> option(method, request, troubled.contains(method)))
            .toList();
    return Future.succeededFuture(
        new PaymentMethods(
            options, options.isEmpty() ? null : options.getFirst().paymentMethod().literal()));
  }

  private static PaymentMethodOption option(
      PaymentMethod method, PaymentsMethodsRequest request, boolean troubled) {
    return PaymentMethodOption.builder()
        .paymentMethod(method)
        .name(method == PaymentMethod.WECHAT ? "微信支付" : "支付宝")
        .tradeTypes(
            TradeTypes.of(method, request.client()).stream()
                .map(PaymentTradeType::literal)
                .toList())
        // agreements for automatic renewal come with the billing module
        .supportsAutoRenew(false)
        .minAmount(Money.ofFen(LEAST_FEN))
        .maxAmount(Money.ofFen(MOST_FEN))
        .maintenance(troubled)
        .build();
  }

  @Override
  public Future<PaymentOpened> create(Caller caller, PaymentsCreateRequest request) {
    PaymentCreation.Outcome made = creation.create(caller, request.body());
    return Future.succeededFuture(
        new PaymentOpened(
            views.payment(made.payment()),
            PaymentViews.info(made.payment()),
            made.before() ? true : null));
  }

  @Override
  public Future<PaymentResult> get(Caller caller, PaymentsGetRequest request) {
    PaymentRow row =
        parts
            .payments()
            .find(parts.db(), request.paymentId())
            .filter(found -> Callers.isUser(caller, found.userId()) || Actors.isAdmin(caller))
            .orElseThrow(() -> Errors.of(ErrorCode.PAYMENT_NOT_FOUND));
    return result(row);
  }

  @Override
  public Future<PaymentResult> confirm(Caller caller, PaymentsConfirmRequest request) {
    PaymentRow seen = parts.requireOwn(caller, request.paymentId());
    if (!seen.open()) {
      return result(requireNoFailure(seen));
    }
    Instant now = parts.clock().instant();
    if (!parts.payments().claimConfirm(parts.db(), seen.id(), now, now.minus(CONFIRM_PAUSE))) {
      throw Errors.of(ErrorCode.RATE_LIMIT_EXCEEDED, "retry_after", CONFIRM_PAUSE.toSeconds());
    }
    Outcome outcome = calls.ask(seen, Action.QUERY);
    if (outcome == Outcome.NOTHING && !now.isBefore(seen.expiresAt())) {
      calls.close(seen, PaymentEvent.EXPIRED, Action.UPDATE);
    }
    return result(requireNoFailure(calls.reread(seen)));
  }

  private static PaymentRow requireNoFailure(PaymentRow payment) {
    if (payment.status() == PaymentStatus.EXPIRED) {
      throw Errors.of(ErrorCode.PAYMENT_EXPIRED, "payment_id", payment.publicId());
    }
    if (payment.status() == PaymentStatus.FAILED) {
      throw Errors.of(
          payment.failureCode() == PaymentFailureCode.INSUFFICIENT_BALANCE
              ? ErrorCode.INSUFFICIENT_BALANCE
              : ErrorCode.PAYMENT_FAILED,
          "payment_id",
          payment.publicId(),
          "failure_code",
          payment.failureCode() == null ? null : payment.failureCode().literal());
    }
    return payment;
  }

  @Override
  public Future<PaymentResult> close(Caller caller, PaymentsCloseRequest request) {
    PaymentRow seen = parts.requireOwn(caller, request.paymentId());
    if (seen.paid()) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "payment_id", seen.publicId());
    }
    if (seen.status() == PaymentStatus.PROCESSING) {
      throw Errors.of(ErrorCode.CONFLICT, "current_status", seen.status().literal());
    }
    if (!seen.open()) {
      return result(seen);
    }
    calls.close(seen, PaymentEvent.CLOSED, Action.UPDATE);
    PaymentRow now = calls.reread(seen);
    audit(caller, seen, now);
    if (now.paid()) {
      throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID, "payment_id", seen.publicId());
    }
    if (now.open()) {
      throw Errors.of(ErrorCode.CONFLICT, "current_status", now.status().literal());
    }
    return result(now);
  }

  private void audit(Caller caller, PaymentRow before, PaymentRow after) {
    parts
        .db()
        .tx(
            tx -> {
              parts
                  .audit()
                  .write(
                      tx,
                      caller,
                      new AuditRepository.Entry(
                          "payments.close",
                          "payment",
                          before.publicId(),
                          before.status().literal(),
                          after.status().literal(),
                          null),
                      parts.clock().instant());
              return null;
            });
  }

  private Future<PaymentResult> result(PaymentRow row) {
    return Future.succeededFuture(new PaymentResult(views.payment(row)));
  }
}
