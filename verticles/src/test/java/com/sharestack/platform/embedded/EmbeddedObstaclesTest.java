package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may stand in the way of a start: each is one sentence that says what to do. */
class EmbeddedObstaclesTest extends EmbeddedTestBase {
  @Test
  void aConfiguredPortInUseIsNamedAndNothingKeepsRunning() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      EmbeddedServices mysql = services(settings().withPorts(port, 0));
      assertSentence(mysql, "Port " + port + " on 127.0.0.1", "SHARESTACK_MYSQL_PORT");
      assertTrue(processes(mysql).stream().noneMatch(ServerProcess::isAlive));
      EmbeddedServices redis = services(settings().withPorts(0, port));
      assertSentence(redis, "Port " + port + " on 127.0.0.1", "SHARESTACK_REDIS_PORT");
      assertTrue(processes(redis).stream().noneMatch(ServerProcess::isAlive));
    }
  }

  @Test
  void aRememberedPortIsKeptUntilAnotherProgramTakesIt() throws Exception {
    EmbeddedServices first = services(settings());
    int port = start(first).mysqlPort();
    first.close();
    EmbeddedServices second = services(settings());
    assertEquals(port, start(second).mysqlPort());
    second.close();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(taken.isBound());
      assertNotEquals(port, start(services(settings())).mysqlPort());
    }
  }

  @Test
  void aDataFolderIsUsedByOneAtATime() {
    start(services(settings()));
    assertSentence(
        services(settings()),
        "Another ShareStack (process " + ProcessHandle.current().pid() + ")",
        "SHARESTACK_DATA");
  }

  @Test
  void missingDatabaseFilesAreNoticedBeforeTheServerMakesNewOnes() throws Exception {
    Path lost = folder.resolve("data/mariadb/data/ibdata1");
    Files.delete(lost);
    assertSentence(services(settings()), "damaged", "restore that folder", "mariadb.log");
    assertFalse(Files.exists(lost));
  }

  @Test
  void aDamagedDatabaseFileIsNamed() throws Exception {
    byte[] garbage = "garbage ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
    Files.write(folder.resolve("data/mariadb/data/ibdata1"), garbage, StandardOpenOption.WRITE);
    assertSentence(
        services(settings()),
        "damaged",
        folder.resolve("data/mariadb/data").toString(),
        "mariadb.log");
  }

  @Test
  void aFullDiskIsNoticedBeforeUnpackingAndNothingIsLeft() throws Exception {
    Path empty = folder.resolve("cache");
    EmbeddedSettings full = settings().withCacheFolder(empty).withUsableBytes(any -> 100L << 20);
    assertSentence(services(full), "has 100 MB left and 700 MB are needed", "SHARESTACK_CACHE");
    try (var left = Files.list(empty)) {
      assertEquals(List.of(), left.filter(path -> path.toString().contains("mariadb")).toList());
    }
  }

  @Test
  void anInterruptedOrDamagedUnpackingIsDoneAgain() throws Exception {
    EmbeddedSettings ownCache = settings().withCacheFolder(folder.resolve("cache"));
    MariaDbProgram program = MariaDbProgram.provide(ownCache, stages());
    Files.write(program.executable(), new byte[10]);
    String before = printed();
    MariaDbProgram again = MariaDbProgram.provide(ownCache, stages());
    assertTrue(Files.size(again.executable()) > 1_000_000);
    assertTrue(before.contains("90 %"), before);
    MariaDbProgram.provide(ownCache, stages());
    assertTrue(printed().contains("unpack database ... already there"), printed());
    try (var left = Files.list(folder.resolve("cache"))) {
      assertEquals(1, left.count(), "no half-done folder stays");
    }
  }

  @Test
  void withUrlsOfExternalServicesNothingIsUnpackedOrStarted() {
    Path nowhere = folder.resolve("nowhere");
    EmbeddedSettings external =
        EmbeddedSettings.of(nowhere, nowhere, MYSQL_PASSWORD, REDIS_PASSWORD)
            .withUrls(
                Optional.of("mysql://me:p%40ss%3Aw+rd@db.example:3307/shop"),
                Optional.of("rediss://:secret@cache.example:6380/2"));
    EmbeddedServices services = services(external);
    assertEquals(
        new Endpoints(
            "db.example", 3307, "me", "p@ss:w+rd", "shop", "rediss://:secret@cache.example:6380/2"),
        start(services));
    assertEquals(List.of(), processes(services));
    assertFalse(Files.exists(nowhere));
  }

  @Test
  void anUnreadableUrlIsExplainedWithoutItsPassword() {
    for (String url : List.of("mysql://me:top secret@host", "jdbc:mysql://host/x", "host:3306")) {
      EmbeddedSettings settings = settings().withUrls(Optional.of(url), Optional.empty());
      StartupFailure failure = assertThrows(StartupFailure.class, () -> start(services(settings)));
      assertTrue(failure.getMessage().contains("SHARESTACK_MYSQL_URL"), failure.getMessage());
      assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    }
  }
}
