package com.sharestack.billing.rails;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Alipay's classic gateway with RSA2. Page, wap and app orders are signed here and never sent. */
final class AlipayRail implements Rail {

  private final RailsConfig.Alipay config;
  private final RailsConfig.Limits limits;
  private final RailHttp http;
  private final AlipayGateway gateway;
  private final AlipayNotices notices;

  AlipayRail(RailsConfig.Alipay config, RailsConfig.Limits limits, RailHttp http, Clock clock) {
    this.config = config;
    this.limits = limits;
    this.http = http;
    this.gateway = new AlipayGateway(config, http, clock);
    this.notices = new AlipayNotices(config.alipayKey());
  }

  @Override
  public Channel channel() {
    return Channel.ALIPAY;
  }

  @Override
  public Set<Product> products() {
    return Set.of(Product.NATIVE, Product.PAGE, Product.H5, Product.APP);
  }

  @Override
  public Future<Reply<Placed>> create(OrderRequest order) {
    return switch (order.product()) {
      case NATIVE -> precreate(order);
      case PAGE -> local(page(order, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"));
      case H5 -> local(page(order, "alipay.trade.wap.pay", "QUICK_WAP_WAY"));
      case APP ->
          local(
              Placed.order(
                  AlipaySigning.encoded(
                      gateway.signed(
                          "alipay.trade.app.pay",
                          order(order).put("product_code", "QUICK_MSECURITY_PAY"),
                          notified()))));
      case JSAPI -> throw new IllegalArgumentException("Alipay has no JSAPI product");
    };
  }

  private Future<Reply<Placed>> precreate(OrderRequest order) {
    return gateway.call(
        "alipay.trade.precreate",
        order(order),
        notified(),
        json -> {
          mine(json, order.outTradeNo());
          return Placed.qr(Wire.text(json, "qr_code"));
        });
  }

  private Placed page(OrderRequest order, String method, String productCode) {
    Map<String, String> extra = notified();
    if (order.returnUrl() != null) {
      extra.put("return_url", order.returnUrl());
    }
    JsonObject content = order(order).put("product_code", productCode);
    return Placed.page(
        config.gateway() + "?" + AlipaySigning.encoded(gateway.signed(method, content, extra)));
  }

  private static Future<Reply<Placed>> local(Placed placed) {
    return Future.succeededFuture(new Reply.Answered<>(placed));
  }

  private static JsonObject order(OrderRequest order) {
    return new JsonObject()
        .put("out_trade_no", order.outTradeNo())
        .put("total_amount", Yuan.of(order.amountFen()))
        .put("subject", Text.cut(order.subject(), 256))
        .put("time_expire", AlipayGateway.beijing(order.expiresAt()));
  }

  private Map<String, String> notified() {
    Map<String, String> extra = new LinkedHashMap<>();
    extra.put("notify_url", config.notifyUrl());
    return extra;
  }

  @Override
  public Future<Reply<Trade>> query(String outTradeNo) {
    return gateway.call(
        "alipay.trade.query",
        new JsonObject().put("out_trade_no", outTradeNo),
        Map.of(),
        json -> {
          mine(json, outTradeNo);
          return AlipayWords.trade(json);
        });
  }

  @Override
  public Future<Reply<Closed>> close(String outTradeNo) {
    return gateway
        .call(
            "alipay.trade.close",
            new JsonObject().put("out_trade_no", outTradeNo),
            Map.of(),
            json -> {
              mine(json, outTradeNo);
              return new Closed(outTradeNo);
            })
        .compose(
            reply ->
                reply instanceof Reply.Refused<Closed> refused
                        && (refused.reason() == Refusal.WRONG_STATE
                            || refused.reason() == Refusal.ORDER_CLOSED)
                    ? query(outTradeNo).map(trade -> ended(trade, refused))
                    : Future.succeededFuture(reply));
  }

  /** One refusal for paid and for closed: the trade itself tells which. */
  private static Reply<Closed> ended(Reply<Trade> reply, Reply.Refused<Closed> refused) {
    if (!(reply instanceof Reply.Answered<Trade> trade)) {
      return new Reply.Unknown<>("refused with " + refused.code() + ", and the query did not help");
    }
    return switch (trade.value().state()) {
      case CLOSED -> new Reply.Answered<>(new Closed(trade.value().outTradeNo()));
      case PAID, REFUNDED ->
          new Reply.Refused<>(
              Refusal.ALREADY_PAID, refused.code(), refused.message(), refused.signed());
      default -> refused;
    };
  }

  @Override
  public Future<Reply<Refund>> refund(RefundRequest refund) {
    JsonObject content =
        new JsonObject()
            .put("out_trade_no", refund.outTradeNo())
            .put("refund_amount", Yuan.of(refund.refundFen()))
            .put("out_request_no", refund.outRefundNo());
    if (refund.reason() != null) {
      content.put("refund_reason", Text.cut(refund.reason(), 256));
    }
    return gateway.call("alipay.trade.refund", content, Map.of(), json -> refunded(json, refund));
  }

  /** Without {@code fund_change=Y} this call moved nothing: a repeat, or still under way. */
  private static Refund refunded(JsonObject json, RefundRequest refund) {
    mine(json, refund.outTradeNo());
    boolean moved = "Y".equals(Wire.optional(json, "fund_change"));
    return new Refund(
        refund.outTradeNo(),
        refund.outRefundNo(),
        null,
        moved ? RefundState.SUCCESS : RefundState.UNKNOWN,
        Wire.optional(json, "fund_change"),
        refund.refundFen(),
        AlipayWords.amount(Wire.text(json, "refund_fee")),
        AlipayWords.time(Wire.optional(json, "gmt_refund_pay")));
  }

  @Override
  public Future<Reply<Refund>> queryRefund(String outTradeNo, String outRefundNo) {
    JsonObject content =
        new JsonObject()
            .put("out_trade_no", outTradeNo)
            .put("out_request_no", outRefundNo)
            .put("query_options", new io.vertx.core.json.JsonArray().add("gmt_refund_pay"));
    return gateway.call(
        "alipay.trade.fastpay.refund.query",
        content,
        Map.of(),
        json -> {
          String raw = Wire.optional(json, "refund_status");
          String amount = Wire.optional(json, "refund_amount");
          return new Refund(
              outTradeNo,
              outRefundNo,
              null,
              "REFUND_SUCCESS".equals(raw) ? RefundState.SUCCESS : RefundState.UNKNOWN,
              raw,
              amount == null ? -1 : AlipayWords.amount(amount),
              -1,
              AlipayWords.time(Wire.optional(json, "gmt_refund_pay")));
        });
  }

  @Override
  public Future<Reply<BillFile>> bill(LocalDate day) {
    JsonObject content =
        new JsonObject().put("bill_type", "trade").put("bill_date", day.toString());
    return gateway
        .call(
            "alipay.data.dataservice.bill.downloadurl.query",
            content,
            Map.of(),
            json -> Wire.text(json, "bill_download_url"))
        .compose(
            reply ->
                reply instanceof Reply.Answered<String> url
                    ? download(url.value())
                    : Future.succeededFuture(reply.map(none -> null)));
  }

  /** Neither signed nor hashed: the link's origin, TLS and the file's own totals must do. */
  private Future<Reply<BillFile>> download(String url) {
    if (!Wire.at(url, config.billOrigins())) {
      return Future.succeededFuture(new Reply.Unknown<>("the bill lies at another host"));
    }
    return http.call(
        new RailHttp.Call(HttpMethod.GET, url, Map.of(), Buffer.buffer()),
        limits.billTimeoutMillis(),
        limits.maxBillBytes(),
        answer ->
            answer.status() == 200
                ? new Reply.Answered<>(
                    BillFile.alipay(answer.body().getBytes(), limits.maxBillTextBytes()))
                : new Reply.Unknown<>("status " + answer.status() + " for the bill"));
  }

  private static void mine(JsonObject json, String outTradeNo) {
    if (!outTradeNo.equals(Wire.optional(json, "out_trade_no"))) {
      throw new Wire.Malformed("the answer is about another order");
    }
  }

  @Override
  public Verdict verify(Inbound inbound) {
    return notices.verify(inbound);
  }

  @Override
  public Answer acknowledgement() {
    return new Answer(200, "text/plain", "success");
  }

  @Override
  public Answer refusal(int status, String message) {
    return new Answer(status, "text/plain", "fail");
  }
}
