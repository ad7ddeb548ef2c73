package com.sharestack.platform.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings every node that membership lists over the bus, and tells who stands between this node and
 * requests. Under {@code node.<id>} it answers pings and tells what its own node is doing.
 */
public final class PeerWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PeerWatch.class);
  private static final int MISSED_PINGS = 3;

  /** Beyond the limit of heartbeats: membership needs a moment to agree. */
  private static final long SILENT_MARGIN_SECONDS = 5;

  private static final long STATUS_MILLIS = 1_000;

  /**
   * This node as others are told.
   *
   * @param roles what it serves by now
   * @param status everything about it, for {@link #cluster}
   */
  public record Self(
      String name,
      Supplier<Set<String>> roles,
      Supplier<Boolean> leaving,
      Supplier<Future<JsonObject>> status) {}

  private final Vertx vertx;
  private final Membership membership;
  private final Self self;
  private final long pingMillis;
  private final PeerRules rules;
  private final Context context;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private volatile List<String> against = List.of();
  private volatile List<String> notMet = List.of("(not looked yet)");
  private volatile Set<String> roles;

  public PeerWatch(
      Vertx vertx, Membership membership, Self self, long pingMillis, int heartbeatSeconds) {
    this.vertx = vertx;
    this.membership = membership;
    this.self = self;
    this.pingMillis = pingMillis;
    this.rules =
        new PeerRules(
            TimeUnit.MILLISECONDS.toNanos(pingMillis * MISSED_PINGS),
            TimeUnit.SECONDS.toNanos(heartbeatSeconds + SILENT_MARGIN_SECONDS));
    this.context = vertx.getOrCreateContext();
    this.roles = self.roles().get();
  }

  /** Completes when the node can be pinged. */
  public Future<Void> start() {
    Future<Void> registered =
        vertx
            .eventBus()
            .<JsonObject>consumer(
                Membership.NODE_ADDRESS + membership.getNodeId(),
                message -> context.runOnContext(go -> take(message)))
            .completion();
    return registered.onSuccess(
        known ->
            context.runOnContext(
                go -> {
                  look();
                  vertx.setPeriodic(pingMillis, due -> look());
                }));
  }

  /**
   * Names of the nodes that membership lists and that have not answered this node yet, without
   * those that leave.
   */
  public List<String> notMet() {
    return notMet;
  }

  /** Sentences that say why this node should get no requests; empty = nothing. */
  public List<String> against() {
    return against;
  }

  /** The roles of this node and of every node that answers. */
  public Set<String> rolesInReach() {
    return roles;
  }

  private void take(Message<JsonObject> message) {
    if (message.body().getBoolean("status", false)) {
      self.status().get().onSuccess(message::reply);
      return;
    }
    long now = System.nanoTime();
    Peer peer = peers.get(message.body().getString("from"));
    if (peer != null) {
      rules.heard(peer, now);
    }
    Set<String> unreached =
        peers.values().stream()
            .filter(other -> !rules.reached(other, now))
            .map(other -> other.id)
            .collect(Collectors.toSet());
    message.reply(
        new JsonObject()
            .put("name", self.name())
            .put("roles", new JsonArray(List.copyOf(self.roles().get())))
            .put(
                "members",
                new JsonArray(membership.nodes().stream().map(Membership.Node::id).toList()))
            .put("unreached", new JsonArray(List.copyOf(unreached)))
            .put("leaving", self.leaving().get()));
  }

  private void look() {
    try {
      long now = System.nanoTime();
      List<Membership.Node> nodes = others();
      peers.keySet().retainAll(nodes.stream().map(Membership.Node::id).collect(Collectors.toSet()));
      for (Membership.Node node : nodes) {
        ping(peers.computeIfAbsent(node.id(), id -> new Peer(id, node.address(), now)));
      }
      judge();
    } catch (RuntimeException changing) {
      LOG.debug("membership is changing: {}", changing.toString());
    }
  }

  private List<Membership.Node> others() {
    return membership.nodes().stream()
        .filter(node -> !node.id().equals(membership.getNodeId()))
        .toList();
  }

  private void ping(Peer peer) {
    JsonObject ping = new JsonObject().put("from", membership.getNodeId());
    vertx
        .eventBus()
        .<JsonObject>request(
            Membership.NODE_ADDRESS + peer.id,
            ping,
            new DeliveryOptions().setSendTimeout(pingMillis * MISSED_PINGS))
        .onComplete(
            answer -> context.runOnContext(go -> answered(peer, answer.body())),
            silent -> LOG.debug("ping of {}: {}", peer.name(), silent.getMessage()));
  }

  private void answered(Peer peer, JsonObject pong) {
    peer.answered(
        new Peer.Pong(
            pong.getString("name"),
            strings(pong.getJsonArray("roles")),
            strings(pong.getJsonArray("members")),
            strings(pong.getJsonArray("unreached")),
            pong.getBoolean("leaving")),
        membership.getNodeId(),
        System.nanoTime());
    judge();
  }

  private void judge() {
    long now = System.nanoTime();
    List<String> found = rules.against(peers.values(), now);
    if (!found.equals(against)) {
      LOG.warn("cluster: {}", found.isEmpty() ? "every node is reached again" : found);
    }
    against = found;
    Set<String> inReach = new TreeSet<>(self.roles().get());
    peers.values().stream()
        .filter(peer -> !peer.leaving() && rules.reached(peer, now))
        .forEach(peer -> inReach.addAll(peer.roles()));
    roles = inReach;
    notMet =
        peers.values().stream()
            .filter(peer -> !peer.everAnswered() && !peer.leaving())
            .map(Peer::name)
            .toList();
  }

  private static Set<String> strings(JsonArray array) {
    return array.stream().map(String::valueOf).collect(Collectors.toSet());
  }

  /** Every node with what it is doing; who does not answer within a second is named as silent. */
  public Future<JsonObject> cluster() {
    List<Future<JsonObject>> told =
        membership.nodes().stream()
            .map(node -> node.id().equals(membership.getNodeId()) ? self.status().get() : ask(node))
            .toList();
    return Future.join(told)
        .map(
            all -> {
              JsonArray nodes = new JsonArray();
              told.forEach(one -> nodes.add(one.result()));
              return new JsonObject().put("answered_by", self.name()).put("nodes", nodes);
            });
  }

  private Future<JsonObject> ask(Membership.Node node) {
    return vertx
        .eventBus()
        .<JsonObject>request(
            Membership.NODE_ADDRESS + node.id(),
            new JsonObject().put("status", true),
            new DeliveryOptions().setSendTimeout(STATUS_MILLIS))
        .map(Message::body)
        .otherwise(
            silent ->
                new JsonObject()
                    .put("node", node.address())
                    .put("state", "silent")
                    .put("why", String.valueOf(silent.getMessage())));
  }
}
