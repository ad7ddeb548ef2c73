package com.sharestack.gateway.contract;

import java.text.Normalizer;

/** How text from outside is brought into one form: trimmed, Unicode NFC, counted in code points. */
final class Text {
  /**
   * The bound of Unicode's stream-safe format (UAX #15); no language needs more marks on one
   * letter.
   */
  static final int MAX_MARK_RUN = 30;

  /**
   * A composed code point never decomposes into more than this many: NFC cannot shorten a text
   * further.
   */
  static final int NFC_SHRINK = 4;

  /** Below this every character is its own NFC form. */
  private static final char FIRST_COMBINING = '\u0300';

  private Text() {}

  /**
   * Removes what a reader sees as blank at both ends: Unicode spaces, line ends, controls, byte
   * order marks.
   */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == '\uFEFF' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * True when more than {@value #MAX_MARK_RUN} combining marks follow each other. Sorting such a
   * run takes quadratic time in the normaliser (3.7 s for 100,000 marks), so this is asked first.
   */
  static boolean hasLongMarkRun(String text) {
    int run = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      run = c >= FIRST_COMBINING && isMark(c) ? run + 1 : 0;
      if (run > MAX_MARK_RUN) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  /** NFC; ask {@link #hasLongMarkRun} first. */
  static String nfc(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }
    return text;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** A non-empty run of ASCII digits. */
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
