package com.sharestack.billing;

import com.sharestack.billing.pricing.Proration;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;

/** Which plan changes are allowed and what they cost (entry subscriptions.changePlan). Pure. */
final class PlanChangeRules {

  private PlanChangeRules() {}

  /**
   * @throws ServiceException SUBSCRIPTION_CANCELLED, or CONFLICT with details.reason
   */
  static void requireRunning(SubscriptionRow row, Instant now) {
    switch (row.status()) {
      case CANCELLED, EXPIRED ->
          throw Errors.of(ErrorCode.SUBSCRIPTION_CANCELLED, "status", row.status().literal());
      case PAST_DUE -> throw RenewalRules.conflict("past_due", "请先续费");
      case PENDING_PAYMENT -> throw RenewalRules.conflict("pending_payment", "请先完成首次支付");
      case TRIALING, ACTIVE -> {
        if (row.periodEnd() != null && !now.isBefore(row.periodEnd())) {
          throw RenewalRules.conflict("period_ended", "当前周期已结束，请先续费");
        }
      }
    }
  }

  /**
   * @param target not the running plan
   * @throws ServiceException PLAN_CHANGE_NOT_ALLOWED with details.reason, PLAN_NOT_ACTIVE
   */
  static void requireAllowed(SubscriptionRow row, PlanRow target, PlanChangeTiming timing) {
    if (target.creatorId() != row.creatorId()) {
      throw refused("other_creator", "只能变更为同一创作者的方案");
    }
    if (row.cycle() == BillingCycle.LIFETIME && row.priceFen() > 0) {
      throw refused("lifetime_source", "终身订阅不能变更方案");
    }
    if (!target.active()) {
      throw Errors.of(ErrorCode.PLAN_NOT_ACTIVE, "status", target.status().literal());
    }
    if (timing == PlanChangeTiming.NEXT_CYCLE && row.periodEnd() == null) {
      throw refused("no_period", "当前方案没有到期日，请立即变更");
    }
    boolean upgrade =
        Proration.isUpgrade(row.cycle(), row.priceFen(), target.cycle(), target.priceFen());
    if (timing == PlanChangeTiming.IMMEDIATE && !upgrade) {
      throw refused("immediate_downgrade", "降级将在下一周期生效");
    }
  }

  /**
   * What an immediate change costs. A period without end has nothing to give credit for.
   *
   * @param keptFen charged for the running period and not given back
   */
  static Proration.Charge charge(
      SubscriptionRow row, long keptFen, PlanRow target, boolean prorate, Instant now) {
    return row.periodEnd() == null
        ? new Proration.Charge(0, target.priceFen(), true)
        : Proration.upgrade(
            new Proration.Running(row.cycle(), row.periodStart(), row.periodEnd(), keptFen),
            target.cycle(),
            target.priceFen(),
            prorate,
            now);
  }

  static ServiceException refused(String reason, String message) {
    return Errors.of(ErrorCode.PLAN_CHANGE_NOT_ALLOWED, "reason", reason, "message", message);
  }
}
