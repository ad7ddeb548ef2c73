package com.sharestack.sandbox;

import com.sharestack.platform.config.Config;
import java.security.Key;
import java.util.Base64;
import java.util.List;

/** What our node configures to have the sandbox in the place of the rails. */
public final class SandboxRails {

  private SandboxRails() {}

  /**
   * @param rails as configured; its addresses and limits stay
   * @param origin of the sandbox
   */
  public static Config.Rails of(Config.Rails rails, SandboxKeys keys, String origin) {
    List<String> platformKeys =
        keys.platformKeys().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
            .toList();
    return new Config.Rails(
        rails.notifyUrl(),
        rails.cashierUrl() == null ? origin + "/cashier/{out_trade_no}" : rails.cashierUrl(),
        rails.callTimeoutMillis(),
        new Config.Rails.Wechat(
            origin,
            SandboxKeys.WECHAT_APP_ID,
            SandboxKeys.MERCHANT_ID,
            SandboxKeys.MERCHANT_SERIAL,
            text(keys.merchantKey()),
            keys.apiV3Key(),
            platformKeys),
        new Config.Rails.Alipay(
            origin + "/gateway.do",
            SandboxKeys.ALIPAY_APP_ID,
            SandboxKeys.SELLER_ID,
            text(keys.appKey()),
            text(keys.alipayPublicKey())));
  }

  private static String text(Key key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }
}
