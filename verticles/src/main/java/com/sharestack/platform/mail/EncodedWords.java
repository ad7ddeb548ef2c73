package com.sharestack.platform.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Header text as RFC 2047 wants it. The mail client encodes {@code char} by {@code char}, which
 * turns everything outside the BMP into question marks; here a character is never cut.
 */
final class EncodedWords {

  /** 39 bytes are 52 characters of Base64: with the name {@code Subject: } 73 of the 76 allowed. */
  private static final int WORD_BYTES = 39;

  private static final String LINE_BREAK = "\r\n ";

  private EncodedWords() {}

  /** The value of a header with a name of at most nine characters, folded where it is long. */
  static String encode(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    if (line.length() <= WORD_BYTES
        && line.chars().allMatch(c -> c < 127)
        && !line.contains("=?")) {
      return line;
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int bytes = 0;
    for (int codePoint : line.codePoints().toArray()) {
      String character = Character.toString(codePoint);
      int size = character.getBytes(StandardCharsets.UTF_8).length;
      if (bytes + size > WORD_BYTES) {
        words.add(word(word));
        word.setLength(0);
        bytes = 0;
      }
      word.append(character);
      bytes += size;
    }
    words.add(word(word));
    return String.join(LINE_BREAK, words);
  }

  private static String word(StringBuilder text) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
  }
}
