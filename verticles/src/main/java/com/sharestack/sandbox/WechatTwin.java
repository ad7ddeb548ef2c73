package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.function.BiFunction;

/** WeChat Pay APIv3 over HTTP, at the paths of the real one. */
final class WechatTwin {

  private static final String OUT = "/v3/pay/transactions/out-trade-no/:n";

  private final Twin twin;
  private final WechatSeal seal;

  WechatTwin(Twin twin, WechatSeal seal) {
    this.twin = twin;
    this.seal = seal;
  }

  void mount(Router router) {
    for (String product : new String[] {"native", "h5", "jsapi", "app"}) {
      on(
          router,
          HttpMethod.POST,
          "/v3/pay/transactions/" + product,
          "create",
          (call, body) -> create(product, body));
    }
    on(router, HttpMethod.GET, OUT, "query", (call, body) -> query(call));
    on(
        router,
        HttpMethod.GET,
        "/v3/pay/transactions/id/:id",
        "query",
        (call, body) -> seal.signed(200, trade(byTransaction(call.pathParam("id")))));
    on(router, HttpMethod.POST, OUT + "/close", "close", this::close);
    on(
        router,
        HttpMethod.POST,
        "/v3/refund/domestic/refunds",
        "refund",
        (call, body) -> refund(body));
    on(
        router,
        HttpMethod.GET,
        "/v3/refund/domestic/refunds/:r",
        "query_refund",
        (call, body) -> queryRefund(call.pathParam("r")));
    on(router, HttpMethod.GET, "/v3/bill/tradebill", "bill", (call, body) -> bill(call));
    on(
        router,
        HttpMethod.GET,
        "/v3/billdownload/file",
        "download",
        (call, body) -> twin.bills().download(call.request().getParam("token")));
  }

  private void on(
      Router router,
      HttpMethod method,
      String path,
      String operation,
      BiFunction<RoutingContext, JsonObject, TwinAnswer> work) {
    router
        .route(method, path)
        .handler(
            call ->
                twin.serving()
                    .serve(
                        call,
                        TwinRail.WECHAT,
                        operation,
                        seal,
                        () -> {
                          Buffer raw =
                              call.body().buffer() == null ? Buffer.buffer() : call.body().buffer();
                          seal.check(call.request(), raw);
                          return work.apply(
                              call, raw.length() == 0 ? new JsonObject() : new JsonObject(raw));
                        }));
  }

  private TwinAnswer create(String product, JsonObject body) {
    merchant(body.getString("mchid"));
    if (!SandboxKeys.WECHAT_APP_ID.equals(body.getString("appid"))) {
      throw new TwinError(TwinError.Kind.STRANGER);
    }
    String url = need(body, "notify_url");
    if (url.contains("?") || !url.matches("https?://.+")) {
      throw new TwinError(TwinError.Kind.PARAMETER, "notify_url");
    }
    JsonObject amount = body.getJsonObject("amount", new JsonObject());
    String expire = body.getString("time_expire");
    JsonObject payer = body.getJsonObject("payer");
    if (product.equals("jsapi") && (payer == null || payer.getString("openid") == null)) {
      throw new TwinError(TwinError.Kind.PARAMETER, "payer.openid");
    }
    if (product.equals("h5") && body.getJsonObject("scene_info") == null) {
      throw new TwinError(TwinError.Kind.PARAMETER, "scene_info");
    }
    Order order =
        twin.book()
            .create(
                new Order.Terms(
                    TwinRail.WECHAT,
                    product,
                    SandboxKeys.WECHAT_APP_ID,
                    SandboxKeys.MERCHANT_ID,
                    need(body, "out_trade_no"),
                    amount.getLong("total", 0L),
                    need(body, "description"),
                    url,
                    expire == null ? null : OffsetDateTime.parse(expire).toInstant(),
                    payer == null ? null : payer.getString("openid")),
                true);
    return seal.signed(200, placed(product, order));
  }

  private JsonObject placed(String product, Order order) {
    return switch (product) {
      case "native" ->
          new JsonObject().put("code_url", "weixin://wxpay/bizpayurl?pr=" + order.code);
      case "h5" -> new JsonObject().put("h5_url", twin.cashier(order));
      default -> new JsonObject().put("prepay_id", "wx" + order.code);
    };
  }

  private TwinAnswer query(RoutingContext call) {
    merchant(call.request().getParam("mchid"));
    return seal.signed(200, trade(order(call.pathParam("n"))));
  }

  private TwinAnswer close(RoutingContext call, JsonObject body) {
    merchant(body.getString("mchid"));
    twin.book().close(order(call.pathParam("n")));
    return seal.signed(204, null);
  }

  private TwinAnswer refund(JsonObject body) {
    String transaction = body.getString("transaction_id");
    Order order =
        transaction == null ? order(need(body, "out_trade_no")) : byTransaction(transaction);
    JsonObject amount = body.getJsonObject("amount", new JsonObject());
    if (order.paidAt != null && amount.getLong("total", 0L) != order.paidFen) {
      throw new TwinError(TwinError.Kind.REFUND_CHANGED);
    }
    String number = need(body, "out_refund_no");
    boolean known = order.refunds.containsKey(number);
    TwinRefund refund =
        twin.book()
            .refund(order, number, amount.getLong("refund", 0L), body.getString("notify_url"));
    if (!known) {
      twin.settlements().later(order, refund);
    }
    return seal.signed(200, refund(order, refund));
  }

  private TwinAnswer queryRefund(String number) {
    for (Order order : twin.book().all()) {
      TwinRefund refund = order.terms.rail() == TwinRail.WECHAT ? order.refunds.get(number) : null;
      if (refund != null) {
        return seal.signed(200, refund(order, refund));
      }
    }
    throw new TwinError(TwinError.Kind.REFUND_NOT_EXIST);
  }

  private TwinAnswer bill(RoutingContext call) {
    LocalDate day = LocalDate.parse(call.request().getParam("bill_date", ""));
    if (!"GZIP".equals(call.request().getParam("tar_type"))) {
      throw new TwinError(TwinError.Kind.PARAMETER, "tar_type");
    }
    return seal.signed(200, twin.bills().wechat(day));
  }

  static JsonObject trade(Order order) {
    JsonObject json =
        new JsonObject()
            .put("appid", order.terms.appId())
            .put("mchid", order.terms.merchantId())
            .put("out_trade_no", order.terms.outTradeNo())
            .put("trade_state", order.state.name())
            .put("trade_state_desc", label(order.state))
            .put("trade_type", order.terms.product().toUpperCase(java.util.Locale.ROOT));
    boolean paid = order.paidAt != null;
    JsonObject amount =
        new JsonObject()
            .put("total", paid ? order.paidFen : order.terms.amountFen())
            .put("currency", "CNY");
    if (paid) {
      amount.put("payer_total", order.paidFen).put("payer_currency", "CNY");
      json.put("transaction_id", order.transactionId)
          .put("bank_type", "OTHERS")
          .put("success_time", TwinClock.rfc3339(order.paidAt))
          .put("payer", new JsonObject().put("openid", order.payer));
    }
    return json.put("amount", amount);
  }

  static String label(Order.State state) {
    return switch (state) {
      case NOTPAY -> "订单未支付";
      case SUCCESS -> "支付成功";
      case CLOSED -> "订单已关闭";
      case REFUND -> "转入退款";
    };
  }

  private static JsonObject refund(Order order, TwinRefund refund) {
    JsonObject json =
        new JsonObject()
            .put("refund_id", refund.refundId)
            .put("out_refund_no", refund.outRefundNo)
            .put("transaction_id", order.transactionId)
            .put("out_trade_no", order.terms.outTradeNo())
            .put("channel", "ORIGINAL")
            .put("user_received_account", "支付用户零钱")
            .put("create_time", TwinClock.rfc3339(refund.createdAt))
            .put("status", refund.state.name())
            .put(
                "amount",
                new JsonObject()
                    .put("total", order.paidFen)
                    .put("refund", refund.amountFen)
                    .put("payer_total", order.paidFen)
                    .put("payer_refund", refund.amountFen)
                    .put("settlement_refund", refund.amountFen)
                    .put("settlement_total", order.paidFen)
                    .put("discount_refund", 0)
                    .put("currency", "CNY"));
    if (refund.state == TwinRefund.State.SUCCESS) {
      json.put("success_time", TwinClock.rfc3339(refund.doneAt));
    }
    return json;
  }

  private Order order(String outTradeNo) {
    return twin.book().get(TwinRail.WECHAT, outTradeNo);
  }

  private Order byTransaction(String id) {
    return twin.book()
        .byTransaction(TwinRail.WECHAT, id)
        .orElseThrow(() -> new TwinError(TwinError.Kind.NOT_EXIST));
  }

  private static void merchant(String mchid) {
    if (!SandboxKeys.MERCHANT_ID.equals(mchid)) {
      throw new TwinError(TwinError.Kind.STRANGER);
    }
  }

  static String need(JsonObject body, String key) {
    String value = body.getString(key);
    if (value == null || value.isEmpty()) {
      throw new TwinError(TwinError.Kind.PARAMETER, key);
    }
    return value;
  }
}
