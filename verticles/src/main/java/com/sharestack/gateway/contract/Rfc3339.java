package com.sharestack.gateway.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Dates and times as RFC 3339 writes them, read by hand: no exceptions and no regex for what
 * clients get wrong every day.
 */
final class Rfc3339 {
  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_LENGTH = 19;
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final long SECONDS_PER_DAY = 86_400;

  private Rfc3339() {}

  /**
   * The text itself when it is an existing day {@code YYYY-MM-DD} of the years 1 to 9999, else
   * null.
   */
  static String date(String text) {
    return text.length() == DATE_LENGTH && dayAt(text) != null ? text : null;
  }

  /**
   * The same instant in UTC with suffix {@code Z}, or null. An offset is demanded; leap seconds
   * (:60) do not exist for java.time and are refused; up to nine digits of a second are kept.
   */
  static String dateTime(String text) {
    if (text.length() <= SECONDS_LENGTH || Character.toUpperCase(text.charAt(DATE_LENGTH)) != 'T') {
      return null;
    }
    LocalDate day = dayAt(text);
    int hour = timePart(text, 11, 23);
    int minute = timePart(text, 14, 59);
    int second = timePart(text, 17, 59);
    boolean colons = text.charAt(13) == ':' && text.charAt(16) == ':';
    if (day == null || hour < 0 || minute < 0 || second < 0 || !colons) {
      return null;
    }
    int zone = endOfFraction(text);
    long offset = zone < 0 ? Long.MIN_VALUE : offsetSeconds(text, zone);
    if (offset == Long.MIN_VALUE) {
      return null;
    }
    long seconds =
        day.toEpochDay() * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offset;
    Instant instant = Instant.ofEpochSecond(seconds, nanos(text, zone));
    String utc = instant.toString();
    // The offset may push the instant out of the years that four digits can write.
    return utc.charAt(0) == '+' || utc.charAt(0) == '-' || utc.startsWith("0000") ? null : utc;
  }

  private static LocalDate dayAt(String text) {
    if (text.charAt(4) != '-' || text.charAt(7) != '-') {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    boolean exists = year >= 1 && month >= 1 && month <= 12 && day >= 1;
    return exists && day <= YearMonth.of(year, month).lengthOfMonth()
        ? LocalDate.of(year, month, day)
        : null;
  }

  private static int timePart(String text, int at, int max) {
    int value = digits(text, at, at + 2);
    return value <= max ? value : -1;
  }

  /** Index of the zone designator, -1 when the fraction is malformed. */
  private static int endOfFraction(String text) {
    if (text.charAt(SECONDS_LENGTH) != '.') {
      return SECONDS_LENGTH;
    }
    int end = SECONDS_LENGTH + 1;
    while (end < text.length() && Text.isDigit(text.charAt(end))) {
      end++;
    }
    int count = end - SECONDS_LENGTH - 1;
    return count >= 1 && count <= MAX_FRACTION_DIGITS && end < text.length() ? end : -1;
  }

  private static int nanos(String text, int zone) {
    int nanos = 0;
    for (int i = 0; i < MAX_FRACTION_DIGITS; i++) {
      int at = SECONDS_LENGTH + 1 + i;
      nanos = nanos * 10 + (at < zone ? text.charAt(at) - '0' : 0);
    }
    return nanos;
  }

  /** {@code Z} or {@code +08:00}; Long.MIN_VALUE when malformed. */
  private static long offsetSeconds(String text, int at) {
    char sign = text.charAt(at);
    if (sign == 'Z' || sign == 'z') {
      return at + 1 == text.length() ? 0 : Long.MIN_VALUE;
    }
    boolean shaped =
        (sign == '+' || sign == '-') && text.length() == at + 6 && text.charAt(at + 3) == ':';
    int hours = shaped ? timePart(text, at + 1, 23) : -1;
    int minutes = shaped ? timePart(text, at + 4, 59) : -1;
    if (hours < 0 || minutes < 0) {
      return Long.MIN_VALUE;
    }
    long seconds = hours * 3600L + minutes * 60L;
    return sign == '-' ? -seconds : seconds;
  }

  /** The number in text[from, to), -1 when one of the characters is no ASCII digit. */
  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Text.isDigit(c)) {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }
}
