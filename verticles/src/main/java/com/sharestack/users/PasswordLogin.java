package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.AuthUser;
import com.sharestack.contract.Caller;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.LoginBody;
import com.sharestack.contract.LoginMethod;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.TokenPair;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.service.Signals;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * auth.login. Whether an account exists, and what state it is in, shows only to who knows its
 * password: unknown identifiers take the same work, the same answers and the same lock.
 *
 * <p>The password is judged outside the transaction because that takes long. What counts is decided
 * inside it, on the locked row: of many guesses in parallel only five are answered before the lock.
 */
final class PasswordLogin {

  private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);

  private final Db db;
  private final AccountRepository accounts;
  private final LoginAttemptRepository attempts;
  private final PasswordHasher hasher;
  private final Sessions sessions;
  private final SecurityLog log;
  private final FailedPasswords failures;
  private final MailQueue mails;
  private final Outbox outbox;
  private final Signals signals;
  private final PublicProfiles profiles;
  private final Clock clock;

  PasswordLogin(UsersParts parts) {
    this.db = parts.db();
    this.accounts = parts.accounts();
    this.attempts = parts.attempts();
    this.hasher = parts.hasher();
    this.sessions = parts.sessions();
    this.log = parts.log();
    this.failures = new FailedPasswords(parts.log());
    this.mails = parts.mails();
    this.outbox = parts.outbox();
    this.signals = parts.signals();
    this.profiles = parts.profiles();
    this.clock = parts.clock();
  }

  /** How the transaction ended: a session, or a refusal whose traces are committed too. */
  private record Outcome(Sessions.Opened opened, boolean banEnded, ServiceException refusal) {

    static Outcome refused(ServiceException refusal) {
      return new Outcome(null, false, refusal);
    }
  }

  LoginResult login(Caller caller, LoginBody body) {
    Identifier identifier = Identifier.of(body.email());
    Optional<Account> found = accounts.byIdentifier(identifier);
    if (found.isEmpty()) {
      throw unknown(caller, identifier, body.password());
    }
    Account account = found.get();
    refuseLocked(caller, account.userId(), account.lock(), clock.instant());
    boolean matches = matches(account, body.password());
    boolean rememberMe = Boolean.TRUE.equals(body.rememberMe());
    Outcome outcome = db.tx(tx -> decide(tx, caller, account, matches, rememberMe));
    if (outcome.refusal() != null) {
      throw outcome.refusal();
    }
    return afterCommit(account, body.password(), outcome);
  }

  private boolean matches(Account account, String password) {
    return account.passwordHash() == null
        ? hasher.matchesNothing(password)
        : hasher.matches(password, account.passwordHash());
  }

  private ServiceException unknown(Caller caller, Identifier identifier, String password) {
    refuseLocked(caller, null, attempts.state(identifier), clock.instant());
    hasher.matchesNothing(password);
    return db.tx(
        tx -> {
          Instant now = clock.instant();
          LoginLock lock = attempts.lock(tx, identifier, now);
          if (lock.lockedAt(now)) {
            return failures.locked(tx, caller, null, lock, now);
          }
          LoginLock next = lock.afterFailure(now);
          attempts.save(tx, identifier, next);
          return failures.failed(tx, caller, null, next, now);
        });
  }

  /** Before any work: a locked account costs no hashing. */
  private void refuseLocked(Caller caller, Long userId, LoginLock lock, Instant now) {
    if (lock.lockedAt(now)) {
      throw db.<ServiceException>tx(tx -> failures.locked(tx, caller, userId, lock, now));
    }
  }

  private Outcome decide(
      Tx tx, Caller caller, Account judged, boolean matches, boolean rememberMe) {
    Instant now = clock.instant();
    Account account = accounts.lock(tx, judged.userId());
    if (account.lock().lockedAt(now)) {
      return Outcome.refused(failures.locked(tx, caller, account.userId(), account.lock(), now));
    }
    if (!matches || !Objects.equals(account.passwordHash(), judged.passwordHash())) {
      LoginLock next = account.lock().afterFailure(now);
      accounts.saveLock(tx, account.userId(), next);
      return Outcome.refused(failures.failed(tx, caller, account.userId(), next, now));
    }
    AccountStatus status = account.standing().at(now);
    if (status != AccountStatus.ACTIVE) {
      accounts.saveLock(tx, account.userId(), LoginLock.NONE);
      return Outcome.refused(AccountErrors.notActive(account.standing(), status));
    }
    boolean banEnded = account.standing().banIsOver(now);
    if (banEnded) {
      accounts.endBan(tx, account.userId(), now);
    }
    accounts.noteLogin(tx, account.userId(), caller.ip(), now);
    Sessions.Opened opened =
        sessions.open(tx, caller, account, LoginMethod.PASSWORD, rememberMe, now);
    if (opened.unknownDevice()) {
      warn(tx, caller, account, opened.sessionId(), now);
    }
    return new Outcome(opened, banEnded, null);
  }

  /** Nothing here knows cities by address, so an unknown device is the one reason there is. */
  private void warn(Tx tx, Caller caller, Account account, String sessionId, Instant now) {
    log.write(tx, caller, account.userId(), SecurityLog.SUSPICIOUS_LOGIN, sessionId, null, now);
    outbox.publish(
        tx,
        EventTopic.USER_LOGIN_SUSPICIOUS,
        UserLoginSuspiciousEvent.builder()
            .userId(account.userId())
            .sessionId(sessionId)
            .reasons(List.of("unknown_device"))
            .loginAlerts(account.loginAlerts())
            .ipMasked(Masking.ip(caller.ip()))
            .deviceName(Client.deviceName(caller))
            .at(now)
            .build());
    if (account.loginAlerts() && account.email() != null) {
      mails.queue(
          tx,
          account.userId(),
          account.email(),
          MailQueue.SUSPICIOUS_LOGIN,
          new JsonObject()
              .put("username", account.username())
              .put("ip", Masking.ip(caller.ip()))
              .put("device_name", Client.deviceName(caller))
              .put("at", now.truncatedTo(ChronoUnit.SECONDS).toString()),
          now);
    }
  }

  private LoginResult afterCommit(Account account, String password, Outcome outcome) {
    outcome.opened().evicted().forEach(signals::sessionRevoked);
    if (outcome.banEnded()) {
      profiles.evict(account.userId());
      signals.userChanged(account.userId());
    }
    strengthen(account, password);
    List<String> roles = accounts.roles(account.userId(), account.userType());
    TokenPair pair =
        sessions.pair(
            account.userId(),
            account.userType(),
            roles,
            outcome.opened().sessionId(),
            outcome.opened().refreshToken(),
            clock.instant());
    AuthUser user = account.forOwner(roles);
    return new LoginResult(
        pair.accessToken(), pair.refreshToken(), pair.tokenType(), pair.expiresIn(), user);
  }

  /** A stronger hash can wait for the next login: this one is valid already. */
  private void strengthen(Account account, String password) {
    if (!hasher.outdated(account.passwordHash())) {
      return;
    }
    try {
      accounts.rehash(account.userId(), account.passwordHash(), hasher.hash(password));
    } catch (ServiceException busy) {
      LOG.info("hash of account {} stays for now: {}", account.userId(), busy.getMessage());
    }
  }
}
