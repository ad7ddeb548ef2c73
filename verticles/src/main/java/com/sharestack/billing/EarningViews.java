package com.sharestack.billing;

import com.sharestack.billing.earnings.LineRow;
import com.sharestack.contract.RevenueRuleRef;
import com.sharestack.contract.Transaction;
import com.sharestack.contract.TransactionArticle;
import com.sharestack.contract.TransactionPayer;
import com.sharestack.contract.TransactionSubscription;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.util.Map;

/** Earning lines as the contract shows them. */
final class EarningViews {

  private static final int RATE_DECIMALS = 4;
  private static final TransactionPayer NOBODY = new TransactionPayer(null, "匿名");

  private EarningViews() {}

  /**
   * @param names of the payers that still exist
   */
  static Transaction transaction(LineRow row, Map<Long, String> names) {
    return Transaction.builder()
        .id(row.publicId())
        .type(row.type())
        .status(row.status())
        .amount(Money.ofFen(row.paidFen()))
        .platformFee(Money.ofFen(row.platformFen()))
        .netAmount(Money.ofFen(row.shareFen()))
        .platformDiscount(Money.ofFen(row.platformDiscountFen()))
        .currency("CNY")
        .paymentMethod(row.method())
        .subscriber(payer(row.payerId(), names))
        .subscription(
            row.planName() == null
                ? null
                : new TransactionSubscription(row.orderId(), row.planName()))
        .article(
            row.articleId() == null
                ? null
                : new TransactionArticle(row.articleId(), row.articleTitle()))
        .revenueRule(
            new RevenueRuleRef(
                row.ruleId(), rate(row.platformFeeRate()), rate(row.creatorShareRate())))
        .holdUntil(row.holdUntil())
        .settlementId(row.settlementId())
        .processedAt(row.processedAt())
        .build();
  }

  private static TransactionPayer payer(Long payerId, Map<Long, String> names) {
    String name = payerId == null ? null : names.get(payerId);
    return name == null ? NOBODY : new TransactionPayer(payerId, name);
  }

  private static BigDecimal rate(int tenThousandths) {
    return BigDecimal.valueOf(tenThousandths, RATE_DECIMALS);
  }
}
