package com.sharestack;

import com.sharestack.contract.Services;
import com.sharestack.platform.cluster.Membership;
import com.sharestack.platform.cluster.PeerWatch;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.management.Operator;
import com.sharestack.platform.service.InFlight;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** This node as operators and the other nodes see it. */
final class NodeControl implements Operator {

  private final Config config;
  private final Health health;
  private final Roles roles;
  private final InFlight inFlight;
  private final PeerWatch peers;
  private final String name;

  /**
   * @param membership null without a cluster
   */
  NodeControl(
      Vertx vertx,
      Config config,
      Health health,
      Roles roles,
      InFlight inFlight,
      Membership membership) {
    this.config = config;
    this.health = health;
    this.roles = roles;
    this.inFlight = inFlight;
    this.name = membership == null ? "this node" : name(membership);
    this.peers =
        membership == null
            ? null
            : new PeerWatch(
                vertx,
                membership,
                new PeerWatch.Self(
                    name, new LinkedHashSet<>(config.roles()), health::draining, this::status),
                config.cluster().pingMillis(),
                config.cluster().heartbeatTimeoutSeconds());
  }

  private static String name(Membership membership) {
    return membership.nodes().stream()
        .filter(node -> node.id().equals(membership.getNodeId()))
        .map(Membership.Node::address)
        .findFirst()
        .orElse(membership.getNodeId());
  }

  /** Joins the nodes that watch each other. */
  Future<Void> start() {
    if (peers == null) {
      return Future.succeededFuture();
    }
    health.check(
        "peers",
        () ->
            peers.against().isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(String.join("; ", peers.against())));
    health.check("domains", this::domainsInReach);
    return peers.start();
  }

  /** Together the nodes must host every domain; while one is missing nobody can be served whole. */
  private Future<Void> domainsInReach() {
    Set<String> missing = new TreeSet<>(Services.DOMAINS.values());
    missing.removeAll(peers.rolesInReach());
    return missing.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture("no node in reach hosts " + String.join(", ", missing));
  }

  private Future<JsonObject> status() {
    return health
        .report()
        .map(
            report ->
                new JsonObject()
                    .put("node", name)
                    .put("pid", ProcessHandle.current().pid())
                    .put("state", state(report))
                    .put("checks", report.checks())
                    .put("roles", new JsonArray(config.roles()))
                    .put("instances", new JsonObject(new LinkedHashMap<>(roles.instances())))
                    .put("in_flight", new JsonObject(new LinkedHashMap<>(inFlight.busy())))
                    .put(
                        "uptime_seconds",
                        ManagementFactory.getRuntimeMXBean().getUptime() / 1_000));
  }

  private String state(Health.Report report) {
    if (health.draining()) {
      return "draining";
    }
    return report.ready() ? "ready" : "not ready";
  }

  @Override
  public Future<JsonObject> cluster() {
    return peers != null
        ? peers.cluster()
        : status()
            .map(
                self ->
                    new JsonObject()
                        .put("answered_by", name)
                        .put("nodes", new JsonArray().add(self)));
  }

  @Override
  public Future<JsonObject> scale(String role, int instances) {
    return roles
        .scale(role, instances)
        .map(now -> new JsonObject().put("role", role).put("instances", now));
  }
}
