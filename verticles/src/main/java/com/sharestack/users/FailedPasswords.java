package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;

/**
 * What a password that was wrong, or came while locked, leaves in the security log and answers; the
 * same wherever passwords are taken. The caller of these methods saves the lock. A user id is null
 * when an identifier matched no account.
 */
record FailedPasswords(SecurityLog log) {

  ServiceException locked(Tx tx, Caller caller, Long userId, LoginLock lock, Instant now) {
    write(tx, caller, userId, "locked", now);
    return AccountErrors.locked(lock, now);
  }

  /**
   * @param next the lock after this failure
   */
  ServiceException failed(Tx tx, Caller caller, Long userId, LoginLock next, Instant now) {
    write(tx, caller, userId, "invalid_credentials", now);
    if (next.lockedAt(now)) {
      log.write(tx, caller, userId, SecurityLog.ACCOUNT_LOCKED, caller.sessionId(), null, now);
    }
    return AccountErrors.unauthorized("invalid_credentials");
  }

  private void write(Tx tx, Caller caller, Long userId, String reason, Instant now) {
    JsonObject details = new JsonObject().put("reason", reason);
    log.write(tx, caller, userId, SecurityLog.LOGIN_FAILED, caller.sessionId(), details, now);
  }
}
