package com.sharestack.gateway.contract;

/**
 * A sane e-mail address: what mail providers hand out, not everything RFC 5322 allows (no quotes,
 * comments or IP literals).
 */
final class EmailAddress {
  static final int MAX_LENGTH = 254;
  private static final int MAX_LOCAL = 64;
  private static final int MAX_LABEL = 63;
  private static final String LOCAL_SIGNS = "!#$%&'*+/=?^_`{|}~-";

  private EmailAddress() {}

  static boolean isValid(String text) {
    int at = text.indexOf('@');
    return text.length() <= MAX_LENGTH
        && at >= 1
        && at <= MAX_LOCAL
        && isLocalPart(text, at)
        && isDomain(text, at + 1);
  }

  private static boolean isLocalPart(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean dotInside = c == '.' && i > 0 && i < end - 1 && text.charAt(i - 1) != '.';
      if (!dotInside && !Text.isAsciiLetter(c) && !Text.isDigit(c) && LOCAL_SIGNS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * At least two labels of letters, digits and inner hyphens; the last one holds no digit alone
   * (not an IP address).
   */
  private static boolean isDomain(String text, int from) {
    int labels = 0;
    int start = from;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (!isLabel(text, start, end)) {
        return false;
      }
      labels++;
      if (dot < 0) {
        return labels >= 2 && end - start >= 2 && Text.isAsciiLetter(text.charAt(start));
      }
      start = dot + 1;
    }
    return false;
  }

  private static boolean isLabel(String text, int start, int end) {
    if (start == end
        || end - start > MAX_LABEL
        || text.charAt(start) == '-'
        || text.charAt(end - 1) == '-') {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!Text.isAsciiLetter(c) && !Text.isDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }
}
