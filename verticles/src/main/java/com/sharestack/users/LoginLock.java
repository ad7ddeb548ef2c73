package com.sharestack.users;

import java.time.Duration;
import java.time.Instant;

/**
 * Consecutive failed logins of one account, or of one identifier that matches none (users contract,
 * conventions.login_lock). The fifth failure locks; attempts while locked are not judged and do not
 * count.
 *
 * @param failed failures in a row
 * @param lockedUntil null when never locked
 */
record LoginLock(int failed, Instant lockedUntil) {

  static final int MOST_FAILURES = 5;
  static final Duration LENGTH = Duration.ofMinutes(15);
  static final LoginLock NONE = new LoginLock(0, null);

  boolean lockedAt(Instant now) {
    return lockedUntil != null && lockedUntil.isAfter(now);
  }

  /** The state after one more failure; the first one after a lock begins a new row. */
  LoginLock afterFailure(Instant now) {
    int count = (lockedUntil == null ? failed : 0) + 1;
    return new LoginLock(count, count >= MOST_FAILURES ? now.plus(LENGTH) : null);
  }

  /** Whole seconds until the lock ends, at least 1. */
  long retryAfterSeconds(Instant now) {
    return Math.max(1, Math.ceilDiv(Duration.between(now, lockedUntil).toMillis(), 1000L));
  }
}
