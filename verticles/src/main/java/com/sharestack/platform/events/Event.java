package com.sharestack.platform.events;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.wire.Wire;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An event as a consumer sees it.
 *
 * @param id its outbox row; the same for every delivery
 * @param at when the fact was written
 */
public record Event(long id, EventTopic topic, JsonObject payload, String requestId, Instant at) {

  /** The payload as the record that the contract names for the topic. */
  public <T extends Record> T payload(Class<T> type) {
    return Wire.read(payload, type);
  }
}
