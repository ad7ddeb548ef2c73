package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A WeChat notification: an envelope with an encrypted resource. */
record WechatMessage(
    String outTradeNo,
    String id,
    String event,
    String url,
    String createdAt,
    JsonObject resource,
    WechatSeal seal,
    SandboxKeys keys,
    Book book)
    implements Message {

  /** 15 resends over about a day. */
  static final List<Duration> GAPS =
      Stream.of(
              15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
          .map(Duration::ofSeconds)
          .toList();

  @Override
  public TwinRail rail() {
    return TwinRail.WECHAT;
  }

  @Override
  public Wire wire(Tamper tamper) {
    JsonObject content = resource.copy();
    switch (tamper) {
      case AMOUNT -> {
        JsonObject amount = content.getJsonObject("amount");
        amount.put("total", amount.getLong("total") + 1);
      }
      case APP_ID -> content.put("appid", "wx0000000000000000");
      case MCH_ID -> content.put("mchid", "1999999999");
      default -> {
        // the content stays
      }
    }
    String nonce = book.draw(12);
    String type = event.startsWith("REFUND") ? "refund" : "transaction";
    JsonObject envelope =
        new JsonObject()
            .put("id", id)
            .put("create_time", createdAt)
            .put("event_type", event)
            .put("resource_type", "encrypt-resource")
            .put("summary", type.equals("refund") ? "退款通知" : "支付成功")
            .put(
                "resource",
                new JsonObject()
                    .put("original_type", type)
                    .put("algorithm", "AEAD_AES_256_GCM")
                    .put(
                        "ciphertext",
                        TwinCrypto.seal(
                            content.toBuffer().getBytes(), keys.apiV3Key(), nonce, type))
                    .put("associated_data", type)
                    .put("nonce", nonce));
    Buffer body = envelope.toBuffer();
    Map<String, String> headers = seal.headers(body, tamper == Tamper.TIMESTAMP ? 600 : 0);
    headers.put("Content-Type", "application/json");
    String good = headers.get("Wechatpay-Signature");
    switch (tamper) {
      case SIGNATURE -> headers.put("Wechatpay-Signature", WechatSeal.broken(good));
      case SIGNTEST -> headers.put("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + good);
      case SERIAL -> headers.put("Wechatpay-Serial", "PUB_KEY_ID_9999");
      default -> {
        // validly signed
      }
    }
    return new Wire(headers, body);
  }

  @Override
  public List<Duration> gaps() {
    return GAPS;
  }

  @Override
  public boolean acknowledged(int status, Buffer body) {
    return status == 200 || status == 204;
  }

  static JsonObject transaction(Order order) {
    return WechatTwin.trade(order).put("trade_state", "SUCCESS");
  }

  static JsonObject refund(Order order, TwinRefund refund) {
    JsonObject json =
        new JsonObject()
            .put("mchid", SandboxKeys.MERCHANT_ID)
            .put("out_trade_no", order.terms.outTradeNo())
            .put("transaction_id", order.transactionId)
            .put("out_refund_no", refund.outRefundNo)
            .put("refund_id", refund.refundId)
            .put("refund_status", refund.state.name())
            .put("user_received_account", "支付用户零钱")
            .put(
                "amount",
                new JsonObject()
                    .put("total", order.paidFen)
                    .put("refund", refund.amountFen)
                    .put("payer_total", order.paidFen)
                    .put("payer_refund", refund.amountFen));
    if (refund.state == TwinRefund.State.SUCCESS) {
      json.put("success_time", TwinClock.rfc3339(refund.doneAt));
    }
    return json;
  }
}
