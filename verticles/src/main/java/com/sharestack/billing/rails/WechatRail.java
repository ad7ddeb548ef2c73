package com.sharestack.billing.rails;

import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** WeChat Pay APIv3 in platform public key mode. */
final class WechatRail implements Rail {

  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
  private static final String ORDERS = "/v3/pay/transactions/";
  private static final String REFUNDS = "/v3/refund/domestic/refunds";
  private static final int SUBJECT_BYTES = 127;

  private final Vertx vertx;
  private final RailsConfig.Wechat config;
  private final RailsConfig.Limits limits;
  private final RailHttp http;
  private final Clock clock;
  private final WechatNotices notices;
  private final WechatGateway gateway;

  WechatRail(
      Vertx vertx,
      RailsConfig.Wechat config,
      RailsConfig.Limits limits,
      RailHttp http,
      Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.limits = limits;
    this.http = http;
    this.clock = clock;
    this.notices = new WechatNotices(config, clock);
    this.gateway = new WechatGateway(config, http, clock);
  }

  @Override
  public Channel channel() {
    return Channel.WECHAT;
  }

  @Override
  public Set<Product> products() {
    return Set.of(Product.NATIVE, Product.H5, Product.JSAPI, Product.APP);
  }

  @Override
  public Future<Reply<Placed>> create(OrderRequest order) {
    return switch (order.product()) {
      case NATIVE -> post("native", order, json -> Placed.qr(Wire.text(json, "code_url")));
      case H5 -> post("h5", order, json -> Placed.page(Wire.text(json, "h5_url")));
      case JSAPI -> post("jsapi", order, json -> jsapi(Wire.text(json, "prepay_id")));
      case APP -> post("app", order, json -> app(Wire.text(json, "prepay_id")));
      case PAGE -> throw new IllegalArgumentException("WeChat Pay has no PAGE product");
    };
  }

  private Future<Reply<Placed>> post(
      String product, OrderRequest order, Function<JsonObject, Placed> read) {
    JsonObject body =
        new JsonObject()
            .put("appid", config.appId())
            .put("mchid", config.merchantId())
            .put("description", Text.cut(order.subject(), SUBJECT_BYTES))
            .put("out_trade_no", order.outTradeNo())
            .put(
                "time_expire",
                order
                    .expiresAt()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .atZone(BEIJING)
                    .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
            .put("notify_url", config.notifyUrl())
            .put("amount", new JsonObject().put("total", order.amountFen()).put("currency", "CNY"));
    if (order.product() == Product.JSAPI) {
      body.put("payer", new JsonObject().put("openid", order.openid()));
    }
    if (order.product() == Product.H5) {
      body.put(
          "scene_info",
          new JsonObject()
              .put("payer_client_ip", order.payerIp())
              .put("h5_info", new JsonObject().put("type", "Wap")));
    }
    return gateway.call(HttpMethod.POST, ORDERS + product, body, read);
  }

  private Placed jsapi(String prepayId) {
    long seconds = clock.instant().getEpochSecond();
    String nonce = Ids.base62("", 32);
    String order = "prepay_id=" + prepayId;
    Map<String, String> params = new LinkedHashMap<>();
    params.put("appId", config.appId());
    params.put("timeStamp", Long.toString(seconds));
    params.put("nonceStr", nonce);
    params.put("package", order);
    params.put("signType", "RSA");
    params.put(
        "paySign",
        WechatSigning.clientSignature(config.appId(), seconds, nonce, order, config.merchantKey()));
    return Placed.client(prepayId, params);
  }

  private Placed app(String prepayId) {
    long seconds = clock.instant().getEpochSecond();
    String nonce = Ids.base62("", 32);
    Map<String, String> params = new LinkedHashMap<>();
    params.put("appid", config.appId());
    params.put("partnerid", config.merchantId());
    params.put("prepayid", prepayId);
    params.put("package", "Sign=WXPay");
    params.put("noncestr", nonce);
    params.put("timestamp", Long.toString(seconds));
    params.put(
        "sign",
        WechatSigning.clientSignature(
            config.appId(), seconds, nonce, prepayId, config.merchantKey()));
    return Placed.client(prepayId, params);
  }

  @Override
  public Future<Reply<Trade>> query(String outTradeNo) {
    String path = ORDERS + "out-trade-no/" + outTradeNo + "?mchid=" + config.merchantId();
    return gateway.call(
        HttpMethod.GET,
        path,
        null,
        json -> {
          Trade trade = WechatWords.trade(json);
          if (!trade.outTradeNo().equals(outTradeNo)) {
            throw new Wire.Malformed("the answer is about another order");
          }
          return trade;
        });
  }

  @Override
  public Future<Reply<Closed>> close(String outTradeNo) {
    return gateway.call(
        HttpMethod.POST,
        ORDERS + "out-trade-no/" + outTradeNo + "/close",
        new JsonObject().put("mchid", config.merchantId()),
        none -> new Closed(outTradeNo));
  }

  @Override
  public Future<Reply<Refund>> refund(RefundRequest refund) {
    JsonObject body =
        new JsonObject()
            .put("out_trade_no", refund.outTradeNo())
            .put("out_refund_no", refund.outRefundNo())
            .put("notify_url", config.notifyUrl())
            .put(
                "amount",
                new JsonObject()
                    .put("refund", refund.refundFen())
                    .put("total", refund.totalFen())
                    .put("currency", "CNY"));
    if (refund.reason() != null) {
      body.put("reason", Text.cut(refund.reason(), 80));
    }
    return gateway.call(HttpMethod.POST, REFUNDS, body, json -> refund(json, refund.outRefundNo()));
  }

  @Override
  public Future<Reply<Refund>> queryRefund(String outTradeNo, String outRefundNo) {
    return gateway.call(
        HttpMethod.GET, REFUNDS + "/" + outRefundNo, null, json -> refund(json, outRefundNo));
  }

  private static Refund refund(JsonObject json, String outRefundNo) {
    Refund refund = WechatWords.refund(json, "status");
    if (!refund.outRefundNo().equals(outRefundNo)) {
      throw new Wire.Malformed("the answer is about another refund");
    }
    return refund;
  }

  @Override
  public Future<Reply<BillFile>> bill(LocalDate day) {
    String path = "/v3/bill/tradebill?bill_date=" + day + "&bill_type=ALL&tar_type=GZIP";
    return gateway
        .call(HttpMethod.GET, path, null, Function.identity())
        .compose(
            reply ->
                reply instanceof Reply.Answered<JsonObject> link
                    ? download(link.value())
                    : Future.succeededFuture(reply.map(none -> null)));
  }

  /** The download is signed by us but not by WeChat: the hash of the signed answer stands in. */
  private Future<Reply<BillFile>> download(JsonObject link) {
    String url = String.valueOf(link.getValue("download_url"));
    Object hash = link.getValue("hash_value");
    if (!Wire.at(url, config.billOrigins())
        || !"SHA1".equals(link.getValue("hash_type"))
        || !(hash instanceof String sha1)) {
      return Future.succeededFuture(new Reply.Unknown<>("the bill's link or hash is not usable"));
    }
    String path = url.substring(url.indexOf('/', url.indexOf("://") + 3));
    RailHttp.Call call =
        new RailHttp.Call(
            HttpMethod.GET,
            url,
            gateway.headers(HttpMethod.GET, path, Buffer.buffer()),
            Buffer.buffer());
    return http.<Buffer>call(
            call,
            limits.billTimeoutMillis(),
            limits.maxBillBytes(),
            answer ->
                answer.status() == 200
                    ? new Reply.Answered<>(answer.body())
                    : new Reply.Unknown<>("status " + answer.status() + " for the bill"))
        .compose(reply -> checked(reply, sha1));
  }

  private Future<Reply<BillFile>> checked(Reply<Buffer> reply, String sha1) {
    if (!(reply instanceof Reply.Answered<Buffer> packed)) {
      return Future.succeededFuture(reply.map(none -> null));
    }
    BillFile file = BillFile.wechat(packed.value().getBytes(), limits.maxBillTextBytes());
    return vertx
        .executeBlocking(() -> file.sha1(), false)
        .map(
            found ->
                found.equalsIgnoreCase(sha1)
                    ? (Reply<BillFile>) new Reply.Answered<>(file)
                    : new Reply.Unknown<BillFile>("the bill does not have the promised hash"))
        .recover(broken -> Future.succeededFuture(new Reply.Unknown<>("the bill does not unpack")));
  }

  @Override
  public Verdict verify(Inbound inbound) {
    return notices.verify(inbound);
  }

  @Override
  public Answer acknowledgement() {
    return new Answer(200, "application/json", "{\"code\":\"SUCCESS\",\"message\":\"成功\"}");
  }

  @Override
  public Answer refusal(int status, String message) {
    return new Answer(
        status,
        "application/json",
        new JsonObject().put("code", "FAIL").put("message", message).encode());
  }
}
