package com.sharestack.billing.rails;

/** A payment rail, by the literal the contract uses for it. */
public enum Channel {
  WECHAT("wechat"),
  ALIPAY("alipay");

  private final String code;

  Channel(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
