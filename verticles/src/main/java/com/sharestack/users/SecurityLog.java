package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The append-only log of what happened to an account's security; kept at least six months. */
final class SecurityLog {

  static final String LOGIN_SUCCESS = "login_success";
  static final String LOGIN_FAILED = "login_failed";
  static final String ACCOUNT_LOCKED = "account_locked";
  static final String LOGOUT = "logout";
  static final String SESSION_REVOKED = "session_revoked";
  static final String SUSPICIOUS_LOGIN = "suspicious_login";

  /**
   * @param userId null when an identifier matched no account
   * @param details never a secret, never the typed identifier
   */
  void write(
      Tx tx,
      Caller caller,
      Long userId,
      String type,
      String sessionId,
      JsonObject details,
      Instant now) {
    tx.insert(
        """
        INSERT INTO security_events (user_id, event_type, success, session_id, ip, device_id,
          device_name, user_agent, request_id, details, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        userId,
        type,
        !type.equals(LOGIN_FAILED),
        sessionId,
        caller.ip(),
        Client.deviceId(caller),
        Client.deviceName(caller),
        Client.userAgent(caller),
        caller.requestId(),
        details,
        now);
  }
}
