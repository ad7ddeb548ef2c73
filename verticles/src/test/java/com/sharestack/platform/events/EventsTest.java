package com.sharestack.platform.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ContentAccessChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.Visibility;
import com.sharestack.testing.TestNode;
import com.sharestack.worker.WorkerVerticle;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of an event: outbox row, lease, delivery, effect with its inbox row. */
@Timeout(120)
class EventsTest {

  private static final EventTopic TOPIC = EventTopic.CONTENT_ACCESS_CHANGED;
  private static final String CONSUMER = "content";
  private static final Duration LEASE = Duration.ofSeconds(31);
  private static final int LAST_ATTEMPT = 12;

  private static TestNode node;
  private final List<String> deployments = new ArrayList<>();

  @BeforeAll
  static void start() {
    node = TestNode.of("events").start();
    node.await(
        () ->
            node.db()
                .update("CREATE TABLE effects (event_id BIGINT NOT NULL, price BIGINT NOT NULL)"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void empty() {
    node.await(
        () -> {
          for (String table : List.of("outbox", "inbox", "effects")) {
            node.db().update("DELETE FROM " + table);
          }
          return null;
        });
  }

  @AfterEach
  void undeploy() {
    deployments.forEach(id -> node.await(() -> node.vertx().undeploy(id).await()));
  }

  private static ContentAccessChangedEvent payload() {
    return new ContentAccessChangedEvent(
        1,
        2,
        3,
        Visibility.PAID,
        new BigDecimal("29.90"),
        true,
        Instant.parse("2026-11-23T01:00:00Z"));
  }

  private static void publish() {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      node.platform().outbox().publish(tx, TOPIC, payload());
                      return null;
                    }));
  }

  private static OutboxQueue queue(String owner) {
    return new OutboxQueue(node.db(), node.clock(), owner);
  }

  private static List<OutboxQueue.Claimed> claim(OutboxQueue queue) {
    return node.await(() -> queue.claim(100));
  }

  private static Row outboxRow() {
    return node.await(
        () ->
            node.db()
                .row("SELECT attempts, published_at, dead_at, lease_owner, last_error FROM outbox")
                .orElseThrow());
  }

  private static int count(String table) {
    return node.await(
        () -> node.db().row("SELECT COUNT(*) AS n FROM " + table).orElseThrow().getInteger("n"));
  }

  /** A consumer with this handler for the topic of these tests. */
  private void consume(EventHandler handler) {
    Map<EventTopic, EventHandler> handlers = new EnumMap<>(EventTopic.class);
    Arrays.stream(EventTopic.values())
        .filter(topic -> topic.consumers().contains(CONSUMER))
        .forEach(topic -> handlers.put(topic, (tx, event) -> {}));
    handlers.put(TOPIC, handler);
    deploy(
        new AbstractVerticle() {
          @Override
          public void start(Promise<Void> started) {
            new Inbox(node.db(), node.clock(), CONSUMER)
                .consume(vertx, handlers)
                .onComplete(started);
          }
        });
  }

  private void deploy(AbstractVerticle verticle) {
    deployments.add(
        node.await(
            () ->
                node.vertx()
                    .deployVerticle(
                        verticle,
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                    .await()));
  }

  private static void writeEffect(com.sharestack.platform.db.Tx tx, Event event) {
    BigDecimal price = event.payload(ContentAccessChangedEvent.class).price();
    tx.update(
        "INSERT INTO effects (event_id, price) VALUES (?, ?)",
        event.id(),
        price.movePointRight(2).longValueExact());
  }

  private static void deliver(OutboxQueue.Claimed event) {
    node.await(
        () ->
            node.vertx()
                .eventBus()
                .request(
                    Inbox.address(CONSUMER),
                    event.message(),
                    new DeliveryOptions().setSendTimeout(5_000))
                .await());
  }

  @Test
  void anEventOfATransactionThatFailsIsNotWritten() {
    assertThrows(
        IllegalStateException.class,
        () ->
            node.await(
                () ->
                    node.db()
                        .tx(
                            tx -> {
                              node.platform().outbox().publish(tx, TOPIC, payload());
                              throw new IllegalStateException("no");
                            })));
    assertEquals(0, count("outbox"));
  }

  @Test
  void aPayloadOfAnotherTopicIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> node.platform().outbox().publish(null, TOPIC, new MessageResult("x")));
  }

  @Test
  void anEventNobodyConsumesIsNotWritten() {
    EventTopic lonely =
        Arrays.stream(EventTopic.values())
            .filter(topic -> topic.consumers().isEmpty())
            .findFirst()
            .orElseThrow();
    Record payload = read(lonely);
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      node.platform().outbox().publish(tx, lonely, payload);
                      return null;
                    }));
    assertEquals(0, count("outbox"));
  }

  private static Record read(EventTopic topic) {
    return com.sharestack.contract.wire.Wire.read(new JsonObject(), topic.payload());
  }

  @Test
  void anEventTakesEffectOnceHoweverOftenItIsDelivered() {
    consume(EventsTest::writeEffect);
    publish();
    OutboxQueue.Claimed event = claim(queue("a")).get(0);
    deliver(event);
    deliver(event);
    deliver(event);
    Row effect =
        node.await(() -> node.db().row("SELECT event_id, price FROM effects").orElseThrow());
    assertEquals(1, count("effects"));
    assertEquals(event.id(), effect.getLong("event_id"));
    assertEquals(2990, effect.getLong("price"), "money is exact after outbox and bus");
    assertEquals(1, count("inbox"));
  }

  @Test
  void twoDeliveriesAtTheSameTimeTakeEffectOnce() {
    consume(EventsTest::writeEffect);
    publish();
    OutboxQueue.Claimed event = claim(queue("a")).get(0);
    List<CompletableFuture<Void>> deliveries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      deliveries.add(CompletableFuture.runAsync(() -> deliver(event), Thread::startVirtualThread));
    }
    CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new)).join();
    assertEquals(1, count("effects"));
  }

  @Test
  void aHandlerThatThrowsLeavesNothingHalfDoneAndTheNextDeliverySucceeds() {
    AtomicInteger tries = new AtomicInteger();
    consume(
        (tx, event) -> {
          writeEffect(tx, event);
          if (tries.incrementAndGet() == 1) {
            throw new IllegalStateException("secret text");
          }
        });
    publish();
    OutboxQueue.Claimed event = claim(queue("a")).get(0);
    ReplyException refused = assertThrows(ReplyException.class, () -> deliver(event));
    assertFalse(refused.getMessage().contains("secret"));
    assertEquals(0, count("effects"));
    assertEquals(0, count("inbox"), "the inbox row was rolled back with the effect");
    deliver(event);
    assertEquals(1, count("effects"));
  }

  @Test
  void anUnknownTopicIsNotTakenSoThatItIsNotLost() {
    consume(EventsTest::writeEffect);
    JsonObject newer =
        new JsonObject()
            .put("id", 7)
            .put("topic", "added.later")
            .put("payload", new JsonObject())
            .put("at", "2026-11-23T01:00:00Z");
    assertThrows(
        ReplyException.class,
        () ->
            node.await(
                () -> node.vertx().eventBus().request(Inbox.address(CONSUMER), newer).await()));
    assertEquals(0, count("inbox"));
  }

  @Test
  void handlersMustBeExactlyThoseTheContractNames() {
    Inbox inbox = new Inbox(node.db(), node.clock(), CONSUMER);
    String sentence =
        assertThrows(IllegalStateException.class, () -> inbox.consume(node.vertx(), Map.of()))
            .getMessage();
    assertTrue(sentence.startsWith("content handles [] but the contract names ["), sentence);
  }

  @Test
  void aClaimedEventIsHeldByOneRelayUntilItsLeaseEnds() {
    publish();
    assertEquals(1, claim(queue("a")).size());
    assertEquals(0, claim(queue("b")).size());
    node.clock().advance(LEASE);
    List<OutboxQueue.Claimed> again = claim(queue("b"));
    assertEquals(1, again.size());
    assertEquals(2, again.get(0).attempts());
    assertEquals("b", outboxRow().getString("lease_owner"));
  }

  @Test
  void relaysThatClaimAtTheSameTimeNeverGetTheSameEvent() {
    int events = 200;
    for (int i = 0; i < events; i++) {
      publish();
    }
    List<CompletableFuture<List<Long>>> relays = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      OutboxQueue queue = queue("relay" + i);
      relays.add(CompletableFuture.supplyAsync(() -> claimAll(queue), Thread::startVirtualThread));
    }
    Set<Long> seen = new HashSet<>();
    int claimed = 0;
    for (CompletableFuture<List<Long>> relay : relays) {
      claimed += relay.join().size();
      seen.addAll(relay.join());
    }
    assertEquals(events, claimed);
    assertEquals(events, seen.size());
  }

  private static List<Long> claimAll(OutboxQueue queue) {
    List<Long> ids = new ArrayList<>();
    for (List<OutboxQueue.Claimed> some = node.await(() -> queue.claim(10));
        !some.isEmpty();
        some = node.await(() -> queue.claim(10))) {
      some.forEach(event -> ids.add(event.id()));
    }
    return ids;
  }

  @Test
  void aRelayWhoseLeaseWasTakenOverChangesNothingOfTheNewHolders() {
    publish();
    OutboxQueue slow = queue("slow");
    OutboxQueue.Claimed old = claim(slow).get(0);
    node.clock().advance(LEASE);
    assertEquals(1, claim(queue("next")).size());
    assertFalse(node.await(() -> slow.failed(old, "too late")));
    assertEquals("next", outboxRow().getString("lease_owner"), "the lease of the next one stays");
    assertNull(outboxRow().getString("last_error"));
    assertEquals(0, claim(queue("third")).size(), "never two holders");
    node.await(
        () -> {
          slow.published(old.id());
          return null;
        });
    assertTrue(outboxRow().getValue("published_at") != null, "delivered is delivered");
  }

  @Test
  void aFailedEventComesAgainAfterAPauseThatDoubles() {
    publish();
    OutboxQueue queue = queue("a");
    OutboxQueue.Claimed event = claim(queue).get(0);
    assertFalse(node.await(() -> queue.failed(event, "x".repeat(600))));
    assertEquals(500, outboxRow().getString("last_error").length());
    assertEquals(0, claim(queue).size(), "not at once");
    node.clock().advance(OutboxQueue.pause(1).plusMillis(100));
    assertEquals(2, claim(queue).get(0).attempts());
    assertEquals(Duration.ofSeconds(2), OutboxQueue.pause(1));
    assertEquals(Duration.ofSeconds(4), OutboxQueue.pause(2));
    assertEquals(Duration.ofMinutes(10), OutboxQueue.pause(60));
  }

  @Test
  void afterItsLastAttemptAnEventIsDeadAndNeverClaimedAgain() {
    publish();
    OutboxQueue queue = queue("a");
    for (int attempt = 1; attempt <= LAST_ATTEMPT; attempt++) {
      OutboxQueue.Claimed event = claim(queue).get(0);
      assertEquals(attempt, event.attempts());
      assertEquals(attempt == LAST_ATTEMPT, node.await(() -> queue.failed(event, "no")));
      node.clock().advance(OutboxQueue.pause(attempt).plusMillis(100));
    }
    node.clock().advance(Duration.ofDays(1));
    assertEquals(0, claim(queue).size());
    assertTrue(outboxRow().getValue("dead_at") != null);
  }

  @Test
  void aPublishedEventIsNeverClaimedAgain() {
    publish();
    OutboxQueue queue = queue("a");
    OutboxQueue.Claimed event = claim(queue).get(0);
    node.await(
        () -> {
          queue.published(event.id());
          return null;
        });
    node.clock().advance(Duration.ofDays(1));
    assertEquals(0, claim(queue).size());
  }

  /** Waits until the outbox row says so; the bound is the test's time limit. */
  private static void awaitOutbox(java.util.function.Predicate<Row> state) {
    node.await(
        () -> {
          while (!state.test(
              node.db()
                  .row("SELECT attempts, published_at, last_error FROM outbox")
                  .orElseThrow())) {
            node.vertx().timer(20, TimeUnit.MILLISECONDS).await();
          }
          return null;
        });
  }

  private void deployRelay() {
    // nobody answers the worker's other timer, the publication of due articles: it logs and goes on
    deploy(new WorkerVerticle(node.platform()));
  }

  @Test
  void theRelayDeliversAndNotesIt() {
    consume(EventsTest::writeEffect);
    deployRelay();
    publish();
    awaitOutbox(row -> row.getValue("published_at") != null);
    assertEquals(1, count("effects"));
  }

  @Test
  void theRelayTriesAgainWhatAConsumerDidNotTake() {
    AtomicInteger tries = new AtomicInteger();
    consume(
        (tx, event) -> {
          if (tries.incrementAndGet() == 1) {
            throw new IllegalStateException("not yet");
          }
          writeEffect(tx, event);
        });
    deployRelay();
    publish();
    awaitOutbox(row -> row.getString("last_error") != null);
    node.clock().advance(OutboxQueue.pause(1).plusMillis(100));
    awaitOutbox(row -> row.getValue("published_at") != null);
    assertEquals(1, count("effects"));
    assertEquals(2, tries.get());
  }

  @Test
  void theRelayKeepsAnEventWhoseConsumerIsAway() {
    deployRelay();
    publish();
    awaitOutbox(row -> row.getString("last_error") != null);
    assertNull(outboxRow().getValue("published_at"));
  }

  @Test
  void theRelayKeepsAnEventOfATopicThatOnlyANewerVersionKnows() {
    publish();
    node.await(() -> node.db().update("UPDATE outbox SET topic = 'added.later'"));
    deployRelay();
    awaitOutbox(row -> row.getValue("published_at") != null || row.getString("last_error") != null);
    assertNull(outboxRow().getValue("published_at"), "an older relay must not lose it");
  }

  @Test
  void theEventCarriesRequestAndTime() {
    Instant before = node.clock().instant().minusMillis(1);
    node.await(
        () -> {
          org.slf4j.MDC.put("request_id", "req_42");
          try {
            return node.db()
                .tx(
                    tx -> {
                      node.platform().outbox().publish(tx, TOPIC, payload());
                      return null;
                    });
          } finally {
            org.slf4j.MDC.remove("request_id");
          }
        });
    OutboxQueue.Claimed event = claim(queue("a")).get(0);
    assertEquals("req_42", event.requestId());
    assertFalse(event.at().isBefore(before));
    assertEquals(TOPIC.topic(), event.topic());
  }
}
