package com.sharestack.platform.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A random token of 256 bits that its holder shows once; only its SHA-256 is stored. A plain digest
 * is enough because there is nothing to guess.
 */
public final class SecretToken {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private final String text;

  private SecretToken(String text) {
    this.text = text;
  }

  /** 43 characters of URL-safe Base64. */
  public static SecretToken make() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SecretToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The token as its holder knows it; give it away and forget it. */
  public String text() {
    return text;
  }

  /** What is stored, 32 bytes. */
  public byte[] hash() {
    return hash(text);
  }

  public static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "SecretToken[…]";
  }
}
