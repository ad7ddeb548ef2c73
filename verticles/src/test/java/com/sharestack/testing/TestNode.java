package com.sharestack.testing;

import com.sharestack.Node;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.config.ConfigLoader;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.serviceproxy.ServiceBinder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A node for tests: real database of its own, real Redis, the verticles a test names, on a bus of
 * one process. Other domains are small real services that the test registers with {@link #fake}.
 */
public final class TestNode implements AutoCloseable {

  private static final long WAIT_SECONDS = 30;

  /** Keys of tests; nothing real is sealed with them. */
  private static final String KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJABE=";

  static {
    Wire.keepDecimalsExact();
  }

  private final SettableClock clock;
  private final Map<String, Function<Platform, Verticle>> domains = new LinkedHashMap<>();
  private final List<Function<Platform, Verticle>> workers = new ArrayList<>();
  private final Config config;
  private final Node node;
  private Context virtual;

  private TestNode(Config config, SettableClock clock) {
    this.config = config;
    this.clock = clock;
    this.node = Node.join(config, clock);
  }

  /** The environment a node of tests runs in: a fresh database under {@code name}. */
  public static Map<String, String> environment(String name) {
    TestServices.Fresh fresh = TestServices.freshDatabase(name);
    Map<String, String> environment = new HashMap<>();
    environment.put("SHARESTACK_MODE", "test");
    environment.put("SHARESTACK_MYSQL_URL", fresh.endpoints().mysqlUrl());
    environment.put("SHARESTACK_REDIS_URL", fresh.endpoints().redisUrl());
    environment.put("SHARESTACK_REDIS_PREFIX", fresh.redisPrefix() + "ss:");
    environment.put("SHARESTACK_CLUSTER_ENABLED", "false");
    environment.put("SHARESTACK_SECRETS_JWT", "tests-sign-with-0123456789abcdefghijkl");
    environment.put("SHARESTACK_SECRETS_DATA", KEY);
    environment.put("SHARESTACK_SECRETS_INDEX", KEY);
    return environment;
  }

  /**
   * A node that runs nothing yet.
   *
   * @param name of its database, 1 to 30 of a-z 0-9 _
   * @param overrides further environment variables, in pairs
   */
  public static TestNode of(String name, String... overrides) {
    Map<String, String> environment = environment(name);
    for (int i = 0; i < overrides.length; i += 2) {
      environment.put(overrides[i], overrides[i + 1]);
    }
    return on(environment, new SettableClock());
  }

  /** A further node on what an earlier one works with, or left: same database, same time. */
  public static TestNode on(Map<String, String> environment, SettableClock clock) {
    return new TestNode(ConfigLoader.load(environment), clock);
  }

  /** Names a verticle to deploy under its role. */
  public TestNode with(String role, Function<Platform, Verticle> verticle) {
    domains.put(role, verticle);
    return this;
  }

  /** Names background work to deploy by {@link #startAll} with the role worker. */
  public TestNode withWorker(Function<Platform, Verticle> worker) {
    workers.add(worker);
    return this;
  }

  /** Puts a service of the test's own on the bus in the place of another domain's. */
  public <T> TestNode fake(Class<T> type, T service) {
    try {
      String address = (String) type.getField("ADDRESS").get(null);
      new ServiceBinder(vertx()).setAddress(address).register(type, service);
      return this;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " is no service of the contract", e);
    }
  }

  /** Deploys the named verticles and nothing else; see {@link #startAll} for a whole node. */
  public TestNode start() {
    domains.values().forEach(verticle -> deployVirtual(verticle.apply(platform())));
    return this;
  }

  /** Deploys the configured roles, with gateway and worker where the roles name them. */
  public TestNode startAll() {
    node.deploy(domains, workers);
    return this;
  }

  private void deployVirtual(Verticle verticle) {
    get(
        vertx()
            .deployVerticle(
                verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
            .toCompletionStage()
            .toCompletableFuture());
  }

  /**
   * Runs a block on a virtual thread of Vert.x, where it may await, and hands on what it throws.
   */
  public <T> T await(Callable<T> block) {
    CompletableFuture<T> done = new CompletableFuture<>();
    virtualContext()
        .runOnContext(
            go -> {
              try {
                done.complete(block.call());
              } catch (Throwable thrown) {
                done.completeExceptionally(thrown);
              }
            });
    return get(done);
  }

  private synchronized Context virtualContext() {
    if (virtual == null) {
      CompletableFuture<Context> deployed = new CompletableFuture<>();
      deployVirtual(
          new AbstractVerticle() {
            @Override
            public void start() {
              deployed.complete(context);
            }
          });
      virtual = get(deployed);
    }
    return virtual;
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  public <T> T client(Class<T> type) {
    return ServiceHost.client(vertx(), type, config.localDomains(), 10_000);
  }

  public Config config() {
    return config;
  }

  public Vertx vertx() {
    return node.vertx();
  }

  public Platform platform() {
    return node.platform();
  }

  public Db db() {
    return platform().db();
  }

  public SettableClock clock() {
    return clock;
  }

  public Node node() {
    return node;
  }

  @Override
  public void close() {
    node.stop();
  }
}
