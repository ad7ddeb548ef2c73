package com.sharestack.billing.rails;

/** How the payer gets to pay. Each rail says which it has: {@link Rail#products()}. */
public enum Product {
  /** A QR code for the payer's phone: WeChat Native, Alipay precreate. */
  NATIVE,
  /** A page for a mobile browser: WeChat H5, Alipay wap. */
  H5,
  /** Inside the WeChat client; needs the payer's openid. */
  JSAPI,
  /** Parameters for the rail's app SDK. */
  APP,
  /** A page for a desktop browser: Alipay page pay. */
  PAGE
}
