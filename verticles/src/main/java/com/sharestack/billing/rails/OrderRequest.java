package com.sharestack.billing.rails;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is to be paid.
 *
 * @param outTradeNo our number, 6 to 32 of [0-9A-Za-z]; a repeat must carry the same values
 * @param amountFen above 0
 * @param subject one line for the payer, at most 127 bytes reach WeChat
 * @param expiresAt the rail closes the order then
 * @param returnUrl page after paying, null = none; Alipay PAGE and H5 only
 * @param openid of the payer, JSAPI only
 * @param payerIp H5 only
 */
public record OrderRequest(
    Product product,
    String outTradeNo,
    long amountFen,
    String subject,
    Instant expiresAt,
    String returnUrl,
    String openid,
    String payerIp) {

  static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z]{6,32}");

  public OrderRequest {
    Objects.requireNonNull(product, "product");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(expiresAt, "expiresAt");
    if (outTradeNo == null || !NUMBER.matcher(outTradeNo).matches()) {
      throw new IllegalArgumentException("outTradeNo must be 6 to 32 letters and digits");
    }
    if (amountFen <= 0) {
      throw new IllegalArgumentException("amountFen must be above 0, not " + amountFen);
    }
    if (product == Product.JSAPI && openid == null) {
      throw new IllegalArgumentException("JSAPI needs the payer's openid");
    }
    if (product == Product.H5 && payerIp == null) {
      throw new IllegalArgumentException("H5 needs the payer's address");
    }
  }

  public static OrderRequest of(
      Product product, String outTradeNo, long amountFen, String subject, Instant expiresAt) {
    return new OrderRequest(
        product, outTradeNo, amountFen, subject, expiresAt, null, null, "127.0.0.1");
  }
}
