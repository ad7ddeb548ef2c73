package com.sharestack.gateway.contract;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds numbers of bank cards in texts. A match has the length and first digits of a brand (ISO/IEC
 * 7812) and a right check digit (Luhn), in digits of any script, in one piece or grouped as cards
 * print it. Identifiers (UUIDs, order numbers) and telephone numbers do not.
 */
final class CardNumbers {
  private static final int MIN_DIGITS = 13;
  private static final int MAX_DIGITS = 19;

  /** First digits from – to (of equal length), and the lengths that cards of the brand have. */
  private record Brand(String from, String to, int shortest, int longest) {
    boolean issued(String number) {
      String prefix = number.substring(0, from.length());
      return number.length() >= shortest
          && number.length() <= longest
          && prefix.compareTo(from) >= 0
          && prefix.compareTo(to) <= 0;
    }
  }

  private static final List<Brand> BRANDS =
      List.of(
          new Brand("62", "62", 16, 19), // UnionPay
          new Brand("81", "81", 16, 19),
          new Brand("60", "60", 16, 19), // older cards of Chinese banks, and Discover
          new Brand("955", "955", 16, 19),
          new Brand("4", "4", 13, 19), // Visa
          new Brand("51", "55", 16, 16), // Mastercard
          new Brand("2221", "2720", 16, 16),
          new Brand("34", "34", 15, 15), // American Express
          new Brand("37", "37", 15, 15),
          new Brand("3528", "3589", 16, 19), // JCB
          new Brand("300", "305", 14, 14), // Diners Club
          new Brand("36", "36", 14, 14),
          new Brand("38", "38", 14, 14),
          new Brand("64", "65", 16, 19)); // Discover

  /** How cards print their numbers, besides in fours. */
  private static final List<List<Integer>> GROUPINGS =
      List.of(List.of(4, 6, 5), List.of(4, 6, 4), List.of(6, 13));

  private CardNumbers() {}

  /** Whether the text shows at least one card number. */
  static boolean isIn(String text) {
    List<String> groups = new ArrayList<>(5);
    int at = 0;
    while (at < text.length()) {
      int end = digitsEnd(text, at);
      if (end == at) {
        at = next(text, at);
        continue;
      }
      // a part of a hexadecimal or other identifier is no number
      if (!touchesLetter(text, at, end)) {
        groups.add(digits(text, at, end));
      }
      boolean goesOn =
          end < text.length()
              && isSeparator(text.charAt(end))
              && digitsEnd(text, end + 1) > end + 1;
      if (!goesOn) {
        if (isInGroups(groups)) {
          return true;
        }
        groups.clear();
      }
      at = goesOn ? end + 1 : end;
    }
    return false;
  }

  private static int next(String text, int at) {
    return at + Character.charCount(text.codePointAt(at));
  }

  private static int digitsEnd(String text, int from) {
    int at = from;
    while (at < text.length() && Character.digit(text.codePointAt(at), 10) >= 0) {
      at = next(text, at);
    }
    return at;
  }

  private static String digits(String text, int from, int to) {
    StringBuilder digits = new StringBuilder(to - from);
    text.substring(from, to).codePoints().forEach(c -> digits.append(Character.digit(c, 10)));
    return digits.toString();
  }

  private static boolean touchesLetter(String text, int from, int to) {
    return (from > 0 && Text.isAsciiLetter(text.charAt(from - 1)))
        || (to < text.length() && Text.isAsciiLetter(text.charAt(to)));
  }

  private static boolean isSeparator(char c) {
    return c == ' ' || c == '-' || c == '\u00A0' || c == '\u3000';
  }

  /** What stands before or after a number, such as a date, does not hide it. */
  private static boolean isInGroups(List<String> groups) {
    for (int first = 0; first < groups.size(); first++) {
      StringBuilder number = new StringBuilder(MAX_DIGITS);
      List<Integer> sizes = new ArrayList<>(5);
      for (int last = first; last < groups.size() && number.length() < MAX_DIGITS; last++) {
        number.append(groups.get(last));
        sizes.add(groups.get(last).length());
        if (isGroupedAsCard(sizes) && isCard(number.toString())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isGroupedAsCard(List<Integer> sizes) {
    return sizes.size() == 1
        || GROUPINGS.contains(sizes)
        || (sizes.subList(0, sizes.size() - 1).stream().allMatch(size -> size == 4)
            && sizes.getLast() <= 4);
  }

  private static boolean isCard(String number) {
    return number.length() >= MIN_DIGITS
        && number.length() <= MAX_DIGITS
        && BRANDS.stream().anyMatch(brand -> brand.issued(number))
        && hasCheckDigit(number);
  }

  private static boolean hasCheckDigit(String number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int weighed = i % 2 == 0 ? digit : 2 * digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return sum % 10 == 0;
  }
}
