package com.sharestack.billing.rails;

import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** One signed call to WeChat Pay, and what its answer amounts to. */
final class WechatGateway {

  private final RailsConfig.Wechat config;
  private final RailHttp http;
  private final Clock clock;

  WechatGateway(RailsConfig.Wechat config, RailHttp http, Clock clock) {
    this.config = config;
    this.http = http;
    this.clock = clock;
  }

  <T> Future<Reply<T>> call(
      HttpMethod method, String path, JsonObject json, Function<JsonObject, T> read) {
    Buffer body = json == null ? Buffer.buffer() : json.toBuffer();
    RailHttp.Call call =
        new RailHttp.Call(method, config.baseUrl() + path, headers(method, path, body), body);
    return http.call(call, answer -> reply(answer, read));
  }

  Map<String, String> headers(HttpMethod method, String path, Buffer body) {
    long seconds = clock.instant().getEpochSecond();
    String nonce = Ids.base62("", 32);
    byte[] text = WechatSigning.requestText(method.name(), path, seconds, nonce, body.getBytes());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        "Authorization",
        WechatSigning.authorization(
            config.merchantId(),
            config.serial(),
            nonce,
            seconds,
            Rsa.sign(text, config.merchantKey())));
    headers.put("Wechatpay-Serial", config.wantedKey());
    headers.put("Accept", "application/json");
    headers.put("User-Agent", "ShareStack");
    if (body.length() > 0) {
      headers.put("Content-Type", "application/json");
    }
    return headers;
  }

  private <T> Reply<T> reply(RailHttp.Exchange answer, Function<JsonObject, T> read) {
    boolean signed = answer.headers().contains("Wechatpay-Signature");
    Verdict.Rejected wrong =
        WechatSigning.check(
            answer.headers(), answer.body().getBytes(), config.platformKeys(), clock.instant());
    int status = answer.status();
    if (wrong != null && (signed || status < 400)) {
      return new Reply.Unknown<>("status " + status + ", " + wrong.detail());
    }
    if (status == 200 || status == 204) {
      boolean empty = answer.body().length() == 0;
      return new Reply.Answered<>(
          read.apply(empty ? new JsonObject() : new JsonObject(answer.body())));
    }
    if (status < 400 || status >= 500) {
      return new Reply.Unknown<>("status " + status);
    }
    JsonObject error = new JsonObject(answer.body());
    String code = Wire.text(error, "code");
    String message = String.valueOf(Wire.optional(error, "message"));
    return new Reply.Refused<>(
        WechatWords.refusal(status, code, message), code, message, wrong == null);
  }
}
