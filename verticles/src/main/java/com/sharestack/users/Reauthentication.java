package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.ReauthenticateBody;
import com.sharestack.contract.SecurityTokenResult;
import com.sharestack.contract.StepUpCheck;
import com.sharestack.contract.StepUpMethod;
import com.sharestack.contract.StepUpProof;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.json.JsonArray;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * auth.reauthenticate and the check behind {@code x-step-up} (users contract, conventions.step_up).
 * Passwords are judged as at login: outside the transaction, and what counts is decided on the
 * locked row, so of many guesses in parallel only five are answered before the lock.
 */
final class Reauthentication {

  private final UsersParts parts;
  private final SecurityTokens tokens;
  private final FailedPasswords failures;

  Reauthentication(UsersParts parts, SecurityTokens tokens) {
    this.parts = parts;
    this.tokens = tokens;
    this.failures = new FailedPasswords(parts.log());
  }

  SecurityTokenResult reauthenticate(Caller caller, ReauthenticateBody body) {
    Account account = account(caller);
    refuseLocked(caller, account);
    List<StepUpMethod> usable = usable(account);
    if (!usable.contains(body.method())) {
      throw required(usable);
    }
    switch (body.method()) {
      case PASSWORD -> judge(caller, account, body.value());
      case SMS_CODE -> consume(account.userId(), account.phone(), body.value());
      case EMAIL_CODE -> consume(account.userId(), account.email(), body.value());
      case TOTP -> throw new IllegalStateException("no account has a second factor");
    }
    String token = tokens.issue(account.userId(), caller.sessionId(), body.method());
    return new SecurityTokenResult(token, SecurityTokens.LIFE.toSeconds());
  }

  /** The token when there is a good one, else the password when there is one. */
  StepUpProof check(Caller caller, StepUpCheck check) {
    Optional<StepUpMethod> proved =
        check.securityToken() == null
            ? Optional.empty()
            : tokens.find(caller.userId(), caller.sessionId(), check.securityToken());
    if (proved.isPresent()) {
      return new StepUpProof(proved.get());
    }
    Account account = account(caller);
    List<StepUpMethod> usable = usable(account);
    if (check.password() == null || !usable.contains(StepUpMethod.PASSWORD)) {
      throw required(usable);
    }
    refuseLocked(caller, account);
    judge(caller, account, check.password());
    return new StepUpProof(StepUpMethod.PASSWORD);
  }

  /**
   * How this account can prove itself. No operation of the contract switches a second factor on, so
   * none has totp.
   */
  static List<StepUpMethod> usable(Account account) {
    List<StepUpMethod> methods = new ArrayList<>();
    if (account.passwordHash() != null) {
      methods.add(StepUpMethod.PASSWORD);
    }
    if (account.phone() != null && account.phoneVerified()) {
      methods.add(StepUpMethod.SMS_CODE);
    }
    if (account.email() != null && account.emailVerified()) {
      methods.add(StepUpMethod.EMAIL_CODE);
    }
    return methods;
  }

  private Account account(Caller caller) {
    return parts
        .accounts()
        .byId(caller.userId())
        .orElseThrow(() -> AccountErrors.unauthorized("token_revoked"));
  }

  /** Before any work: a locked account costs no hashing. */
  private void refuseLocked(Caller caller, Account account) {
    Instant now = parts.clock().instant();
    if (account.lock().lockedAt(now)) {
      throw parts
          .db()
          .<ServiceException>tx(
              tx -> failures.locked(tx, caller, account.userId(), account.lock(), now));
    }
  }

  private void judge(Caller caller, Account account, String password) {
    boolean matches = parts.hasher().matches(password, account.passwordHash());
    Optional<ServiceException> refusal = parts.db().tx(tx -> decide(tx, caller, account, matches));
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /** A refusal is returned, not thrown: its traces are to be committed. */
  private Optional<ServiceException> decide(Tx tx, Caller caller, Account judged, boolean matches) {
    Instant now = parts.clock().instant();
    Account account = parts.accounts().lock(tx, judged.userId());
    if (account.lock().lockedAt(now)) {
      return Optional.of(failures.locked(tx, caller, account.userId(), account.lock(), now));
    }
    if (!matches || !Objects.equals(account.passwordHash(), judged.passwordHash())) {
      LoginLock next = account.lock().afterFailure(now);
      parts.accounts().saveLock(tx, account.userId(), next);
      return Optional.of(failures.failed(tx, caller, account.userId(), next, now));
    }
    parts.accounts().saveLock(tx, account.userId(), LoginLock.NONE);
    return Optional.empty();
  }

  private void consume(long userId, String address, String code) {
    parts
        .codes()
        .consume(VerificationCodes.REAUTHENTICATE, VerificationCodes.ofUser(userId, address), code);
  }

  private static ServiceException required(List<StepUpMethod> usable) {
    return Errors.of(
        ErrorCode.REAUTH_REQUIRED,
        "methods",
        new JsonArray(usable.stream().map(StepUpMethod::literal).toList()));
  }
}
