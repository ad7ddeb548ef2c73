package com.sharestack.platform.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one process of an embedded server, while one thread may start it and another stop it: a stop
 * that was asked for meanwhile wins, so that no server outlives the JVM.
 */
final class ServerSlot {

  private final Consumer<ServerProcess> ask;
  private final Duration grace;
  private volatile ServerProcess process;
  private boolean stopped;

  /**
   * @param ask how to ask the server to end where the system has no polite signal
   * @param grace how long it may take before it is killed
   */
  ServerSlot(Consumer<ServerProcess> ask, Duration grace) {
    this.ask = ask;
    this.grace = grace;
  }

  /** The server that was started or adopted, running or not. */
  Optional<ServerProcess> process() {
    return Optional.ofNullable(process);
  }

  /**
   * @throws StartupFailure if {@link #stop} came first
   */
  synchronized void start(ServerProcess.Launch launch) throws IOException {
    if (stopped) {
      throw interrupted();
    }
    process = ServerProcess.start(launch);
  }

  /**
   * Takes over a server that a killed JVM left behind.
   *
   * @throws StartupFailure if {@link #stop} came first; then the orphan is stopped
   */
  synchronized void adopt(ServerProcess orphan) throws IOException, InterruptedException {
    if (stopped) {
      end(orphan);
      throw interrupted();
    }
    process = orphan;
  }

  /** Stops the server, if there is one, and lets no other be started. */
  void stop() throws IOException, InterruptedException {
    ServerProcess running;
    synchronized (this) {
      stopped = true;
      running = process;
    }
    if (running != null) {
      end(running);
    }
  }

  /** Asks, waits, then kills. */
  void end(ServerProcess server) throws IOException, InterruptedException {
    server.stop(() -> ask.accept(server), grace);
  }

  private static StartupFailure interrupted() {
    return new StartupFailure("The start was interrupted: start again.");
  }
}
