package com.sharestack.cluster;

import com.sharestack.platform.embedded.EmbeddedServices;
import com.sharestack.platform.embedded.EmbeddedSettings;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.Folders;
import com.sharestack.platform.embedded.Stages;
import java.io.IOException;
import java.io.Reader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** A database and a Redis of one test alone, which it stops and starts at will on fixed ports. */
final class OwnServers implements AutoCloseable {

  private static final String PASSWORD = "password-of-cluster-tests";

  private final EmbeddedSettings mysqlSettings;
  private final EmbeddedSettings redisSettings;
  private final int mysqlPort = Waiting.freePort();
  private final int redisPort = Waiting.freePort();
  private EmbeddedServices mysql;
  private EmbeddedServices redis;

  private final Path mysqlFolder;

  /** A database that commits without a disk: fast, and of use as long as it is only stopped. */
  OwnServers(Path folder) {
    this(folder, 0);
  }

  /** A database that keeps what it committed also when its process is killed. */
  static OwnServers durable(Path folder) {
    return new OwnServers(folder, 2);
  }

  private OwnServers(Path folder, int flushAtCommit) {
    mysqlFolder = folder.resolve("mysql");
    EmbeddedSettings none =
        EmbeddedSettings.of(folder, Folders.cache(System.getenv()), PASSWORD, PASSWORD);
    mysqlSettings =
        EmbeddedSettings.of(mysqlFolder, Folders.cache(System.getenv()), PASSWORD, PASSWORD)
            .withUrls(none.mysqlUrl(), Optional.of("redis://127.0.0.1:1"))
            .withPorts(mysqlPort, 0)
            .withMysqlOptions(
                List.of(
                    "--innodb-flush-log-at-trx-commit=" + flushAtCommit,
                    "--skip-innodb-doublewrite"));
    redisSettings =
        EmbeddedSettings.of(
                folder.resolve("redis"), Folders.cache(System.getenv()), PASSWORD, PASSWORD)
            .withUrls(Optional.of("mysql://nobody:nothing@127.0.0.1:1/none"), none.redisUrl())
            .withPorts(0, redisPort);
  }

  /** Known before anything runs. */
  Endpoints endpoints() {
    return new Endpoints(
        "127.0.0.1",
        mysqlPort,
        "sharestack",
        PASSWORD,
        "sharestack",
        "redis://:" + PASSWORD + "@127.0.0.1:" + redisPort + "/0");
  }

  void startMysql() {
    mysql = started(mysqlSettings);
  }

  void startRedis() {
    redis = started(redisSettings);
  }

  private static EmbeddedServices started(EmbeddedSettings settings) {
    EmbeddedServices services = new EmbeddedServices(settings);
    try (Stages stages = new Stages(System.out, EmbeddedServices.STAGES)) {
      services.start(stages);
    }
    return services;
  }

  void stopMysql() {
    mysql.close();
  }

  /** SIGKILL. */
  void killMysql() throws IOException {
    Properties recorded = new Properties();
    try (Reader file = Files.newBufferedReader(mysqlFolder.resolve("mariadb/server.properties"))) {
      recorded.load(file);
    }
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(recorded.getProperty("pid"))).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
    mysql.close(); // only forgets it
  }

  void stopRedis() {
    redis.close();
  }

  void flushRedis() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", redisPort)) {
      String commands = "AUTH " + PASSWORD + "\r\nFLUSHALL\r\n";
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      byte[] answers = socket.getInputStream().readNBytes("+OK\r\n+OK\r\n".length());
      if (!"+OK\r\n+OK\r\n".equals(new String(answers, StandardCharsets.US_ASCII))) {
        throw new IOException("Redis: " + new String(answers, StandardCharsets.US_ASCII));
      }
    }
  }

  @Override
  public void close() {
    if (redis != null) {
      redis.close();
    }
    if (mysql != null) {
      mysql.close();
    }
  }
}
