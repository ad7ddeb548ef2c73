package com.sharestack.billing.payments;

import com.sharestack.billing.Actors;
import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.Looks;
import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundCreated;
import com.sharestack.contract.RefundDetail;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.RefundsGetRequest;
import com.sharestack.contract.RefundsService;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Operations {@code refunds.*}: what a payer asks for, and the rules that answer. */
public final class RefundsServiceImpl implements RefundsService {

  private static final int LOOKS = 3;

  /** More requests than these in 30 days send the next one to staff (risk_control.rules). */
  private static final int FREQUENT = 3;

  private static final Duration FREQUENT_WINDOW = Duration.ofDays(30);

  private final PaymentParts parts;
  private final RefundDesk desk;
  private final PaymentViews views;
  private final int windowDays;

  /**
   * @param windowDays setting billing.refund_window_days
   */
  public RefundsServiceImpl(PaymentCore core, PaymentViews views, int windowDays) {
    this.parts = core.parts();
    this.desk = core.desk();
    this.views = views;
    this.windowDays = windowDays;
  }

  @Override
  public Future<RefundCreated> create(Caller caller, RefundsCreateRequest request) {
    IdempotencyKey key = IdempotencyKey.of(caller);
    return Looks.until(LOOKS, () -> Optional.of(attempt(caller, request, key)));
  }

  private Future<RefundCreated> attempt(
      Caller caller, RefundsCreateRequest request, IdempotencyKey key) {
    PaymentRow payment = parts.requireOwn(caller, request.paymentId());
    Optional<RefundRow> before = madeBefore(caller, payment, key);
    if (before.isPresent()) {
      return created(before.get(), true);
    }
    requireRefundable(payment);
    String id = parts.db().tx(tx -> open(tx, caller, payment, request.body(), key));
    return created(parts.refunds().find(parts.db(), id).orElseThrow(), false);
  }

  private Optional<RefundRow> madeBefore(Caller caller, PaymentRow payment, IdempotencyKey key) {
    if (key.present()) {
      Optional<RefundRepository.Stored> stored =
          parts.refunds().byIdempotencyKey(parts.db(), caller.userId(), key.key());
      if (stored.isPresent()) {
        key.requireSame(stored.get().hash());
        return parts.refunds().find(parts.db(), stored.get().publicId());
      }
    }
    return parts.refunds().open(parts.db(), payment.id());
  }

  private static void requireRefundable(PaymentRow payment) {
    if (!payment.paid() || payment.late()) {
      throw Errors.of(
          ErrorCode.REFUND_NOT_ALLOWED,
          "reason",
          payment.late() ? "refunded_by_system" : "not_completed",
          "status",
          payment.status().literal());
    }
  }

  private String open(
      Tx tx, Caller caller, PaymentRow seen, RefundCreate body, IdempotencyKey key) {
    Instant now = parts.clock().instant();
    parts.kinds().of(seen).lockBefore(tx, seen);
    PaymentRow payment = parts.payments().lock(tx, seen.id()).orElseThrow();
    requireRefundable(payment);
    RefundCase current = parts.kinds().of(payment).refundCase(tx, payment, now);
    Long askedFen = body.refundAmount() == null ? null : Money.toFen(body.refundAmount());
    RefundPolicy.Outcome.Granted granted =
        granted(RefundPolicy.byPayer(current, askedFen, now, windowDays), current);
    boolean frequent =
        parts.refunds().asked(tx, caller.userId(), now.minus(FREQUENT_WINDOW)) >= FREQUENT;
    RefundPolicy.Policy policy = frequent ? RefundPolicy.Policy.REVIEW : granted.policy();
    RefundDesk.Cause cause =
        new RefundDesk.Cause(policy, body.refundReason(), true, body.notifyUser());
    String id;
    if (policy.automatic()) {
      RefundDesk.Approved approved =
          desk.openApproved(tx, payment, granted.refundFen(), cause, key, now);
      id = approved.refundIds().getFirst();
      audit(tx, caller, id, payment, policy, granted.refundFen(), now);
      parts.ledger().post(tx, approved.journals());
    } else {
      id = desk.openForReview(tx, payment, granted.refundFen(), cause, key, now);
      audit(tx, caller, id, payment, policy, granted.refundFen(), now);
    }
    return id;
  }

  private static RefundPolicy.Outcome.Granted granted(
      RefundPolicy.Outcome outcome, RefundCase current) {
    return switch (outcome) {
      case RefundPolicy.Outcome.Granted granted -> granted;
      case RefundPolicy.Outcome.Refused refused ->
          throw switch (refused.why()) {
            case NOT_ALLOWED -> Errors.of(ErrorCode.REFUND_NOT_ALLOWED, "reason", "not_refundable");
            case WINDOW_CLOSED -> Errors.of(ErrorCode.REFUND_WINDOW_CLOSED);
            case AMOUNT_EXCEEDED ->
                Errors.of(
                    ErrorCode.REFUND_AMOUNT_EXCEEDED,
                    "refundable_amount",
                    Money.ofFen(current.refundableFen()));
          };
    };
  }

  private void audit(
      Tx tx,
      Caller caller,
      String refundId,
      PaymentRow payment,
      RefundPolicy.Policy policy,
      long fen,
      Instant now) {
    parts
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                "refunds.create",
                "refund",
                refundId,
                null,
                policy.automatic() ? "processing" : "pending",
                new JsonObject()
                    .put("payment_id", payment.publicId())
                    .put("amount_fen", fen)
                    .put("policy", policy.literal())),
            now);
  }

  private static Future<RefundCreated> created(RefundRow row, boolean before) {
    return Future.succeededFuture(
        new RefundCreated(PaymentViews.refund(row), before ? true : null));
  }

  @Override
  public Future<RefundDetail> get(Caller caller, RefundsGetRequest request) {
    RefundRow row =
        parts
            .refunds()
            .find(parts.db(), request.refundId())
            .filter(found -> Callers.isUser(caller, found.userId()) || Actors.isAdmin(caller))
            .orElseThrow(() -> Errors.of(ErrorCode.REFUND_NOT_FOUND));
    PaymentRow payment = parts.payments().find(parts.db(), row.paymentPublicId()).orElseThrow();
    return Future.succeededFuture(
        new RefundDetail(PaymentViews.refund(row), views.payment(payment)));
  }
}
