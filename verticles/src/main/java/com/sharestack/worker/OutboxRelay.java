package com.sharestack.worker;

import com.sharestack.contract.EventTopic;
import com.sharestack.platform.events.Inbox;
import com.sharestack.platform.events.OutboxQueue;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries events from the outbox to every consumer the contract names, until each has said yes. */
final class OutboxRelay {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
  private static final long TAKE_TIMEOUT_MILLIS = 10_000;
  private static final Map<String, List<String>> CONSUMERS =
      Arrays.stream(EventTopic.values())
          .collect(Collectors.toMap(EventTopic::topic, EventTopic::consumers));

  private final OutboxQueue queue;
  private final EventBus bus;
  private final int batch;

  OutboxRelay(OutboxQueue queue, EventBus bus, int batch) {
    this.queue = queue;
    this.bus = bus;
    this.batch = batch;
  }

  /**
   * Delivers one batch.
   *
   * @return whether there may be more to do at once
   */
  boolean run() {
    List<OutboxQueue.Claimed> events = queue.claim(batch);
    List<Future<?>> deliveries = new ArrayList<>(events.size());
    events.forEach(event -> deliveries.add(deliver(event)));
    for (int i = 0; i < events.size(); i++) {
      settle(events.get(i), deliveries.get(i));
    }
    return events.size() == batch;
  }

  private Future<?> deliver(OutboxQueue.Claimed event) {
    List<String> consumers = CONSUMERS.get(event.topic());
    if (consumers == null) {
      // written by a newer version: a relay that knows the topic must get it, not "nobody wants it"
      return Future.failedFuture("unknown topic");
    }
    DeliveryOptions options = new DeliveryOptions().setSendTimeout(TAKE_TIMEOUT_MILLIS);
    return Future.all(
        consumers.stream()
            .map(domain -> bus.request(Inbox.address(domain), event.message(), options))
            .toList());
  }

  private void settle(OutboxQueue.Claimed event, Future<?> delivery) {
    Throwable failure = delivery.map(taken -> (Throwable) null).otherwise(cause -> cause).await();
    if (failure == null) {
      queue.published(event.id());
    } else {
      postpone(event, failure);
    }
  }

  private void postpone(OutboxQueue.Claimed event, Throwable failure) {
    if (queue.failed(event, String.valueOf(failure.getMessage()))) {
      LOG.error("event {} {} is dead after its last attempt", event.id(), event.topic(), failure);
    } else {
      LOG.warn("event {} {} comes again: {}", event.id(), event.topic(), failure.getMessage());
    }
  }
}
