package com.sharestack.testing;

import com.sharestack.platform.db.Migrations;
import com.sharestack.platform.embedded.EmbeddedServices;
import com.sharestack.platform.embedded.EmbeddedSettings;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.Folders;
import com.sharestack.platform.embedded.Stages;
import com.sharestack.platform.embedded.StartupFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * MySQL and Redis for tests, started when the first test asks and stopped when the JVM ends.
 *
 * <p>Taken from the environment (SHARESTACK_TEST_MYSQL_URL like {@code
 * mysql://user:password@host:port} and SHARESTACK_TEST_REDIS_URL), else from a Docker engine that
 * answers quickly, else embedded. The log says which.
 */
public final class TestServices {
  private static final Logger LOG = LoggerFactory.getLogger(TestServices.class);
  private static final String PREFIX = "sharestack_test_";
  private static final int DOCKER_PROBE_SECONDS = 5;
  private static final int REDIS_DATABASES = 256;
  private static final int MOST_PARALLEL_JVMS = 9;
  private static final SecureRandom RANDOM = new SecureRandom();

  private static TestServices instance;

  private final Endpoints endpoints;
  private final boolean shared;
  private final AutoCloseable stop;
  private final Set<String> created = ConcurrentHashMap.newKeySet();
  private final AtomicInteger redisIndex = new AtomicInteger();

  private TestServices(String kind, Endpoints endpoints, boolean shared, AutoCloseable stop) {
    this.endpoints = endpoints;
    this.shared = shared;
    this.stop = stop;
    LOG.info("test services: {} {}", kind, endpoints);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "test-services"));
  }

  /**
   * What one test class works with.
   *
   * @param endpoints a database of its own; the Redis URL has a database index of its own, unless
   *     the Redis is shared
   * @param redisPrefix put before every key: the only separation on a shared Redis, which is never
   *     flushed
   */
  public record Fresh(Endpoints endpoints, String redisPrefix) {}

  /**
   * A new database with the schema of this build, dropped when the JVM ends.
   *
   * @param name says whose it is: 1 to 30 of a-z 0-9 _
   */
  public static Fresh freshDatabase(String name) {
    Fresh fresh = emptyDatabase(name);
    new Migrations(fresh.endpoints()).migrate((done, of) -> {});
    return fresh;
  }

  /** The same without any table. */
  public static Fresh emptyDatabase(String name) {
    if (!name.matches("[a-z0-9_]{1,30}")) {
      throw new IllegalArgumentException(
          "name of a test database: 1 to 30 of a-z 0-9 _, not " + name);
    }
    return services().create(name);
  }

  private static synchronized TestServices services() {
    if (instance == null) {
      instance =
          fromEnvironment().or(TestServices::fromContainers).orElseGet(TestServices::embedded);
    }
    return instance;
  }

  private static Optional<TestServices> fromEnvironment() {
    String mysql = System.getenv().getOrDefault("SHARESTACK_TEST_MYSQL_URL", "");
    String redis = System.getenv().getOrDefault("SHARESTACK_TEST_REDIS_URL", "");
    if (mysql.isBlank() != redis.isBlank()) {
      throw new IllegalStateException(
          "set both SHARESTACK_TEST_MYSQL_URL and SHARESTACK_TEST_REDIS_URL, or none");
    }
    if (mysql.isBlank()) {
      return Optional.empty();
    }
    Endpoints endpoints = Endpoints.ofMysqlUrl(mysql, Endpoints.checkedRedisUrl(redis));
    return Optional.of(new TestServices("from the environment", endpoints, true, () -> {}));
  }

  // stopped by the hook at the end of the JVM
  @SuppressWarnings("resource")
  private static Optional<TestServices> fromContainers() {
    if (!dockerAnswers()) {
      return Optional.empty();
    }
    String password = HexFormat.of().formatHex(random(12));
    GenericContainer<?> mysql =
        new GenericContainer<>("mysql:8.4")
            .withEnv("MYSQL_ROOT_PASSWORD", password)
            .withExposedPorts(3306)
            .waitingFor(Wait.forLogMessage(".*ready for connections.*port: 3306.*", 1));
    GenericContainer<?> redis =
        new GenericContainer<>("redis:7")
            .withCommand(
                "redis-server", "--save", "", "--databases", Integer.toString(REDIS_DATABASES))
            .withExposedPorts(6379);
    mysql.start();
    redis.start();
    String redisUrl = "redis://%s:%d/0".formatted(redis.getHost(), redis.getMappedPort(6379));
    Endpoints endpoints =
        new Endpoints(mysql.getHost(), mysql.getMappedPort(3306), "root", password, "", redisUrl);
    return Optional.of(
        new TestServices(
            "containers",
            endpoints,
            false,
            () -> {
              redis.stop();
              mysql.stop();
            }));
  }

  /**
   * The library may look for an engine for minutes: it gets a few seconds, in a thread that nobody
   * waits for.
   */
  private static boolean dockerAnswers() {
    FutureTask<Boolean> probe =
        new FutureTask<>(() -> DockerClientFactory.instance().isDockerAvailable());
    Thread.ofPlatform().daemon().name("docker-probe").start(probe);
    try {
      return probe.get(DOCKER_PROBE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("no Docker engine for tests: {}", e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The data stays under target between runs, which saves installing; each JVM has a folder of its
   * own.
   */
  private static TestServices embedded() {
    StartupFailure last = null;
    for (int i = 1; i <= MOST_PARALLEL_JVMS; i++) {
      EmbeddedSettings settings =
          EmbeddedSettings.of(
                  Path.of("target", "test-services-" + i),
                  Folders.cache(System.getenv()),
                  HexFormat.of().formatHex(random(16)),
                  HexFormat.of().formatHex(random(16)))
              .withMysqlOptions(
                  List.of("--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite"));
      EmbeddedServices services = new EmbeddedServices(settings);
      try (Stages stages =
          new Stages(
              new PrintStream(System.out, true, StandardCharsets.UTF_8), EmbeddedServices.STAGES)) {
        Endpoints endpoints = services.start(stages);
        dropLeftOvers(endpoints);
        return new TestServices("embedded", endpoints, false, services);
      } catch (StartupFailure e) {
        if (!e.getMessage().startsWith("Another ShareStack")) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private Fresh create(String name) {
    String random = HexFormat.of().formatHex(random(4));
    String database = PREFIX + name + "_" + random;
    execute(
        endpoints,
        "CREATE DATABASE " + database + " CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci");
    created.add(database);
    String redisUrl = shared ? endpoints.redisUrl() : ownRedisDatabase();
    return new Fresh(
        endpoints.withDatabase(database).withRedisUrl(redisUrl),
        "test:" + name + "_" + random + ":");
  }

  private String ownRedisDatabase() {
    int index = redisIndex.incrementAndGet();
    if (index >= REDIS_DATABASES) {
      throw new IllegalStateException(
          "more than " + REDIS_DATABASES + " test databases in one JVM");
    }
    URI url = URI.create(endpoints.redisUrl());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(5000);
      List<String> commands = new ArrayList<>();
      if (url.getUserInfo() != null) {
        commands.add("AUTH " + url.getUserInfo().substring(1));
      }
      commands.add("SELECT " + index);
      commands.add("FLUSHDB");
      String text = String.join("\r\n", commands) + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String command : commands) {
        String answer = in.readLine();
        if (!"+OK".equals(answer)) {
          throw new IOException(command.split(" ")[0] + ": " + answer);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Redis of the tests", e);
    }
    return endpoints.redisUrl().replaceFirst("/\\d*$", "/" + index);
  }

  private void close() {
    try {
      created.forEach(database -> execute(endpoints, "DROP DATABASE IF EXISTS " + database));
      stop.close();
    } catch (Exception e) {
      LOG.warn("test services were not stopped in order", e);
    }
  }

  /** Databases of a JVM that was killed; only on the server that belongs to this folder alone. */
  private static void dropLeftOvers(Endpoints endpoints) {
    List<String> old = new ArrayList<>();
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement();
        ResultSet names = statement.executeQuery("SHOW DATABASES LIKE 'sharestack\\_test\\_%'")) {
      while (names.next()) {
        old.add(names.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    old.forEach(name -> execute(endpoints, "DROP DATABASE " + name));
  }

  private static void execute(Endpoints endpoints, String sql) {
    try (Connection connection = endpoints.withDatabase("").connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
