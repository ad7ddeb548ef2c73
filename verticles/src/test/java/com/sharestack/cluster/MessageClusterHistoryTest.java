package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Private messages over a cluster that is being killed. Devices send, repeat, read, recall, block,
 * vanish and come back on any of three nodes, while nodes, their bus, Redis and the database fail
 * as a plan says. Then all is quiet, and what every device was told is compared with the rows.
 *
 * <p>{@code -Dsharestack.history.seed} repeats the plan and every client's dice, not the timing
 * between the processes: a failure that needs a rare moment may need several runs of its seed.
 * {@code -Dsharestack.history.devices} and {@code -Dsharestack.cluster.rounds} (every kind of fault
 * once in each) make it larger; the profile {@code long} sets both.
 */
class MessageClusterHistoryTest {

  private static final Logger LOG = LoggerFactory.getLogger(MessageClusterHistoryTest.class);
  private static final int ROUNDS = Integer.getInteger("sharestack.cluster.rounds", 1);
  private static final int DEVICES = Integer.getInteger("sharestack.history.devices", 100);
  private static final long SEED =
      Long.getLong("sharestack.history.seed", Math.floorMod(System.nanoTime(), 1_000_000_007L));

  /** Settling and resuming; an event may have to wait for the lease of a killed relay, 30 s. */
  private static final int QUIET_SECONDS = 75;

  private static final Map<String, String> OVERRIDES =
      Map.of(
          "SHARESTACK_AUTH_PASSWORD_COST", "4",
          "SHARESTACK_RATES_OPERATION_FACTOR", "1000",
          "SHARESTACK_RATES_USER_PER_MINUTE", "100000",
          "SHARESTACK_RATES_ADDRESS_PER_MINUTE", "1000000",
          "SHARESTACK_LIVE_POLL_MILLIS", "1000",
          "SHARESTACK_LIVE_DRAIN_MILLIS", "500");

  @TempDir static Path folder;

  private final History history = new History(SEED);
  private final List<Device> devices = new ArrayList<>();
  private final Map<FaultPlan.Fault, List<Long>> healing = new EnumMap<>(FaultPlan.Fault.class);
  private final CountDownLatch settled = new CountDownLatch(DEVICES);
  private FaultyCluster cluster;
  private volatile boolean acting = true;
  private volatile boolean following = true;

  @Test
  void whateverIsKilledEveryDeviceAgreesWithTheRows() throws Exception {
    List<FaultPlan.Step> plan = FaultPlan.of(SEED, ROUNDS);
    System.out.printf(
        "history over a cluster: -Dsharestack.history.seed=%d -Dsharestack.history.devices=%d"
            + " -Dsharestack.cluster.rounds=%d%n%s%n",
        SEED, DEVICES, ROUNDS, plan);
    long start = System.nanoTime();
    cluster = new FaultyCluster(folder, OVERRIDES);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      cluster.start();
      LOG.info("the cluster is ready after {} ms", Waiting.millisSince(start));
      describe();
      LOG.info("{} devices are ready after {} ms", DEVICES, Waiting.millisSince(start));
      List<Future<Void>> running =
          devices.stream().map(device -> threads.submit(() -> live(device))).toList();
      try {
        suffer(plan);
        comeToRest();
      } finally {
        acting = false;
        following = false;
      }
      for (Future<Void> each : running) {
        each.get(30, TimeUnit.SECONDS);
      }
      check(threads);
    } finally {
      report(Waiting.millisSince(start));
      cluster.close();
    }
    List<String> violations = history.violations();
    assertEquals(
        "",
        violations.stream().limit(20).collect(Collectors.joining("\n")),
        violations.size() + "");
    assertTrue(history.counted("messages acked") > DEVICES, "too little happened");
  }

  /** Accounts with a ring of peers each, half of the pairs following each other. */
  private void describe() throws Exception {
    int users = Math.max(8, DEVICES * 6 / 10);
    Map<Integer, ApiAccount> accounts = new ConcurrentHashMap<>();
    try (ExecutorService few = Executors.newFixedThreadPool(4)) {
      List<Callable<Object>> made = new ArrayList<>();
      for (int i = 0; i < users; i++) {
        int number = i;
        made.add(
            () -> {
              ApiClient api = new ApiClient(cluster.httpPort(number % FaultPlan.NODES));
              return accounts.put(number, ApiAccount.of(api, "talker" + number, "reader"));
            });
      }
      for (Future<Object> each : few.invokeAll(made)) {
        each.get();
      }
    }
    Random random = new Random(SEED);
    Map<Integer, List<Long>> peers = new HashMap<>();
    List<long[]> follows = new ArrayList<>();
    for (int i = 0; i < users; i++) {
      for (int step : new int[] {1, 2, 3}) {
        int other = (i + step) % users;
        long one = accounts.get(i).id();
        long two = accounts.get(other).id();
        peers.computeIfAbsent(i, fresh -> new ArrayList<>()).add(two);
        peers.computeIfAbsent(other, fresh -> new ArrayList<>()).add(one);
        if (random.nextBoolean()) {
          follows.add(new long[] {one, two});
          follows.add(new long[] {two, one});
        }
      }
    }
    follow(follows);
    for (int i = 0; i < DEVICES; i++) {
      int user = i % users;
      ApiAccount account = accounts.get(user);
      devices.add(
          new Device(
              history,
              cluster,
              new Device.Owner(
                  account.id(),
                  "device-%d-of-%d".formatted(i, account.id()),
                  account.accessToken(),
                  random.nextInt(7) > 0,
                  i < users,
                  peers.get(user),
                  Math.max(1, DEVICES / 60),
                  new Random(SEED * 31 + i))));
    }
  }

  private void follow(List<long[]> edges) throws Exception {
    try (Connection connection = cluster.endpoints().connect();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                INSERT INTO follows (follower_id, following_id, created_at)
                VALUES (?, ?, UTC_TIMESTAMP(3))
                """)) {
      for (long[] edge : edges) {
        statement.setLong(1, edge[0]);
        statement.setLong(2, edge[1]);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** One device from its first connection to the end. */
  private Void live(Device device) throws InterruptedException {
    try {
      while (acting) {
        device.turn();
      }
      long start = System.nanoTime();
      while (!device.settle() && Waiting.millisSince(start) < QUIET_SECONDS * 1_000L) {
        history.count("rounds of settling");
      }
      device.hangUp();
      device.follow();
    } catch (RuntimeException | Error broken) {
      history.violated(device.owner().device(), "ended with " + broken);
      LOG.error("{} ended", device.owner().device(), broken);
    } finally {
      settled.countDown();
    }
    while (following) {
      device.follow();
    }
    device.hangUp();
    return null;
  }

  private void suffer(List<FaultPlan.Step> plan) throws Exception {
    awaitWhole();
    for (FaultPlan.Step step : plan) {
      Waiting.pause(step.beforeMillis());
      cluster.suffer(step);
      long whole = awaitWhole();
      LOG.info("{}: whole again after {} ms", step, whole);
      healing.computeIfAbsent(step.fault(), fresh -> new ArrayList<>()).add(whole);
    }
  }

  /**
   * Every node is ready and every device has been answered since now; so it takes as long as the
   * slowest device pauses, too.
   */
  private long awaitWhole() throws Exception {
    long mended = System.nanoTime();
    return Waiting.until(
        "every device is answered again",
        120,
        () ->
            devices.stream().allMatch(device -> device.answeredNanos() > mended)
                && cluster.isReady());
  }

  /** Nothing is left unclear, nothing waits to be told, every device has its whole log. */
  private void comeToRest() throws Exception {
    long start = System.nanoTime();
    acting = false;
    assertTrue(settled.await(QUIET_SECONDS + 10, TimeUnit.SECONDS), "devices do not settle");
    Waiting.until(
        "blocks are told",
        QUIET_SECONDS,
        () ->
            HistoryRows.number(
                    cluster.endpoints(),
                    """
                    SELECT COUNT(*) FROM outbox
                    WHERE published_at IS NULL AND topic IN ('user.blocked', 'user.unblocked')
                    """)
                == 0);
    Waiting.until("every device has its log", 30, this::isAtRest);
    LOG.info("at rest after {} ms", Waiting.millisSince(start));
  }

  private boolean isAtRest() throws Exception {
    Map<Long, Long> heads = HistoryRows.heads(cluster.endpoints());
    return devices.stream()
        .allMatch(device -> device.log().last() == heads.getOrDefault(device.owner().userId(), 0L));
  }

  private void check(ExecutorService threads) throws Exception {
    HistoryChecker checker = new HistoryChecker(history, HistoryRows.read(cluster.endpoints()));
    checker.check(devices);
    List<Future<?>> asked =
        devices.stream()
            .filter(device -> device.owner().primary())
            .<Future<?>>map(device -> threads.submit(() -> checker.checkRest(device)))
            .toList();
    for (Future<?> each : asked) {
      each.get();
    }
  }

  private void report(long millis) {
    System.out.printf(
        "seed %d: %d devices, %d ms, longest silence %d ms (at most %d)%n"
            + "ms to be whole again: %s%n%s%n%d violations%n",
        SEED,
        DEVICES,
        millis,
        history.longestSilence(),
        Answers.MOST_SILENCE,
        healing,
        history.counts(),
        history.violations().size());
  }
}
