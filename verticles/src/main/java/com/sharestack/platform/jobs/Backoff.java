package com.sharestack.platform.jobs;

import java.time.Duration;

/** Pauses between attempts: 2 s after the first failure, doubled with each, 10 minutes at most. */
public final class Backoff {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MOST_DOUBLINGS = 10;

  private Backoff() {}

  /**
   * @param attempts made so far
   */
  public static Duration pause(int attempts) {
    Duration doubled = Duration.ofSeconds(1L << Math.min(attempts, MOST_DOUBLINGS));
    return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }
}
