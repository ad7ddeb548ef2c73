package com.sharestack.cluster;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node as operators run it: a JVM of its own, told by its environment, stopped by signals. */
final class NodeProcess {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final String name;
  private final Map<String, String> environment;
  private final List<String> printed = new CopyOnWriteArrayList<>();
  private Process process;

  NodeProcess(String name, Map<String, String> environment) {
    this.name = name;
    this.environment = environment;
  }

  void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dsharestack.follow-parent=true",
            "-cp",
            System.getProperty("java.class.path"),
            "com.sharestack.Main"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("SHARESTACK_"));
    builder.environment().putAll(environment);
    printed.clear();
    process = builder.start();
    BufferedReader out = process.inputReader();
    Path log = Path.of("target", "cluster-" + name + ".log");
    Thread.ofVirtual()
        .start(
            () ->
                out.lines()
                    .forEach(
                        line -> {
                          printed.add(line);
                          append(log, line);
                        }));
  }

  private static void append(Path log, String line) {
    try {
      Files.writeString(
          log,
          line + "\n",
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  boolean hasPrinted(String part) {
    if (!process.isAlive()) {
      throw new AssertionError(name + " ended: " + printed);
    }
    return printed.stream().anyMatch(line -> line.contains(part));
  }

  void awaitReady() throws Exception {
    try {
      Waiting.until(name + " is ready", 60, () -> ready().statusCode() == 200);
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + ": " + printed, never);
    }
  }

  HttpResponse<String> ready() throws Exception {
    return get("/health/ready");
  }

  HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(management(path)).timeout(Duration.ofSeconds(5)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  JsonObject cluster() throws Exception {
    return new JsonObject(get("/cluster").body());
  }

  HttpResponse<String> scale(String role, int instances) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(management("/instances/" + role))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"instances\":" + instances + "}"))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI management(String path) {
    return URI.create("http://127.0.0.1:" + environment.get("SHARESTACK_MANAGEMENT_PORT") + path);
  }

  int httpPort() {
    return Integer.parseInt(environment.get("SHARESTACK_HTTP_PORT"));
  }

  /** As it names itself. */
  String address() {
    return "127.0.0.1:" + environment.get("SHARESTACK_CLUSTER_PORT");
  }

  /** SIGTERM, and how long it took to end. */
  long terminate() throws InterruptedException {
    long start = System.nanoTime();
    process.toHandle().destroy(); // the process object would close its output, too
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end");
    }
    return Waiting.millisSince(start);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /** SIGSTOP and SIGCONT: silent, with every connection open. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int exit = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    if (exit != 0) {
      throw new IOException("kill " + signal + ": " + exit);
    }
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }
}
