package com.sharestack.analytics;

import com.sharestack.contract.PaymentCompletedEvent;
import com.sharestack.contract.PaymentFailedEvent;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentRefundedEvent;
import com.sharestack.contract.RefundStatus;
import com.sharestack.contract.UserCard;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What notifications say about money, as pure functions of events. */
final class PaymentDrafts {

  private PaymentDrafts() {}

  static Draft done(long eventId, PaymentCompletedEvent payment) {
    return draft(
        NotificationKind.PAYMENT_DONE,
        eventId,
        payment.late() ? Template.PAYMENT_LATE : Template.PAYMENT_DONE,
        values(payment.amount(), payment.description()),
        payment.paymentId(),
        payment.at());
  }

  static Draft failed(long eventId, PaymentFailedEvent payment) {
    return draft(
        NotificationKind.PAYMENT_FAILED,
        eventId,
        payment.failureCode() == PaymentFailureCode.AMOUNT_MISMATCH
            ? Template.PAYMENT_AMOUNT
            : Template.PAYMENT_FAILED,
        values(payment.amount(), payment.description()),
        payment.paymentId(),
        payment.at());
  }

  static Draft refundResult(long eventId, PaymentRefundedEvent refund) {
    return draft(
        NotificationKind.REFUND_RESULT,
        eventId,
        refund.status() == RefundStatus.SUCCESS ? Template.REFUND_DONE : Template.REFUND_REJECTED,
        values(refund.amount(), refund.description()),
        refund.paymentId(),
        refund.at());
  }

  /** The creator learns of the sale, not of the payer's payment. */
  static Draft saleRefunded(long eventId, PaymentRefundedEvent refund) {
    Map<String, ?> values = values(refund.amount(), refund.description());
    return Draft.of(
        NotificationKind.SALE_REFUNDED,
        eventId,
        Template.SALE_REFUNDED,
        values,
        "/earnings",
        Drafts.metadata(NotificationKind.SALE_REFUNDED).build(),
        refund.at());
  }

  static Draft sale(long eventId, PaymentCompletedEvent payment, UserCard payer) {
    Map<String, ?> values =
        Map.of(
            "actor", payer.displayName(),
            "item", payment.description(),
            "amount", yuan(payment.amount()));
    return Draft.of(
        NotificationKind.SALE_NEW,
        eventId,
        Template.SALE,
        values,
        SubscriberNews.ACTION_URL,
        Drafts.metadata(NotificationKind.SALE_NEW).actors(List.of(Drafts.actor(payer))).build(),
        payment.at());
  }

  private static Draft draft(
      NotificationKind kind,
      long eventId,
      Template template,
      Map<String, ?> values,
      String paymentId,
      Instant at) {
    return Draft.of(
        kind,
        eventId,
        template,
        values,
        "/payments/" + paymentId,
        Drafts.metadata(kind).paymentId(paymentId).build(),
        at);
  }

  private static Map<String, ?> values(BigDecimal amount, String item) {
    return Map.of("amount", yuan(amount), "item", item);
  }

  static String yuan(BigDecimal amount) {
    return amount.setScale(2, RoundingMode.UNNECESSARY).toPlainString();
  }
}
