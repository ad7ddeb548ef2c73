package com.sharestack;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The verticles of this process by role. Every instance is a deployment of its own, so that one can
 * be added or removed while the others work; changes follow one another.
 */
final class Roles {

  static final int MOST_INSTANCES = 64;

  private final Vertx vertx;
  private final Map<String, Role> roles = Collections.synchronizedMap(new LinkedHashMap<>());
  private Future<?> lastChange = Future.succeededFuture();

  private final class Role {
    final Supplier<? extends Deployable> verticle;
    final DeploymentOptions options;
    final Deque<String> deployments = new ArrayDeque<>();

    Role(Supplier<? extends Deployable> verticle, DeploymentOptions options) {
      this.verticle = verticle;
      this.options = options;
    }

    synchronized int count() {
      return options.getInstances() * deployments.size();
    }

    Future<Void> add() {
      return vertx.deployVerticle(verticle, options).map(this::added);
    }

    private synchronized Void added(String deployment) {
      deployments.push(deployment);
      return null;
    }

    synchronized Future<Void> remove() {
      return deployments.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployments.pop());
    }
  }

  Roles(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<Void> deploy(
      String role, Supplier<? extends Deployable> verticle, int instances, boolean virtual) {
    DeploymentOptions options = new DeploymentOptions();
    if (virtual) {
      options.setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
    }
    Role added = new Role(verticle, options);
    roles.put(role, added);
    return change(() -> to(added, instances));
  }

  /** All instances in one deployment, for those that must share what only a deployment shares. */
  Future<Void> deployTogether(String role, Supplier<? extends Deployable> verticle, int instances) {
    Role added = new Role(verticle, new DeploymentOptions().setInstances(instances));
    roles.put(role, added);
    return change(added::add);
  }

  /**
   * @throws IllegalArgumentException in a sentence for the operator
   */
  Future<Integer> scale(String role, int instances) {
    Role running = roles.get(role);
    if (running == null) {
      throw new IllegalArgumentException(
          "this node does not run '" + role + "' but " + String.join(", ", roles.keySet()));
    }
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw new IllegalArgumentException("instances must be 1 to " + MOST_INSTANCES);
    }
    if (running.options.getInstances() > 1) {
      throw new IllegalArgumentException(
          "instances of '" + role + "' on a port the system chose cannot be changed");
    }
    return change(() -> to(running, instances)).map(done -> running.count());
  }

  private static Future<Void> to(Role role, int instances) {
    int now = role.count();
    if (now == instances) {
      return Future.succeededFuture();
    }
    return (now < instances ? role.add() : role.remove()).compose(one -> to(role, instances));
  }

  private synchronized Future<Void> change(Supplier<Future<Void>> work) {
    Future<Void> next = lastChange.transform(earlier -> work.get());
    lastChange = next;
    return next;
  }

  Map<String, Integer> instances() {
    Map<String, Integer> instances = new LinkedHashMap<>();
    synchronized (roles) {
      roles.forEach((name, role) -> instances.put(name, role.count()));
    }
    return instances;
  }

  /** Each role's instances together; the role that was deployed last goes first. */
  List<Supplier<Future<Void>>> stops() {
    List<Supplier<Future<Void>>> stops = new ArrayList<>();
    synchronized (roles) {
      roles.values().forEach(role -> stops.add(() -> change(() -> removeAll(role))));
    }
    Collections.reverse(stops);
    return stops;
  }

  private static Future<Void> removeAll(Role role) {
    List<Future<Void>> removed = new ArrayList<>();
    for (int left = role.deployments.size(); left > 0; left--) {
      removed.add(role.remove());
    }
    return Future.join(removed).mapEmpty();
  }
}
