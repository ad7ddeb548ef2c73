package com.sharestack.billing.rails;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Start-up configuration of the rails; never a setting, never logged.
 *
 * @param wechat null = rail is off
 * @param alipay null = rail is off
 */
public record RailsConfig(Wechat wechat, Alipay alipay, Limits limits) {

  public RailsConfig {
    Objects.requireNonNull(limits, "limits");
  }

  /**
   * @param baseUrl {@code https://api.mch.weixin.qq.com}, no trailing slash
   * @param serial of the merchant's API certificate
   * @param apiV3Key 32 bytes as text
   * @param platformKeys serial or PUB_KEY_ID_… to key, the wanted one first; two while rotating
   * @param notifyUrl public, without query string
   * @param billOrigins {@code scheme://host[:port]} that bills may be fetched from
   */
  public record Wechat(
      String baseUrl,
      String appId,
      String merchantId,
      String serial,
      PrivateKey merchantKey,
      String apiV3Key,
      Map<String, PublicKey> platformKeys,
      String notifyUrl,
      List<String> billOrigins) {

    public Wechat {
      platformKeys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(platformKeys));
      billOrigins = List.copyOf(billOrigins);
      if (platformKeys.isEmpty()) {
        throw new IllegalArgumentException("WeChat Pay needs at least one platform key");
      }
      if (apiV3Key.getBytes(java.nio.charset.StandardCharsets.UTF_8).length != 32) {
        throw new IllegalArgumentException("the APIv3 key must be 32 bytes long");
      }
      if (notifyUrl.contains("?")) {
        throw new IllegalArgumentException("WeChat Pay takes no query string in notifyUrl");
      }
    }

    String wantedKey() {
      return platformKeys.keySet().iterator().next();
    }

    @Override
    public String toString() {
      return "Wechat[" + baseUrl + ", " + merchantId + "]";
    }
  }

  /**
   * @param gateway {@code https://openapi.alipay.com/gateway.do}
   * @param sellerId our partner id (2088…)
   * @param alipayKey of Alipay, not of the app
   * @param billOrigins {@code scheme://host[:port]} that bills may be fetched from
   */
  public record Alipay(
      String gateway,
      String appId,
      String sellerId,
      PrivateKey appKey,
      PublicKey alipayKey,
      String notifyUrl,
      List<String> billOrigins) {

    public Alipay {
      Objects.requireNonNull(appKey, "appKey");
      // The vendor's SDK takes a missing key for a valid signature; here it is no configuration.
      Objects.requireNonNull(alipayKey, "alipayKey");
      billOrigins = List.copyOf(billOrigins);
    }

    @Override
    public String toString() {
      return "Alipay[" + gateway + ", " + appId + "]";
    }
  }

  /**
   * @param connectTimeoutMillis of one connection
   * @param callTimeoutMillis of one call, waiting for a connection included
   * @param billTimeoutMillis of a bill's download
   * @param maxAnswerBytes longer answers count as unreadable
   * @param maxBillBytes of a bill as sent (compressed); it is held in memory
   * @param maxBillTextBytes of a bill unpacked; it is streamed
   * @param connections per rail
   * @param waitQueue calls waiting for a connection, per rail
   * @param breakerFailures unanswered calls in a row that open the breaker
   * @param breakerResetMillis until one call tries again
   */
  public record Limits(
      int connectTimeoutMillis,
      long callTimeoutMillis,
      long billTimeoutMillis,
      int maxAnswerBytes,
      int maxBillBytes,
      long maxBillTextBytes,
      int connections,
      int waitQueue,
      int breakerFailures,
      long breakerResetMillis) {

    /** The contract's: connect 3 s, total 10 s. */
    public static final Limits DEFAULT =
        new Limits(3_000, 10_000, 120_000, 1 << 20, 64 << 20, 1L << 30, 32, 256, 10, 5_000);

    public Limits withCallTimeoutMillis(long millis) {
      return new Limits(
          connectTimeoutMillis,
          millis,
          billTimeoutMillis,
          maxAnswerBytes,
          maxBillBytes,
          maxBillTextBytes,
          connections,
          waitQueue,
          breakerFailures,
          breakerResetMillis);
    }

    public Limits withBreaker(int failures, long resetMillis) {
      return new Limits(
          connectTimeoutMillis,
          callTimeoutMillis,
          billTimeoutMillis,
          maxAnswerBytes,
          maxBillBytes,
          maxBillTextBytes,
          connections,
          waitQueue,
          failures,
          resetMillis);
    }
  }
}
