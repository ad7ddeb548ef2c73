package com.sharestack.users;

import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * Login locks of identifiers that match no account, so that they answer like those that do. Only an
 * HMAC of the identifier is stored: people type passwords into the wrong field.
 */
final class LoginAttemptRepository {

  private final Db db;
  private final BlindIndex index;

  LoginAttemptRepository(Db db, BlindIndex index) {
    this.db = db;
    this.index = index;
  }

  LoginLock state(Identifier identifier) {
    return db.row(
            "SELECT failed_count, locked_until FROM login_attempts WHERE identifier_hash = ?",
            key(identifier))
        .map(LoginAttemptRepository::state)
        .orElse(LoginLock.NONE);
  }

  /** The state, held until the transaction ends; the row is made when there is none. */
  LoginLock lock(Tx tx, Identifier identifier, Instant now) {
    tx.update(
        """
        INSERT INTO login_attempts (identifier_hash, failed_count, last_failed_at) VALUES (?, 0, ?)
        ON DUPLICATE KEY UPDATE last_failed_at = VALUES(last_failed_at)
        """,
        key(identifier),
        now);
    return tx.row(
            """
            SELECT failed_count, locked_until FROM login_attempts WHERE identifier_hash = ?
            FOR UPDATE
            """,
            key(identifier))
        .map(LoginAttemptRepository::state)
        .orElseThrow();
  }

  void save(Tx tx, Identifier identifier, LoginLock lock) {
    tx.update(
        "UPDATE login_attempts SET failed_count = ?, locked_until = ? WHERE identifier_hash = ?",
        lock.failed(),
        lock.lockedUntil(),
        key(identifier));
  }

  private static LoginLock state(Row row) {
    return new LoginLock(row.getInteger("failed_count"), Rows.instant(row, "locked_until"));
  }

  private Buffer key(Identifier identifier) {
    return Buffer.buffer(index.of("login_attempts", identifier.kind() + ":" + identifier.value()));
  }
}
