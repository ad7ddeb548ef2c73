package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Placed;
import com.sharestack.contract.CurrencyCode;
import com.sharestack.contract.Payment;
import com.sharestack.contract.PaymentInfo;
import com.sharestack.contract.PaymentInfoAlipay;
import com.sharestack.contract.PaymentInfoWechat;
import com.sharestack.contract.PaymentMetadata;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.Refund;
import com.sharestack.platform.money.Money;

/** Stored payments and refunds as the contract shows them. */
public final class PaymentViews {

  private final String cashierUrl;

  /**
   * @param cashierUrl page for payments whose channel has none of its own; {payment_id} and
   *     {out_trade_no} are filled in; null = none
   */
  public PaymentViews(String cashierUrl) {
    this.cashierUrl = cashierUrl;
  }

  public Payment payment(PaymentRow row) {
    return payment(row, row.transactionId());
  }

  /** What the creator may see: no number of the channel. */
  public Payment forCreator(PaymentRow row) {
    return payment(row, null);
  }

  private Payment payment(PaymentRow row, String transactionId) {
    return Payment.builder()
        .id(row.publicId())
        .amount(Money.ofFen(row.amountFen()))
        .currency(CurrencyCode.CNY)
        .status(row.status())
        .paymentMethod(row.choice().method())
        .orderType(row.order().type())
        .orderId(row.order().id())
        .description(row.description())
        .paymentUrl(row.open() ? cashier(row) : null)
        .transactionId(row.paid() ? transactionId : null)
        .refundedAmount(Money.ofFen(row.refundedFen()))
        .refundableAmount(
            Money.ofFen(row.paid() && !row.late() ? row.amountFen() - row.reservedFen() : 0))
        .failureCode(row.failureCode())
        .late(row.late())
        .metadata(
            new PaymentMetadata(
                row.order().type() == PaymentOrderType.SUBSCRIPTION ? row.order().id() : null,
                row.userId(),
                row.order().purpose()))
        .expiresAt(row.expiresAt())
        .paidAt(row.paid() ? row.paidAt() : null)
        .createdAt(row.createdAt())
        .build();
  }

  private String cashier(PaymentRow row) {
    if (row.placed() != null && row.placed().payUrl() != null) {
      return row.placed().payUrl();
    }
    return cashierUrl == null
        ? null
        : cashierUrl
            .replace("{payment_id}", row.publicId())
            .replace("{out_trade_no}", row.tradeNo());
  }

  /** What the payer's device needs; empty once the payment is over or while it is not placed. */
  static PaymentInfo info(PaymentRow row) {
    Placed placed = row.placed();
    if (placed == null || !row.open()) {
      return new PaymentInfo(null, null);
    }
    String picture = placed.qrCode() == null ? null : QrPng.dataUrl(placed.qrCode());
    return switch (row.choice().method()) {
      case WECHAT -> new PaymentInfo(wechat(row, picture), null);
      case ALIPAY ->
          new PaymentInfo(
              null,
              new PaymentInfoAlipay(
                  placed.payUrl(), placed.orderString(), picture, placed.qrCode()));
      case UNIONPAY, STRIPE -> new PaymentInfo(null, null);
    };
  }

  private static PaymentInfoWechat wechat(PaymentRow row, String picture) {
    Placed placed = row.placed();
    return PaymentInfoWechat.builder()
        .prepayId(placed.prepayId())
        .qrCodeUrl(picture)
        .deepLink(placed.qrCode())
        .h5Url(placed.payUrl())
        .jsapi(
            switch (row.choice().product()) {
              case JSAPI -> placed.clientParams();
              default -> null;
            })
        .app(
            switch (row.choice().product()) {
              case APP -> placed.clientParams();
              default -> null;
            })
        .build();
  }

  public static Refund refund(RefundRow row) {
    return Refund.builder()
        .id(row.publicId())
        .paymentId(row.paymentPublicId())
        .refundAmount(Money.ofFen(row.amountFen()))
        .refundType(row.full() ? "full" : "partial")
        .refundReason(row.reason())
        .status(row.status())
        .operatorType(row.manual() ? "manual" : "system")
        .policy(row.policy().literal())
        .rejectReason(row.rejectReason())
        .estimatedArrival(row.estimatedArrival())
        .processedAt(row.processedAt())
        .createdAt(row.createdAt())
        .build();
  }
}
