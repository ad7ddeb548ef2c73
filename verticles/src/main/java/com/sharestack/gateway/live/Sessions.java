package com.sharestack.gateway.live;

import io.vertx.core.Future;

/** What the gateway knows of login sessions and accounts; used on the event loop that asks. */
public interface Sessions {

  /** Whether the session ended before its time. */
  boolean revoked(String sessionId);

  /** The account's standing, asked anew; fails while the users domain is away. */
  Future<Standing> standing(long userId);
}
