package com.sharestack.billing;

import com.sharestack.billing.payments.FinanceListRepository.PaymentEntry;
import com.sharestack.billing.payments.FinanceListRepository.RefundEntry;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.RefundRow;
import com.sharestack.contract.AdminPayment;
import com.sharestack.contract.AdminRefund;
import com.sharestack.contract.AdminRefundPolicy;
import com.sharestack.contract.FinanceStaff;
import com.sharestack.contract.FinanceUser;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.money.Money;
import java.util.Map;

/** Stored payments and refunds as staff sees them. */
record AdminFinanceViews(Map<Long, UserCard> cards) {

  /** A payment that the risk rules object to is not opened (PaymentRisk). */
  private static final String RISK_OF_OPENED = "low";

  private static final String GONE = "已注销用户";

  /** Of money that belongs to no order. */
  private static final String UNKNOWN = "未知付款人";

  AdminPayment payment(PaymentEntry entry) {
    PaymentRow row = entry.row();
    return AdminPayment.builder()
        .id(row.publicId())
        .payer(user(row.userId()))
        .creator(user(row.creatorId()))
        .amount(Money.ofFen(row.amountFen()))
        .currency("CNY")
        .status(row.status())
        .paymentMethod(row.choice().method())
        .orderType(row.order().type())
        .orderId(row.order().id())
        .purpose(row.order().purpose())
        .outTradeNo(row.tradeNo())
        .transactionId(row.transactionId())
        .refundedAmount(Money.ofFen(row.refundedFen()))
        .refundableAmount(
            Money.ofFen(row.paid() && !row.late() ? row.amountFen() - row.reservedFen() : 0))
        .failureCode(row.failureCode())
        .late(row.late())
        .riskLevel(RISK_OF_OPENED)
        .fulfilled(entry.fulfilled())
        .createdAt(row.createdAt())
        .expiresAt(row.expiresAt())
        .paidAt(row.paidAt())
        .build();
  }

  AdminRefund refund(RefundEntry entry) {
    RefundRow row = entry.row();
    return AdminRefund.builder()
        .id(row.publicId())
        .paymentId(row.paymentPublicId())
        .payer(user(row.userId()))
        .creator(user(row.creatorId()))
        .paymentMethod(row.method())
        .paymentAmount(Money.ofFen(entry.receivedFen()))
        .refundedBefore(Money.ofFen(entry.refundedBeforeFen()))
        .refundAmount(Money.ofFen(row.amountFen()))
        .refundType(row.full() ? "full" : "partial")
        .refundReason(row.reason())
        .policy(AdminRefundPolicy.of(row.policy().literal()))
        .status(row.status())
        .operator(entry.decidedBy() == null ? null : staff(entry.decidedBy()))
        .operatorType(row.manual() ? "manual" : "system")
        .channelRefundNo(entry.channelRefundId())
        .rejectReason(row.rejectReason())
        .createdAt(row.createdAt())
        .processedAt(row.processedAt())
        .build();
  }

  private FinanceUser user(long id) {
    if (id == 0) {
      return new FinanceUser(0, "unknown", UNKNOWN, null);
    }
    UserCard card = cards.get(id);
    return card == null
        ? new FinanceUser(id, "user" + id, GONE, null)
        : new FinanceUser(id, card.username(), card.displayName(), card.avatar());
  }

  private FinanceStaff staff(long id) {
    UserCard card = cards.get(id);
    return card == null
        ? new FinanceStaff(id, "user" + id, GONE)
        : new FinanceStaff(id, card.username(), card.displayName());
  }

  static Pagination pagination(int page, int limit, long total) {
    return new Pagination(page, limit, total, (total + limit - 1) / limit);
  }
}
