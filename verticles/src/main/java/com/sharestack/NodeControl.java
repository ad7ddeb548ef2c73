package com.sharestack;

import com.sharestack.contract.Services;
import com.sharestack.platform.cluster.Membership;
import com.sharestack.platform.cluster.PeerWatch;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.management.Operator;
import com.sharestack.platform.service.InFlight;
import com.sharestack.platform.service.Probe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** This node as operators and the other nodes see it. */
final class NodeControl implements Operator {

  private final Config config;
  private final Health health;
  private final Roles roles;
  private final InFlight inFlight;
  private final PeerWatch peers;
  private final Reach reach;
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
                new PeerWatch.Self(name, this::served, health::draining, this::status),
                config.cluster().pingMillis(),
                config.cluster().heartbeatTimeoutSeconds());
    this.reach =
        membership == null
            ? null
            : new Reach(vertx, peers, membership, new Probe(vertx, config.localDomains()));
    if (membership != null) {
      Probe.answer(vertx);
    }
  }

  /** The roles that run by now. */
  private Set<String> served() {
    Set<String> served = new LinkedHashSet<>();
    roles
        .instances()
        .forEach(
            (role, count) -> {
              if (count > 0) {
                served.add(role);
              }
            });
    return served;
  }

  private static String name(Membership membership) {
    return membership.nodes().stream()
        .filter(node -> node.id().equals(membership.getNodeId()))
        .map(Membership.Node::address)
        .findFirst()
        .orElse(membership.getNodeId());
  }

  /**
   * Joins the nodes that watch each other: before the roles start, so that nobody takes a node that
   * takes its time to start for a silent one.
   */
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
    health.check(
        "services",
        () ->
            reach.missing().isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(reach.missing()));
    return peers.start();
  }

  /**
   * Call when the roles have started. Completes when this node and the others reach each other and
   * every service answers, or after {@code limitSeconds}: then the node is not ready but answers
   * what it can.
   */
  Future<Void> reached(int limitSeconds) {
    return reach == null
        ? Future.succeededFuture()
        : reach.begin(TimeUnit.SECONDS.toMillis(limitSeconds));
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
