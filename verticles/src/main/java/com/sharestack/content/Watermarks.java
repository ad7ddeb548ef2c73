package com.sharestack.content;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Marks paid texts with their reader. The code proves that a mark found in a copy was made here and
 * not invented to incriminate somebody.
 */
final class Watermarks {

  private static final int CODE_BYTES = 6;

  private final SecretKeySpec key;

  Watermarks(String secret) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  /** {@code ID <user> · <code>}: the same for every read of one article by one reader. */
  String of(long userId, long articleId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] code =
          mac.doFinal(("watermark " + userId + " " + articleId).getBytes(StandardCharsets.UTF_8));
      return "ID " + userId + " · " + HexFormat.of().formatHex(code, 0, CODE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
