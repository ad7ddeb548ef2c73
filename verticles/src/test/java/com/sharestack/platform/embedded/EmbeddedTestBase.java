package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both embedded servers on a folder of the test, which already has the system tables. */
@Timeout(120)
abstract class EmbeddedTestBase {
  static final String MYSQL_PASSWORD = "mysql-password-of-tests";
  static final String REDIS_PASSWORD = "redis-password-of-tests";

  private static Path installed;

  @TempDir Path folder;

  final List<AutoCloseable> opened = new ArrayList<>();
  final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  /** Making the system tables takes a second: it is done once, and every test gets a copy. */
  @BeforeAll
  static void install(@TempDir Path shared) {
    Path data = shared.resolve("data");
    try (Stages stages = new Stages(System.out, EmbeddedServices.STAGES);
        EmbeddedServices services =
            new EmbeddedServices(
                EmbeddedSettings.of(data, cache(), MYSQL_PASSWORD, REDIS_PASSWORD))) {
      services.start(stages);
    }
    installed = data.resolve("mariadb/data");
  }

  @BeforeEach
  void copyWhatWasInstalled() throws IOException {
    Path copy = folder.resolve("data/mariadb/data");
    try (var files = Files.walk(installed)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(installed.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  @AfterEach
  void stopWhatWasStarted() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  EmbeddedSettings settings() {
    return EmbeddedSettings.of(folder.resolve("data"), cache(), MYSQL_PASSWORD, REDIS_PASSWORD);
  }

  static Path cache() {
    return Folders.cache(System.getenv());
  }

  EmbeddedServices services(EmbeddedSettings settings) {
    EmbeddedServices services = new EmbeddedServices(settings);
    opened.add(services);
    return services;
  }

  Endpoints start(EmbeddedServices services) {
    return services.start(stages());
  }

  Stages stages() {
    Stages stages =
        new Stages(new PrintStream(printed, true, StandardCharsets.UTF_8), EmbeddedServices.STAGES);
    opened.add(stages);
    return stages;
  }

  String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  void assertSentence(EmbeddedServices services, String... parts) {
    StartupFailure failure = assertThrows(StartupFailure.class, () -> start(services));
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
  }

  static List<ServerProcess> processes(EmbeddedServices services) {
    List<ServerProcess> all = new ArrayList<>();
    services.mariaDb().process().ifPresent(all::add);
    services.redis().process().ifPresent(all::add);
    return all;
  }

  static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  static String query(Endpoints endpoints, String sql) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  static void insertRow(Endpoints endpoints) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (v VARCHAR(10))");
      statement.execute("INSERT INTO t VALUES ('kept')");
    }
  }

  static int redisPort(Endpoints endpoints) {
    return URI.create(endpoints.redisUrl()).getPort();
  }

  static String redisPing(Endpoints endpoints) throws IOException {
    var url = URI.create(endpoints.redisUrl());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String text = "AUTH " + url.getUserInfo().substring(1) + "\r\nPING\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertEquals("+OK", in.readLine());
      return in.readLine();
    }
  }
}
