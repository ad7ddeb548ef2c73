package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.TokenPair;
import com.sharestack.platform.crypto.SecretToken;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.service.Signals;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * auth.refresh: each refresh token works once. The exchange is a compare-and-set on its hash, so of
 * any number of parallel calls one wins and the others learn that the token is used.
 */
final class TokenRefresh {

  private final Db db;
  private final AccountRepository accounts;
  private final SessionRepository rows;
  private final Sessions sessions;
  private final MailQueue mails;
  private final Signals signals;
  private final Clock clock;

  TokenRefresh(UsersParts parts) {
    this.db = parts.db();
    this.accounts = parts.accounts();
    this.rows = parts.sessionRows();
    this.sessions = parts.sessions();
    this.mails = parts.mails();
    this.signals = parts.signals();
    this.clock = parts.clock();
  }

  TokenPair refresh(Caller caller, String token) {
    byte[] hash = SecretToken.hash(token);
    Instant now = clock.instant();
    // In this order: an exchange between the two reads is found by the second.
    Optional<SessionRepository.Session> session = rows.byRefreshHash(hash);
    if (session.isEmpty()) {
      throw rows.consumed(hash)
          .map(used -> reused(caller, used, now))
          .orElseGet(() -> AccountErrors.unauthorized("refresh_invalid"));
    }
    return exchange(session.get(), hash, now);
  }

  private TokenPair exchange(SessionRepository.Session session, byte[] hash, Instant now) {
    if (session.revoked() || !session.terms().expiresAt().isAfter(now)) {
      throw AccountErrors.unauthorized("refresh_invalid");
    }
    Account account = accounts.byId(session.userId()).orElseThrow();
    requireActive(account, now);
    SecretToken next = SecretToken.make();
    SessionTerms extended = session.terms().extended(now);
    boolean won = db.tx(tx -> rows.rotate(tx, session, hash, next.hash(), extended, now));
    if (!won) {
      throw AccountErrors.unauthorized(
          rows.consumed(hash).isPresent() ? "refresh_reused" : "refresh_invalid");
    }
    return sessions.pair(
        account.userId(),
        account.userType(),
        accounts.roles(account.userId(), account.userType()),
        session.sessionId(),
        next,
        now);
  }

  private static void requireActive(Account account, Instant now) {
    AccountStatus status = account.standing().at(now);
    if (status == AccountStatus.BANNED) {
      throw AccountErrors.banned(account.standing());
    }
    if (status != AccountStatus.ACTIVE) {
      throw AccountErrors.unauthorized("refresh_invalid");
    }
  }

  /** A token used before: within the grace a parallel tab, later somebody holds a stolen one. */
  private ServiceException reused(Caller caller, SessionRepository.Consumed used, Instant now) {
    if (now.isAfter(used.consumedAt().plus(SessionTerms.REUSE_GRACE))) {
      revoke(caller, used, now);
    }
    return AccountErrors.unauthorized("refresh_reused");
  }

  private void revoke(Caller caller, SessionRepository.Consumed used, Instant now) {
    Account account = accounts.byId(used.userId()).orElseThrow();
    boolean ended =
        db.tx(
            tx -> {
              boolean first =
                  sessions.end(tx, caller, used.sessionId(), used.userId(), "refresh_reused", now);
              if (first && account.email() != null) {
                mails.queue(
                    tx,
                    account.userId(),
                    account.email(),
                    MailQueue.SESSION_STOLEN,
                    new JsonObject()
                        .put("username", account.username())
                        .put("ip", Masking.ip(caller.ip()))
                        .put("at", now.truncatedTo(ChronoUnit.SECONDS).toString()),
                    now);
              }
              return first;
            });
    if (ended) {
      signals.sessionRevoked(used.sessionId());
    }
  }
}
