package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import java.net.URI;
import java.util.List;

/** What an order for a subscription must be, beyond the shapes the contract checks. */
final class CheckoutRules {

  private final List<String> channels;
  private final List<String> returnUrlHosts;

  CheckoutRules(Config.Billing settings) {
    this.channels = settings.paymentChannels();
    this.returnUrlHosts = settings.returnUrlHosts();
  }

  /**
   * Checks what does not depend on the plan.
   *
   * @throws io.vertx.serviceproxy.ServiceException PAYMENT_METHOD_UNSUPPORTED, VALIDATION_ERROR
   */
  void requireForm(SubscriptionCreate order) {
    if (order.paymentMethod() != null && !channels.contains(order.paymentMethod())) {
      throw Errors.of(
          ErrorCode.PAYMENT_METHOD_UNSUPPORTED, "payment_method", order.paymentMethod());
    }
    if (order.returnUrl() != null) {
      requireReturnUrl(order.returnUrl());
    }
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR for any address but https on an
   *     allowed host
   */
  void requireReturnUrl(String address) {
    if (!mayReturnTo(address)) {
      throw Errors.invalid("return_url", "跳转地址须为允许的站点的 https 地址");
    }
  }

  private boolean mayReturnTo(String address) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
    return "https".equalsIgnoreCase(uri.getScheme())
        && uri.getRawUserInfo() == null
        && uri.getHost() != null
        && returnUrlHosts.contains(uri.getHost().toLowerCase(java.util.Locale.ROOT));
  }

  /**
   * Checks the order against the plan it names.
   *
   * @throws io.vertx.serviceproxy.ServiceException SELF_PURCHASE_NOT_ALLOWED, PLAN_NOT_ACTIVE,
   *     VALIDATION_ERROR (payment_method), COUPON_INVALID, AUTO_RENEW_UNAVAILABLE
   */
  static void requireFit(long userId, PlanRow plan, SubscriptionCreate order) {
    if (plan.creatorId() == userId) {
      throw Errors.of(ErrorCode.SELF_PURCHASE_NOT_ALLOWED);
    }
    if (!plan.active()) {
      throw Errors.of(ErrorCode.PLAN_NOT_ACTIVE, "status", plan.status().literal());
    }
    if (order.promoCode() != null) {
      throw Errors.of(ErrorCode.COUPON_INVALID, "reason", "unknown", "message", "优惠码不存在");
    }
    if (plan.priced() && order.paymentMethod() == null) {
      throw Errors.invalid("payment_method", "请选择支付方式");
    }
    if (order.autoRenew()) {
      requireRenewable(plan, order.paymentMethod());
    }
  }

  private static void requireRenewable(PlanRow plan, String paymentMethod) {
    if (!plan.priced()) {
      throw notRenewable("FREE_PLAN", "免费方案无需自动续费");
    }
    if (plan.cycle() == BillingCycle.LIFETIME) {
      throw notRenewable("LIFETIME_PLAN", "终身方案无需自动续费");
    }
    if ("unionpay".equals(paymentMethod)) {
      throw notRenewable("PAYMENT_METHOD", "云闪付暂不支持自动续费");
    }
  }

  private static RuntimeException notRenewable(String reason, String message) {
    return Errors.of(ErrorCode.AUTO_RENEW_UNAVAILABLE, "reason", reason, "message", message);
  }
}
