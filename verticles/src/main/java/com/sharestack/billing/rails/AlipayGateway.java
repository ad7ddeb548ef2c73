package com.sharestack.billing.rails;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** One signed call to Alipay's gateway, and what its answer amounts to. */
final class AlipayGateway {

  private static final String FORM = "application/x-www-form-urlencoded;charset=utf-8";

  private final RailsConfig.Alipay config;
  private final RailHttp http;
  private final Clock clock;

  AlipayGateway(RailsConfig.Alipay config, RailHttp http, Clock clock) {
    this.config = config;
    this.http = http;
    this.clock = clock;
  }

  <T> Future<Reply<T>> call(
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

  Map<String, String> signed(String method, JsonObject content, Map<String, String> extra) {
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

  static String beijing(Instant time) {
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
}
