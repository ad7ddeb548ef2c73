package com.sharestack.gateway;

import com.sharestack.gateway.live.Sessions;
import com.sharestack.gateway.live.Standing;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;

/** Sessions and accounts as one event loop knows them, for its live connections. */
record KnownSessions(Revocations revocations, Principals principals) implements Sessions {

  @Override
  public boolean revoked(String sessionId) {
    return revocations.isRevoked(sessionId);
  }

  @Override
  public Future<Standing> standing(long userId) {
    principals.forget(userId); // whoever asks has a reason to
    return principals.of(userId, Ids.random("live_", 12)).map(Doors::standing);
  }
}
