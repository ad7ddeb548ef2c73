package com.sharestack.gateway.contract;

/**
 * Addresses that may end up in a link or a fetch: absolute http or https without user info, or a
 * path of this site. Everything that browsers and servers read differently (backslashes, blanks,
 * controls, broken percent signs) is refused.
 */
final class WebAddress {
  static final int MAX_LENGTH = 2048;
  private static final int MAX_PORT = 65_535;
  private static final String FORBIDDEN = "<>\"\\^`{|}";

  private WebAddress() {}

  static boolean isAbsolute(String text) {
    int start = afterScheme(text);
    if (start < 0 || !isClean(text)) {
      return false;
    }
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return isAuthority(text.substring(start, end));
  }

  /** {@code /a/b?c#d}; never {@code //host}, which a browser takes for another site. */
  static boolean isSitePath(String text) {
    return text.startsWith("/") && !text.startsWith("//") && isClean(text);
  }

  private static int afterScheme(String text) {
    if (text.regionMatches(true, 0, "https://", 0, 8)) {
      return 8;
    }
    return text.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
  }

  private static boolean isClean(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean brokenEscape = c == '%' && !(isHex(text, i + 1) && isHex(text, i + 2));
      boolean blank = c <= ' ' || Character.isISOControl(c) || Character.isSpaceChar(c);
      if (brokenEscape || blank || FORBIDDEN.indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && text.charAt(at) < 128 && Character.digit(text.charAt(at), 16) >= 0;
  }

  /** Host and optional port. An {@code @} is refused: user info serves phishing, not linking. */
  private static boolean isAuthority(String authority) {
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      return close > 2 && isIpv6(authority, close) && isPort(authority, close + 1);
    }
    int colon = authority.indexOf(':');
    int end = colon < 0 ? authority.length() : colon;
    return isHost(authority, end) && isPort(authority, end);
  }

  private static boolean isIpv6(String authority, int close) {
    for (int i = 1; i < close; i++) {
      char c = authority.charAt(i);
      if (!isHex(authority, i) && c != ':' && c != '.') {
        return false;
      }
    }
    return true;
  }

  /** Labels of letters (any script), digits, hyphens and underscores between single dots. */
  private static boolean isHost(String authority, int end) {
    for (int i = 0; i < end; i++) {
      char c = authority.charAt(i);
      boolean dotInside = c == '.' && i > 0 && authority.charAt(i - 1) != '.';
      if (!dotInside && !Character.isLetterOrDigit(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return end > 0;
  }

  private static boolean isPort(String authority, int from) {
    if (from == authority.length()) {
      return true;
    }
    String port = authority.substring(from + 1);
    boolean shaped = authority.charAt(from) == ':' && port.length() <= 5 && Text.isDigits(port);
    return shaped && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT;
  }
}
