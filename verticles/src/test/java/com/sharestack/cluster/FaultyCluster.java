package com.sharestack.cluster;

import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.ids.Ids;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Three node processes, their database and Redis, and a hop before each node's bus. */
final class FaultyCluster {

  private final OwnServers servers;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<FaultProxy> buses = new ArrayList<>();

  /** When which node was ended or was still starting. */
  private final List<Down> downs = new CopyOnWriteArrayList<>();

  private static final class Down {
    final int node;
    final boolean killed;
    final long fromNanos = System.nanoTime();
    volatile long untilNanos = Long.MAX_VALUE;

    Down(int node, boolean killed) {
      this.node = node;
      this.killed = killed;
    }
  }

  FaultyCluster(Path folder, Map<String, String> overrides) throws IOException {
    servers = OwnServers.durable(folder);
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < FaultPlan.NODES; i++) {
      ports.add(Waiting.freePort());
    }
    String members = ports.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    String name = Ids.random("history-", 8);
    for (int i = 0; i < ports.size(); i++) {
      Map<String, String> environment =
          ClusterSettings.environment(i, name, ports.get(i), members, folder, servers.endpoints());
      int busPort = Waiting.freePort();
      FaultProxy bus = new FaultProxy(busPort);
      environment.put("SHARESTACK_CLUSTER_BUS_PORT", String.valueOf(busPort));
      environment.put("SHARESTACK_CLUSTER_BUS_PUBLIC_PORT", String.valueOf(bus.port()));
      environment.putAll(overrides);
      buses.add(bus);
      nodes.add(new NodeProcess("history" + i, environment));
    }
  }

  void start() throws Exception {
    for (NodeProcess node : nodes) {
      node.start(); // they wait for their database
    }
    servers.startRedis();
    servers.startMysql();
    awaitReady();
  }

  Endpoints endpoints() {
    return servers.endpoints();
  }

  int httpPort(int node) {
    return nodes.get(node).httpPort();
  }

  private void awaitReady() throws Exception {
    for (NodeProcess node : nodes) {
      node.awaitReady();
    }
  }

  /** Whether every node says that it is ready. */
  boolean isReady() throws Exception {
    for (NodeProcess node : nodes) {
      if (node.ready().statusCode() != 200) {
        return false;
      }
    }
    return true;
  }

  /** Does harm, waits, and mends it. */
  void suffer(FaultPlan.Step step) throws Exception {
    switch (step.fault()) {
      case KILL_NODE, TERMINATE_NODE -> restart(step);
      case STALL_BUS -> {
        buses.get(step.node()).stall();
        Waiting.pause(step.holdMillis());
        buses.get(step.node()).heal();
      }
      case LOSE_REDIS -> {
        servers.stopRedis();
        Waiting.pause(step.holdMillis());
        servers.startRedis();
        servers.flushRedis();
      }
      case KILL_MYSQL -> {
        servers.killMysql();
        Waiting.pause(step.holdMillis());
        servers.startMysql();
      }
    }
  }

  private void restart(FaultPlan.Step step) throws Exception {
    NodeProcess node = nodes.get(step.node());
    boolean killed = step.fault() == FaultPlan.Fault.KILL_NODE;
    Down down = new Down(step.node(), killed);
    downs.add(down);
    if (killed) {
      node.kill();
    } else {
      node.terminate();
    }
    Waiting.pause(step.holdMillis());
    node.start();
    node.awaitReady();
    down.untilNanos = System.nanoTime();
  }

  /** Whether the node was down, ending or starting at some moment since then. */
  boolean wasDown(int node, long sinceNanos) {
    return downs.stream().anyMatch(down -> down.node == node && down.untilNanos > sinceNanos);
  }

  /** Whether the node was killed so that what went on there since then could be cut off. */
  boolean wasKilled(int node, long sinceNanos) {
    return downs.stream()
        .anyMatch(down -> down.node == node && down.killed && down.untilNanos > sinceNanos);
  }

  void close() throws Exception {
    for (NodeProcess node : nodes) {
      if (node.isRunning()) {
        node.kill();
      }
    }
    for (FaultProxy bus : buses) {
      bus.close();
    }
    servers.close();
  }
}
