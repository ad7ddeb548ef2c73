package com.sharestack.platform.management;

import com.sharestack.platform.health.Health;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * For operators, on a port of its own: {@code /health/live}, {@code /health/ready}, {@code
 * /metrics}.
 */
public final class ManagementServer {

  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  public static Future<ManagementServer> start(
      Vertx vertx, String host, int port, Health health, PrometheusMeterRegistry meters) {
    return vertx
        .createHttpServer(new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(30))
        .requestHandler(request -> answer(vertx, request, health, meters))
        .listen()
        .map(ManagementServer::new);
  }

  public int port() {
    return server.actualPort();
  }

  private static void answer(
      Vertx vertx, HttpServerRequest request, Health health, PrometheusMeterRegistry meters) {
    switch (request.path()) {
      case "/health/live" -> json(request, 200, new JsonObject().put("status", "up"));
      case "/health/ready" ->
          health
              .report()
              .onComplete(
                  done -> {
                    Health.Report report = done.result();
                    json(
                        request,
                        report.ready() ? 200 : 503,
                        new JsonObject()
                            .put("status", report.ready() ? "ready" : "not ready")
                            .put("checks", report.checks()));
                  });
      case "/metrics" ->
          vertx
              .executeBlocking(meters::scrape, false)
              .onSuccess(
                  text ->
                      request
                          .response()
                          .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                          .end(text))
              .onFailure(broken -> request.response().setStatusCode(500).end());
      default -> json(request, 404, new JsonObject().put("status", "unknown path"));
    }
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }
}
