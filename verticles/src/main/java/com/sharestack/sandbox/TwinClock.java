package com.sharestack.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Two times. On the wire (signatures, timestamps) the clock that the node has too, or nothing would
 * verify; for schedules, expiry and bills that clock plus what tests advanced.
 */
final class TwinClock {

  static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
  private static final DateTimeFormatter SPACED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Clock base;
  private Duration ahead = Duration.ZERO;

  TwinClock(Clock base) {
    this.base = base;
  }

  Instant wire() {
    return base.instant();
  }

  Instant now() {
    return base.instant().plus(ahead);
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  /** Moves forward to {@code time}; never back. */
  void reach(Instant time) {
    Duration missing = Duration.between(now(), time);
    if (!missing.isNegative()) {
      ahead = ahead.plus(missing);
    }
  }

  void reset() {
    ahead = Duration.ZERO;
  }

  static String spaced(Instant time) {
    return SPACED.format(time.atZone(BEIJING));
  }

  /** RFC 3339 with +08:00, second precision. */
  static String rfc3339(Instant time) {
    return time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
        .atZone(BEIJING)
        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  static Instant ofSpaced(String text) {
    return java.time.LocalDateTime.parse(text, SPACED).atZone(BEIJING).toInstant();
  }

  static LocalDate day(Instant time) {
    return time.atZone(BEIJING).toLocalDate();
  }
}
