package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Counts the bytes of a value's compact JSON text without writing it, and stops as soon as a limit
 * is passed.
 */
final class JsonSize {
  private final int maxBytes;
  private final int maxDepth;
  private long bytes;
  private boolean tooDeep;

  JsonSize(int maxBytes, int maxDepth) {
    this.maxBytes = maxBytes;
    this.maxDepth = maxDepth;
  }

  void measure(Object value) {
    add(value, 1);
  }

  boolean isTooLarge() {
    return bytes > maxBytes;
  }

  boolean isTooDeep() {
    return tooDeep;
  }

  /** Exact unless a limit was passed. */
  long bytes() {
    return bytes;
  }

  private void add(Object value, int depth) {
    switch (value) {
      case null -> bytes += 4;
      case String text -> addText(text);
      case Map<?, ?> map -> addObject(map, depth);
      case JsonObject object -> addObject(object.getMap(), depth);
      case List<?> list -> addArray(list, depth);
      case JsonArray array -> addArray(array.getList(), depth);
      case BigDecimal number -> bytes += number.toPlainString().length();
      default -> bytes += value.toString().length();
    }
  }

  private boolean stopsAt(int depth) {
    tooDeep |= depth > maxDepth;
    return tooDeep || isTooLarge();
  }

  private void addObject(Map<?, ?> map, int depth) {
    bytes += 2 + Math.max(0, map.size() - 1);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (stopsAt(depth)) {
        return;
      }
      addText((String) entry.getKey());
      bytes++;
      add(entry.getValue(), depth + 1);
    }
  }

  private void addArray(List<?> list, int depth) {
    bytes += 2 + Math.max(0, list.size() - 1);
    for (Object item : list) {
      if (stopsAt(depth)) {
        return;
      }
      add(item, depth + 1);
    }
  }

  private void addText(String text) {
    bytes += 2;
    for (int i = 0; i < text.length() && !isTooLarge(); i++) {
      bytes += width(text.charAt(i));
    }
  }

  /** Half a surrogate pair is half of its four bytes. */
  private static int width(char c) {
    if (c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t') {
      return 2;
    }
    if (c < ' ') {
      return 6;
    }
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
