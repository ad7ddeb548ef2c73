package com.sharestack.sandbox;

/** A refusal in the rail's own words. */
final class TwinError extends RuntimeException {
  private static final long serialVersionUID = 1;

  enum Kind {
    NOT_EXIST(404, "ORDER_NOT_EXIST", "ACQ.TRADE_NOT_EXIST", "订单不存在"),
    REFUND_NOT_EXIST(404, "RESOURCE_NOT_EXISTS", "ACQ.TRADE_NOT_EXIST", "退款单不存在"),
    PAID(400, "ORDERPAID", "ACQ.TRADE_HAS_SUCCESS", "该订单已支付"),
    CLOSE_PAID(400, "ORDERPAID", "ACQ.TRADE_STATUS_ERROR", "订单已支付，不能关闭"),
    CLOSED(400, "ORDER_CLOSED", "ACQ.TRADE_HAS_CLOSE", "该订单已关闭"),
    CHANGED(400, "INVALID_REQUEST", "ACQ.CONTEXT_INCONSISTENT", "请求重入时，参数与首次请求时不一致"),
    REFUND_CHANGED(
        400, "INVALID_REQUEST", "ACQ.DISCORDANT_REPEAT_REQUEST", "订单金额或退款信息与之前请求不一致，请核实后再试"),
    NOT_PAID(403, "TRADE_ERROR", "ACQ.TRADE_STATUS_ERROR", "订单未支付，不能退款"),
    REFUND_TOO_MUCH(
        400, "INVALID_REQUEST", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "申请退款金额超过订单可退金额：退款金额错误"),
    REFUND_TOO_OFTEN(403, "RULE_LIMIT", "ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND", "退款次数超过限制"),
    FREQUENCY(429, "FREQUENCY_LIMITED", "isv.app-call-limited", "调用频率超限，请降低调用频率"),
    PARAMETER(400, "PARAM_ERROR", "ACQ.INVALID_PARAMETER", "参数错误"),
    NO_BILL(400, "NO_STATEMENT_EXIST", "isp.bill_not_exist", "账单文件不存在"),
    SIGNATURE(401, "SIGN_ERROR", "isv.invalid-signature", "验签失败"),
    STRANGER(403, "NO_AUTH", "isv.invalid-app-id", "商户号或应用不匹配");

    final int status;
    final String wechat;
    final String alipay;
    final String message;

    Kind(int status, String wechat, String alipay, String message) {
      this.status = status;
      this.wechat = wechat;
      this.alipay = alipay;
      this.message = message;
    }
  }

  final Kind kind;

  TwinError(Kind kind) {
    this(kind, null);
  }

  TwinError(Kind kind, String detail) {
    super(detail == null ? kind.message : kind.message + "：" + detail, null, false, false);
    this.kind = kind;
  }
}
