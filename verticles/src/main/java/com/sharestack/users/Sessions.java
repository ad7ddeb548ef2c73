package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.LoginMethod;
import com.sharestack.contract.SessionRevokedEvent;
import com.sharestack.contract.TokenPair;
import com.sharestack.contract.UserLoggedInEvent;
import com.sharestack.contract.UserType;
import com.sharestack.platform.crypto.SecretToken;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Begins and ends sessions; the same rules for every way to log in. */
final class Sessions {

  private static final int ID_LENGTH = 24;
  private static final String BEARER = "Bearer";

  private final SessionRepository sessions;
  private final SecurityLog log;
  private final Outbox outbox;
  private final AccessTokens tokens;

  Sessions(SessionRepository sessions, SecurityLog log, Outbox outbox, AccessTokens tokens) {
    this.sessions = sessions;
    this.log = log;
    this.outbox = outbox;
    this.tokens = tokens;
  }

  /**
   * @param evicted sessions that ended for this one; gateways must hear of them after the commit
   * @param unknownDevice the account logged in before, but never from this device
   */
  record Opened(
      String sessionId, SecretToken refreshToken, List<String> evicted, boolean unknownDevice) {}

  /** Makes a session; the caller of this method holds the lock of the account's row. */
  Opened open(
      Tx tx, Caller caller, Account account, LoginMethod method, boolean rememberMe, Instant now) {
    long userId = account.userId();
    boolean unknownDevice = !sessions.knowsDevice(tx, userId, caller).orElse(true);
    List<String> evicted = evict(tx, caller, userId, now);
    SecretToken refresh = SecretToken.make();
    String sessionId = Ids.base62("ses_", ID_LENGTH);
    sessions.insert(
        tx,
        caller,
        new SessionRepository.Session(
            sessionId, userId, SessionTerms.atLogin(rememberMe, now), false),
        refresh.hash(),
        method,
        rememberMe,
        now);
    log.write(
        tx,
        caller,
        userId,
        SecurityLog.LOGIN_SUCCESS,
        sessionId,
        new JsonObject().put("method", method.literal()),
        now);
    outbox.publish(
        tx,
        EventTopic.USER_LOGGED_IN,
        new UserLoggedInEvent(userId, sessionId, method, caller.platform(), now));
    return new Opened(sessionId, refresh, evicted, unknownDevice);
  }

  /** Leaves room for one more session: the least recently used go. */
  private List<String> evict(Tx tx, Caller caller, long userId, Instant now) {
    List<String> evicted = new ArrayList<>();
    List<String> live = sessions.live(tx, userId, now);
    for (String old :
        live.subList(Math.min(SessionTerms.MOST_LIVE - 1, live.size()), live.size())) {
      if (end(tx, caller, old, userId, "evicted", now)) {
        evicted.add(old);
      }
    }
    return evicted;
  }

  /**
   * Ends a session before its time; signal it after the commit.
   *
   * @param reason a literal of session.revoked
   * @return false when it had ended already
   */
  boolean end(Tx tx, Caller caller, String sessionId, long userId, String reason, Instant now) {
    if (!sessions.revoke(tx, sessionId, userId, reason, now)) {
      return false;
    }
    boolean logout = reason.equals("logout");
    log.write(
        tx,
        caller,
        userId,
        logout ? SecurityLog.LOGOUT : SecurityLog.SESSION_REVOKED,
        sessionId,
        new JsonObject().put("reason", reason),
        now);
    outbox.publish(
        tx, EventTopic.SESSION_REVOKED, new SessionRevokedEvent(sessionId, userId, reason, now));
    return true;
  }

  TokenPair pair(
      long userId,
      UserType type,
      List<String> roles,
      String sessionId,
      SecretToken refresh,
      Instant now) {
    String access =
        tokens.issue(userId, sessionId, Ids.base62("", ID_LENGTH), type.literal(), roles, now);
    return new TokenPair(access, refresh.text(), BEARER, tokens.lifeSeconds());
  }
}
