package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedServicesTest {
  private static final String MYSQL_PASSWORD = "mysql-password-of-tests";
  private static final String REDIS_PASSWORD = "redis-password-of-tests";

  private static Path installed;

  @TempDir Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

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

  private EmbeddedSettings settings() {
    return EmbeddedSettings.of(folder.resolve("data"), cache(), MYSQL_PASSWORD, REDIS_PASSWORD);
  }

  private static Path cache() {
    return Folders.cache(System.getenv());
  }

  private EmbeddedServices services(EmbeddedSettings settings) {
    EmbeddedServices services = new EmbeddedServices(settings);
    opened.add(services);
    return services;
  }

  private Endpoints start(EmbeddedServices services) {
    return services.start(stages());
  }

  private Stages stages() {
    Stages stages =
        new Stages(new PrintStream(printed, true, StandardCharsets.UTF_8), EmbeddedServices.STAGES);
    opened.add(stages);
    return stages;
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void assertSentence(EmbeddedServices services, String... parts) {
    StartupFailure failure = assertThrows(StartupFailure.class, () -> start(services));
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
  }

  private static List<ServerProcess> processes(EmbeddedServices services) {
    List<ServerProcess> all = new ArrayList<>();
    services.mariaDb().process().ifPresent(all::add);
    services.redis().process().ifPresent(all::add);
    return all;
  }

  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static String query(Endpoints endpoints, String sql) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void insertRow(Endpoints endpoints) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (v VARCHAR(10))");
      statement.execute("INSERT INTO t VALUES ('kept')");
    }
  }

  private static int redisPort(Endpoints endpoints) {
    return URI.create(endpoints.redisUrl()).getPort();
  }

  private static String redisPing(Endpoints endpoints) throws IOException {
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
