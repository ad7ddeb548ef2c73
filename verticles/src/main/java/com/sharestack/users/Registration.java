package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.RegisterBody;
import com.sharestack.contract.RegisteredUser;
import com.sharestack.contract.UserRegisteredEvent;
import com.sharestack.platform.crypto.SecretToken;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** auth.register: an account by e-mail, by phone with a code, or by both. */
final class Registration {

  /** The terms a registration accepts; a change of the terms changes it. */
  static final String TERMS_VERSION = "2026-09";

  private static final Duration LINK_LIFE = Duration.ofHours(24);
  private static final int NAME_TRIES = 5;
  private static final int LONGEST_EMAIL = 254;

  private final Db db;
  private final AccountRepository accounts;
  private final PasswordHasher hasher;
  private final PasswordPolicy policy = PasswordPolicy.bundled();
  private final VerificationCodes codes;
  private final MailQueue mails;
  private final Outbox outbox;
  private final String publicUrl;
  private final Clock clock;

  Registration(UsersParts parts, String publicUrl) {
    this.db = parts.db();
    this.accounts = parts.accounts();
    this.hasher = parts.hasher();
    this.codes = parts.codes();
    this.mails = parts.mails();
    this.outbox = parts.outbox();
    this.publicUrl = publicUrl;
    this.clock = parts.clock();
  }

  RegisteredUser register(Caller caller, RegisterBody body) {
    String emailKey = body.email() == null ? null : Identifier.emailKey(body.email());
    String phone = body.phone() == null ? null : Identifier.e164(body.phone());
    check(body, emailKey);
    refuseTaken(body.username(), emailKey, phone);
    String hash = body.password() == null ? null : hasher.hash(body.password());
    if (phone != null) {
      // last of all checks: a code is used up by being right
      codes.consume(VerificationCodes.REGISTER, phone, body.phoneCode());
    }
    return insert(
        caller,
        new NewAccount(
            body.userType(),
            body.username(),
            emailKey,
            phone,
            hash,
            body.displayName(),
            TERMS_VERSION,
            caller.ip()),
        clock.instant());
  }

  /** What the schema cannot say: which fields need which. */
  private void check(RegisterBody body, String emailKey) {
    if (emailKey == null && body.phone() == null) {
      throw Errors.invalid("email", "请填写邮箱或手机号");
    }
    if (emailKey != null && body.username() == null) {
      throw Errors.invalid("username", "请填写用户名");
    }
    if (emailKey != null && body.password() == null) {
      throw Errors.invalid("password", "请填写密码");
    }
    if (emailKey != null && emailKey.length() > LONGEST_EMAIL) {
      throw Errors.invalid("email", "邮箱格式不正确");
    }
    if (body.phone() != null && body.phoneCode() == null) {
      throw Errors.invalid("phone_code", "请填写短信验证码");
    }
    if (body.username() != null) {
      Usernames.check(body.username());
    }
    if (body.password() != null) {
      policy.check("password", body.password(), body.username(), emailKey);
    }
  }

  /** Spares the work when the answer is known; the unique keys decide. */
  private void refuseTaken(String username, String emailKey, String phone) {
    String usernameKey = username == null ? null : Identifier.usernameKey(username);
    accounts
        .taken(usernameKey, emailKey, phone)
        .ifPresent(
            field -> {
              throw AccountErrors.taken(field);
            });
  }

  private RegisteredUser insert(Caller caller, NewAccount account, Instant now) {
    boolean generated = account.username() == null;
    for (int attempt = 1; ; attempt++) {
      try {
        return insertNamed(caller, generated ? account.named(Usernames.generate()) : account, now);
      } catch (DuplicateKeyException taken) {
        boolean anotherName = generated && taken.index().equals("uk_users_username");
        if (!anotherName || attempt == NAME_TRIES) {
          throw AccountErrors.taken(field(taken));
        }
      }
    }
  }

  private static String field(DuplicateKeyException taken) {
    return switch (taken.index()) {
      case "uk_users_username" -> "username";
      case "uk_users_email" -> "email";
      case "uk_users_phone" -> "phone";
      default -> throw taken;
    };
  }

  private RegisteredUser insertNamed(Caller caller, NewAccount account, Instant now) {
    long userId = db.tx(tx -> insertAll(tx, caller, account, now));
    return RegisteredUser.builder()
        .userId(userId)
        .username(account.username())
        .email(account.emailKey())
        .phone(Masking.phone(account.phone()))
        .userType(account.userType())
        .emailVerified(false)
        .phoneVerified(account.phone() != null)
        .createdAt(now)
        .build();
  }

  private long insertAll(Tx tx, Caller caller, NewAccount account, Instant now) {
    long userId = accounts.insert(tx, account, now);
    accounts.insertCompanions(tx, userId, account, now);
    if (account.emailKey() != null) {
      mailLink(tx, userId, account, now);
    }
    outbox.publish(
        tx,
        EventTopic.USER_REGISTERED,
        new UserRegisteredEvent(
            userId, account.username(), account.userType(), caller.platform(), now));
    return userId;
  }

  private void mailLink(Tx tx, long userId, NewAccount account, Instant now) {
    SecretToken token = SecretToken.make();
    Instant expiresAt = now.plus(LINK_LIFE);
    mails.keepVerification(tx, userId, account.emailKey(), token.hash(), now, expiresAt);
    mails.queue(
        tx,
        userId,
        account.emailKey(),
        MailQueue.VERIFY_EMAIL,
        new JsonObject()
            .put("username", account.username())
            .put("link", publicUrl + "/verify-email?token=" + token.text())
            .put("expires_at", expiresAt.truncatedTo(ChronoUnit.SECONDS).toString()),
        now);
  }
}
