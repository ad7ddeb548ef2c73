package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An Alipay notification: a form, every parameter signed; resends keep the notify_id. */
record AlipayMessage(
    String outTradeNo,
    String id,
    String event,
    String url,
    Map<String, String> content,
    AlipaySeal seal,
    TwinClock clock)
    implements Message {

  /** 8 deliveries over about 25 hours. */
  static final List<Duration> GAPS =
      Stream.of(4, 10, 10, 60, 120, 360, 900).map(Duration::ofMinutes).toList();

  @Override
  public TwinRail rail() {
    return TwinRail.ALIPAY;
  }

  @Override
  public Wire wire(Tamper tamper) {
    Map<String, String> form = new LinkedHashMap<>(content);
    long age = tamper == Tamper.TIMESTAMP ? 600 : 0;
    form.put("notify_time", TwinClock.spaced(clock.wire().minusSeconds(age)));
    form.put("notify_id", id);
    switch (tamper) {
      case AMOUNT ->
          form.computeIfPresent(
              "total_amount",
              (name, yuan) -> new BigDecimal(yuan).add(new BigDecimal("0.01")).toPlainString());
      case APP_ID -> form.put("app_id", "2021999999999999");
      case MCH_ID -> form.put("seller_id", "2088999999999999");
      default -> {
        // the content stays
      }
    }
    Map<String, String> signed = seal.signed(form);
    switch (tamper) {
      case SIGNATURE, SERIAL, SIGNTEST ->
          signed.computeIfPresent("sign", (name, good) -> WechatSeal.broken(good));
      default -> {
        // validly signed
      }
    }
    return new Wire(
        Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        Buffer.buffer(Notifier.form(signed)));
  }

  @Override
  public List<Duration> gaps() {
    return GAPS;
  }

  /** These seven characters, nothing else. */
  @Override
  public boolean acknowledged(int status, Buffer body) {
    return status == 200 && body.toString().equals("success");
  }

  /**
   * @param refund null for the payment's own notification
   */
  static Map<String, String> content(Order order, TwinRefund refund) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("notify_type", "trade_status_sync");
    form.put("app_id", order.terms.appId());
    form.put("auth_app_id", order.terms.appId());
    form.put("seller_id", order.terms.merchantId());
    form.put("charset", "utf-8");
    form.put("version", "1.0");
    form.put("out_trade_no", order.terms.outTradeNo());
    form.put("trade_no", order.transactionId);
    form.put("subject", order.terms.subject());
    form.put("buyer_id", order.payer);
    form.put("total_amount", AlipayTwin.yuan(order.paidFen));
    form.put("receipt_amount", AlipayTwin.yuan(order.paidFen));
    form.put("buyer_pay_amount", AlipayTwin.yuan(order.paidFen));
    form.put("point_amount", "0.00");
    form.put("gmt_create", TwinClock.spaced(order.createdAt));
    form.put("gmt_payment", TwinClock.spaced(order.paidAt));
    form.put("trade_status", refund == null ? "TRADE_SUCCESS" : AlipayTwin.status(order));
    if (refund != null) {
      form.put("refund_fee", AlipayTwin.yuan(order.refundedFen()));
      form.put("gmt_refund", TwinClock.spaced(refund.doneAt) + ".000");
      form.put("out_biz_no", refund.outRefundNo);
    }
    return form;
  }
}
