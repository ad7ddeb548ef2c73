package com.sharestack.billing;

import com.sharestack.billing.rails.Channel;
import com.sharestack.platform.config.Config;
import com.sharestack.sandbox.SandboxRails;
import com.sharestack.testing.TestRails;
import java.util.List;

/** How a node of tests is pointed at the sandbox. */
public final class PaidRails {

  private PaidRails() {}

  /** Environment variables, in pairs, that point a node at the sandbox. */
  public static List<String> environment(TestRails rails) {
    Config.Rails set =
        SandboxRails.of(
            new Config.Rails(null, null, 4_000, null, null), TestRails.KEYS, rails.origin());
    Config.Rails.Wechat wechat = set.wechat();
    Config.Rails.Alipay alipay = set.alipay();
    String p = "SHARESTACK_RAILS_";
    String notify = rails.notifyUrl(Channel.WECHAT);
    return List.of(
        p + "NOTIFY_URL", notify.substring(0, notify.lastIndexOf('/') + 1),
        p + "CASHIER_URL", set.cashierUrl(),
        p + "WECHAT_BASE_URL", wechat.baseUrl(),
        p + "WECHAT_APP_ID", wechat.appId(),
        p + "WECHAT_MERCHANT_ID", wechat.merchantId(),
        p + "WECHAT_MERCHANT_SERIAL", wechat.merchantSerial(),
        p + "WECHAT_MERCHANT_KEY", wechat.merchantKey(),
        p + "WECHAT_API_V3_KEY", wechat.apiV3Key(),
        p + "WECHAT_PLATFORM_KEYS", String.join(",", wechat.platformKeys()),
        p + "ALIPAY_GATEWAY", alipay.gateway(),
        p + "ALIPAY_APP_ID", alipay.appId(),
        p + "ALIPAY_SELLER_ID", alipay.sellerId(),
        p + "ALIPAY_APP_KEY", alipay.appKey(),
        p + "ALIPAY_ALIPAY_KEY", alipay.alipayKey());
  }
}
