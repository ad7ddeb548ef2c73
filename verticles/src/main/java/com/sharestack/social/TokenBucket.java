package com.sharestack.social;

import java.time.Duration;
import java.time.Instant;

/**
 * Ten messages at once, ten more per minute (convention rate_limits.message). A pure rule: the
 * state stands in the sender's counter row, under its lock.
 *
 * @param factor multiplies the limit; for load tests
 */
record TokenBucket(int factor) {

  static final int MESSAGES = 10;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long MESSAGE = 1_000;

  /**
   * @param milli thousandths of a message that may be sent now
   */
  record State(long milli, Instant refilledAt) {}

  State full(Instant now) {
    return new State(capacity(), now);
  }

  /** What is there at {@code now}; a clock that went back takes nothing away. */
  State at(State state, Instant now) {
    long elapsed = Duration.between(state.refilledAt(), now).toMillis();
    if (elapsed <= 0) {
      return state;
    }
    if (elapsed >= MINUTE_MILLIS) {
      return full(now);
    }
    long milli = Math.min(capacity(), state.milli() + elapsed * capacity() / MINUTE_MILLIS);
    return new State(milli, now);
  }

  static boolean allows(State state) {
    return state.milli() >= MESSAGE;
  }

  static State take(State state) {
    return new State(state.milli() - MESSAGE, state.refilledAt());
  }

  /** Whole seconds until one message may be sent, at least 1. */
  long retryAfterSeconds(State state) {
    long missing = MESSAGE - state.milli();
    long millis = Math.ceilDiv(missing * MINUTE_MILLIS, capacity());
    return Math.max(1, Math.ceilDiv(millis, 1_000));
  }

  private long capacity() {
    return MESSAGES * MESSAGE * factor;
  }
}
