package com.sharestack.platform.storage;

import java.util.regex.Pattern;

/** Which keys there may be: each is also a path of a file, and stands in URLs as it is. */
final class ObjectKeys {

  private static final int LONGEST = 512;
  private static final Pattern SEGMENTS =
      Pattern.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

  private ObjectKeys() {}

  static boolean valid(String key) {
    return key.length() <= LONGEST && SEGMENTS.matcher(key).matches();
  }

  static String require(String key) {
    if (!valid(key)) {
      throw new IllegalArgumentException("no object key: " + key);
    }
    return key;
  }
}
