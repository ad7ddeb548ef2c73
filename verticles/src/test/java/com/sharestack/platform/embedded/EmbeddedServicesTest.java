package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedServicesTest extends EmbeddedTestBase {
  @Test
  void bothServersAnswerAndNothingIsLeftAfterTheStop() throws Exception {
    EmbeddedServices services = services(settings());
    Endpoints endpoints = start(services);
    assertEquals("1", query(endpoints, "SELECT 1"));
    assertEquals("+PONG", redisPing(endpoints));
    List<ServerProcess> processes = processes(services);
    services.close();
    assertEquals(2, processes.size());
    assertTrue(processes.stream().noneMatch(ServerProcess::isAlive));
    assertFalse(Files.exists(folder.resolve("data/mariadb/server.properties")));
    assertFalse(
        Files.exists(folder.resolve("data/mariadb/init.sql")), "the password stays in no file");
    String log = Files.readString(folder.resolve("data/mariadb/mariadb.log"));
    assertTrue(log.contains("Shutdown complete"), "stopped in order");
  }

  @Test
  void theServersListenOnLoopbackOnly() throws Exception {
    Endpoints endpoints = start(services(settings()));
    for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(card.getInetAddresses())) {
        if (!address.isLoopbackAddress()) {
          assertThrows(IOException.class, () -> new Socket(address, endpoints.mysqlPort()).close());
          assertThrows(IOException.class, () -> new Socket(address, redisPort(endpoints)).close());
        }
      }
    }
  }

  @Test
  void onlyThePasswordOpensTheDatabase() {
    Endpoints right = start(services(settings()));
    for (String user : List.of("root", "mysql", "mariadb.sys", "")) {
      Endpoints wrong =
          new Endpoints(
              right.mysqlHost(), right.mysqlPort(), user, "", "sharestack", right.redisUrl());
      assertThrows(SQLException.class, () -> query(wrong, "SELECT 1"), user);
    }
  }

  @Test
  void theServerBehavesLikeMysqlWhereTheTwoDiffer() throws Exception {
    Endpoints endpoints = start(services(settings()));
    assertEquals("utf8mb4_0900_ai_ci", query(endpoints, "SELECT @@collation_server"));
    assertEquals("+00:00", query(endpoints, "SELECT @@global.time_zone"));
    assertTrue(query(endpoints, "SELECT @@global.sql_mode").contains("ONLY_FULL_GROUP_BY"));
  }

  @Test
  void aKilledDatabaseComesBackWithItsRows() throws Exception {
    EmbeddedServices first = services(settings());
    insertRow(start(first));
    ServerProcess mariaDb = first.mariaDb().process().orElseThrow();
    ProcessHandle.of(mariaDb.pid()).orElseThrow().destroyForcibly();
    assertTrue(mariaDb.awaitExit(Duration.ofSeconds(10)));
    first.close();
    Endpoints again = start(services(settings()));
    assertEquals("kept", query(again, "SELECT v FROM sharestack.t"));
  }

  @Test
  void theServersOfAKilledJvmAreTakenOver() throws Exception {
    List<Long> pids = startInAJvmAndKillIt();
    EmbeddedServices next = services(settings());
    Endpoints endpoints = start(next);
    assertEquals(pids, processes(next).stream().map(ServerProcess::pid).toList());
    assertEquals("kept", query(endpoints, "SELECT v FROM sharestack.t"));
    next.close();
    assertTrue(pids.stream().noneMatch(EmbeddedServicesTest::isRunning));
  }

  @Test
  void theServersOfAKilledJvmAreReplacedWhenTheyDoNotFit() throws Exception {
    List<Long> pids = startInAJvmAndKillIt();
    EmbeddedServices next =
        services(
            EmbeddedSettings.of(
                folder.resolve("data"), cache(), "another-password-1", "another-password-2"));
    Endpoints endpoints = start(next);
    assertTrue(pids.stream().noneMatch(EmbeddedServicesTest::isRunning));
    assertEquals("kept", query(endpoints, "SELECT v FROM sharestack.t"));
    assertEquals("+PONG", redisPing(endpoints));
  }

  @Test
  void aForeignProcessWithTheRecordedIdIsLeftAlone() throws Exception {
    Process foreign = new ProcessBuilder("sleep", "100").start();
    opened.add(foreign::destroyForcibly);
    String program = foreign.info().command().orElseThrow();
    Instant hourAgo = foreign.info().startInstant().orElseThrow().minusSeconds(3600);
    Path mariaDb = Files.createDirectories(folder.resolve("data/mariadb"));
    Path redis = Files.createDirectories(folder.resolve("data/redis"));
    // the id was used again by the same program, and by another program
    record(mariaDb.resolve("server.properties"), foreign.pid(), program, hourAgo);
    record(
        redis.resolve("server.properties"), foreign.pid(), "/bin/other", hourAgo.plusSeconds(3600));
    EmbeddedServices services = services(settings());
    Endpoints endpoints = start(services);
    assertEquals("1", query(endpoints, "SELECT 1"));
    services.close();
    assertTrue(foreign.isAlive());
  }

  @Test
  void aTornPidFileIsNoObstacle() throws Exception {
    Files.createDirectories(folder.resolve("data/mariadb"));
    Files.writeString(folder.resolve("data/mariadb/server.properties"), "pid=12");
    assertEquals("1", query(start(services(settings())), "SELECT 1"));
  }

  @Test
  void aStopDuringTheStartLeavesNothingRunning() throws Exception {
    for (int yields : List.of(0, 1_000, 100_000, 1_000_000)) {
      EmbeddedServices services = services(settings());
      var starting = CompletableFuture.supplyAsync(() -> start(services));
      for (int i = 0; i < yields && !starting.isDone(); i++) {
        Thread.yield();
      }
      services.close();
      try {
        starting.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException expected) {
        assertTrue(expected.getCause() instanceof StartupFailure, expected::toString);
      }
      assertTrue(processes(services).stream().noneMatch(ServerProcess::isAlive));
    }
  }

  private static void record(Path file, long pid, String program, Instant started)
      throws IOException {
    Files.writeString(
        file,
        "pid=%d\nprogram=%s\nstarted=%s\nport=1\nfingerprint=x\n"
            .formatted(pid, program, started.toString().replace(":", "\\:")));
  }

  /**
   * Process ids of the database and of Redis that a killed JVM left running, with a row written
   * before.
   */
  private List<Long> startInAJvmAndKillIt() throws Exception {
    Process jvm =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName(),
                folder.resolve("data").toString(),
                cache().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    opened.add(jvm::destroyForcibly);
    var lines =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && !line.startsWith("pids ")) {
      line = lines.readLine();
    }
    jvm.destroyForcibly().waitFor();
    assertTrue(line != null, "the other JVM started its servers");
    String[] pids = line.split(" ");
    List<Long> running = List.of(Long.valueOf(pids[1]), Long.valueOf(pids[2]));
    assertTrue(running.stream().allMatch(EmbeddedServicesTest::isRunning));
    return running;
  }

  /** The other JVM: starts both servers, says so, and waits to be killed. */
  static final class Starter {
    public static void main(String[] args) throws Exception {
      var settings =
          EmbeddedSettings.of(Path.of(args[0]), Path.of(args[1]), MYSQL_PASSWORD, REDIS_PASSWORD);
      EmbeddedServices services = new EmbeddedServices(settings);
      insertRow(services.start(new Stages(System.out, EmbeddedServices.STAGES)));
      List<ServerProcess> both = processes(services);
      System.out.println("pids " + both.get(0).pid() + " " + both.get(1).pid());
      System.in.read();
    }
  }
}
