package com.sharestack.analytics;

import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.events.Event;
import com.sharestack.platform.jobs.Job;
import io.vertx.core.json.JsonObject;

/**
 * The payload of a notification job.
 *
 * @param cursor the last reader served, 0 at the start
 */
record Task(NotificationKind kind, long eventId, JsonObject event, String requestId, long cursor) {

  static final String JOB_TYPE = "analytics.notify";

  /** With doubling pauses about an hour; then operators look at it. */
  static final int MOST_ATTEMPTS = 12;

  static Task of(Event event, NotificationKind kind) {
    return new Task(kind, event.id(), event.payload(), event.requestId(), 0);
  }

  static Task of(Job job) {
    JsonObject json = job.payload();
    return new Task(
        NotificationKind.valueOf(json.getString("kind")),
        json.getLong("event_id"),
        json.getJsonObject("event"),
        json.getString("request_id"),
        json.getLong("cursor"));
  }

  String key() {
    return eventId + ":" + kind.event();
  }

  Task after(long reader) {
    return new Task(kind, eventId, event, requestId, reader);
  }

  <T extends Record> T event(Class<T> type) {
    return Wire.read(event, type);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("kind", kind.name())
        .put("event_id", eventId)
        .put("event", event)
        .put("request_id", requestId)
        .put("cursor", cursor);
  }
}
