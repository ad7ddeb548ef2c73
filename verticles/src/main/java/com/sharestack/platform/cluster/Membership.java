package com.sharestack.platform.cluster;

import com.hazelcast.cluster.Member;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is in the cluster, and which addresses this node has in it. It can keep new addresses to
 * itself until all of them are there: a domain that is called while its neighbours in the process
 * still start finds nobody. And it can take the addresses back while their handlers still answer:
 * whoever undeploys first loses the calls of nodes that have not heard of it yet.
 */
public final class Membership extends HazelcastClusterManager {

  /** Addresses that stay until the node has left: under them it tells what it is doing. */
  static final String NODE_ADDRESS = "node.";

  private static final String NODE_ID = "__vertx.nodeId";

  private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();

  /** Not told to the cluster yet; null while nothing is held back. */
  private Map<RegistrationInfo, String> held;

  /**
   * @param address {@code host:port} of membership
   */
  public record Node(String id, String address) {}

  Membership(com.hazelcast.config.Config config) {
    super(config);
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
    if (!info.localOnly()) {
      own.computeIfAbsent(address, none -> ConcurrentHashMap.newKeySet()).add(info);
      if (!address.startsWith(NODE_ADDRESS) && heldBack(address, info)) {
        done.succeed();
        return;
      }
    }
    super.addRegistration(address, info, done);
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
    forget(address, info);
    if (!unheld(info)) {
      super.removeRegistration(address, info, done);
    } else {
      done.succeed();
    }
  }

  private synchronized boolean heldBack(String address, RegistrationInfo info) {
    if (held == null) {
      return false;
    }
    held.put(info, address);
    return true;
  }

  private synchronized boolean unheld(RegistrationInfo info) {
    return held != null && held.remove(info) != null;
  }

  /** From now on new addresses of this node are known to itself only. */
  public synchronized void hold() {
    held = new HashMap<>();
  }

  /** Tells the cluster of what was held back, and of every new address at once from now on. */
  public Future<Void> release() {
    Map<RegistrationInfo, String> told;
    synchronized (this) {
      told = held == null ? Map.of() : held;
      held = null;
    }
    List<Future<Void>> added = new ArrayList<>();
    told.forEach(
        (info, address) -> {
          Promise<Void> done = Promise.promise();
          super.addRegistration(address, info, done);
          added.add(done.future());
        });
    return Future.all(added).mapEmpty();
  }

  private void forget(String address, RegistrationInfo info) {
    own.computeIfPresent(
        address,
        (same, infos) -> {
          infos.remove(info);
          return infos.isEmpty() ? null : infos;
        });
  }

  /** Takes this node's addresses out of the cluster; its handlers stay. */
  public Future<Void> withdraw() {
    List<Future<Void>> removed = new ArrayList<>();
    own.forEach(
        (address, infos) -> {
          if (!address.startsWith(NODE_ADDRESS)) {
            for (RegistrationInfo info : infos) {
              Promise<Void> done = Promise.promise();
              removeRegistration(address, info, done);
              removed.add(done.future());
            }
          }
        });
    return Future.join(removed).mapEmpty();
  }

  /** Addresses of this node that the cluster does not show under its name. */
  public Future<List<String>> hidden() {
    Map<String, Future<Boolean>> shown = new HashMap<>();
    own.keySet().forEach(address -> shown.put(address, shows(address)));
    return Future.all(List.copyOf(shown.values()))
        .map(
            all ->
                shown.entrySet().stream()
                    .filter(entry -> !entry.getValue().result())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList());
  }

  private Future<Boolean> shows(String address) {
    Promise<List<RegistrationInfo>> found = Promise.promise();
    getRegistrations(address, found);
    return found
        .future()
        .map(infos -> infos.stream().anyMatch(info -> info.nodeId().equals(getNodeId())));
  }

  /** Everybody in the cluster, this node too; what membership believes, true or not. */
  public List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (Member member : getHazelcastInstance().getCluster().getMembers()) {
      String id = member.getAttribute(NODE_ID);
      if (id != null) {
        nodes.add(
            new Node(id, member.getAddress().getHost() + ":" + member.getAddress().getPort()));
      }
    }
    return nodes;
  }
}
