package com.sharestack.billing.rails;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;

/** Checks and reads WeChat Pay's notifications; nothing is parsed before its signature holds. */
final class WechatNotices {

  private final RailsConfig.Wechat config;
  private final Clock clock;

  WechatNotices(RailsConfig.Wechat config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  Verdict verify(Inbound inbound) {
    byte[] body = inbound.body().getBytes();
    if (body.length > Inbound.MAX_BYTES) {
      return new Verdict.Rejected(Verdict.Reason.TOO_LONG, body.length + " bytes");
    }
    Verdict.Rejected wrong =
        WechatSigning.check(inbound.headers(), body, config.platformKeys(), clock.instant());
    if (wrong != null) {
      return wrong;
    }
    try {
      return new Verdict.Authentic(read(new JsonObject(inbound.body())));
    } catch (Wire.Malformed | DecodeException | ClassCastException e) {
      return new Verdict.Rejected(Verdict.Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private Notice read(JsonObject envelope) {
    String id = Wire.text(envelope, "id");
    String event = Wire.text(envelope, "event_type");
    JsonObject resource = Wire.object(envelope, "resource");
    byte[] plain = WechatResource.open(resource, config.apiV3Key());
    JsonObject content = new JsonObject(Buffer.buffer(plain));
    String digest = Wire.sha256(Buffer.buffer(event + '\n').appendBytes(plain).getBytes());
    String appId = Wire.optional(content, "appid");
    String merchantId = Wire.optional(content, "mchid");
    if (event.equals("TRANSACTION.SUCCESS")) {
      Trade trade = WechatWords.trade(content);
      return new Notice(id, Notice.Kind.PAYMENT, event, appId, merchantId, trade, null, digest);
    }
    if (event.startsWith("REFUND.")) {
      Refund refund = WechatWords.refund(content, "refund_status");
      return new Notice(id, Notice.Kind.REFUND, event, appId, merchantId, null, refund, digest);
    }
    return new Notice(id, Notice.Kind.OTHER, event, appId, merchantId, null, null, digest);
  }
}
