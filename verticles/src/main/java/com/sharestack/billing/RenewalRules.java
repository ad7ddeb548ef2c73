package com.sharestack.billing;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;

/** When a further period may be ordered, and which (entry subscriptions.renew). Pure. */
final class RenewalRules {

  /** A running period may be followed up from this long before its end. */
  static final Duration EARLIEST = Duration.ofDays(30);

  private RenewalRules() {}

  /**
   * @throws ServiceException SUBSCRIPTION_CANCELLED when it is over; CONFLICT with
   *     details.current_status or reason
   */
  static void requireRenewable(SubscriptionRow row, Instant now) {
    boolean over =
        row.status() == SubscriptionStatus.EXPIRED
            || SubscriptionRules.isLapsed(row, now)
            || SubscriptionRules.graceEnded(row, now);
    if (over) {
      throw Errors.of(ErrorCode.SUBSCRIPTION_CANCELLED, "status", row.status().literal());
    }
    switch (row.status()) {
      case PENDING_PAYMENT, TRIALING ->
          throw Errors.of(ErrorCode.CONFLICT, "current_status", row.status().literal());
      default -> {
        // goes on
      }
    }
    if (row.periodEnd() == null) {
      throw conflict("no_period", "免费或终身订阅无需续费");
    }
    if (row.pending() != null && row.pending().scheduled() && row.pending().priceFen() == 0) {
      throw conflict("no_period", "下一周期将变更为免费方案，无需续费");
    }
    if (row.status() == SubscriptionStatus.ACTIVE
        && now.isBefore(row.periodEnd().minus(EARLIEST))) {
      throw conflict("too_early", "距到期 30 天内才可续费");
    }
  }

  /** The next period: at the locked price, or with the change that is scheduled for it. */
  static Renewals.Next next(SubscriptionRow row) {
    SubscriptionRow.Pending change = row.pending();
    return change != null && change.scheduled()
        ? new Renewals.Next(change.planId(), row.periodEnd(), change.priceFen())
        : new Renewals.Next(row.planId(), row.periodEnd(), row.priceFen());
  }

  static ServiceException conflict(String reason, String message) {
    return Errors.of(ErrorCode.CONFLICT, "reason", reason, "message", message);
  }
}
