package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserType;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.presence.Hints;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.MessageLog;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of one user on two nodes of a cluster: who is replaced hears it on the other one. */
@Timeout(60)
class LiveClusterTest {

  private static ApiGateway first;
  private static ApiGateway second;
  private static long nextUser = 9_500;

  /** Connections that the first node was told to close. */
  private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

  private static volatile boolean losing;
  private final List<LiveClient> opened = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    String name = Ids.random("live-", 8);
    int port = freePort();
    first = start("live_cluster", name, port, port, List.of());
    var redis = first.node().config().redis();
    second =
        start(
            "live_cluster2",
            name,
            freePort(),
            port,
            List.of(
                "SHARESTACK_REDIS_URL", redis.url(), "SHARESTACK_REDIS_PREFIX", redis.prefix()));
    new MessageLog().serve(first).serve(second);
    first.eventually("one cluster", () -> first.node().node().membership().nodes().size() == 2);
    first.node().vertx().eventBus().addInboundInterceptor(LiveClusterTest::replacement);
  }

  private static ApiGateway start(
      String database, String name, int port, int member, List<String> more) {
    List<String> environment =
        new ArrayList<>(
            List.of(
                "SHARESTACK_CLUSTER_ENABLED",
                "true",
                "SHARESTACK_CLUSTER_NAME",
                name,
                "SHARESTACK_CLUSTER_PORT",
                String.valueOf(port),
                "SHARESTACK_CLUSTER_PORT_RANGE",
                "1",
                "SHARESTACK_CLUSTER_MEMBERS",
                "127.0.0.1:" + member,
                "SHARESTACK_START_REACH_SECONDS",
                "0",
                "SHARESTACK_LIVE_POLL_MILLIS",
                "1500",
                "SHARESTACK_RATES_OPERATION_FACTOR",
                "100"));
    environment.addAll(more);
    return ApiGateway.start(database, environment.toArray(String[]::new));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Notes the hints to close a connection, and loses them when the test wants it. */
  private static void replacement(DeliveryContext<Object> delivery) {
    if (delivery.message().body() instanceof JsonObject hint
        && "replaced".equals(hint.getString(Hints.KIND))) {
      TOLD.add(hint.getString("connection"));
      if (losing) {
        return;
      }
    }
    delivery.next();
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(LiveClient::close);
    losing = false;
    TOLD.clear();
  }

  private static long user() {
    long user = nextUser++;
    first.account(user, AccountStatus.ACTIVE, UserType.READER);
    second.account(user, AccountStatus.ACTIVE, UserType.READER);
    return user;
  }

  private LiveClient live(ApiGateway gateway, long user, String device) {
    LiveClient client =
        LiveClient.withToken(gateway.api().port(), gateway.token(user, "ses_of_" + user));
    opened.add(client);
    client.hello(device, null);
    first.node().clock().advance(Duration.ofMillis(5));
    second.node().clock().advance(Duration.ofMillis(5));
    return client;
  }

  private static double repaired() {
    var counter =
        first.node().platform().meters().find("live_hints_repaired").tag("kind", "replaced");
    return counter.counter() == null ? 0 : counter.counter().count();
  }

  private static void assertLives(LiveClient client) {
    assertEquals("pong", client.answer(client.send("ping", new JsonObject())).getString("type"));
  }

  @Test
  void aDeviceThatComesToAnotherNodeClosesItsOldConnection() {
    long user = user();
    LiveClient old = live(first, user, "same-device");
    LiveClient other = live(first, user, "other-device");
    LiveClient again = live(second, user, "same-device");
    assertEquals(4409, old.closeCode());
    assertEquals(1, TOLD.size(), "by the hint of the other node");
    assertLives(other);
    assertLives(again);
  }

  @Test
  void aSixthConnectionOnAnotherNodeClosesTheOldestOfAll() {
    long user = user();
    List<LiveClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(live(i % 2 == 0 ? first : second, user, "device-no-" + i));
    }
    assertEquals(4409, clients.getFirst().closeCode());
    clients.subList(1, 6).forEach(LiveClusterTest::assertLives);
  }

  @Test
  void aLostHintIsFoundByTheLookAtTheSeats() {
    long user = user();
    LiveClient old = live(first, user, "same-device");
    LiveClient other = live(first, user, "other-device");
    losing = true;
    double before = repaired();
    LiveClient again = live(second, user, "same-device");
    assertEquals(4409, old.closeCode());
    assertEquals(before + 1, repaired());
    assertLives(other);
    assertLives(again);
  }

  /** A seat that is lost with Redis was taken by nobody, even when the user has sat down anew. */
  @Test
  void seatsThatRedisForgotAreNotReplaced() {
    long user = user();
    LiveClient old = live(first, user, "before-the-flush");
    var cache = first.node().platform().cache();
    cache
        .send(io.vertx.redis.client.Command.DEL, cache.key("dm:online:" + user))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    LiveClient later = live(second, user, "after-the-flush");
    long other = user();
    LiveClient replaced = live(first, other, "same-device");
    losing = true;
    live(second, other, "same-device");
    assertEquals(4409, replaced.closeCode(), "found by a look that saw the old one, too");
    assertLives(old);
    assertLives(later);
  }

  /** The look must not take somebody who is just sitting down for one who lost his seat. */
  @Test
  void manyThatComeWhileSeatsAreLookedAtKeepThem() {
    long user = user();
    live(second, user, "always-there");
    for (int i = 0; i < 60; i++) {
      try (LiveClient client = live(first, user, "comes-and-goes-" + i)) {
        assertLives(client);
        assertTrue(client.isOpen());
      }
    }
    assertEquals(List.of(), List.copyOf(TOLD));
  }

  @Test
  void anEndedSessionClosesItsConnectionsOnBothNodes() {
    long user = user();
    LiveClient here = live(first, user, "device-here");
    LiveClient there = live(second, user, "device-there");
    new com.sharestack.platform.service.Signals(first.node().vertx())
        .sessionRevoked("ses_of_" + user);
    assertEquals(4401, here.closeCode());
    assertEquals(4401, there.closeCode());
  }
}
