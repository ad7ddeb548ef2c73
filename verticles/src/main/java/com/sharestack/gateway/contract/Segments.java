package com.sharestack.gateway.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Cuts a raw path into percent-decoded segments. */
final class Segments {
  static final int MAX_PATH_CHARS = 2048;
  static final int MAX_SEGMENTS = 16;

  private static final String[] NONE = {};

  private Segments() {}

  /**
   * @return null when the path names no resource in any reading: relative, too long, with empty or
   *     dot segments (a trailing slash too), broken percent signs, malformed UTF-8 or control
   *     characters
   */
  static String[] of(String path) {
    if (path.isEmpty() || path.charAt(0) != '/' || path.length() > MAX_PATH_CHARS) {
      return null;
    }
    if (path.length() == 1) {
      return NONE;
    }
    String[] segments = new String[count(path)];
    if (segments.length > MAX_SEGMENTS) {
      return null;
    }
    int start = 1;
    for (int i = 0; i < segments.length; i++) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = decode(path.substring(start, end));
      if (segment == null || !isName(segment)) {
        return null;
      }
      segments[i] = segment;
      start = end + 1;
    }
    return segments;
  }

  private static int count(String path) {
    int slashes = 0;
    for (int i = 0; i < path.length(); i++) {
      slashes += path.charAt(i) == '/' ? 1 : 0;
    }
    return slashes;
  }

  private static boolean isName(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      if (Character.isISOControl(segment.charAt(i))) {
        return false;
      }
    }
    return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
  }

  /** Null when malformed. A plus stays a plus: only query strings read it as a blank. */
  private static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[raw.length];
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        out[length++] = raw[i];
        continue;
      }
      int high = i + 2 <= raw.length - 1 ? hex(raw[i + 1]) : -1;
      int low = i + 2 <= raw.length - 1 ? hex(raw[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      out[length++] = (byte) (high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int hex(byte b) {
    return b < 0 ? -1 : Character.digit((char) b, 16);
  }
}
