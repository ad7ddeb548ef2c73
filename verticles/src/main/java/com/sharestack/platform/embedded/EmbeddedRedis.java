package com.sharestack.platform.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A Redis server of our own, on loopback, with a password. It writes nothing to disk: Redis holds
 * only what can be lost.
 *
 * <p>When its 256 MB are full it evicts the keys that would expire first. Refusing writes instead
 * would stop limits and claims at once, and evicting the least recently used would drop the
 * revocation of a quiet session before a busy cache entry; caches live for seconds to minutes,
 * revocations for hours, so the order of expiry keeps what matters longest.
 */
final class EmbeddedRedis {
  static final String NAME = "Redis";

  private static final String PORT_SETTING = "SHARESTACK_REDIS_PORT";
  private static final String HOST = "127.0.0.1";
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final int SOCKET_MILLIS = 2000;

  private final EmbeddedSettings settings;
  private final Path folder;
  private final Path logFile;
  private final ServerSlot slot =
      new ServerSlot(server -> send(server.port(), "SHUTDOWN NOSAVE"), STOP_GRACE);

  EmbeddedRedis(EmbeddedSettings settings) {
    this.settings = settings;
    this.folder = settings.dataFolder().resolve("redis");
    this.logFile = folder.resolve("redis.log");
  }

  /** Starts the server; returns its URL when it answers. */
  String start(Stages stages) {
    return stages.run(
        "start Redis",
        progress -> {
          Folders.create(folder);
          Path program = RedisProgram.provide(settings, System.getenv().getOrDefault("PATH", ""));
          return run(program);
        });
  }

  void stop() throws IOException, InterruptedException {
    slot.stop();
  }

  Optional<ServerProcess> process() {
    return slot.process();
  }

  private String run(Path program) throws IOException, InterruptedException {
    Path pidFile = folder.resolve("server.properties");
    String configuration = configuration();
    String fingerprint = Fingerprint.of(program + configuration);
    Optional<ServerProcess> orphan = ServerProcess.leftBehind(pidFile);
    if (orphan.isPresent()) {
      if (isUsable(orphan.get(), fingerprint)) {
        slot.adopt(orphan.get());
        return url(orphan.get().port());
      }
      slot.end(orphan.get());
    }
    int port = Ports.choose(settings.redisPort(), folder.resolve("port"), NAME, PORT_SETTING);
    ServerLog log = ServerLog.open(logFile);
    // the configuration goes through standard input: the password is neither in a file nor in the
    // list of processes
    List<String> command = List.of(program.toString(), "-");
    String input = configuration + "port " + port + "\n";
    slot.start(
        new ServerProcess.Launch(command, input, folder, logFile, pidFile, port, fingerprint));
    awaitReady(port, log);
    return url(port);
  }

  private String configuration() {
    return """
    bind 127.0.0.1
    requirepass %s
    save ""
    appendonly no
    databases 256
    maxmemory 256mb
    maxmemory-policy volatile-ttl
    """
        .formatted(settings.redisPassword());
  }

  private boolean isUsable(ServerProcess orphan, String fingerprint) {
    boolean samePort = settings.redisPort() == 0 || settings.redisPort() == orphan.port();
    return samePort && orphan.fingerprint().equals(fingerprint) && answers(orphan.port());
  }

  private void awaitReady(int port, ServerLog log) throws IOException, InterruptedException {
    ServerProcess process = slot.process().orElseThrow();
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers(port)) {
      if (process.awaitExit(POLL)) {
        throw log.explain(
            new ServerLog.Failed(
                NAME,
                port,
                folder,
                PORT_SETTING,
                "SHARESTACK_REDIS_URL",
                "install redis-server 7 or newer"));
      }
      if (System.nanoTime() > limit) {
        slot.end(process);
        throw new StartupFailure(
            "The embedded Redis did not answer within %d s: see %s or set SHARESTACK_REDIS_URL to an existing server."
                .formatted(START_LIMIT.toSeconds(), logFile));
      }
    }
  }

  private boolean answers(int port) {
    return "+PONG".equals(send(port, "PING"));
  }

  private String url(int port) {
    return "redis://:%s@%s:%d/0".formatted(settings.redisPassword(), HOST, port);
  }

  /** Logs in and sends one command; the answer's first line, empty if there is none. */
  private String send(int port, String command) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), SOCKET_MILLIS);
      socket.setSoTimeout(SOCKET_MILLIS);
      String text = "AUTH " + settings.redisPassword() + "\r\n" + command + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String login = in.readLine();
      String answer = in.readLine();
      return "+OK".equals(login) && answer != null ? answer : "";
    } catch (IOException e) {
      return ""; // not there yet, or gone already: both callers ask only that
    }
  }
}
