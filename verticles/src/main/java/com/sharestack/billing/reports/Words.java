package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.FinanceReportType;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** What creators read in their files. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(Periods.ZONE);

  private Words() {}

  static String report(FinanceReportType type) {
    return switch (type) {
      case REVENUE -> "收入报表";
      case EXPENSE -> "支出报表";
      case PROFIT_LOSS -> "损益报表";
      case CASH_FLOW -> "现金流报表";
      case CREATOR_REVENUE -> "收益明细";
      case SUBSCRIBERS -> "订阅者名单";
    };
  }

  static String event(JournalType type) {
    return switch (type) {
      case PAYMENT_COMPLETED -> "销售入账";
      case CHANNEL_FEE_ACCRUED, CHANNEL_FEE_ADJUSTED -> "渠道手续费";
      case CHANNEL_SETTLED -> "渠道结算";
      case LATE_OR_DUPLICATE_PAYMENT -> "迟到或重复付款";
      case AMOUNT_MISMATCH -> "金额不符";
      case SUSPENSE_REFUND_APPROVED -> "挂账退回";
      case HOLD_RELEASED -> "结算";
      case REFUND_APPROVED -> "退款";
      case REFUND_COMPLETED -> "退款完成";
      case DEBT_RECOVERED -> "欠款抵扣";
      case REFUND_REJECTED_BY_CHANNEL_FINAL -> "退款撤销";
      case WITHDRAWAL_REQUESTED -> "申请提现";
      case WITHDRAWAL_COMPLETED -> "提现成功";
      case PAYOUT_COST -> "银行费用";
      case WITHDRAWAL_RELEASED -> "提现解冻";
      case WITHDRAWAL_RETURNED_BY_BANK -> "提现退票";
      case CHARGEBACK -> "拒付";
      case TAX_REMITTED -> "缴税";
      case VAT_ACCRUED -> "增值税计提";
      case MANUAL_ADJUSTMENT -> "人工调整";
      case BAD_DEBT -> "坏账核销";
    };
  }

  static String account(AccountCode code) {
    return switch (code) {
      case CREATOR_PENDING -> "待结算";
      case CREATOR_AVAILABLE -> "可提现";
      case CREATOR_FROZEN -> "提现冻结";
      case CREATOR_RECEIVABLE -> "欠款";
      case PLATFORM_FEE_INCOME -> "平台服务费";
      case TAX_PAYABLE -> "代扣个税";
      case PAYOUT_FEE_INCOME -> "提现手续费";
      default -> code.literal();
    };
  }

  static String channel(String literal) {
    return switch (literal) {
      case "wechat" -> "微信支付";
      case "alipay" -> "支付宝";
      case "unionpay" -> "银联";
      case "stripe" -> "Stripe";
      case "" -> "无渠道";
      default -> literal;
    };
  }

  /** Of Asia/Shanghai. */
  static String time(Instant at) {
    return at == null ? null : TIME.format(at);
  }
}
