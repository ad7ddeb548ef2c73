package com.sharestack.platform.presence;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small messages to the gateway nodes where a user is connected. None is durable and each may be
 * lost or doubled: what they are about is in the database, and gateways also ask.
 *
 * <p>Bodies on {@link Presence#address}: {@code {kind: "events", user_id, seq}} = the user's event
 * log has events up to seq, or {@code {kind: "typing", user_id, frame}} = write this frame to the
 * user's connections, nothing is stored.
 */
public final class Hints {

  public static final String KIND = "kind";
  public static final String EVENTS = "events";
  public static final String TYPING = "typing";

  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

  private final Vertx vertx;
  private final Presence presence;

  public Hints(Vertx vertx, Presence presence) {
    this.vertx = vertx;
    this.presence = presence;
  }

  /** Call after the commit; returns at once. */
  public void events(long userId, long seq) {
    tell(userId, new JsonObject().put(KIND, EVENTS).put("user_id", userId).put("seq", seq));
  }

  /**
   * @param frame the data of the typing frame; whether {@code userId} may see it was asked before
   */
  public void typing(long userId, JsonObject frame) {
    tell(userId, new JsonObject().put(KIND, TYPING).put("user_id", userId).put("frame", frame));
  }

  private void tell(long userId, JsonObject hint) {
    presence
        .nodesOf(userId)
        .onSuccess(nodes -> nodes.forEach(node -> vertx.eventBus().send(node, hint)))
        .onFailure(away -> LOG.debug("no hint for user {}: {}", userId, away.getMessage()));
  }
}
