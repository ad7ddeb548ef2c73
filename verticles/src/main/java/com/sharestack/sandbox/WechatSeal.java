package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what the merchant signs and signs what WeChat Pay sends. */
final class WechatSeal implements Serving.Voice {

  private static final Pattern PAIR = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
  private static final String SCHEMA = "WECHATPAY2-SHA256-RSA2048 ";
  private static final long TOLERANCE_SECONDS = 300;
  private static final int NONCES = 20_000;

  private final SandboxKeys keys;
  private final TwinClock clock;
  private final Book book;
  private final Set<String> nonces = new LinkedHashSet<>();
  private String platformId = SandboxKeys.PLATFORM_ID;

  WechatSeal(SandboxKeys keys, TwinClock clock, Book book) {
    this.keys = keys;
    this.clock = clock;
    this.book = book;
  }

  /** From now on the coming key signs. */
  void rotate() {
    platformId =
        platformId.equals(SandboxKeys.PLATFORM_ID)
            ? SandboxKeys.NEXT_PLATFORM_ID
            : SandboxKeys.PLATFORM_ID;
  }

  String platformId() {
    return platformId;
  }

  /**
   * @throws TwinError unless the merchant signed this very request, now, for the first time
   */
  void check(HttpServerRequest request, Buffer body) {
    String header = request.getHeader("Authorization");
    if (header == null || !header.startsWith(SCHEMA)) {
      throw new TwinError(TwinError.Kind.SIGNATURE, "Authorization");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(header);
    while (matcher.find()) {
      pairs.put(matcher.group(1), matcher.group(2));
    }
    String nonce = pairs.getOrDefault("nonce_str", "");
    String seconds = pairs.getOrDefault("timestamp", "");
    if (!SandboxKeys.MERCHANT_ID.equals(pairs.get("mchid"))
        || !SandboxKeys.MERCHANT_SERIAL.equals(pairs.get("serial_no"))) {
      throw new TwinError(TwinError.Kind.SIGNATURE, "商户号或证书序列号");
    }
    if (!seconds.matches("[0-9]{1,12}")
        || Math.abs(Long.parseLong(seconds) - clock.wire().getEpochSecond()) > TOLERANCE_SECONDS) {
      throw new TwinError(TwinError.Kind.SIGNATURE, "时间戳");
    }
    Buffer text =
        Buffer.buffer(request.method().name() + '\n' + request.uri() + '\n')
            .appendString(seconds + '\n' + nonce + '\n')
            .appendBuffer(body)
            .appendString("\n");
    if (!TwinCrypto.verifies(
        text.getBytes(), pairs.getOrDefault("signature", ""), keys.merchantPublicKey())) {
      throw new TwinError(TwinError.Kind.SIGNATURE);
    }
    remember(nonce);
  }

  private void remember(String nonce) {
    if (nonce.length() > 32 || !nonces.add(nonce)) {
      throw new TwinError(TwinError.Kind.SIGNATURE, "随机串重复");
    }
    if (nonces.size() > NONCES) {
      nonces.remove(nonces.iterator().next());
    }
  }

  /** Signature headers over {@code body}, as of {@code ageSeconds} ago. */
  Map<String, String> headers(Buffer body, long ageSeconds) {
    String seconds = Long.toString(clock.wire().getEpochSecond() - ageSeconds);
    String nonce = book.draw(32);
    Buffer text =
        Buffer.buffer(seconds + '\n' + nonce + '\n').appendBuffer(body).appendString("\n");
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Wechatpay-Timestamp", seconds);
    headers.put("Wechatpay-Nonce", nonce);
    headers.put(
        "Wechatpay-Signature", TwinCrypto.sign(text.getBytes(), keys.platformKey(platformId)));
    headers.put("Wechatpay-Serial", platformId);
    headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
    headers.put("Request-ID", book.draw(32));
    return headers;
  }

  TwinAnswer signed(int status, JsonObject json) {
    TwinAnswer answer = TwinAnswer.json(status, json);
    answer.headers().putAll(headers(answer.body(), 0));
    return answer;
  }

  /** Errors of the gateway itself come unsigned, the business's signed. */
  @Override
  public TwinAnswer refusal(TwinError error) {
    JsonObject body =
        new JsonObject().put("code", error.kind.wechat).put("message", error.getMessage());
    boolean gateway =
        error.kind == TwinError.Kind.SIGNATURE || error.kind == TwinError.Kind.FREQUENCY;
    return gateway ? TwinAnswer.json(error.kind.status, body) : signed(error.kind.status, body);
  }

  @Override
  public TwinAnswer planted(Fault fault) {
    if (fault.kind() == Fault.Kind.SYSTEM_ERROR) {
      return TwinAnswer.json(
          500, new JsonObject().put("code", "SYSTEM_ERROR").put("message", "系统异常，请稍后重试"));
    }
    return signed(
        fault.status(), new JsonObject().put("code", fault.code()).put("message", fault.message()));
  }

  @Override
  public TwinAnswer spoilt(TwinAnswer answer, Fault.Kind kind) {
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    switch (kind) {
      case UNSIGNED -> headers.keySet().removeIf(name -> name.startsWith("Wechatpay-"));
      case SIGNTEST ->
          headers.computeIfPresent(
              "Wechatpay-Signature", (name, good) -> "WECHATPAY/SIGNTEST/" + good);
      case STALE_TIMESTAMP -> headers.putAll(headers(answer.body(), 600));
      case WRONG_SERIAL -> headers.put("Wechatpay-Serial", "PUB_KEY_ID_9999");
      default -> headers.computeIfPresent("Wechatpay-Signature", (name, good) -> broken(good));
    }
    return new TwinAnswer(answer.status(), headers, answer.body());
  }

  /** Of the right form, but wrong. */
  static String broken(String signature) {
    char first = signature.charAt(10) == 'A' ? 'B' : 'A';
    return signature.substring(0, 10) + first + signature.substring(11);
  }
}
