package com.sharestack.billing.rails;

import java.util.Map;

/**
 * What the payer's device needs; only the fields of the chosen product are set.
 *
 * @param qrCode text of the QR code (NATIVE)
 * @param payUrl page to open (H5, PAGE)
 * @param prepayId WeChat's session of two hours (JSAPI, APP)
 * @param clientParams signed call-up parameters (WeChat JSAPI, APP)
 * @param orderString signed order for the app SDK (Alipay APP)
 */
public record Placed(
    String qrCode,
    String payUrl,
    String prepayId,
    Map<String, String> clientParams,
    String orderString) {

  static Placed qr(String code) {
    return new Placed(code, null, null, Map.of(), null);
  }

  static Placed page(String url) {
    return new Placed(null, url, null, Map.of(), null);
  }

  static Placed client(String prepayId, Map<String, String> params) {
    return new Placed(null, null, prepayId, Map.copyOf(params), null);
  }

  static Placed order(String text) {
    return new Placed(null, null, null, Map.of(), text);
  }
}
