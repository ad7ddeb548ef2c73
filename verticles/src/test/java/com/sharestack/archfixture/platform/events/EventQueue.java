package com.sharestack.archfixture.platform.events;

/** A queue of the platform may speak SQL. */
final class EventQueue {
  io.vertx.sqlclient.Row row;
}
