package com.sharestack.billing.coupons;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A user's wrong codes of the last ten minutes (entry coupons.validate): ten block him for an hour.
 * Pure.
 *
 * @param at when, oldest first
 * @param blockedUntil null for not blocked
 */
record WrongCodes(List<Instant> at, Instant blockedUntil) {

  static final WrongCodes NONE = new WrongCodes(List.of(), null);

  private static final int MOST = 10;
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration BLOCK = Duration.ofHours(1);

  boolean blocks(Instant now) {
    return blockedUntil != null && now.isBefore(blockedUntil);
  }

  /** With one more; the tenth starts the block and the count begins anew. */
  WrongCodes with(Instant now) {
    List<Instant> recent =
        Stream.concat(at.stream().filter(past -> past.isAfter(now.minus(WINDOW))), Stream.of(now))
            .toList();
    return recent.size() >= MOST
        ? new WrongCodes(List.of(), now.plus(BLOCK))
        : new WrongCodes(recent, blockedUntil);
  }
}
