package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Services;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Probe;
import com.sharestack.testing.KeptConnection;
import com.sharestack.testing.TestNode;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node's door opens, and it is ready, when the others and every service answer it. */
@Timeout(120)
class ReachTest {

  private static final String NAME = Ids.random("reach-", 8);

  private final int membership = Waiting.freePort();
  private final int http = Waiting.freePort();
  private TestNode front;
  private TestNode back;
  private final Set<String> called = ConcurrentHashMap.newKeySet();

  private static TestNode node(String name, String... overrides) {
    return TestNode.of(name, overrides);
  }

  private TestNode front(int reachSeconds) {
    return node(
        "reach_front",
        "SHARESTACK_ROLES",
        "gateway",
        "SHARESTACK_HTTP_PORT",
        String.valueOf(http),
        "SHARESTACK_CLUSTER_ENABLED",
        "true",
        "SHARESTACK_CLUSTER_NAME",
        NAME,
        "SHARESTACK_CLUSTER_PORT",
        String.valueOf(membership),
        "SHARESTACK_CLUSTER_PORT_RANGE",
        "1",
        "SHARESTACK_CLUSTER_MEMBERS",
        "127.0.0.1:" + membership,
        "SHARESTACK_CLUSTER_PING_MILLIS",
        "100",
        "SHARESTACK_START_REACH_SECONDS",
        String.valueOf(reachSeconds));
  }

  private TestNode back() {
    return node(
        "reach_back",
        "SHARESTACK_ROLES",
        "users,content,billing,social,analytics",
        "SHARESTACK_CLUSTER_ENABLED",
        "true",
        "SHARESTACK_CLUSTER_NAME",
        NAME,
        "SHARESTACK_CLUSTER_PORT",
        String.valueOf(Waiting.freePort()),
        "SHARESTACK_CLUSTER_PORT_RANGE",
        "1",
        "SHARESTACK_CLUSTER_MEMBERS",
        "127.0.0.1:" + membership,
        "SHARESTACK_CLUSTER_PING_MILLIS",
        "100",
        "SHARESTACK_START_REACH_SECONDS",
        "0");
  }

  /** Consumers that answer nothing good and note who called: a probe must not come that far. */
  private <T> void serve(TestNode node, Class<T> type) {
    T nothing =
        type.cast(
            Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> {
                  called.add(type.getSimpleName() + "." + method.getName());
                  return Future.failedFuture(Errors.of(ErrorCode.NOT_FOUND));
                }));
    node.fake(type, nothing);
  }

  @AfterEach
  void stop() {
    called.remove("SessionsService.revokedSince"); // the gateway polls it
    assertEquals(Set.of(), called, "a probe reached a service");
    for (TestNode node : new TestNode[] {front, back}) {
      if (node != null) {
        node.close();
      }
    }
  }

  private JsonObject checks() throws Exception {
    return front
        .node()
        .health()
        .report()
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS)
        .checks();
  }

  private void assertDoorClosed() {
    assertThrows(ConnectException.class, () -> new KeptConnection(http));
  }

  @Test
  void theDoorStaysClosedUntilTheLastServiceAnswers() throws Exception {
    front = front(50);
    CompletableFuture<Void> opened = CompletableFuture.runAsync(front::startAll);
    Waiting.until("it says what it waits for", 20, () -> checks().containsKey("services"));
    assertDoorClosed();
    back = back();
    back.startAll();
    List<Class<?>> services = List.copyOf(Services.DOMAINS.keySet());
    services.subList(1, services.size()).forEach(type -> serve(back, type));
    String last = (String) services.getFirst().getField("ADDRESS").get(null);
    Waiting.until(
        "only the last one is missing",
        20,
        () -> checks().getString("services").equals("nobody answers for " + last));
    assertEquals("the roles are starting", checks().getString("start"));
    assertFalse(opened.isDone());
    assertDoorClosed();
    serve(back, services.getFirst());
    opened.get(20, TimeUnit.SECONDS);
    assertEquals("up", checks().getString("services"));
    assertEquals("up", checks().getString("start"));
    new KeptConnection(http).close();
  }

  /** A domain must not be called from outside while its neighbours in the process still start. */
  @Test
  void theClusterHearsOfANodesAddressesWhenAllOfItsRolesRun() throws Exception {
    front = front(0);
    front.startAll();
    back = back();
    Class<?> first = Services.DOMAINS.keySet().iterator().next();
    String address = (String) first.getField("ADDRESS").get(null);
    List<String> seen = new ArrayList<>();
    back.with("users", platform -> new Late(() -> serve(back, first)));
    back.with("content", platform -> new Late(() -> seen.add(hosts(address) + " while starting")));
    back.startAll();
    seen.add(hosts(address) + " then");
    assertEquals(List.of("0 while starting", "1 then"), seen);
    back.close();
    assertEquals(0, hosts(address));
    back = null;
  }

  private static final class Late extends AbstractVerticle {
    private final Runnable start;

    Late(Runnable start) {
      this.start = start;
    }

    @Override
    public void start() {
      start.run();
    }
  }

  /** As the other node sees it. */
  private int hosts(String address) {
    Promise<List<RegistrationInfo>> found = Promise.promise();
    front.node().membership().getRegistrations(address, found);
    return found.future().toCompletionStage().toCompletableFuture().join().size();
  }

  @Test
  void theDoorOpensNotReadyWhenTheOthersDoNotCome() throws Exception {
    front = front(1);
    front.startAll();
    new KeptConnection(http).close();
    assertEquals("up", checks().getString("start"));
    assertTrue(checks().getString("services").startsWith("nobody answers for "), () -> "open");
    back = back();
    back.startAll();
    Services.DOMAINS.keySet().forEach(type -> serve(back, type));
    Waiting.until("found later", 20, () -> checks().getString("services").equals("up"));
  }

  @Test
  void aProbeIsAnsweredOnlyWhereTheServiceIs() throws Exception {
    back = node("reach_probe");
    Probe.answer(back.vertx());
    List<Class<?>> services = List.copyOf(Services.DOMAINS.keySet());
    serve(back, services.getFirst());
    List<String> silent =
        new Probe(back.vertx(), Set.of())
            .silent(500)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertEquals(services.size() - 1, silent.size());
    assertFalse(silent.contains((String) services.getFirst().getField("ADDRESS").get(null)));
  }
}
