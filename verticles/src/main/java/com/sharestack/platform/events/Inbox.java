package com.sharestack.platform.events;

import com.sharestack.contract.EventTopic;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A domain's side of event delivery: each event takes effect once, because its effect and its inbox
 * row commit together and the row's key refuses a second one.
 */
public final class Inbox {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Map<String, EventTopic> TOPICS =
      Arrays.stream(EventTopic.values()).collect(Collectors.toMap(EventTopic::topic, t -> t));

  private final Db db;
  private final Clock clock;
  private final String domain;

  public Inbox(Db db, Clock clock, String domain) {
    this.db = db;
    this.clock = clock;
    this.domain = domain;
  }

  /** Address on which a domain takes its events. */
  public static String address(String domain) {
    return "events." + domain;
  }

  /**
   * Starts taking events.
   *
   * @throws IllegalStateException when {@code handlers} differ from what the contract names for
   *     this domain
   */
  public Future<Void> consume(Vertx vertx, Map<EventTopic, EventHandler> handlers) {
    Set<EventTopic> expected =
        TOPICS.values().stream()
            .filter(topic -> topic.consumers().contains(domain))
            .collect(Collectors.toSet());
    if (!expected.equals(handlers.keySet())) {
      throw new IllegalStateException(
          domain + " handles " + handlers.keySet() + " but the contract names " + expected);
    }
    if (handlers.isEmpty()) {
      return Future.succeededFuture();
    }
    return vertx
        .eventBus()
        .<JsonObject>consumer(
            address(domain),
            message -> vertx.getOrCreateContext().runOnContext(go -> take(message, handlers)))
        .completion();
  }

  private void take(Message<JsonObject> message, Map<EventTopic, EventHandler> handlers) {
    JsonObject body = message.body();
    MDC.put("request_id", body.getString("request_id"));
    try {
      apply(
          new Event(
              body.getLong("id"),
              TOPICS.get(body.getString("topic")),
              body.getJsonObject("payload"),
              body.getString("request_id"),
              Instant.parse(body.getString("at"))),
          handlers);
      message.reply(null);
    } catch (RuntimeException failure) {
      LOG.error(
          "{} could not take event {} {}",
          domain,
          body.getLong("id"),
          body.getString("topic"),
          failure);
      message.fail(500, "event not taken");
    } finally {
      MDC.remove("request_id");
    }
  }

  private void apply(Event event, Map<EventTopic, EventHandler> handlers) {
    db.tx(
        tx -> {
          if (first(tx, event)) {
            handlers.get(event.topic()).handle(tx, event);
          }
          return null;
        });
  }

  private boolean first(Tx tx, Event event) {
    try {
      tx.update(
          "INSERT INTO inbox (consumer, event_id, processed_at) VALUES (?, ?, ?)",
          domain,
          event.id(),
          clock.instant());
      return true;
    } catch (DuplicateKeyException seen) {
      LOG.debug("{} already took event {}", domain, event.id());
      return false;
    }
  }
}
