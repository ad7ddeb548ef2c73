package com.sharestack.billing.rails;

import java.nio.charset.StandardCharsets;

/** Text for fields whose limit is counted in bytes. */
final class Text {

  private Text() {}

  /** The longest beginning of whole characters that has at most {@code maxBytes} in UTF-8. */
  static String cut(String text, int maxBytes) {
    StringBuilder kept = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      String character = Character.toString(point);
      bytes += character.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        break;
      }
      kept.append(character);
      i += Character.charCount(point);
    }
    return kept.toString();
  }
}
