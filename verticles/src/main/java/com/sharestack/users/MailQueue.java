package com.sharestack.users;

import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Mail to send, queued in the transaction that causes it. */
final class MailQueue {

  static final String VERIFY_EMAIL = "verify_email";
  static final String SUSPICIOUS_LOGIN = "suspicious_login";
  static final String SESSION_STOLEN = "session_stolen";

  void queue(Tx tx, long userId, String to, String template, JsonObject payload, Instant now) {
    tx.insert(
        """
        INSERT INTO mails (user_id, to_address, template, payload, next_attempt_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        userId,
        to,
        template,
        payload,
        now,
        now);
  }

  /**
   * Keeps the hash of a mailed token that proves the address; the token itself is in the mail only.
   */
  void keepVerification(
      Tx tx, long userId, String emailKey, byte[] tokenHash, Instant now, Instant expiresAt) {
    tx.update(
        """
        INSERT INTO account_tokens (token_hash, user_id, purpose, email_key, created_at, expires_at)
        VALUES (?, ?, 'verify_email', ?, ?, ?)
        """,
        Buffer.buffer(tokenHash),
        userId,
        emailKey,
        now,
        expiresAt);
  }
}
