package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.AuthUser;
import com.sharestack.contract.UserType;
import java.time.Instant;
import java.util.List;

/**
 * An account as its own domain sees it.
 *
 * @param phone E.164, opened; null when there is none
 * @param passwordHash null when there is no password login
 */
record Account(
    long userId,
    Standing standing,
    UserType userType,
    String username,
    String displayName,
    String avatar,
    String email,
    String phone,
    String passwordHash,
    boolean emailVerified,
    boolean phoneVerified,
    boolean certified,
    LoginLock lock,
    boolean loginAlerts) {

  /**
   * Whether the account may have tokens.
   *
   * @param bannedUntil null while banned: for good
   * @param deletionDueAt only while pending_deletion
   */
  record Standing(
      AccountStatus status, Instant bannedUntil, String banReason, Instant deletionDueAt) {

    /** The status that holds at {@code now}: a ban that ran out is none, whenever its job comes. */
    AccountStatus at(Instant now) {
      return banIsOver(now) ? AccountStatus.ACTIVE : status;
    }

    boolean banIsOver(Instant now) {
      return status == AccountStatus.BANNED && bannedUntil != null && !bannedUntil.isAfter(now);
    }
  }

  /** The account as its owner may see it. */
  AuthUser forOwner(List<String> roles) {
    return AuthUser.builder()
        .userId(userId)
        .username(username)
        .email(email)
        .phone(Masking.phone(phone))
        .userType(userType)
        .displayName(displayName)
        .emailVerified(emailVerified)
        .phoneVerified(phoneVerified)
        .avatar(avatar)
        .isVerified(certified)
        .hasPassword(passwordHash != null)
        // no operation of the contract switches a second factor on
        .twoFactorEnabled(false)
        .roles(roles)
        .build();
  }

  @Override
  public String toString() {
    return "Account[" + userId + "]";
  }
}
