package com.sharestack.billing;

import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.config.ConfigException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Turns the configuration's texts into keys and addresses of the rails. */
final class RailsSetup {

  private static final String WEBHOOKS = "/api/v1/payments/webhooks/";

  private RailsSetup() {}

  /**
   * A rail without any of its values is off.
   *
   * @throws ConfigException naming the rail that is half configured, or whose key cannot be read
   */
  static RailsConfig of(Config config) {
    Config.Rails rails = config.rails();
    String notify =
        rails.notifyUrl() == null ? config.http().publicUrl() + WEBHOOKS : rails.notifyUrl();
    String base = notify.endsWith("/") ? notify : notify + "/";
    return new RailsConfig(
        wechat(rails.wechat(), base + "wechat"),
        alipay(rails.alipay(), base + "alipay"),
        RailsConfig.Limits.DEFAULT.withCallTimeoutMillis(rails.callTimeoutMillis()));
  }

  private static RailsConfig.Wechat wechat(Config.Rails.Wechat set, String notifyUrl) {
    String platform = set.platformKeys().isEmpty() ? null : "set";
    if (off(
        "rails.wechat",
        set.baseUrl(),
        set.appId(),
        set.merchantId(),
        set.merchantSerial(),
        set.merchantKey(),
        set.apiV3Key(),
        platform)) {
      return null;
    }
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    for (String entry : set.platformKeys()) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new ConfigException("rails.wechat.platform_keys wants id=key, one per entry.");
      }
      keys.put(
          entry.substring(0, equals).strip(),
          open("rails.wechat.platform_keys", entry.substring(equals + 1)));
    }
    return new RailsConfig.Wechat(
        set.baseUrl(),
        set.appId(),
        set.merchantId(),
        set.merchantSerial(),
        secret("rails.wechat.merchant_key", set.merchantKey()),
        set.apiV3Key(),
        keys,
        notifyUrl,
        List.of(origin(set.baseUrl())));
  }

  private static RailsConfig.Alipay alipay(Config.Rails.Alipay set, String notifyUrl) {
    if (off(
        "rails.alipay",
        set.gateway(),
        set.appId(),
        set.sellerId(),
        set.appKey(),
        set.alipayKey())) {
      return null;
    }
    return new RailsConfig.Alipay(
        set.gateway(),
        set.appId(),
        set.sellerId(),
        secret("rails.alipay.app_key", set.appKey()),
        open("rails.alipay.alipay_key", set.alipayKey()),
        notifyUrl,
        List.of(origin(set.gateway())));
  }

  private static boolean off(String rail, String... values) {
    long present = Arrays.stream(values).filter(Objects::nonNull).count();
    if (present != 0 && present != values.length) {
      throw new ConfigException(rail + " is half configured: it needs all of its values or none.");
    }
    return present == 0;
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private static PrivateKey secret(String name, String text) {
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes(text)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ConfigException(name + " is no RSA key in PKCS #8 (PEM or Base64).");
    }
  }

  private static PublicKey open(String name, String text) {
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes(text)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ConfigException(name + " is no RSA public key (PEM or Base64).");
    }
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder()
        .decode(text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", ""));
  }
}
