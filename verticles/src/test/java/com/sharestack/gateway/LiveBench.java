package com.sharestack.gateway;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserType;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.MessageLog;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * What a gateway holds and delivers, with a message log in memory behind it: sockets, memory of a
 * socket, delivered messages and their latency. Not part of the suite; about a minute:
 *
 * <pre>mvn test -pl verticles -am -Dtest=LiveBench -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * The gateway runs in a JVM of its own, the clients in this one, on the same machine. {@code
 * -Dlive.bench.sockets}, {@code .rate} (messages a second) and {@code .seconds} change the load.
 */
class LiveBench {

  private static final int SOCKETS = Integer.getInteger("live.bench.sockets", 5_000);
  private static final int RATE = Integer.getInteger("live.bench.rate", 1_000);
  private static final int SECONDS = Integer.getInteger("live.bench.seconds", 20);
  private static final int WARM_UP_SECONDS = 8;
  private static final int CONNECTING = 100;
  private static final long FIRST_USER = 100_000;
  private static final PrintStream OUT = System.out;

  private final Map<String, Long> sentNanos = new ConcurrentHashMap<>();
  private final long[] latencies = new long[RATE * Math.max(SECONDS, WARM_UP_SECONDS)];
  private final AtomicInteger delivered = new AtomicInteger();
  private final AtomicLong failures = new AtomicLong();

  @Test
  void socketsMemoryAndDelivery() throws Exception {
    Path tokens = Files.createTempFile("live-bench", ".tokens");
    Process server = startServer(tokens);
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try (BufferedReader said = server.inputReader()) {
      int port = Integer.parseInt(await(said, "port "));
      List<String> bearers = Files.readAllLines(tokens);
      long before = rssKilobytes(server, said);
      long started = System.nanoTime();
      List<WebSocket> sockets = connect(vertx, port, bearers);
      double seconds = (System.nanoTime() - started) / 1e9;
      long held = rssKilobytes(server, said);
      OUT.printf(
          "%d sockets held, opened in %.1f s; RSS %d -> %d MB, %.1f KB a socket%n",
          sockets.size(),
          seconds,
          before / 1024,
          held / 1024,
          (held - before) * 1.0 / sockets.size());
      deliver(sockets, WARM_UP_SECONDS); // compiles what is measured
      delivered.set(0);
      deliver(sockets, SECONDS);
      OUT.printf("RSS after the load %d MB%n", rssKilobytes(server, said) / 1024);
    } finally {
      vertx.close();
      server.destroy();
      server.waitFor(20, TimeUnit.SECONDS);
      server.destroyForcibly();
      Files.deleteIfExists(tokens);
    }
  }

  private List<WebSocket> connect(Vertx vertx, int port, List<String> tokens) throws Exception {
    WebSocketClient client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(SOCKETS).setConnectTimeout(10_000));
    Semaphore connecting = new Semaphore(CONNECTING);
    CountDownLatch welcome = new CountDownLatch(SOCKETS);
    List<WebSocket> sockets = new ArrayList<>(java.util.Collections.nCopies(SOCKETS, null));
    for (int i = 0; i < SOCKETS; i++) {
      connecting.acquire();
      int index = i;
      client
          .connect(
              LiveClient.handshake(port, "").addHeader("Authorization", "Bearer " + tokens.get(i)))
          .onSuccess(
              socket -> {
                sockets.set(index, socket);
                socket.textMessageHandler(text -> heard(text, welcome));
                socket.writeTextMessage(
                    "{\"type\":\"hello\",\"data\":{\"device_id\":\"bench-device\",\"client\":\"server\"}}");
              })
          .onFailure(
              refused -> {
                failures.incrementAndGet();
                welcome.countDown();
              })
          .onComplete(done -> connecting.release());
    }
    if (!welcome.await(60, TimeUnit.SECONDS)) {
      OUT.println("not welcomed in time: " + welcome.getCount());
    }
    sockets.removeIf(java.util.Objects::isNull);
    OUT.println("refused handshakes: " + failures.get());
    return sockets;
  }

  private void heard(String text, CountDownLatch welcome) {
    if (text.startsWith("{\"type\":\"welcome\"")) {
      welcome.countDown();
    } else if (text.startsWith("{\"type\":\"message.new\"")) {
      int at = text.indexOf("\"client_msg_id\":\"") + 17;
      Long sent = sentNanos.remove(text.substring(at, at + 36));
      int slot = sent == null ? latencies.length : delivered.getAndIncrement();
      if (slot < latencies.length) {
        latencies[slot] = System.nanoTime() - sent;
      }
    } else if (text.startsWith("{\"type\":\"error\"")) {
      failures.incrementAndGet();
    }
  }

  /** Open loop: the rate does not wait for answers. */
  private void deliver(List<WebSocket> sockets, int duration) {
    failures.set(0);
    int messages = RATE * duration;
    long start = System.nanoTime();
    String text = "性能测试的一条普通消息，大约六十个字，和真实聊天差不多长。".repeat(2);
    for (int i = 0; i < messages; i++) {
      long due = start + i * 1_000_000_000L / RATE;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
      }
      String id = UUID.randomUUID().toString();
      long to = FIRST_USER + (i * 7919L + 1) % SOCKETS;
      JsonObject data =
          new JsonObject().put("client_msg_id", id).put("to_user_id", to).put("content", text);
      sentNanos.put(id, System.nanoTime());
      sockets
          .get(i % sockets.size())
          .writeTextMessage(
              new JsonObject().put("type", "message.send").put("data", data).encode());
    }
    double sending = (System.nanoTime() - start) / 1e9;
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!sentNanos.isEmpty() && System.nanoTime() < patience) {
      LockSupport.parkNanos(1_000_000);
    }
    int count = Math.min(delivered.get(), latencies.length);
    double whole = (System.nanoTime() - start) / 1e9;
    long[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    OUT.printf(
        "%d of %d messages delivered, %.0f/s sent, %.0f/s delivered, errors %d%n",
        count, messages, messages / sending, count / whole, failures.get());
    OUT.printf(
        "send to the other's message.new: p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
        sorted[count / 2] / 1e6, sorted[(int) (count * 0.99)] / 1e6, sorted[count - 1] / 1e6);
  }

  private static String await(BufferedReader said, String start) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    throw new IllegalStateException("the server ended before it said " + start);
  }

  /** After a collection, so that garbage of the start is not counted. */
  private static long rssKilobytes(Process server, BufferedReader said) throws IOException {
    server.outputWriter().write("gc\n");
    server.outputWriter().flush();
    await(said, "collected");
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static Process startServer(Path tokens) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx768m",
            "-cp",
            System.getProperty("java.class.path"),
            Server.class.getName(),
            tokens.toString(),
            String.valueOf(SOCKETS)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The gateway's JVM. */
  static final class Server {

    private Server() {}

    public static void main(String[] args) throws IOException {
      ApiGateway gateway =
          ApiGateway.start(
              "live_bench",
              "SHARESTACK_RATES_OPERATION_FACTOR",
              "100000",
              "SHARESTACK_LIVE_DRAIN_MILLIS",
              "100",
              "SHARESTACK_INSTANCES_GATEWAY",
              "0");
      new MessageLog().serve(gateway);
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        gateway.account(FIRST_USER + i, AccountStatus.ACTIVE, UserType.READER);
        tokens.add(gateway.token(FIRST_USER + i, "ses_" + i));
      }
      Files.write(Path.of(args[0]), tokens);
      OUT.println("port " + gateway.api().port());
      BufferedReader in =
          new BufferedReader(
              new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8));
      while (in.readLine() != null) {
        System.gc();
        gateway.forgetCalls();
        OUT.println("collected");
      }
      gateway.close();
    }
  }
}
