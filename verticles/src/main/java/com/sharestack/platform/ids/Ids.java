package com.sharestack.platform.ids;

import java.security.SecureRandom;

/** Unguessable public ids: a prefix and random characters. */
public final class Ids {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String BASE62 = LOWER + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private Ids() {}

  /** {@code prefix} and {@code length} characters of [0-9a-z]; 12 of them hold 62 bits. */
  public static String random(String prefix, int length) {
    return draw(prefix, length, LOWER);
  }

  /** {@code prefix} and {@code length} characters of [0-9A-Za-z]; 43 of them hold 256 bits. */
  public static String base62(String prefix, int length) {
    return draw(prefix, length, BASE62);
  }

  private static String draw(String prefix, int length, String alphabet) {
    StringBuilder id = new StringBuilder(prefix.length() + length).append(prefix);
    for (int i = 0; i < length; i++) {
      id.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return id.toString();
  }
}
