package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Product;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Rails;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.billing.rails.Trade;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.errors.Errors;
import java.util.List;
import java.util.Optional;

/**
 * The channels that are open: configured, and named by setting payments.channels. Money that comes
 * back or in through a channel that was closed meanwhile is still handled, as long as it is
 * configured.
 */
public final class Channels {

  private final Rails rails;
  private final RailsConfig config;
  private final List<String> enabled;

  /**
   * @param enabled literals of PaymentMethod, in the order they are offered
   */
  public Channels(Rails rails, RailsConfig config, List<String> enabled) {
    this.rails = rails;
    this.config = config;
    this.enabled = List.copyOf(enabled);
  }

  /** What new payments may use, in the order they are offered. */
  List<PaymentMethod> open() {
    return enabled.stream()
        .map(PaymentMethod::of)
        .filter(method -> rail(method).isPresent())
        .toList();
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException PAYMENT_METHOD_UNSUPPORTED
   */
  public PaymentMethod requireOpen(String method) {
    return open().stream()
        .filter(open -> open.literal().equals(method))
        .findFirst()
        .orElseThrow(
            () -> Errors.of(ErrorCode.PAYMENT_METHOD_UNSUPPORTED, "payment_method", method));
  }

  public Optional<Rail> rail(PaymentMethod method) {
    return channel(method).flatMap(rails::rail);
  }

  public Rail require(PaymentMethod method) {
    return rail(method)
        .orElseThrow(
            () ->
                Errors.of(
                    ErrorCode.PAYMENT_METHOD_UNSUPPORTED, "payment_method", method.literal()));
  }

  public static Optional<Channel> channel(PaymentMethod method) {
    return switch (method) {
      case WECHAT -> Optional.of(Channel.WECHAT);
      case ALIPAY -> Optional.of(Channel.ALIPAY);
      case UNIONPAY, STRIPE -> Optional.empty();
    };
  }

  static PaymentMethod method(Channel channel) {
    return switch (channel) {
      case WECHAT -> PaymentMethod.WECHAT;
      case ALIPAY -> PaymentMethod.ALIPAY;
    };
  }

  /** What a payer at a desktop gets. */
  public static Product desktop(PaymentMethod method) {
    return method == PaymentMethod.WECHAT ? Product.NATIVE : Product.PAGE;
  }

  /**
   * Whether the trade names another app or merchant than ours. What a rail leaves out it does not
   * contradict: an answer to our own signed query is ours by that.
   */
  boolean foreign(Channel channel, String appId, String merchantId) {
    return switch (channel) {
      case WECHAT ->
          differs(appId, config.wechat().appId())
              || differs(merchantId, config.wechat().merchantId());
      case ALIPAY ->
          differs(appId, config.alipay().appId())
              || differs(merchantId, config.alipay().sellerId());
    };
  }

  boolean foreign(Channel channel, Trade trade) {
    return foreign(channel, trade.appId(), trade.merchantId());
  }

  private static boolean differs(String said, String ours) {
    return said != null && !said.equals(ours);
  }
}
