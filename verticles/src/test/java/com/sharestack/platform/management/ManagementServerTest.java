package com.sharestack.platform.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

  private static final String TOKEN = "operator-token-of-tests";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> scaled = new CopyOnWriteArrayList<>();
  private final Health health = new Health();
  private ManagementServer server;

  private final Operator operator =
      new Operator() {
        @Override
        public Future<JsonObject> cluster() {
          JsonObject ready =
              new JsonObject()
                  .put("node", "10.0.0.1:5701")
                  .put("pid", 7)
                  .put("state", "ready")
                  .put("checks", new JsonObject().put("database", "up"))
                  .put("instances", new JsonObject().put("gateway", 2))
                  .put("in_flight", new JsonObject().put("http", 3))
                  .put("uptime_seconds", 300);
          JsonObject silent =
              new JsonObject()
                  .put("node", "10.0.0.2:5701")
                  .put("state", "silent")
                  .put("why", "<script>alert(1)</script>");
          return Future.succeededFuture(
              new JsonObject()
                  .put("answered_by", "10.0.0.1:5701")
                  .put("nodes", new JsonArray().add(ready).add(silent)));
        }

        @Override
        public Future<JsonObject> scale(String role, int instances) {
          if (role.equals("nothing")) {
            throw new IllegalArgumentException("this node does not run 'nothing'");
          }
          scaled.add(role + " " + instances);
          return Future.succeededFuture(
              new JsonObject().put("role", role).put("instances", instances));
        }
      };

  private void start(String token) {
    server =
        get(
            ManagementServer.start(
                vertx,
                new Config.Management("127.0.0.1", 0, token),
                health,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                operator));
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int scale(String body, String... headers) throws Exception {
    return send("PUT", "/instances/content", body, headers).statusCode();
  }

  @Test
  void thePageShowsEveryNodeAndEscapesWhatTheySay() throws Exception {
    start(null);
    HttpResponse<String> page = send("GET", "/cluster.html", "");
    assertEquals("text/html; charset=utf-8", page.headers().firstValue("content-type").get());
    for (String part :
        List.of("10.0.0.1:5701", "10.0.0.2:5701", "gateway × 2", "http 3", "5 min")) {
      assertTrue(page.body().contains(part), part + " is missing in " + page.body());
    }
    assertFalse(page.body().contains("<script"), page.body());
    assertEquals(page.body(), send("GET", "/", "").body());
    JsonObject json = new JsonObject(send("GET", "/cluster", "").body());
    assertEquals(2, json.getJsonArray("nodes").size());
  }

  @Test
  void withoutATokenOnlyThisMachineChangesInstances() throws Exception {
    start(null);
    assertEquals(200, scale("{\"instances\": 2}", "Content-Type", "application/json"));
    assertEquals(List.of("content 2"), scaled);
    // a name that somebody pointed at this machine, as a page of a browser would ask for
    assertTrue(raw("evil.example").startsWith("HTTP/1.1 403"));
    assertTrue(raw("127.0.0.1").startsWith("HTTP/1.1 200"));
  }

  private String raw(String host) throws IOException {
    String request =
        "PUT /instances/users HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"instances\":1}";
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void withATokenNobodyElseChangesThem() throws Exception {
    start(TOKEN);
    String json = "application/json";
    assertEquals(403, scale("{\"instances\": 2}", "Content-Type", json));
    assertEquals(
        403, scale("{\"instances\": 2}", "Content-Type", json, "Authorization", "Bearer other"));
    assertEquals(List.of(), scaled);
    assertEquals(
        200, scale("{\"instances\": 2}", "Content-Type", json, "Authorization", "Bearer " + TOKEN));
  }

  @Test
  void whatIsNoOrderIsRefusedWithASentence() throws Exception {
    start(null);
    String json = "application/json";
    assertEquals(415, scale("{\"instances\": 2}"));
    assertEquals(415, scale("instances=2", "Content-Type", "text/plain"));
    for (String body : List.of("", "2", "{}", "{\"instances\": \"two\"}", "{", " ".repeat(2_000))) {
      assertEquals(400, scale(body, "Content-Type", json), body);
    }
    assertEquals(405, send("GET", "/instances/content", "").statusCode());
    HttpResponse<String> nothing =
        send("PUT", "/instances/nothing", "{\"instances\": 2}", "Content-Type", json);
    assertEquals(400, nothing.statusCode());
    assertTrue(nothing.body().contains("this node does not run"), nothing.body());
    assertEquals(List.of(), scaled);
    assertEquals(404, send("GET", "/other", "").statusCode());
  }
}
