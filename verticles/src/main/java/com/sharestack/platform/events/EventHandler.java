package com.sharestack.platform.events;

import com.sharestack.platform.db.Tx;

/** Applies one event inside the transaction that also notes it in the inbox. */
@FunctionalInterface
public interface EventHandler {

  void handle(Tx tx, Event event);
}
