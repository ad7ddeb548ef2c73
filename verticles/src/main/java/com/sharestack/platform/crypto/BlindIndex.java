package com.sharestack.platform.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds equal values without storing them: HMAC-SHA256 under a key of its own, so that a stolen
 * table cannot be searched by trying all phone numbers. The purpose is part of the input: indexes
 * of different columns cannot be compared.
 */
public final class BlindIndex {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final SecretKeySpec key;

  /**
   * @param base64 32 bytes in Base64
   */
  public BlindIndex(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("an index key has 32 bytes, not " + bytes.length);
    }
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** 32 bytes; {@code value} must be normalised by the caller. */
  public byte[] of(String purpose, String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  /** The same as lower-case hex, for keys of the cache. */
  public String hex(String purpose, String value) {
    return HexFormat.of().formatHex(of(purpose, value));
  }
}
