package com.sharestack.users;

/** How personal data is shown (users contract, conventions.masking). */
final class Masking {

  private static final String CHINA = "+86";

  /** Of a shorter number three and four digits would be all of it. */
  private static final int SHORTEST_SHOWN = 11;

  private Masking() {}

  /** {@code +8613800138000} as {@code 138****8000}; null stays null. */
  static String phone(String e164) {
    if (e164 == null) {
      return null;
    }
    String number = e164.startsWith(CHINA) ? e164.substring(CHINA.length()) : e164;
    int digits = number.length();
    return digits < SHORTEST_SHOWN
        ? "****"
        : number.substring(0, 3) + "****" + number.substring(digits - 4);
  }

  /** {@code jane@example.com} as {@code j***@example.com}; null stays null. */
  static String email(String email) {
    if (email == null) {
      return null;
    }
    int at = email.lastIndexOf('@');
    int first = email.offsetByCodePoints(0, 1);
    return email.substring(0, Math.min(first, at)) + "***" + email.substring(at);
  }

  /** The last octet (IPv4) or everything behind the third group (IPv6) hidden. */
  static String ip(String ip) {
    if (ip == null) {
      return "*";
    }
    int dot = ip.lastIndexOf('.');
    if (dot > 0 && ip.indexOf(':') < 0) {
      return ip.substring(0, dot) + ".*";
    }
    String[] groups = ip.split(":", -1);
    return String.join(":", java.util.List.of(groups).subList(0, Math.min(3, groups.length)))
        + ":*";
  }
}
