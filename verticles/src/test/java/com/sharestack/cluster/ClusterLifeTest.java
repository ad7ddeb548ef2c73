package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sharestack.contract.Services;
import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three JVMs on one database and one Redis, every domain on two of them, under load: restarted one
 * after the other, killed, and robbed of their data services. {@code
 * -Dsharestack.cluster.rounds=20} (profile {@code long}) repeats restarts and kills.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLifeTest {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterLifeTest.class);
  private static final int ROUNDS = Integer.getInteger("sharestack.cluster.rounds", 1);
  private static final int CLIENTS = 6;
  private static final int CALL_TIMEOUT = ClusterSettings.CALL_TIMEOUT;
  private static final String PASSWORD = "TestPass123!";

  @TempDir static Path folder;

  private static OwnServers servers;
  private static final List<NodeProcess> NODES = new ArrayList<>();
  private static String token;
  private static long creatorId;

  @BeforeAll
  static void describe() {
    servers = new OwnServers(folder);
    List<Integer> ports = List.of(Waiting.freePort(), Waiting.freePort(), Waiting.freePort());
    String members = ports.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    String name = Ids.random("life-", 8);
    for (int i = 0; i < 3; i++) {
      NODES.add(
          new NodeProcess(
              "node" + i,
              ClusterSettings.environment(
                  i, name, ports.get(i), members, folder, servers.endpoints())));
    }
  }

  @AfterAll
  static void stopAll() throws InterruptedException {
    for (NodeProcess node : NODES) {
      if (node.isRunning()) {
        node.kill();
      }
    }
    servers.close();
  }

  private static LoadClient load() {
    List<Integer> ports =
        NODES.stream().filter(NodeProcess::isRunning).map(NodeProcess::httpPort).toList();
    return new LoadClient(ports, token, creatorId).start(CLIENTS);
  }

  private static void awaitMore(LoadClient load, int answers) throws Exception {
    int goal = load.succeeded() + answers;
    Waiting.until(answers + " more answers", 30, () -> load.succeeded() >= goal);
  }

  private static List<NodeProcess> running() {
    return NODES.stream().filter(NodeProcess::isRunning).toList();
  }

  private static Set<String> states(NodeProcess asked) throws Exception {
    Set<String> states = new HashSet<>();
    asked
        .cluster()
        .getJsonArray("nodes")
        .forEach(
            node ->
                states.add(
                    ((JsonObject) node).getString("node")
                        + " "
                        + ((JsonObject) node).getString("state")));
    return states;
  }

  /** What a client was told is there, is there once. */
  private static void assertWrittenOnce(List<String> titles) throws Exception {
    Map<String, Integer> rows = new HashMap<>();
    try (Connection connection = servers.endpoints().connect();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT title, COUNT(*) FROM articles WHERE title LIKE 'load %' GROUP BY title")) {
      while (found.next()) {
        rows.put(found.getString(1), found.getInt(2));
      }
    }
    assertTrue(rows.values().stream().allMatch(count -> count == 1), "written twice: " + rows);
    List<String> lost = titles.stream().filter(title -> !rows.containsKey(title)).toList();
    assertEquals(List.of(), lost, "acknowledged and lost");
    assertFalse(titles.isEmpty());
  }

  @Test
  @Order(1)
  void nodesStartInAnyOrderAndBeforeTheirDatabase() throws Exception {
    NODES.get(2).start();
    Waiting.until(
        "the node says what it waits for",
        30,
        () -> NODES.get(2).hasPrinted("waiting for the database"));
    servers.startMysql();
    servers.startRedis();
    NODES.get(0).start();
    NODES.get(1).start();
    for (NodeProcess node : NODES) {
      node.awaitReady();
    }
    ApiClient api = new ApiClient(NODES.get(0).httpPort());
    JsonObject account =
        new JsonObject()
            .put("username", "creator")
            .put("email", "creator@example.com")
            .put("password", PASSWORD)
            .put("user_type", "creator")
            .put("agree_terms", true);
    ApiAnswer made = api.post("/auth/register", account);
    creatorId = made.data().getLong("user_id");
    JsonObject login =
        new JsonObject().put("email", "creator@example.com").put("password", PASSWORD);
    token =
        new ApiClient(NODES.get(1).httpPort())
            .post("/auth/login", login)
            .data()
            .getString("access_token");
  }

  @Test
  @Order(2)
  void everyNodeTellsOfAllAndInstancesChangeUnderLoad() throws Exception {
    Set<String> all =
        NODES.stream().map(node -> node.address() + " ready").collect(Collectors.toSet());
    for (NodeProcess node : NODES) {
      Waiting.until("the cluster as this node sees it", 10, () -> states(node).equals(all));
    }
    HttpResponse<String> page = NODES.get(0).get("/cluster.html");
    NODES.forEach(node -> assertTrue(page.body().contains(node.address()), page.body()));

    NodeProcess node = NODES.get(1);
    String domain = new TreeSet<>(Services.DOMAINS.values()).getFirst();
    try (LoadClient load = load()) {
      awaitMore(load, 100);
      for (String role : List.of(domain, "gateway")) {
        assertEquals(
            new JsonObject().put("role", role).put("instances", 4),
            new JsonObject(node.scale(role, 4).body()));
        awaitMore(load, 100);
        assertEquals(200, node.scale(role, 1).statusCode());
        awaitMore(load, 100);
      }
      load.end();
      LOG.info("instances added and removed: {}", load.figures());
      assertEquals(List.of(), load.failures());
    }
    assertEquals(400, node.scale("nothing", 1).statusCode());
    assertEquals(400, node.scale("gateway", 0).statusCode());
  }

  @Test
  @Order(3)
  void aRollingRestartUnderLoadFailsNoRequest() throws Exception {
    try (LoadClient load = load()) {
      awaitMore(load, 200);
      for (int round = 0; round < ROUNDS; round++) {
        for (NodeProcess node : NODES) {
          long took = node.terminate();
          LOG.info("a node ended {} ms after SIGTERM", took);
          awaitMore(load, 100);
          node.start();
          node.awaitReady();
          awaitMore(load, 100);
        }
      }
      load.end();
      LOG.info("{} rolling restarts: {}", ROUNDS, load.figures());
      assertEquals(List.of(), load.failures());
      assertWrittenOnce(load.written());
    }
  }

  @Test
  @Order(4)
  void aKilledNodeCostsNoMoreThanTheSendTimeout() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      NodeProcess victim = NODES.get(round % 3);
      try (LoadClient load = load()) {
        awaitMore(load, 200);
        long killed = System.nanoTime();
        victim.kill();
        NodeProcess survivor = running().getFirst();
        long gone =
            Waiting.until(
                "the dead node is forgotten",
                15,
                () -> states(survivor).stream().noneMatch(s -> s.startsWith(victim.address())));
        Waiting.pause(CALL_TIMEOUT);
        long settled = System.nanoTime();
        awaitMore(load, 300);
        load.end();
        long last =
            load.failures().stream()
                .mapToLong(f -> (f.atNanos() - killed) / 1_000_000)
                .max()
                .orElse(0);
        LOG.info(
            "killed: forgotten after {} ms, last failing call began after {} ms; {}",
            gone,
            last,
            load.figures());
        for (LoadClient.Failure failure : load.failures()) {
          assertTrue(failure.tookMillis() < CALL_TIMEOUT + 1_500, failure.toString());
          assertTrue(failure.atNanos() < settled, "failed long after the kill: " + failure);
        }
        assertWrittenOnce(load.written());
      }
      if (ROUNDS > 1) {
        victim.start();
        victim.awaitReady();
      }
    }
  }

  /** Only in the long form: it waits for the limit of heartbeats, 10 s. */
  @Test
  @Order(5)
  void aFrozenNodeIsTakenOutAndComesBackByItself() throws Exception {
    assumeTrue(ROUNDS > 1, "only with -Dsharestack.cluster.rounds above 1");
    NodeProcess victim = running().getLast();
    List<NodeProcess> others = running().stream().filter(node -> node != victim).toList();
    try (LoadClient load =
        new LoadClient(others.stream().map(NodeProcess::httpPort).toList(), token, creatorId)
            .start(CLIENTS)) {
      awaitMore(load, 200);
      long frozen = System.nanoTime();
      victim.freeze();
      Waiting.until(
          "the frozen node is forgotten",
          30,
          () ->
              others.getFirst().ready().statusCode() == 200
                  && states(others.getFirst()).size() == others.size());
      long gone = Waiting.millisSince(frozen);
      Waiting.pause(CALL_TIMEOUT);
      long settled = System.nanoTime();
      awaitMore(load, 300);
      List<LoadClient.Failure> late =
          load.failures().stream().filter(failure -> failure.atNanos() > settled).toList();
      assertEquals(List.of(), late, "failed after it was forgotten");
      victim.thaw();
      long back =
          Waiting.until("whole again", 60, () -> states(victim).equals(states(others.getFirst())));
      Waiting.until("ready again", 30, () -> victim.ready().statusCode() == 200);
      awaitMore(load, 300);
      load.end();
      LOG.info("frozen: forgotten after {} ms, back {} ms; {}", gone, back, load.figures());
      for (LoadClient.Failure failure : load.failures()) {
        assertTrue(failure.tookMillis() < CALL_TIMEOUT + 1_500, failure.toString());
      }
      assertWrittenOnce(load.written());
    } finally {
      victim.thaw();
    }
  }

  @Test
  @Order(6)
  void withoutRedisAndAfterAFlushNodesServeOn() throws Exception {
    try (LoadClient load = load()) {
      awaitMore(load, 100);
      servers.stopRedis();
      awaitMore(load, 200);
      for (NodeProcess node : running()) {
        assertEquals(200, node.ready().statusCode(), node.ready().body());
      }
      servers.startRedis();
      awaitMore(load, 100);
      servers.flushRedis();
      awaitMore(load, 100);
      load.end();
      LOG.info("Redis stopped, started, flushed: {}", load.figures());
      assertEquals(List.of(), load.failures());
      assertWrittenOnce(load.written());
    }
  }

  @Test
  @Order(7)
  void aRestartedDatabaseIsFoundAgain() throws Exception {
    try (LoadClient load = load()) {
      awaitMore(load, 100);
      servers.stopMysql();
      for (NodeProcess node : running()) {
        Waiting.until("not ready", 15, () -> node.ready().statusCode() == 503);
        assertTrue(node.ready().body().contains("\"database\""), node.ready().body());
      }
      servers.startMysql();
      long start = System.nanoTime();
      for (NodeProcess node : running()) {
        node.awaitReady();
      }
      long ready = Waiting.millisSince(start);
      long settled = System.nanoTime();
      awaitMore(load, 300);
      load.end();
      LOG.info("MySQL back: ready again after {} ms; {}", ready, load.figures());
      for (LoadClient.Failure failure : load.failures()) {
        assertTrue(failure.what().matches("(?s)50[34] .*"), failure.toString());
        assertTrue(failure.atNanos() < settled + 3_000_000_000L, "failed long after: " + failure);
      }
      assertWrittenOnce(load.written());
    }
  }
}
