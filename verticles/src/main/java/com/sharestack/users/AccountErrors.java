package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The failures of this domain that carry details. */
final class AccountErrors {

  private static final String WRONG = "invalid_credentials";

  private AccountErrors() {}

  /**
   * @param reason token_revoked, refresh_invalid, refresh_reused or invalid_credentials
   */
  static ServiceException unauthorized(String reason) {
    return reason.equals(WRONG)
        ? Errors.of(ErrorCode.UNAUTHORIZED, "reason", reason, "message", "账号或密码不正确")
        : Errors.of(ErrorCode.UNAUTHORIZED, "reason", reason);
  }

  static ServiceException locked(LoginLock lock, Instant now) {
    long seconds = lock.retryAfterSeconds(now);
    long minutes = (seconds + 59) / 60;
    return Errors.of(
        ErrorCode.ACCOUNT_LOCKED,
        "retry_after",
        seconds,
        "message",
        "密码错误次数过多，账号已被临时锁定，请 " + minutes + " 分钟后再试");
  }

  static ServiceException taken(String field) {
    return Errors.of(ErrorCode.CONFLICT, "field", field);
  }

  static ServiceException banned(Account.Standing standing) {
    return Errors.of(
        ErrorCode.ACCOUNT_BANNED,
        "reason",
        standing.banReason(),
        "banned_until",
        text(standing.bannedUntil()),
        "appeal_token",
        null);
  }

  /**
   * Why an account that is not active may not log in; to be said only after its password was right.
   * restore_token and appeal_token are null while the operations that take them do not exist.
   */
  static ServiceException notActive(Account.Standing standing, AccountStatus status) {
    return switch (status) {
      case BANNED -> banned(standing);
      case DEACTIVATED -> Errors.of(ErrorCode.ACCOUNT_DEACTIVATED, "restore_token", null);
      case PENDING_DELETION ->
          Errors.of(
              ErrorCode.ACCOUNT_PENDING_DELETION,
              "scheduled_deletion_date",
              text(standing.deletionDueAt()),
              "restore_token",
              null);
      case DELETED, ACTIVE -> unauthorized(WRONG);
    };
  }

  private static String text(Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
