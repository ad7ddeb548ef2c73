package com.sharestack.gateway;

import com.sharestack.contract.SessionsService;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.gateway.contract.Operations;
import com.sharestack.gateway.contract.RouteTable;
import com.sharestack.gateway.live.LiveNode;
import com.sharestack.gateway.live.Streams;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway's event loops share: the compiled contract, limits, ended sessions. */
public final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  final Platform platform;
  final List<Operation> operations;
  final RouteTable routes;
  final Buffer openapi;
  final RateLimiter limiter;
  final Revocations revocations;
  final AccessTokens tokens;
  final LiveNode live;
  final Streams streams;
  private final AtomicInteger port = new AtomicInteger();
  private final AtomicBoolean polled = new AtomicBoolean();
  private final List<Supplier<Future<Void>>> drains = new CopyOnWriteArrayList<>();
  private final Set<HttpServer> servers = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;
  private Future<Void> firstPoll;

  /** Compiles the contract; takes some hundred milliseconds, so not on an event loop. */
  public Gateway(Vertx vertx, Platform platform, Health health) {
    this.platform = platform;
    Config config = platform.config();
    this.operations = Operations.load(new JsonObject(resource("/contract/contract.json"))).all();
    this.routes = RouteTable.of(operations);
    this.openapi = Buffer.buffer(new JsonObject(resource("/contract/openapi.json")).encode());
    this.limiter = new RateLimiter(vertx, platform.cache());
    this.tokens =
        new AccessTokens(
            vertx,
            config.secrets().jwt(),
            config.auth().issuer(),
            config.auth().audience(),
            config.auth().accessSeconds());
    this.revocations =
        new Revocations(
            ServiceHost.client(
                vertx,
                SessionsService.class,
                config.localDomains(),
                config.services().callTimeoutMillis()),
            platform.clock(),
            config.auth().accessSeconds());
    this.live = new LiveNode(vertx, platform);
    this.streams = new Streams(vertx, platform);
    onDrain(() -> Future.join(live.drain(), streams.drain()).mapEmpty());
    health.check(
        "sessions",
        () ->
            revocations.loaded()
                ? Future.succeededFuture()
                : Future.failedFuture("ended sessions are not read yet"));
  }

  /** The port that was really bound, for a configured port of 0. */
  public int port() {
    return port.get();
  }

  /**
   * Adds a step of the node's stop: it runs when addresses are withdrawn and clients were told to
   * go elsewhere, before HTTP connections end. For connections that do not end by themselves, as
   * WebSockets: close them with the code that makes clients resume on another node, and open none
   * any more ({@link #closing}).
   */
  public void onDrain(Supplier<Future<Void>> step) {
    drains.add(step);
  }

  /** From now on every answer asks its client to go elsewhere. */
  public void announceClose() {
    closing = true;
  }

  /** Whether the node is about to stop. */
  public boolean closing() {
    return closing;
  }

  /**
   * Runs the steps of {@link #onDrain}, then stops listening, and completes when every connection
   * has ended what it was doing. Whatever the steps do, listening ends after half of the deadline.
   */
  public Future<Void> drain(long deadlineMillis) {
    announceClose();
    return Future.join(drains.stream().map(Supplier::get).toList())
        .timeout(Math.max(1, deadlineMillis / 2), TimeUnit.MILLISECONDS)
        .onFailure(open -> LOG.warn("a step of the stop failed: {}", open.toString()))
        .transform(done -> shutdown(Math.max(1, deadlineMillis / 2)));
  }

  private Future<Void> shutdown(long deadlineMillis) {
    return Future.join(
            servers.stream()
                .map(server -> server.shutdown(deadlineMillis, TimeUnit.MILLISECONDS))
                .toList())
        .mapEmpty();
  }

  void opened(HttpServer server) {
    servers.add(server);
    port.set(server.actualPort());
  }

  void closed(HttpServer server) {
    servers.remove(server);
  }

  /** The port to listen on; another instance joins those that listen already. */
  int portToBind() {
    int configured = platform.config().http().port();
    // every instance would bind another free port for 0; a negative one is free and shared
    return configured == 0 ? -1 : configured;
  }

  /**
   * Ended sessions as they were before the first request, where the users domain can tell. Never
   * fails: without them the node is not ready and lets nobody in, but it may start before the
   * others.
   */
  synchronized Future<Void> firstPoll() {
    if (firstPoll == null) {
      firstPoll = revocations.poll().otherwiseEmpty();
    }
    return firstPoll;
  }

  /** True for the one event loop of the process that polls for ended sessions. */
  boolean claimPoll() {
    return polled.compareAndSet(false, true);
  }

  private static String resource(String name) {
    try (InputStream in = Gateway.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path: build codegen first");
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
