package com.sharestack.platform.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A MariaDB server of our own, on loopback, with one user and one database, both named {@code
 * sharestack}.
 *
 * <p>The user logs in by password only and owns {@code sharestack} and {@code sharestack_%}; there
 * is no root account and no socket file. The data folder belongs to one JVM at a time, which {@link
 * EmbeddedServices} sees to.
 */
final class EmbeddedMariaDb {
  static final String NAME = "MariaDB";
  static final String USER = "sharestack";

  private static final String PORT_SETTING = "SHARESTACK_MYSQL_PORT";
  private static final String HOST = "127.0.0.1";
  private static final long INSTALL_BYTES = 300L << 20;
  private static final long RUN_BYTES = 50L << 20;

  /**
   * Recovery of a large log after a crash takes its time; it goes on as long as the server lives.
   */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);

  private final EmbeddedSettings settings;
  private final Path folder;
  private final Path data;
  private final Path logFile;
  private final ServerSlot slot =
      new ServerSlot(server -> shutDownBySql(endpoints(server.port())), STOP_GRACE);

  EmbeddedMariaDb(EmbeddedSettings settings) {
    this.settings = settings;
    this.folder = settings.dataFolder().resolve("mariadb");
    this.data = folder.resolve("data");
    this.logFile = folder.resolve("mariadb.log");
  }

  /**
   * Unpacks, installs and starts what is missing; returns when the server answers.
   *
   * @return its address; the Redis part is null
   */
  Endpoints start(Stages stages) throws IOException {
    MariaDbProgram program = MariaDbProgram.provide(settings, stages);
    Folders.create(folder);
    String install = "prepare database files";
    if (isInstalled()) {
      stages.skip(install, "already there");
    } else {
      stages.run(install, progress -> install(program));
    }
    return stages.run("start database", progress -> run(program));
  }

  /** Stops the server in order, so that its next start needs no recovery. */
  void stop() throws IOException, InterruptedException {
    slot.stop();
  }

  Optional<ServerProcess> process() {
    return slot.process();
  }

  private boolean isInstalled() {
    if (!Files.exists(data)) {
      return false;
    }
    // The server would silently make a new, empty system tablespace beside the old tables.
    boolean whole =
        Stream.of("ibdata1", "ib_logfile0", "mysql", "undo001")
            .allMatch(name -> Files.exists(data.resolve(name)));
    if (!whole) {
      throw ServerLog.damaged(NAME, data, logFile);
    }
    return true;
  }

  private Void install(MariaDbProgram program) throws IOException, InterruptedException {
    settings.requireSpace(folder, INSTALL_BYTES, "SHARESTACK_DATA");
    Path unfinished = folder.resolve("data.unfinished");
    Folders.delete(unfinished);
    Folders.create(unfinished);
    ServerLog log = ServerLog.open(logFile);
    List<String> command = new ArrayList<>(options(program, unfinished));
    command.add("--bootstrap");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
    Process bootstrap = launch(builder);
    try (var stdin = bootstrap.getOutputStream()) {
      stdin.write(systemTables(program).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended early; its log says why
    }
    boolean ended = bootstrap.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      bootstrap.destroyForcibly();
    }
    if (!ended || bootstrap.exitValue() != 0) {
      throw log.explain(failed(0));
    }
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    return null;
  }

  /** What mariadb-install-db does, without a shell, a root account, help texts and time zones. */
  private static String systemTables(MariaDbProgram program) throws IOException {
    StringBuilder sql =
        new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n");
    for (String name :
        List.of(
            "mariadb_system_tables",
            "mariadb_performance_tables",
            "mariadb_system_tables_data",
            "maria_add_gis_sp_bootstrap",
            "mariadb_sys_schema")) {
      sql.append(Files.readString(program.share().resolve(name + ".sql"))).append('\n');
    }
    return sql.append("DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\n")
        .append("DELETE FROM mysql.proxies_priv;\n")
        .toString();
  }

  private Endpoints run(MariaDbProgram program) throws IOException, InterruptedException {
    settings.requireSpace(data, RUN_BYTES, "SHARESTACK_DATA");
    Path pidFile = folder.resolve("server.properties");
    String fingerprint = Fingerprint.of(options(program, data) + settings.mysqlPassword());
    Optional<ServerProcess> orphan = ServerProcess.leftBehind(pidFile);
    if (orphan.isPresent()) {
      if (isUsable(orphan.get(), fingerprint)) {
        slot.adopt(orphan.get());
        return endpoints(orphan.get().port());
      }
      slot.end(orphan.get());
    }
    int port = Ports.choose(settings.mysqlPort(), folder.resolve("port"), NAME, PORT_SETTING);
    Path initFile = folder.resolve("init.sql");
    writeInitFile(initFile);
    ServerLog log = ServerLog.open(logFile);
    List<String> command = new ArrayList<>(options(program, data));
    command.add("--port=" + port);
    command.add("--init-file=" + initFile);
    try {
      slot.start(
          new ServerProcess.Launch(command, "", folder, logFile, pidFile, port, fingerprint));
      awaitReady(port, log);
    } finally {
      Files.deleteIfExists(initFile); // the server has read it; it holds the password
    }
    return endpoints(port);
  }

  private boolean isUsable(ServerProcess orphan, String fingerprint) {
    boolean samePort = settings.mysqlPort() == 0 || settings.mysqlPort() == orphan.port();
    return samePort
        && orphan.fingerprint().equals(fingerprint)
        && answers(endpoints(orphan.port()));
  }

  private void awaitReady(int port, ServerLog log) throws IOException, InterruptedException {
    ServerProcess process = slot.process().orElseThrow();
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers(endpoints(port))) {
      if (process.awaitExit(POLL)) {
        throw log.explain(failed(port));
      }
      if (System.nanoTime() > limit) {
        slot.end(process);
        throw new StartupFailure(
            "The embedded MariaDB did not answer within %d s: see %s or set SHARESTACK_MYSQL_URL to an existing server."
                .formatted(START_LIMIT.toSeconds(), logFile));
      }
    }
  }

  /** Whether the server lets us in. */
  private static boolean answers(Endpoints endpoints) {
    if (Ports.isFree(endpoints.mysqlPort())) {
      return false; // cheaper than a failed login while it starts
    }
    try (Connection connection = endpoints.connect()) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void shutDownBySql(Endpoints endpoints) {
    try (Connection connection = endpoints.connect();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      // the caller kills what does not go; InnoDB recovers at the next start
    }
  }

  private Endpoints endpoints(int port) {
    return new Endpoints(HOST, port, USER, settings.mysqlPassword(), "sharestack", null);
  }

  private ServerLog.Failed failed(int port) {
    return new ServerLog.Failed(
        NAME,
        port,
        data,
        PORT_SETTING,
        "SHARESTACK_MYSQL_URL",
        "install the package that contains it");
  }

  private static Process launch(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new StartupFailure(
          "The embedded MariaDB cannot run on this system ("
              + e.getMessage()
              + "): set SHARESTACK_MYSQL_URL to an existing server.",
          e);
    }
  }

  /** Makes the one user and the one database; the password is whatever the caller says today. */
  private void writeInitFile(Path file) throws IOException {
    Files.deleteIfExists(file);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    // one statement a line: the server reads the file that way
    Files.writeString(
        file,
        """
        CREATE DATABASE IF NOT EXISTS sharestack;
        CREATE USER IF NOT EXISTS 'sharestack'@'127.0.0.1';
        ALTER USER 'sharestack'@'127.0.0.1' IDENTIFIED BY '%s';
        GRANT ALL PRIVILEGES ON `sharestack`.* TO 'sharestack'@'127.0.0.1';
        GRANT ALL PRIVILEGES ON `sharestack\\_%%`.* TO 'sharestack'@'127.0.0.1';
        GRANT PROCESS, SHUTDOWN ON *.* TO 'sharestack'@'127.0.0.1';
        """
            .formatted(settings.mysqlPassword()));
  }

  /** The same behaviour as MySQL 8 where the two differ: SQL mode, collation, packet size, UTC. */
  private List<String> options(MariaDbProgram program, Path dataFolder) {
    List<String> options = new ArrayList<>();
    options.add(program.executable().toString());
    options.add("--no-defaults");
    options.add("--basedir=" + program.home());
    options.add("--lc-messages-dir=" + program.share());
    options.add("--datadir=" + dataFolder);
    if ("root".equals(System.getProperty("user.name"))) {
      options.add("--user=root"); // it refuses to run as root by accident
    }
    options.addAll(
        List.of(
            "--bind-address=" + HOST,
            "--skip-ssl", // loopback only; making keys takes seconds
            "--skip-name-resolve",
            "--local-infile=0",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_0900_ai_ci",
            "--default-time-zone=+00:00",
            "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
                + "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
            "--max-allowed-packet=64M",
            "--max-connections=200",
            "--innodb-log-file-size=32M"));
    if (!Platform.current().isWindows()) {
      options.add("--socket="); // none: its path may not be longer than 107 characters
    }
    options.addAll(settings.mysqlOptions());
    return options;
  }
}
