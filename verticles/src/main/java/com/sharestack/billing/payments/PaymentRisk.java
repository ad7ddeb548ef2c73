package com.sharestack.billing.payments;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.util.Optional;

/**
 * The rules of section risk_control that need no more than the payments themselves. Those about
 * devices, places, the age of an account and its identity check come with the modules that know
 * them; until then no identity counts as checked, so the rule for large amounts is the strict one.
 */
final class PaymentRisk {

  private static final long UNCHECKED_LIMIT_FEN = 1_000_000;
  private static final long DAY_PAYMENTS = 50;
  private static final long HOUR_PAYMENTS = 10;
  private static final long HOUR_FEN = 5_000_000;
  private static final int RETRY_SECONDS = 3_600;

  private PaymentRisk() {}

  /**
   * @param amountFen of the payment about to be opened
   * @param hour what the payer opened within the last hour
   * @param day and within 24 hours
   * @return why not
   */
  static Optional<ServiceException> refusal(
      long amountFen, PaymentRepository.Recent hour, PaymentRepository.Recent day) {
    if (hour.count() > HOUR_PAYMENTS && hour.fen() > HOUR_FEN) {
      return Optional.of(blocked("reject", "短时间内支付过于频繁"));
    }
    if (amountFen > UNCHECKED_LIMIT_FEN) {
      return Optional.of(blocked("require_additional_verification", "大额支付需要先完成身份认证"));
    }
    if (day.count() >= DAY_PAYMENTS) {
      return Optional.of(Errors.of(ErrorCode.RATE_LIMIT_EXCEEDED, "retry_after", RETRY_SECONDS));
    }
    return Optional.empty();
  }

  private static ServiceException blocked(String decision, String message) {
    return Errors.of(
        ErrorCode.PAYMENT_RISK_BLOCKED,
        "decision",
        decision,
        "action",
        "contact_support",
        "message",
        message);
  }
}
