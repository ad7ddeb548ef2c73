package com.sharestack.billing.payments;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.earnings.EarningLines;
import com.sharestack.billing.ledger.Ledger;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.service.Callers;
import java.time.Clock;

/** What the classes of this package share. */
public record PaymentParts(
    Db db,
    Clock clock,
    Outbox outbox,
    PaymentRepository payments,
    RefundRepository refunds,
    PaymentTrailRepository trail,
    AuditRepository audit,
    Channels channels,
    OrderKinds kinds,
    EarningLines earnings,
    Ledger ledger) {

  public static PaymentParts of(
      Db db, Clock clock, Outbox outbox, AuditRepository audit, Channels channels) {
    return new PaymentParts(
        db,
        clock,
        outbox,
        new PaymentRepository(),
        new RefundRepository(),
        new PaymentTrailRepository(),
        audit,
        channels,
        new OrderKinds(),
        new EarningLines(clock),
        new Ledger(clock));
  }

  /**
   * The caller's own payment.
   *
   * @throws io.vertx.serviceproxy.ServiceException PAYMENT_NOT_FOUND, also for another payer's
   */
  PaymentRow requireOwn(Caller caller, String paymentId) {
    return payments
        .find(db, paymentId)
        .filter(found -> Callers.isUser(caller, found.userId()))
        .orElseThrow(() -> Errors.of(ErrorCode.PAYMENT_NOT_FOUND));
  }
}
