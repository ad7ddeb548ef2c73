package com.sharestack.billing.rails;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Checks and reads Alipay's notifications: a form whose every parameter is signed. */
final class AlipayNotices {

  private static final int MAX_PARAMETERS = 200;

  private final PublicKey key;

  AlipayNotices(PublicKey key) {
    this.key = key;
  }

  Verdict verify(Inbound inbound) {
    byte[] body = inbound.body().getBytes();
    if (body.length > Inbound.MAX_BYTES) {
      return new Verdict.Rejected(Verdict.Reason.TOO_LONG, body.length + " bytes");
    }
    try {
      String raw = new String(body, StandardCharsets.ISO_8859_1);
      Charset charset = charset(raw);
      Map<String, String> form = form(raw, charset);
      String sign = form.get("sign");
      if (sign == null || !"RSA2".equals(form.get("sign_type"))) {
        return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "no RSA2 signature");
      }
      if (!Rsa.verifies(AlipaySigning.noticeText(form, charset), sign, key)) {
        return new Verdict.Rejected(Verdict.Reason.SIGNATURE, "the signature is wrong");
      }
      return new Verdict.Authentic(read(form));
    } catch (Wire.Malformed | IllegalArgumentException e) {
      return new Verdict.Rejected(Verdict.Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** The form names the charset it must be decoded with; its name is ASCII in all of them. */
  private static Charset charset(String raw) {
    String name = "utf-8";
    for (String pair : raw.split("&", MAX_PARAMETERS + 1)) {
      if (pair.startsWith("charset=")) {
        name = pair.substring("charset=".length());
      }
    }
    return switch (name.toLowerCase(java.util.Locale.ROOT)) {
      case "utf-8", "utf8" -> StandardCharsets.UTF_8;
      case "gbk", "gb2312", "gb18030" -> Charset.forName("GB18030");
      default -> throw new Wire.Malformed("another charset");
    };
  }

  private static Map<String, String> form(String raw, Charset charset) {
    Map<String, String> form = new LinkedHashMap<>();
    String[] pairs = raw.split("&", MAX_PARAMETERS + 1);
    if (pairs.length > MAX_PARAMETERS) {
      throw new Wire.Malformed("too many parameters");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new Wire.Malformed("no form");
      }
      String name = URLDecoder.decode(pair.substring(0, equals), charset);
      String value = URLDecoder.decode(pair.substring(equals + 1), charset);
      if (form.put(name, value) != null) {
        throw new Wire.Malformed("a parameter stands twice");
      }
    }
    return form;
  }

  private static Notice read(Map<String, String> form) {
    String id = form.get("notify_id");
    String state = form.get("trade_status");
    String type = form.getOrDefault("notify_type", "");
    if (id == null || id.isEmpty()) {
      throw new Wire.Malformed("no notify_id");
    }
    String event = state == null ? type : type + "/" + state;
    Notice.Kind kind = kind(form, state);
    boolean refunds = kind == Notice.Kind.REFUND;
    return new Notice(
        id,
        kind,
        event,
        form.get("app_id"),
        form.get("seller_id"),
        form.get("out_trade_no") == null ? null : trade(form, state),
        refunds ? refund(form) : null,
        digest(form));
  }

  private static Notice.Kind kind(Map<String, String> form, String state) {
    boolean refund = filled(form, "refund_fee") || filled(form, "gmt_refund");
    if (state == null || !filled(form, "out_trade_no")) {
      return Notice.Kind.OTHER;
    }
    if (refund) {
      return Notice.Kind.REFUND;
    }
    return switch (state) {
      case "TRADE_SUCCESS", "TRADE_FINISHED" -> Notice.Kind.PAYMENT;
      case "TRADE_CLOSED" -> Notice.Kind.CLOSED;
      default -> Notice.Kind.OTHER;
    };
  }

  private static Trade trade(Map<String, String> form, String state) {
    boolean paid = filled(form, "gmt_payment");
    String amount = form.get("total_amount");
    return new Trade(
        form.get("out_trade_no"),
        form.get("trade_no"),
        state == null ? TradeState.UNKNOWN : AlipayWords.state(state, paid),
        state,
        amount == null ? -1 : AlipayWords.amount(amount),
        "CNY",
        form.get("app_id"),
        form.get("seller_id"),
        AlipayWords.time(form.get("gmt_payment")));
  }

  /** {@code refund_fee} is cumulative; the amount of this one refund is not told. */
  private static Refund refund(Map<String, String> form) {
    String total = form.get("refund_fee");
    return new Refund(
        form.get("out_trade_no"),
        form.get("out_biz_no"),
        null,
        RefundState.SUCCESS,
        form.get("trade_status"),
        -1,
        total == null || total.isEmpty() ? -1 : AlipayWords.amount(total),
        AlipayWords.time(form.get("gmt_refund")));
  }

  private static boolean filled(Map<String, String> form, String name) {
    String value = form.get(name);
    return value != null && !value.isEmpty();
  }

  /** A resend is signed anew and carries its own {@code notify_time}; the rest must be the same. */
  private static String digest(Map<String, String> form) {
    Map<String, String> business = new TreeMap<>(form);
    business.remove("notify_time");
    business.remove("sign_type");
    return Wire.sha256(Wire.utf8(AlipaySigning.requestText(business)));
  }
}
