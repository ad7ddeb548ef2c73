package com.sharestack.platform.service;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * Hints to every gateway of the cluster that something it keeps in memory changed. A hint may be
 * lost: what it is about is also polled or expires within seconds.
 */
public final class Signals {

  /** {@code {session_id}}: the session ended, its access tokens are refused. */
  public static final String SESSION_REVOKED = "signals.session_revoked";

  /** {@code {user_id}}: status, roles or certification of the account changed. */
  public static final String USER_CHANGED = "signals.user_changed";

  private final Vertx vertx;

  public Signals(Vertx vertx) {
    this.vertx = vertx;
  }

  public void sessionRevoked(String sessionId) {
    vertx.eventBus().publish(SESSION_REVOKED, new JsonObject().put("session_id", sessionId));
  }

  public void userChanged(long userId) {
    vertx.eventBus().publish(USER_CHANGED, new JsonObject().put("user_id", userId));
  }
}
