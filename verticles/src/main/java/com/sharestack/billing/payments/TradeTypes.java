package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Product;
import com.sharestack.contract.PaymentClient;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentTradeType;
import com.sharestack.platform.errors.Errors;
import java.util.List;

/** The products of the channels in the words of the contract (entry payments.methods). */
final class TradeTypes {

  private TradeTypes() {}

  /** What a client of this kind is offered; empty when the channel has nothing for it. */
  static List<PaymentTradeType> of(PaymentMethod method, PaymentClient client) {
    return switch (method) {
      case WECHAT ->
          List.of(
              switch (client) {
                case PC -> PaymentTradeType.NATIVE;
                case WECHAT -> PaymentTradeType.JSAPI;
                case H5 -> PaymentTradeType.MWEB;
                case APP -> PaymentTradeType.APP;
              });
      case ALIPAY ->
          switch (client) {
            case PC -> List.of(PaymentTradeType.FAST_INSTANT_TRADE_PAY, PaymentTradeType.NATIVE);
            case H5 -> List.of(PaymentTradeType.QUICK_WAP_PAY);
            case APP -> List.of(PaymentTradeType.APP);
            case WECHAT -> List.of();
          };
      case UNIONPAY, STRIPE -> List.of();
    };
  }

  /**
   * The product behind a trade type, the desktop one when none is named.
   *
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR when the channel has no such
   *     product
   */
  static Product product(PaymentMethod method, PaymentTradeType type) {
    if (type == null) {
      return Channels.desktop(method);
    }
    Product product =
        switch (type) {
          case NATIVE -> Product.NATIVE;
          case JSAPI -> method == PaymentMethod.WECHAT ? Product.JSAPI : null;
          case MWEB -> method == PaymentMethod.WECHAT ? Product.H5 : null;
          case APP -> Product.APP;
          case QUICK_WAP_PAY -> method == PaymentMethod.ALIPAY ? Product.H5 : null;
          case FAST_INSTANT_TRADE_PAY -> method == PaymentMethod.ALIPAY ? Product.PAGE : null;
          case GATEWAY -> null;
        };
    if (product == null) {
      throw Errors.invalid("trade_type", "该支付方式没有这种支付产品");
    }
    return product;
  }

  /** JSAPI needs the payer's openid. */
  static void requireOpenid(Product product, String openid) {
    if (product == Product.JSAPI && openid == null) {
      throw Errors.invalid("openid", "微信内支付需要 openid");
    }
  }
}
