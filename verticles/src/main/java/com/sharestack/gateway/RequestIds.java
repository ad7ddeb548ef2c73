package com.sharestack.gateway;

import java.util.concurrent.ThreadLocalRandom;

/** Request ids: taken from X-Request-Id when it is well-formed, else made. */
final class RequestIds {

  private static final int MAX_LENGTH = 64;
  private static final int RADIX = 36;

  private RequestIds() {}

  static String of(String header) {
    return header != null && wellFormed(header) ? header : make();
  }

  /** At most 64 of [A-Za-z0-9_-]: safe to echo, to log and to store. */
  private static boolean wellFormed(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean fine =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '_'
              || c == '-';
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  private static String make() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_"
        + Long.toString(random.nextLong() >>> 1, RADIX)
        + Long.toString(random.nextLong() >>> 1, RADIX);
  }
}
