package com.sharestack.billing.rails;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/** The texts WeChat Pay APIv3 signs, and the check of what it sends. */
final class WechatSigning {

  static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private WechatSigning() {}

  /** Five lines: method, path with query, seconds, nonce, body. */
  static byte[] requestText(
      String method, String pathAndQuery, long seconds, String nonce, byte[] body) {
    return lines(method + '\n' + pathAndQuery + '\n' + seconds + '\n' + nonce + '\n', body);
  }

  /** Three lines: seconds, nonce, body; of answers and of notifications. */
  static byte[] answerText(String seconds, String nonce, byte[] body) {
    return lines(seconds + '\n' + nonce + '\n', body);
  }

  private static byte[] lines(String head, byte[] body) {
    return Buffer.buffer(head).appendBytes(body).appendByte((byte) '\n').getBytes();
  }

  static String authorization(
      String merchantId, String serial, String nonce, long seconds, String signature) {
    return "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",signature=\"%s\",timestamp=\"%d\",serial_no=\"%s\""
        .formatted(merchantId, nonce, signature, seconds, serial);
  }

  /** What the payer's client hands to WeChat: {@code last} is the package or the bare prepay id. */
  static String clientSignature(
      String appId, long seconds, String nonce, String last, PrivateKey key) {
    return Rsa.sign(Wire.utf8(appId + '\n' + seconds + '\n' + nonce + '\n' + last + '\n'), key);
  }

  /**
   * Null when answer or notification is authentic and fresh. Probe traffic ({@code
   * WECHATPAY/SIGNTEST/…}) fails like any other wrong signature: that is what it tests.
   */
  static Verdict.Rejected check(
      MultiMap headers, byte[] body, Map<String, PublicKey> keys, Instant now) {
    String seconds = headers.get("Wechatpay-Timestamp");
    String nonce = headers.get("Wechatpay-Nonce");
    String signature = headers.get("Wechatpay-Signature");
    String serial = headers.get("Wechatpay-Serial");
    if (seconds == null || nonce == null || signature == null || serial == null) {
      return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "a signature header is missing");
    }
    String type = headers.get("Wechatpay-Signature-Type");
    if (type != null && !type.equals("WECHATPAY2-SHA256-RSA2048")) {
      return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "another signature type");
    }
    if (!SECONDS.matcher(seconds).matches()) {
      return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "the timestamp is no number");
    }
    PublicKey key = keys.get(serial);
    if (key == null) {
      return new Verdict.Rejected(Verdict.Reason.UNKNOWN_KEY, "no platform key of that serial");
    }
    if (!Rsa.verifies(answerText(seconds, nonce, body), signature, key)) {
      return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "the signature is wrong");
    }
    Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs();
    return age.compareTo(TOLERANCE) > 0
        ? new Verdict.Rejected(Verdict.Reason.STALE, "signed " + age.toSeconds() + " s from now")
        : null;
  }
}
