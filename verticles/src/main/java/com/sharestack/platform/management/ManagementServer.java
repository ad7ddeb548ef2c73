package com.sharestack.platform.management;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For operators, on a port of its own: {@code /health/live}, {@code /health/ready}, {@code
 * /metrics}, {@code /cluster} and the same as a page {@code /cluster.html}, and {@code PUT
 * /instances/<role>} with {@code {"instances": 2}}.
 *
 * <p>Only the last one changes anything. It wants the token of the configuration, or without one a
 * caller on this machine; and JSON, which a page of another origin cannot send.
 */
public final class ManagementServer {

  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
  private static final String INSTANCES = "/instances/";
  private static final int MAX_BODY = 1_000;
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Vertx vertx;
  private final Health health;
  private final PrometheusMeterRegistry meters;
  private final Operator operator;
  private final String token;
  private HttpServer server;

  private ManagementServer(
      Vertx vertx, Health health, PrometheusMeterRegistry meters, Operator operator, String token) {
    this.vertx = vertx;
    this.health = health;
    this.meters = meters;
    this.operator = operator;
    this.token = token;
  }

  public static Future<ManagementServer> start(
      Vertx vertx,
      Config.Management settings,
      Health health,
      PrometheusMeterRegistry meters,
      Operator operator) {
    ManagementServer management =
        new ManagementServer(vertx, health, meters, operator, settings.token());
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setIdleTimeout(30))
        .requestHandler(management::answer)
        .listen()
        .map(
            listening -> {
              management.server = listening;
              return management;
            });
  }

  public int port() {
    return server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    if (path.startsWith(INSTANCES)) {
      scale(request, path.substring(INSTANCES.length()));
      return;
    }
    switch (path) {
      case "/health/live" -> json(request, 200, new JsonObject().put("status", "up"));
      case "/health/ready" -> ready(request);
      case "/metrics" -> metrics(request);
      case "/cluster" ->
          operator
              .cluster()
              .onSuccess(nodes -> json(request, 200, nodes))
              .onFailure(broken -> failed(request, broken));
      case "/", "/cluster.html" ->
          operator
              .cluster()
              .onSuccess(
                  nodes -> text(request, "text/html; charset=utf-8", ClusterPage.render(nodes)))
              .onFailure(broken -> failed(request, broken));
      default -> json(request, 404, new JsonObject().put("status", "unknown path"));
    }
  }

  private void ready(HttpServerRequest request) {
    health
        .report()
        .onSuccess(
            report ->
                json(
                    request,
                    report.ready() ? 200 : 503,
                    new JsonObject()
                        .put("status", report.ready() ? "ready" : "not ready")
                        .put("checks", report.checks())));
  }

  private void metrics(HttpServerRequest request) {
    vertx
        .executeBlocking(meters::scrape, false)
        .onSuccess(text -> text(request, "text/plain; version=0.0.4; charset=utf-8", text))
        .onFailure(broken -> failed(request, broken));
  }

  private void scale(HttpServerRequest request, String role) {
    String type = request.getHeader("Content-Type");
    if (!request.method().equals(HttpMethod.PUT)) {
      json(request, 405, new JsonObject().put("status", "PUT {\"instances\": n}"));
    } else if (!mayChange(request)) {
      json(request, 403, new JsonObject().put("status", "not allowed"));
    } else if (type == null || !type.startsWith("application/json")) {
      json(request, 415, new JsonObject().put("status", "send application/json"));
    } else {
      request.body().onSuccess(body -> scale(request, role, body));
    }
  }

  private void scale(HttpServerRequest request, String role, Buffer body) {
    try {
      Integer instances =
          body.length() > MAX_BODY ? null : new JsonObject(body).getInteger("instances");
      if (instances == null) {
        throw new IllegalArgumentException("the body is {\"instances\": n}");
      }
      LOG.info("operator sets {} to {} instances", role, instances);
      operator
          .scale(role, instances)
          .onSuccess(now -> json(request, 200, now))
          .onFailure(broken -> failed(request, broken));
    } catch (IllegalArgumentException | ClassCastException | DecodeException refused) {
      json(request, 400, new JsonObject().put("status", String.valueOf(refused.getMessage())));
    }
  }

  private boolean mayChange(HttpServerRequest request) {
    if (token != null) {
      String shown = request.getHeader("Authorization");
      return shown != null && MessageDigest.isEqual(bytes("Bearer " + token), bytes(shown));
    }
    // the name asked for too: a foreign name that was pointed at this machine is no operator
    return request.connection().remoteAddress().hostAddress() != null
        && isLoopback(request.connection().remoteAddress().hostAddress())
        && request.authority() != null
        && THIS_MACHINE.contains(request.authority().host());
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void failed(HttpServerRequest request, Throwable broken) {
    if (broken instanceof IllegalArgumentException) {
      json(request, 400, new JsonObject().put("status", broken.getMessage()));
      return;
    }
    LOG.warn("{} failed", request.path(), broken);
    json(request, 500, new JsonObject().put("status", String.valueOf(broken.getMessage())));
  }

  private static void text(HttpServerRequest request, String type, String text) {
    request
        .response()
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(text);
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
