package com.sharestack.billing.rails;

import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The texts Alipay's classic gateway signs. */
final class AlipaySigning {

  private AlipaySigning() {}

  /** Non-empty parameters except {@code sign}, sorted by name, {@code k=v} joined by {@code &}. */
  static String requestText(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach(
            (name, value) -> {
              if (!name.equals("sign") && value != null && !value.isEmpty()) {
                text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value);
              }
            });
    return text.toString();
  }

  /** Notifications leave out {@code sign_type} too; every other parameter counts, known or not. */
  static byte[] noticeText(Map<String, String> parameters, Charset charset) {
    Map<String, String> counted = new TreeMap<>(parameters);
    counted.remove("sign_type");
    return requestText(counted).getBytes(charset);
  }

  static String encoded(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
