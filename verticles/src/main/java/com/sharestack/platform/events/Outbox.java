package com.sharestack.platform.events;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.db.Tx;
import java.time.Clock;
import org.slf4j.MDC;

/**
 * Facts for other domains, written in the transaction that makes them true. The relay delivers each
 * to every consumer the contract names, at least once and in no promised order.
 */
public final class Outbox {

  private final Clock clock;

  public Outbox(Clock clock) {
    this.clock = clock;
  }

  /**
   * @throws IllegalArgumentException when {@code payload} is not the record of {@code topic}
   */
  public void publish(Tx tx, EventTopic topic, Record payload) {
    if (!topic.payload().isInstance(payload)) {
      throw new IllegalArgumentException(topic.topic() + " does not carry " + payload.getClass());
    }
    if (topic.consumers().isEmpty()) {
      return;
    }
    tx.insert(
        """
        INSERT INTO outbox (topic, payload, request_id, created_at, next_attempt_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        topic.topic(),
        Wire.text(payload),
        MDC.get("request_id"),
        clock.instant(),
        clock.instant());
  }
}
