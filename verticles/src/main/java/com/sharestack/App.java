package com.sharestack;

import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.config.ConfigException;
import com.sharestack.platform.config.ConfigLoader;
import com.sharestack.platform.config.Secrets;
import com.sharestack.platform.db.DatabaseWait;
import com.sharestack.platform.db.Migrations;
import com.sharestack.platform.db.SeedData;
import com.sharestack.platform.embedded.EmbeddedServices;
import com.sharestack.platform.embedded.EmbeddedSettings;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.Folders;
import com.sharestack.platform.embedded.Ports;
import com.sharestack.platform.embedded.Stages;
import com.sharestack.platform.embedded.StartupFailure;
import com.sharestack.platform.service.Platform;
import io.vertx.core.Verticle;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The process: reads the configuration, starts or finds the data services, migrates, joins the
 * cluster, deploys the roles, and takes all of it down in order when it is told to stop.
 */
public final class App {

  /**
   * Wait, migrate, seed, join, deploy, complete the content; on top of those of the data services.
   */
  private static final int OWN_STAGES = 6;

  private static final int CANNOT_START = 1;
  private static final long FOLLOW_MILLIS = 500;

  private final Config config;
  private final EmbeddedServices services;
  private volatile Node node;

  /** Every domain of the platform; the only place that knows them all. */
  static Map<String, Function<Platform, Verticle>> domains() {
    Map<String, Function<Platform, Verticle>> domains = new LinkedHashMap<>();
    domains.put("users", com.sharestack.users.UsersVerticle::new);
    domains.put("content", com.sharestack.content.ContentVerticle::new);
    domains.put("billing", com.sharestack.billing.BillingVerticle::new);
    domains.put("social", com.sharestack.social.SocialVerticle::new);
    domains.put("analytics", com.sharestack.analytics.AnalyticsVerticle::new);
    return domains;
  }

  /** What the domains do in the background. */
  static List<Function<Platform, Verticle>> workers() {
    return List.of(com.sharestack.billing.BillingWorker::new);
  }

  private App(Config config, EmbeddedSettings settings) {
    this.config = config;
    this.services = new EmbeddedServices(settings);
  }

  public static void main(String[] args) {
    Wire.keepDecimalsExact();
    try {
      Config read = ConfigLoader.load(System.getenv());
      Config config = Secrets.complete(read.withData(Folders.data(System.getenv())));
      App app = new App(config, settings(config));
      Runtime.getRuntime().addShutdownHook(new Thread(app::stop, "stop"));
      followParent();
      app.start();
    } catch (ConfigException | StartupFailure sentence) {
      System.err.println("ShareStack cannot start: " + sentence.getMessage());
      System.exit(CANNOT_START);
    } catch (RuntimeException unexpected) {
      org.slf4j.LoggerFactory.getLogger(App.class).error("the start failed", unexpected);
      System.err.println("ShareStack cannot start: " + unexpected.getMessage());
      System.exit(CANNOT_START);
    }
  }

  private static EmbeddedSettings settings(Config config) {
    return EmbeddedSettings.of(
            config.data(),
            Folders.cache(System.getenv()),
            config.secrets().mysqlPassword(),
            config.secrets().redisPassword())
        .withUrls(
            Optional.ofNullable(config.mysql().url()), Optional.ofNullable(config.redis().url()))
        .withPorts(config.mysql().port(), config.redis().port());
  }

  private void start() {
    requirePorts();
    boolean embedded = config.mysql().url() == null || config.redis().url() == null;
    int stageCount = OWN_STAGES + (embedded ? EmbeddedServices.STAGES : 0);
    Stages stages = new Stages(System.out, stageCount);
    Endpoints endpoints = services.start(stages);
    if (config.mysql().url() != null) {
      stages.run("wait for the database", progress -> awaitDatabase(endpoints));
    } else {
      stages.skip("wait for the database", "it is this node's own");
    }
    stages.run("migrate the database", progress -> new Migrations(endpoints).migrate(progress));
    if (config.seed()) {
      stages.run(
          "seed demo data",
          progress -> new SeedData(endpoints, System.err::println).apply(progress));
    } else {
      stages.skip("seed demo data", "not wanted");
    }
    Config complete = config.withDatabase(endpoints.mysqlUrl()).withRedis(endpoints.redisUrl());
    Node joined =
        stages.run("join the cluster", progress -> Node.join(complete, Clock.systemUTC()));
    node = joined;
    stages.run(
        "start the roles",
        progress -> {
          joined.deploy(domains(), workers());
          return null;
        });
    stages.run("render the content", joined::renderStale);
    stages.ready();
    Banner.print(System.out, complete, joined);
  }

  private Void awaitDatabase(Endpoints endpoints) throws InterruptedException {
    new DatabaseWait(endpoints, Duration.ofSeconds(config.start().waitSeconds())).await();
    return null;
  }

  private void requirePorts() {
    if (config.has("gateway")) {
      Ports.requireFree(config.http().host(), config.http().port(), "SHARESTACK_HTTP_PORT");
    }
    Ports.requireFree(
        config.management().host(), config.management().port(), "SHARESTACK_MANAGEMENT_PORT");
    Config.Cluster cluster = config.cluster();
    if (cluster.enabled()) {
      Ports.requireFree(cluster.host(), cluster.busPort(), "SHARESTACK_CLUSTER_BUS_PORT");
      if (cluster.portRange() == 1) {
        Ports.requireFree(cluster.host(), cluster.port(), "SHARESTACK_CLUSTER_PORT");
      }
    }
    if (config.has("sandbox")) {
      Config.Sandbox sandbox = config.sandbox();
      Ports.requireFree(sandbox.host(), sandbox.port(), "SHARESTACK_SANDBOX_PORT");
      Ports.requireFree(sandbox.host(), sandbox.smtpPort(), "SHARESTACK_SANDBOX_SMTP_PORT");
    }
  }

  /** In order: roles and connections first, then the servers they used. */
  private void stop() {
    Node running = node;
    if (running != null) {
      System.out.println("stopping ...");
      running.stop();
    }
    services.close();
    System.out.println("stopped");
  }

  /**
   * Under a build tool or launcher this process must not outlive it. The parent's id is watched
   * too: a parent that died but that nobody waited for looks alive, yet its children get another
   * one.
   */
  private static void followParent() {
    if (!Boolean.getBoolean("sharestack.follow-parent")) {
      return;
    }
    ProcessHandle self = ProcessHandle.current();
    Optional<ProcessHandle> parent = self.parent();
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().daemon().name("follow-parent").unstarted(work));
    watch.scheduleWithFixedDelay(
        () -> {
          boolean alive = parent.isPresent() && parent.get().isAlive();
          if (!alive || !self.parent().equals(parent)) {
            System.exit(0);
          }
        },
        FOLLOW_MILLIS,
        FOLLOW_MILLIS,
        TimeUnit.MILLISECONDS);
  }
}
