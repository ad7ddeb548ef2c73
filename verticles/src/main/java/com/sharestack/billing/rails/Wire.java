package com.sharestack.billing.rails;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reading what a rail sent: strict, because it came from outside. */
final class Wire {

  private Wire() {}

  /** What a rail sent does not have the form its documents promise. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  static String text(JsonObject json, String key) {
    String value = optional(json, key);
    if (value == null) {
      throw new Malformed(key + " is missing");
    }
    return value;
  }

  /** Null when absent or empty. */
  static String optional(JsonObject json, String key) {
    Object value = json.getValue(key);
    if (value == null || "".equals(value)) {
      return null;
    }
    if (!(value instanceof String string)) {
      throw new Malformed(key + " is no text");
    }
    return string;
  }

  /** A whole number of fen; 12.5 and "12" are refused, not rounded. */
  static long fen(JsonObject json, String key) {
    Object value = json.getValue(key);
    if (value instanceof Integer || value instanceof Long) {
      long fen = ((Number) value).longValue();
      if (fen >= 0) {
        return fen;
      }
    }
    throw new Malformed(key + " is no amount in fen");
  }

  static JsonObject object(JsonObject json, String key) {
    if (json.getValue(key) instanceof JsonObject object) {
      return object;
    }
    throw new Malformed(key + " is no object");
  }

  static String sha256(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether {@code url} lies at one of the origins; a rail's answer must not send us elsewhere. */
  static boolean at(String url, List<String> origins) {
    return origins.stream().anyMatch(origin -> url.startsWith(origin + "/"));
  }
}
