package com.sharestack.platform.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server program and the file that lets a later JVM recognise it.
 *
 * <p>A process id alone is no proof: ids are used again. A process counts as ours only if it runs
 * the recorded program and was started at the recorded instant; nothing else is ever signalled.
 */
final class ServerProcess {
  /**
   * The system computes start instants from the boot time, which moves when its clock is corrected.
   */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private static final Duration KILL_WAIT = Duration.ofSeconds(10);

  private final ProcessHandle handle;
  private final Path pidFile;
  private final int port;
  private final String fingerprint;

  private ServerProcess(ProcessHandle handle, Path pidFile, int port, String fingerprint) {
    this.handle = handle;
    this.pidFile = pidFile;
    this.port = port;
    this.fingerprint = fingerprint;
  }

  /**
   * How to start a server.
   *
   * @param command the program, with its real path, and its arguments
   * @param input what it reads from its standard input, then end of file
   * @param log where its output is appended
   * @param fingerprint equal if and only if a running server would do as well as a new one
   */
  record Launch(
      List<String> command,
      String input,
      Path folder,
      Path log,
      Path pidFile,
      int port,
      String fingerprint) {}

  static ServerProcess start(Launch launch) throws IOException {
    Process process =
        new ProcessBuilder(inOwnSession(launch.command()))
            .directory(launch.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()))
            .start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(launch.input().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended before it read: its log says why, and the caller sees that it is gone
    }
    ServerProcess server =
        new ServerProcess(
            process.toHandle(), launch.pidFile(), launch.port(), launch.fingerprint());
    try {
      server.record(launch.command().getFirst());
    } catch (IOException e) {
      process.destroyForcibly(); // a server that no later start would recognise must not run
      throw e;
    }
    return server;
  }

  /** The server that an earlier JVM left behind, if the file names one that still runs. */
  static Optional<ServerProcess> leftBehind(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    Properties recorded = new Properties();
    try (Reader reader = Files.newBufferedReader(pidFile)) {
      recorded.load(reader);
    }
    try {
      long pid = Long.parseLong(recorded.getProperty("pid", ""));
      int port = Integer.parseInt(recorded.getProperty("port", ""));
      Instant started = Instant.parse(recorded.getProperty("started", ""));
      return ProcessHandle.of(pid)
          .filter(handle -> isSame(handle, recorded.getProperty("program", ""), started))
          .map(
              handle ->
                  new ServerProcess(
                      handle, pidFile, port, recorded.getProperty("fingerprint", "")));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return Optional.empty(); // a torn file proves nothing
    }
  }

  private static boolean isSame(ProcessHandle handle, String program, Instant started) {
    // Linux adds " (deleted)" once the program's file is gone
    boolean sameProgram =
        handle
            .info()
            .command()
            .filter(c -> c.replaceFirst(" \\(deleted\\)$", "").equals(program))
            .isPresent();
    boolean sameStart =
        handle
            .info()
            .startInstant()
            .filter(
                instant -> Duration.between(started, instant).abs().compareTo(START_TOLERANCE) <= 0)
            .isPresent();
    return handle.isAlive() && sameProgram && sameStart;
  }

  long pid() {
    return handle.pid();
  }

  int port() {
    return port;
  }

  String fingerprint() {
    return fingerprint;
  }

  boolean isAlive() {
    return handle.isAlive();
  }

  /** Waits for the end of the process; false if it still runs after that time. */
  boolean awaitExit(Duration atMost) throws InterruptedException {
    try {
      handle.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Stops the server and forgets it: asks, waits, then kills.
   *
   * @param ask how to ask where the system has no polite signal (Windows)
   */
  void stop(Runnable ask, Duration grace) throws InterruptedException, IOException {
    if (handle.isAlive()) {
      if (handle.supportsNormalTermination()) {
        handle.destroy();
      } else {
        ask.run();
      }
      if (!awaitExit(grace)) {
        handle.destroyForcibly();
        awaitExit(KILL_WAIT);
      }
    }
    Files.deleteIfExists(pidFile);
  }

  private void record(String program) throws IOException {
    Properties record = new Properties();
    record.setProperty("pid", Long.toString(handle.pid()));
    record.setProperty("started", handle.info().startInstant().orElseGet(Instant::now).toString());
    record.setProperty("program", program);
    record.setProperty("port", Integer.toString(port));
    record.setProperty("fingerprint", fingerprint);
    Path whole = pidFile.resolveSibling(pidFile.getFileName() + ".new");
    try (var writer = Files.newBufferedWriter(whole)) {
      record.store(writer, "a server that ShareStack started");
    }
    Files.move(whole, pidFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * A session of its own, so that Ctrl-C in the terminal reaches only the JVM, which then stops its
   * servers in order. Where neither helper exists the servers get the signal too and stop at the
   * same time as the JVM.
   */
  private static List<String> inOwnSession(List<String> command) {
    List<String> prefix = List.of();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      prefix = List.of("/usr/bin/setsid");
    } else if (Platform.current().isMac() && Files.isExecutable(Path.of("/usr/bin/perl"))) {
      prefix =
          List.of(
              "/usr/bin/perl",
              "-MPOSIX",
              "-e",
              "POSIX::setsid(); exec { $ARGV[0] } @ARGV or die $!");
    }
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }
}
