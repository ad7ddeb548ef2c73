package com.sharestack.sandbox;

import java.util.Locale;

/** The rails that are played here. */
enum TwinRail {
  WECHAT,
  ALIPAY;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String label() {
    return this == WECHAT ? "微信支付" : "支付宝";
  }
}
