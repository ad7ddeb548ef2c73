package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Checks what the application signs and signs what Alipay sends. */
final class AlipaySeal {

  private static final Duration TOLERANCE = Duration.ofMinutes(15);

  private final SandboxKeys keys;
  private final TwinClock clock;

  AlipaySeal(SandboxKeys keys, TwinClock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * @throws TwinError unless our application signed these parameters, today
   */
  void check(Map<String, String> parameters) {
    if (!SandboxKeys.ALIPAY_APP_ID.equals(parameters.get("app_id"))) {
      throw new TwinError(TwinError.Kind.STRANGER);
    }
    if (!"RSA2".equals(parameters.get("sign_type")) || !"1.0".equals(parameters.get("version"))) {
      throw new TwinError(TwinError.Kind.PARAMETER, "sign_type, version");
    }
    byte[] text = text(parameters).getBytes(StandardCharsets.UTF_8);
    String sign = parameters.getOrDefault("sign", "");
    if (!TwinCrypto.verifies(text, sign, keys.appPublicKey())) {
      throw new TwinError(TwinError.Kind.SIGNATURE);
    }
    try {
      Duration age =
          Duration.between(
                  TwinClock.ofSpaced(parameters.getOrDefault("timestamp", "")), clock.wire())
              .abs();
      if (age.compareTo(TOLERANCE) > 0) {
        throw new TwinError(TwinError.Kind.PARAMETER, "timestamp");
      }
    } catch (DateTimeException e) {
      throw new TwinError(TwinError.Kind.PARAMETER, "timestamp");
    }
  }

  /** Non-empty, without sign, sorted, joined. */
  static String text(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> entry : new TreeMap<>(parameters).entrySet()) {
      if (!entry.getKey().equals("sign") && !entry.getValue().isEmpty()) {
        text.append(text.length() == 0 ? "" : "&")
            .append(entry.getKey())
            .append('=')
            .append(entry.getValue());
      }
    }
    return text.toString();
  }

  String sign(String text) {
    return TwinCrypto.sign(text, keys.alipayKey());
  }

  /** A notification or browser return: {@code sign_type} is sent but not signed. */
  Map<String, String> signed(Map<String, String> parameters) {
    Map<String, String> signed = new LinkedHashMap<>(parameters);
    signed.remove("sign_type");
    String sign = sign(text(signed));
    signed.put("sign_type", "RSA2");
    signed.put("sign", sign);
    return signed;
  }

  TwinAnswer answer(String method, JsonObject node) {
    return raw(name(method), node.encode(), sign(node.encode()));
  }

  /** How refusals of {@code method} are written, and how its answers are spoilt. */
  Serving.Voice voice(String method) {
    return new Serving.Voice() {
      @Override
      public TwinAnswer refusal(TwinError error) {
        boolean gateway =
            error.kind == TwinError.Kind.STRANGER || error.kind == TwinError.Kind.SIGNATURE;
        String code =
            gateway ? "40002" : error.kind == TwinError.Kind.FREQUENCY ? "40005" : "40004";
        JsonObject node = error(code, error.kind.alipay, error.getMessage());
        return gateway
            ? raw("error_response", node.encode(), null)
            : AlipaySeal.this.answer(method, node);
      }

      @Override
      public TwinAnswer planted(Fault fault) {
        return fault.kind() == Fault.Kind.SYSTEM_ERROR
            ? AlipaySeal.this.answer(method, error("20000", "isp.unknow-error", "服务不可用"))
            : AlipaySeal.this.answer(method, error("40004", fault.code(), fault.message()));
      }

      @Override
      public TwinAnswer spoilt(TwinAnswer answer, Fault.Kind kind) {
        String text = answer.body().toString();
        int at = text.lastIndexOf(",\"sign\":\"");
        if (at < 0) {
          return answer;
        }
        String sign = text.substring(at + 9, text.length() - 2);
        String spoilt =
            kind == Fault.Kind.UNSIGNED
                ? text.substring(0, at) + "}"
                : text.substring(0, at) + ",\"sign\":\"" + WechatSeal.broken(sign) + "\"}";
        return new TwinAnswer(answer.status(), answer.headers(), Buffer.buffer(spoilt));
      }
    };
  }

  private static JsonObject error(String code, String sub, String message) {
    return new JsonObject()
        .put("code", code)
        .put("msg", code.equals("20000") ? "Service Currently Unavailable" : "Business Failed")
        .put("sub_code", sub)
        .put("sub_msg", message);
  }

  private static TwinAnswer raw(String name, String node, String sign) {
    String text =
        "{\"" + name + "\":" + node + (sign == null ? "}" : ",\"sign\":\"" + sign + "\"}");
    return TwinAnswer.of(200, "text/html;charset=utf-8", Buffer.buffer(text));
  }

  private static String name(String method) {
    return method.replace('.', '_') + "_response";
  }
}
