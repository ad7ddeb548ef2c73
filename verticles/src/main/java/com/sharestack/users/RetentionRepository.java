package com.sharestack.users;

import com.sharestack.platform.db.Db;
import java.time.Duration;
import java.time.Instant;

/** Deletes what this domain need not keep, in small portions that hold no lock for long. */
final class RetentionRepository {

  /** After its end a session is still shown for reuse detection and the security log's sake. */
  private static final Duration ENDED_SESSIONS = Duration.ofDays(30);

  private static final Duration ATTEMPTS = Duration.ofDays(30);

  /** At least six months (Cybersecurity Law, art. 21); a year leaves room for a dispute. */
  private static final Duration SECURITY_EVENTS = Duration.ofDays(365);

  private final Db db;

  RetentionRepository(Db db) {
    this.db = db;
  }

  /**
   * @return the rows deleted of the table that lost the most; {@code most} means there may be more
   */
  int purge(Instant now, int most) {
    int consumed = db.update("DELETE FROM refresh_tokens WHERE expires_at < ? LIMIT ?", now, most);
    int links =
        db.update(
            "DELETE FROM account_tokens WHERE expires_at < ? LIMIT ?", now.minus(ATTEMPTS), most);
    int sessions =
        db.update(
            "DELETE FROM sessions WHERE absolute_expires_at < ? LIMIT ?",
            now.minus(ENDED_SESSIONS),
            most);
    int attempts =
        db.update(
            "DELETE FROM login_attempts WHERE last_failed_at < ? LIMIT ?",
            now.minus(ATTEMPTS),
            most);
    int events =
        db.update(
            "DELETE FROM security_events WHERE created_at < ? LIMIT ?",
            now.minus(SECURITY_EVENTS),
            most);
    return Math.max(Math.max(consumed, links), Math.max(sessions, Math.max(attempts, events)));
  }
}
