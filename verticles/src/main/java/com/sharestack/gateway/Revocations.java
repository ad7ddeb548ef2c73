package com.sharestack.gateway;

import com.sharestack.contract.RevocationsQuery;
import com.sharestack.contract.SessionsRevokedSinceRequest;
import com.sharestack.contract.SessionsService;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions that ended while their access tokens still live. Shared by the event loops of a process;
 * filled by hints within milliseconds and by a poll of the truth within seconds, so that neither a
 * lost hint nor a flushed Redis brings a session back.
 */
final class Revocations {

  private static final int BATCH = 1000;

  /** A row may commit this long after the time it carries. */
  private static final Duration OVERLAP = Duration.ofSeconds(15);

  private final SessionsService sessions;
  private final Clock clock;
  private final Duration tokenLife;
  private final Map<String, Instant> forgetAt = new ConcurrentHashMap<>();
  private volatile Instant seenUntil;
  private volatile boolean loaded;

  Revocations(SessionsService sessions, Clock clock, int tokenSeconds) {
    this.sessions = sessions;
    this.clock = clock;
    this.tokenLife = Duration.ofSeconds(tokenSeconds);
    this.seenUntil = clock.instant().minus(tokenLife);
  }

  /** False until the truth was read once: till then nobody can be let in. */
  boolean loaded() {
    return loaded;
  }

  boolean isRevoked(String sessionId) {
    return forgetAt.containsKey(sessionId);
  }

  void revoke(String sessionId) {
    forgetAt.put(sessionId, clock.instant().plus(tokenLife));
  }

  /** Reads what was revoked since the last time; fails while the users domain is away. */
  Future<Void> poll() {
    Instant now = clock.instant();
    forgetAt.values().removeIf(now::isAfter);
    return readFrom(new RevocationsQuery(seenUntil.minus(OVERLAP), BATCH, null))
        .onSuccess(
            done -> {
              seenUntil = now;
              loaded = true;
            });
  }

  private Future<Void> readFrom(RevocationsQuery query) {
    return sessions
        .revokedSince(
            Callers.system(Ids.random("poll_", 12)), new SessionsRevokedSinceRequest(query))
        .compose(
            found -> {
              found.revocations().forEach(revocation -> revoke(revocation.sessionId()));
              return found.nextCursor() == null
                  ? Future.succeededFuture()
                  : readFrom(new RevocationsQuery(query.since(), BATCH, found.nextCursor()));
            });
  }
}
