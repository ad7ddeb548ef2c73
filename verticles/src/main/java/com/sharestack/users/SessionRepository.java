package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.LoginMethod;
import com.sharestack.contract.Revocation;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sessions and their refresh tokens, of which only SHA-256 hashes are known. */
final class SessionRepository {

  /** An account has ten live sessions; more only if two nodes disagree about the rule. */
  private static final int MOST_READ = 100;

  private final Db db;

  SessionRepository(Db db) {
    this.db = db;
  }

  record Session(String sessionId, long userId, SessionTerms terms, boolean revoked) {}

  /** A refresh token that was exchanged before. */
  record Consumed(String sessionId, long userId, Instant consumedAt) {}

  void insert(
      Tx tx,
      Caller caller,
      Session session,
      byte[] refreshHash,
      LoginMethod method,
      boolean rememberMe,
      Instant now) {
    tx.update(
        """
        INSERT INTO sessions (session_id, user_id, refresh_hash, device_id, device_name, platform,
          app_version, user_agent, ip, login_method, remember_me, created_at, last_active_at,
          expires_at, absolute_expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        session.sessionId(),
        session.userId(),
        Buffer.buffer(refreshHash),
        Client.deviceId(caller),
        Client.deviceName(caller),
        Client.platform(caller),
        Client.appVersion(caller),
        Client.userAgent(caller),
        caller.ip(),
        method,
        rememberMe,
        now,
        now,
        session.terms().expiresAt(),
        session.terms().absoluteExpiresAt());
  }

  /** Live sessions of an account, the most recently used first. */
  List<String> live(Tx tx, long userId, Instant now) {
    return tx
        .rows(
            """
            SELECT session_id FROM sessions
            WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?
            ORDER BY last_active_at DESC, session_id
            LIMIT ?
            """,
            userId,
            now,
            MOST_READ)
        .stream()
        .map(row -> row.getString("session_id"))
        .toList();
  }

  /**
   * Whether the account logged in from this device before; empty when it never logged in at all. A
   * client that sends no X-Device-Id is known by its user agent.
   */
  Optional<Boolean> knowsDevice(Tx tx, long userId, Caller caller) {
    return tx.row(
            """
            SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = ?) AS logged_in,
              EXISTS (SELECT 1 FROM sessions WHERE user_id = ? AND device_id = ?) AS by_id,
              EXISTS (SELECT 1 FROM sessions
                WHERE user_id = ? AND device_id IS NULL AND user_agent = ?) AS by_agent
            """,
            userId,
            userId,
            Client.deviceId(caller),
            userId,
            Client.userAgent(caller))
        .filter(row -> row.getLong("logged_in") != 0)
        .map(row -> row.getLong(caller.deviceId() != null ? "by_id" : "by_agent") != 0);
  }

  Optional<Session> byRefreshHash(byte[] hash) {
    return db.row(
            """
            SELECT session_id, user_id, expires_at, absolute_expires_at, revoked_at
            FROM sessions WHERE refresh_hash = ?
            """,
            Buffer.buffer(hash))
        .map(SessionRepository::session);
  }

  private static Session session(Row row) {
    return new Session(
        row.getString("session_id"),
        row.getLong("user_id"),
        new SessionTerms(Rows.instant(row, "expires_at"), Rows.instant(row, "absolute_expires_at")),
        Rows.instant(row, "revoked_at") != null);
  }

  Optional<Consumed> consumed(byte[] hash) {
    return db.row(
            """
            SELECT t.session_id, s.user_id, t.consumed_at
            FROM refresh_tokens t JOIN sessions s ON s.session_id = t.session_id
            WHERE t.token_hash = ?
            """,
            Buffer.buffer(hash))
        .map(
            row ->
                new Consumed(
                    row.getString("session_id"),
                    row.getLong("user_id"),
                    Rows.instant(row, "consumed_at")));
  }

  /**
   * Puts a new refresh token in the place of {@code old}: compare and set.
   *
   * @return false when somebody else exchanged it or the session was revoked meanwhile
   */
  boolean rotate(
      Tx tx, Session session, byte[] old, byte[] next, SessionTerms extended, Instant now) {
    int won =
        tx.update(
            """
            UPDATE sessions SET refresh_hash = ?, expires_at = ?, last_active_at = ?
            WHERE session_id = ? AND refresh_hash = ? AND revoked_at IS NULL
            """,
            Buffer.buffer(next),
            extended.expiresAt(),
            now,
            session.sessionId(),
            Buffer.buffer(old));
    if (won == 0) {
      return false;
    }
    tx.update(
        """
        INSERT INTO refresh_tokens (token_hash, session_id, consumed_at, expires_at)
        VALUES (?, ?, ?, ?)
        """,
        Buffer.buffer(old),
        session.sessionId(),
        now,
        session.terms().absoluteExpiresAt());
    return true;
  }

  /**
   * @return whether this call ended the session; false when it had ended or is not the user's
   */
  boolean revoke(Tx tx, String sessionId, long userId, String reason, Instant now) {
    return tx.update(
            """
            UPDATE sessions SET revoked_at = ?, revoke_reason = ?
            WHERE session_id = ? AND user_id = ? AND revoked_at IS NULL
            """,
            now,
            reason,
            sessionId,
            userId)
        == 1;
  }

  /** Sessions revoked from a place on, in the order of time and id. */
  List<Place> revokedFrom(Place from, int limit) {
    return db
        .rows(
            """
            SELECT session_id, user_id, revoked_at FROM sessions
            WHERE revoked_at >= ? AND (revoked_at > ? OR session_id > ?)
            ORDER BY revoked_at, session_id
            LIMIT ?
            """,
            from.revokedAt(),
            from.revokedAt(),
            from.sessionId(),
            limit)
        .stream()
        .map(
            row ->
                new Place(
                    Rows.instant(row, "revoked_at"),
                    row.getString("session_id"),
                    row.getLong("user_id")))
        .toList();
  }

  /** A revocation with its exact time, which the wire cuts to seconds. */
  record Place(Instant revokedAt, String sessionId, long userId) {

    Revocation revocation() {
      return new Revocation(sessionId, userId, revokedAt);
    }
  }
}
