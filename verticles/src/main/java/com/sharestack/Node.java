package com.sharestack;

import com.sharestack.contract.ArticlesRenderStaleRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.RenderStaleCommand;
import com.sharestack.gateway.Gateway;
import com.sharestack.gateway.GatewayVerticle;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.cache.RedisLinks;
import com.sharestack.platform.cluster.Clustering;
import com.sharestack.platform.cluster.Membership;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Pools;
import com.sharestack.platform.embedded.Stages;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.management.ManagementServer;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.platform.storage.FileStorage;
import com.sharestack.platform.storage.ObjectStore;
import com.sharestack.sandbox.SandboxKeys;
import com.sharestack.sandbox.SandboxOptions;
import com.sharestack.sandbox.SandboxRails;
import com.sharestack.sandbox.SandboxVerticle;
import com.sharestack.worker.WorkerVerticle;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running roles of one process: Vert.x, connections, verticles. Built by {@link App} and by
 * tests; knows nothing of how the data services were started.
 */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private static final long DEPLOY_SECONDS = 60;
  private static final long STOP_MILLIS = 15_000;
  private static final int RENDER_BATCH = 20;
  private static final long RENDER_TIMEOUT_MILLIS = 30_000;

  private final Config config;
  private final Vertx vertx;
  private final Pool pool;
  private final RedisLinks redis;
  private volatile Platform platform;
  private final Health health = new Health();
  private final PrometheusMeterRegistry meters;
  private final Membership membership;
  private final Roles roles;
  private Gateway gateway;
  private SandboxVerticle sandbox;
  private FileStorage storage;
  private ManagementServer management;
  private volatile boolean started;

  private Node(
      Config config,
      Clock clock,
      Vertx vertx,
      PrometheusMeterRegistry meters,
      Membership membership) {
    this.config = config;
    this.vertx = vertx;
    this.meters = meters;
    this.membership = membership;
    this.roles = new Roles(vertx);
    this.pool = Pools.create(vertx, config.mysql());
    this.redis = RedisLinks.create(vertx, config.redis());
    this.platform =
        new Platform(
            config,
            new Db(pool, config.mysql().statementTimeoutMillis(), meters),
            new Cache(redis, config.redis().prefix()),
            new Outbox(clock),
            ObjectStore.NONE,
            clock,
            meters);
  }

  /**
   * Joins the cluster where the configuration says so. The data services must run and be migrated.
   */
  public static Node join(Config config, Clock clock) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
    VertxBuilder builder = Vertx.builder();
    if (!config.cluster().enabled()) {
      return new Node(config, clock, builder.with(options).build(), meters, null);
    }
    options.setEventBusOptions(Clustering.bus(config.cluster()));
    Membership membership = Clustering.manager(config.cluster());
    Vertx vertx = get(builder.with(options).withClusterManager(membership).buildClustered());
    return new Node(config, clock, vertx, meters, membership);
  }

  /**
   * Deploys the roles of the configuration and opens the management port.
   *
   * @param domains role -> its verticle, in the order to deploy
   */
  public void deploy(Map<String, Function<Platform, Verticle>> domains) {
    deploy(domains, List.of());
  }

  /**
   * @param workers what domains do in the background, for the role worker
   */
  public void deploy(
      Map<String, Function<Platform, Verticle>> domains,
      List<Function<Platform, Verticle>> workers) {
    NodeControl control =
        new NodeControl(vertx, config, health, roles, platform.inFlight(), membership);
    get(control.start());
    if (membership != null) {
      membership.hold();
    }
    health.check("database", () -> platform.db().ping());
    health.check(
        "start",
        () -> started ? Future.succeededFuture() : Future.failedFuture("the roles are starting"));
    if (config.has("sandbox")) {
      deploySandbox();
    }
    openStorage();
    domains.forEach(
        (domain, verticle) -> {
          if (config.has(domain)) {
            get(roles.deploy(domain, () -> verticle.apply(platform), instances(domain), true));
          }
        });
    if (config.has("worker")) {
      get(roles.deploy("worker", () -> new WorkerVerticle(platform), instances("worker"), true));
      int number = 0;
      for (Function<Platform, Verticle> worker : workers) {
        String name = "worker-" + ++number;
        get(roles.deploy(name, () -> worker.apply(platform), instances("worker"), true));
      }
    }
    if (config.has("gateway")) {
      gateway = new Gateway(vertx, platform, health);
    }
    management = get(ManagementServer.start(vertx, config.management(), health, meters, control));
    if (membership != null) {
      get(membership.release());
    }
    get(control.reached(config.start().reachSeconds()));
    if (config.has("gateway")) {
      deployGateway(); // the door opens last: who connects is served
    }
    started = true;
  }

  private void deployGateway() {
    if (config.http().port() == 0) {
      get(
          roles.deployTogether(
              "gateway", () -> new GatewayVerticle(gateway), instances("gateway")));
    } else {
      get(roles.deploy("gateway", () -> new GatewayVerticle(gateway), instances("gateway"), false));
    }
  }

  /** Before the domains: mails without another server go to its mailbox. */
  private void deploySandbox() {
    SandboxKeys keys = SandboxKeys.loadOrCreate(config.data());
    sandbox =
        new SandboxVerticle(
            config.sandbox().endpoint(),
            keys,
            SandboxOptions.DEFAULT.withSmtpPort(config.sandbox().smtpPort()),
            platform.clock());
    get(roles.deployTogether("sandbox", () -> sandbox, 1));
    if (config.mail().host() == null) {
      Config.Mail here = config.mail().toLocal(config.sandbox().host(), sandbox.smtpPort());
      platform = platform.with(config.withMail(here));
    }
    Config.Rails rails = platform.config().rails();
    if (rails.wechat().baseUrl() == null && rails.alipay().gateway() == null) {
      String origin = "http://" + config.sandbox().host() + ":" + sandbox.port();
      platform = platform.with(platform.config().withRails(SandboxRails.of(rails, keys, origin)));
    }
  }

  /** The configured store, or outside production one of our own for those that keep files. */
  private void openStorage() {
    boolean keepsFiles = config.has("billing") || config.has("worker");
    boolean own = config.mode() != Config.Mode.PRODUCTION && keepsFiles;
    if (config.storage().endpoint() == null && !own) {
      return;
    }
    storage = get(FileStorage.open(vertx, config, platform.clock()));
    platform = platform.with(storage.store());
  }

  private int instances(String role) {
    int configured = config.instances().getOrDefault(role, 1);
    return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Renders what an older renderer made, or none: demo data brings sources only, and an improved
   * sanitiser must reach old articles. Does nothing where this process hosts no content.
   */
  Void renderStale(Stages.Progress progress) {
    if (config.has("content")) {
      ArticlesService articles =
          ServiceHost.client(
              vertx, ArticlesService.class, config.localDomains(), RENDER_TIMEOUT_MILLIS);
      var request = new ArticlesRenderStaleRequest(new RenderStaleCommand(RENDER_BATCH));
      while (get(articles.renderStale(Callers.system("start"), request)).rendered() > 0) {
        LOG.debug("rendered a batch of articles");
      }
    }
    return null;
  }

  public Vertx vertx() {
    return vertx;
  }

  public Platform platform() {
    return platform;
  }

  public Health health() {
    return health;
  }

  public int httpPort() {
    return gateway.port();
  }

  /** Of the sandbox's pages; only where the role runs. */
  public int sandboxPort() {
    return sandbox.port();
  }

  /** Of our own store of files; null where none runs here. */
  String storageEndpoint() {
    return storage == null ? null : storage.ownEndpoint();
  }

  /** Null where the role does not run. */
  public Gateway gateway() {
    return gateway;
  }

  /** Null without a cluster. */
  public Membership membership() {
    return membership;
  }

  public int managementPort() {
    return management.port();
  }

  /** Drains, then stops the verticles in reverse order, then the connections. */
  public void stop() {
    Drain drain =
        new Drain(vertx, config.drain(), health, membership, gateway, platform.inFlight());
    quietly(drain.run(), drain.limitMillis());
    for (Supplier<Future<Void>> stop : roles.stops()) {
      quietly(stop.get(), config.drain().deadlineMillis());
    }
    if (storage != null) {
      quietly(storage.close(), STOP_MILLIS);
    }
    quietly(pool.close(), STOP_MILLIS);
    redis.close();
    quietly(vertx.close(), STOP_MILLIS);
  }

  /** A part that does not stop in time must not keep the others from stopping. */
  private static void quietly(Future<Void> stopping, long millis) {
    try {
      stopping.toCompletionStage().toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("while stopping: {}", e.toString());
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(DEPLOY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("a part did not start within 60 s", e);
    }
  }
}
