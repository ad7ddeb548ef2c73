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
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What the gateway's event loops share: the compiled contract, limits, ended sessions. */
public final class Gateway {

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
   * Closes sockets and streams so that their clients go on with other nodes, and takes no more of
   * them. For the stop of a node, after it is known to be leaving; may be called more than once.
   *
   * @return complete when all are closed, some seconds later at most
   */
  public Future<Void> drain() {
    return Future.join(live.drain(), streams.drain()).mapEmpty();
  }

  /** True for the one event loop of the process that polls for ended sessions. */
  boolean claimPoll() {
    return polled.compareAndSet(false, true);
  }

  void boundTo(int actual) {
    port.set(actual);
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
