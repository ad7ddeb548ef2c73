package com.sharestack.billing.rails;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Alipay's classic gateway with RSA2. Page, wap and app orders are signed here and never sent. */
final class AlipayRail implements Rail {

  private static final String FORM = "application/x-www-form-urlencoded;charset=utf-8";

  private final Vertx vertx;
  private final RailsConfig.Alipay config;
  private final RailsConfig.Limits limits;
  private final RailHttp http;
  private final Clock clock;
  private final AlipayNotices notices;

  AlipayRail(
      Vertx vertx,
      RailsConfig.Alipay config,
      RailsConfig.Limits limits,
      RailHttp http,
      Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.limits = limits;
    this.http = http;
    this.clock = clock;
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
                      signed(
                          "alipay.trade.app.pay",
                          order(order).put("product_code", "QUICK_MSECURITY_PAY"),
                          notified()))));
      case JSAPI -> throw new IllegalArgumentException("Alipay has no JSAPI product");
    };
  }

  private Future<Reply<Placed>> precreate(OrderRequest order) {
    return call(
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
        config.gateway() + "?" + AlipaySigning.encoded(signed(method, content, extra)));
  }

  private static Future<Reply<Placed>> local(Placed placed) {
    return Future.succeededFuture(new Reply.Answered<>(placed));
  }

  private static JsonObject order(OrderRequest order) {
    return new JsonObject()
        .put("out_trade_no", order.outTradeNo())
        .put("total_amount", Yuan.of(order.amountFen()))
        .put("subject", Text.cut(order.subject(), 256))
        .put("time_expire", beijing(order.expiresAt()));
  }

  private Map<String, String> notified() {
    Map<String, String> extra = new LinkedHashMap<>();
    extra.put("notify_url", config.notifyUrl());
    return extra;
  }

  @Override
  public Future<Reply<Trade>> query(String outTradeNo) {
    return call(
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
    return call(
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
    return call("alipay.trade.refund", content, Map.of(), json -> refunded(json, refund));
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
    return call(
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
    return call(
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

  private <T> Future<Reply<T>> call(
      String method, JsonObject content, Map<String, String> extra, Function<JsonObject, T> read) {
    Map<String, String> parameters = signed(method, content, extra);
    String body = AlipaySigning.encoded(parameters);
    RailHttp.Call call =
        new RailHttp.Call(
            HttpMethod.POST,
            config.gateway() + "?charset=utf-8",
            Map.of("Content-Type", FORM, "User-Agent", "ShareStack"),
            Buffer.buffer(body));
    return http.call(call, answer -> reply(answer, method, read));
  }

  private Map<String, String> signed(String method, JsonObject content, Map<String, String> extra) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("app_id", config.appId());
    parameters.put("method", method);
    parameters.put("format", "JSON");
    parameters.put("charset", "utf-8");
    parameters.put("sign_type", "RSA2");
    parameters.put("timestamp", beijing(clock.instant()));
    parameters.put("version", "1.0");
    parameters.putAll(extra);
    parameters.put("biz_content", content.encode());
    parameters.put(
        "sign", Rsa.sign(Wire.utf8(AlipaySigning.requestText(parameters)), config.appKey()));
    return parameters;
  }

  private static String beijing(Instant time) {
    return AlipayWords.TIME.format(time.atZone(AlipayWords.BEIJING));
  }

  private <T> Reply<T> reply(
      RailHttp.Exchange answer, String method, Function<JsonObject, T> read) {
    if (answer.status() != 200) {
      return new Reply.Unknown<>("status " + answer.status());
    }
    String text = answer.body().toString(StandardCharsets.UTF_8);
    AlipayAnswer found = AlipayAnswer.read(text, method.replace('.', '_') + "_response");
    boolean signed =
        found.sign() != null
            && Rsa.verifies(Wire.utf8(found.node()), found.sign(), config.alipayKey());
    if (!signed && (found.sign() != null || !found.error())) {
      return new Reply.Unknown<>("the signature of the answer is wrong or missing");
    }
    JsonObject json = new JsonObject(found.node());
    String code = Wire.text(json, "code");
    if (code.equals("10000") && signed) {
      return new Reply.Answered<>(read.apply(json));
    }
    String sub = String.valueOf(Wire.optional(json, "sub_code"));
    if (code.equals("10000") || code.equals("20000") || sub.endsWith("SYSTEM_ERROR")) {
      return new Reply.Unknown<>("code " + code + " " + sub);
    }
    String message = String.valueOf(Wire.optional(json, "sub_msg"));
    return new Reply.Refused<>(AlipayWords.refusal(code, sub), sub, message, signed);
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
