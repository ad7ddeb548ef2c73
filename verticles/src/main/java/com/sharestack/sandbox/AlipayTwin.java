package com.sharestack.sandbox;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** Alipay's classic gateway: one path, the method in a parameter. */
final class AlipayTwin {

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "alipay.trade.precreate", "create",
          "alipay.trade.page.pay", "create",
          "alipay.trade.wap.pay", "create",
          "alipay.trade.app.pay", "create",
          "alipay.trade.query", "query",
          "alipay.trade.close", "close",
          "alipay.trade.refund", "refund",
          "alipay.trade.fastpay.refund.query", "query_refund",
          "alipay.data.dataservice.bill.downloadurl.query", "bill");

  private final Twin twin;
  private final AlipaySeal seal;

  AlipayTwin(Twin twin, AlipaySeal seal) {
    this.twin = twin;
    this.seal = seal;
  }

  void mount(Router router) {
    router.route("/gateway.do").handler(this::serve);
    router
        .get("/bill/download.resource")
        .handler(
            call ->
                twin.serving()
                    .serve(
                        call,
                        TwinRail.ALIPAY,
                        "download",
                        seal.voice("download"),
                        () -> twin.bills().download(call.request().getParam("token"))));
    router.get("/qr/:code").handler(this::scan);
  }

  private void serve(RoutingContext call) {
    Map<String, String> parameters = new LinkedHashMap<>();
    call.queryParams().forEach(parameters::put);
    call.request().formAttributes().forEach(parameters::put);
    String method = parameters.getOrDefault("method", "");
    twin.serving()
        .serve(
            call,
            TwinRail.ALIPAY,
            OPERATIONS.getOrDefault(method, "unknown"),
            seal.voice(method),
            () -> {
              seal.check(parameters);
              JsonObject content = new JsonObject(parameters.getOrDefault("biz_content", "{}"));
              return answer(method, content, parameters);
            });
  }

  private TwinAnswer answer(String method, JsonObject content, Map<String, String> parameters) {
    return switch (method) {
      case "alipay.trade.precreate" -> {
        Order order = order("precreate", content, parameters, false);
        yield ok(
            method,
            new JsonObject()
                .put("out_trade_no", order.terms.outTradeNo())
                .put("qr_code", twin.url("/qr/" + order.code)));
      }
      case "alipay.trade.page.pay" -> page(order("page", content, parameters, true), parameters);
      case "alipay.trade.wap.pay" -> page(order("wap", content, parameters, true), parameters);
      case "alipay.trade.app.pay" -> page(order("app", content, parameters, true), parameters);
      case "alipay.trade.query" -> ok(method, trade(find(content)));
      case "alipay.trade.close" -> close(method, find(content));
      case "alipay.trade.refund" -> refund(method, find(content), content);
      case "alipay.trade.fastpay.refund.query" -> queryRefund(method, find(content), content);
      case "alipay.data.dataservice.bill.downloadurl.query" -> bill(method, content);
      default -> throw new TwinError(TwinError.Kind.PARAMETER, "method");
    };
  }

  private Order order(
      String product, JsonObject content, Map<String, String> parameters, boolean known) {
    String expire = content.getString("time_expire");
    return twin.book()
        .create(
            new Order.Terms(
                TwinRail.ALIPAY,
                product,
                SandboxKeys.ALIPAY_APP_ID,
                SandboxKeys.SELLER_ID,
                WechatTwin.need(content, "out_trade_no"),
                fen(WechatTwin.need(content, "total_amount")),
                WechatTwin.need(content, "subject"),
                parameters.get("notify_url"),
                expire == null ? null : TwinClock.ofSpaced(expire),
                null),
            known);
  }

  /** The browser opened the signed order: it goes on to the cashier. */
  private TwinAnswer page(Order order, Map<String, String> parameters) {
    order.returnUrl = parameters.get("return_url");
    TwinAnswer answer =
        TwinAnswer.of(302, "text/html;charset=utf-8", io.vertx.core.buffer.Buffer.buffer());
    answer.headers().put("Location", twin.cashier(order));
    return answer;
  }

  private void scan(RoutingContext call) {
    twin.book()
        .byCode(call.pathParam("code"))
        .ifPresentOrElse(
            order -> {
              order.known = true;
              call.redirect(twin.cashier(order));
            },
            () -> call.fail(404));
  }

  private Order find(JsonObject content) {
    String transaction = content.getString("trade_no");
    if (transaction != null) {
      return twin.book()
          .byTransaction(TwinRail.ALIPAY, transaction)
          .orElseThrow(() -> new TwinError(TwinError.Kind.NOT_EXIST));
    }
    return twin.book().get(TwinRail.ALIPAY, WechatTwin.need(content, "out_trade_no"));
  }

  private TwinAnswer close(String method, Order order) {
    twin.book().close(order);
    return ok(method, new JsonObject().put("out_trade_no", order.terms.outTradeNo()));
  }

  private TwinAnswer refund(String method, Order order, JsonObject content) {
    long fen = fen(WechatTwin.need(content, "refund_amount"));
    // without a number the trade itself is the number: a second partial refund is then a repeat
    String number = content.getString("out_request_no", order.transactionId);
    boolean repeat = order.refunds.containsKey(number);
    TwinRefund refund = twin.book().refund(order, number, fen, order.terms.notifyUrl());
    if (!repeat) {
      twin.settlements().now(order, refund);
    }
    return ok(
        method,
        new JsonObject()
            .put("out_trade_no", order.terms.outTradeNo())
            .put("trade_no", order.transactionId)
            .put("buyer_logon_id", "pay***@sandbox.local")
            .put("fund_change", repeat ? "N" : "Y")
            .put("refund_fee", yuan(order.refundedFen()))
            .put("gmt_refund_pay", TwinClock.spaced(refund.createdAt)));
  }

  private TwinAnswer queryRefund(String method, Order order, JsonObject content) {
    TwinRefund refund = order.refunds.get(WechatTwin.need(content, "out_request_no"));
    JsonObject node = new JsonObject();
    if (refund != null) {
      node.put("out_trade_no", order.terms.outTradeNo())
          .put("trade_no", order.transactionId)
          .put("out_request_no", refund.outRefundNo)
          .put("total_amount", yuan(order.paidFen))
          .put("refund_amount", yuan(refund.amountFen));
      if (refund.state == TwinRefund.State.SUCCESS) {
        node.put("refund_status", "REFUND_SUCCESS")
            .put("gmt_refund_pay", TwinClock.spaced(refund.doneAt));
      }
    }
    return ok(method, node);
  }

  private TwinAnswer bill(String method, JsonObject content) {
    LocalDate day = LocalDate.parse(WechatTwin.need(content, "bill_date"));
    return ok(method, new JsonObject().put("bill_download_url", twin.bills().alipay(day)));
  }

  private TwinAnswer ok(String method, JsonObject rest) {
    JsonObject node = new JsonObject().put("code", "10000").put("msg", "Success");
    return seal.answer(method, node.mergeIn(rest));
  }

  private static JsonObject trade(Order order) {
    JsonObject json =
        new JsonObject()
            .put("out_trade_no", order.terms.outTradeNo())
            .put("trade_no", order.transactionId == null ? "" : order.transactionId)
            .put("buyer_logon_id", "pay***@sandbox.local")
            .put("trade_status", status(order))
            .put(
                "total_amount",
                yuan(order.paidAt == null ? order.terms.amountFen() : order.paidFen));
    if (order.paidAt != null) {
      json.put("send_pay_date", TwinClock.spaced(order.paidAt)).put("buyer_user_id", order.payer);
    }
    return json;
  }

  /** A full refund closes the trade: TRADE_CLOSED has two meanings, as at the real one. */
  static String status(Order order) {
    return switch (order.state) {
      case NOTPAY -> "WAIT_BUYER_PAY";
      case CLOSED -> "TRADE_CLOSED";
      case SUCCESS -> "TRADE_SUCCESS";
      case REFUND -> order.refundedFen() == order.paidFen ? "TRADE_CLOSED" : "TRADE_SUCCESS";
    };
  }

  static String yuan(long fen) {
    return BigDecimal.valueOf(fen, 2).toPlainString();
  }

  private static long fen(String yuan) {
    try {
      return new BigDecimal(yuan).movePointRight(2).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TwinError(TwinError.Kind.PARAMETER, "amount");
    }
  }

  /** The signed way back of the browser; null when the merchant named none. */
  static String returnUrl(Order order, AlipaySeal seal, Instant now) {
    if (order.returnUrl == null || order.paidAt == null) {
      return null;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("app_id", SandboxKeys.ALIPAY_APP_ID);
    parameters.put("charset", "utf-8");
    parameters.put("method", "alipay.trade." + order.terms.product() + ".pay.return");
    parameters.put("out_trade_no", order.terms.outTradeNo());
    parameters.put("seller_id", SandboxKeys.SELLER_ID);
    parameters.put("timestamp", TwinClock.spaced(now));
    parameters.put("total_amount", yuan(order.paidFen));
    parameters.put("trade_no", order.transactionId);
    parameters.put("version", "1.0");
    String joint = order.returnUrl.contains("?") ? "&" : "?";
    return order.returnUrl + joint + Notifier.form(seal.signed(parameters));
  }
}
