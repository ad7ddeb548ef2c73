package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.PaidRails;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs on one database: what one payment's notifications do when both get them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PaymentClusterTest {

  private static final Set<String> LETTER_HEADERS = Set.of("host", "connection", "content-length");

  @TempDir static Path folder;

  private static final List<NodeProcess> NODES = new ArrayList<>();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static TestRails rails;
  private static Map<String, String> common;
  private static ApiClient reader;
  private static ApiClient creator;

  @BeforeAll
  static void start() throws Exception {
    rails = new TestRails();
    common = TestNode.environment("payment_cluster");
    List<String> channels = PaidRails.environment(rails);
    for (int i = 0; i < channels.size(); i += 2) {
      common.put(channels.get(i), channels.get(i + 1));
    }
    common.put("SHARESTACK_CLUSTER_ENABLED", "true");
    common.put("SHARESTACK_CLUSTER_NAME", Ids.random("pay-", 8));
    common.put("SHARESTACK_CLUSTER_PORT_RANGE", "1");
    common.put("SHARESTACK_CONTENT_REQUIRE_CERTIFIED_CREATOR", "false");
    common.put("SHARESTACK_CONTENT_ARTICLE_REVIEW", "none");
    List<Integer> ports = List.of(Waiting.freePort(), Waiting.freePort());
    common.put(
        "SHARESTACK_CLUSTER_MEMBERS",
        "127.0.0.1:%d,127.0.0.1:%d".formatted(ports.get(0), ports.get(1)));
    for (int i = 0; i < ports.size(); i++) {
      Map<String, String> environment = new HashMap<>(common);
      environment.put("SHARESTACK_DATA", folder.resolve("pay" + i).toString());
      environment.put("SHARESTACK_CLUSTER_PORT", String.valueOf(ports.get(i)));
      environment.put("SHARESTACK_HTTP_PORT", String.valueOf(Waiting.freePort()));
      environment.put("SHARESTACK_MANAGEMENT_PORT", String.valueOf(Waiting.freePort()));
      NodeProcess node = new NodeProcess("pay" + i, environment);
      node.start();
      NODES.add(node);
    }
    for (NodeProcess node : NODES) {
      node.awaitReady();
    }
    creator = account("seller", "creator");
    reader = account("buyer", "reader");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    for (NodeProcess node : NODES) {
      if (node.isRunning()) {
        node.kill();
      }
    }
    rails.close();
  }

  private static ApiClient account(String name, String type) {
    return ApiAccount.of(new ApiClient(NODES.getFirst().httpPort()), name, type).api();
  }

  /** Publishes an article and orders it. */
  private static JsonObject order(String title, String method) {
    ApiAnswer article =
        creator.post(
            "/articles",
            new JsonObject()
                .put("title", title)
                .put(
                    "content",
                    "## " + title + "\n\n" + title.repeat(20) + "\n\n## 后文\n\n" + title.repeat(9))
                .put("visibility", "paid")
                .put("price", 29.90)
                .put("status", "published"));
    assertEquals(201, article.status(), article.toString());
    ApiAnswer order =
        reader.post(
            "/purchases",
            new JsonObject()
                .put("article_id", article.data().getLong("article_id"))
                .put("payment_method", method));
    assertEquals(201, order.status(), order.toString());
    return order.data().getJsonObject("payment");
  }

  /** The payer pays at the rail; what it sends. */
  private static Inbound letter(JsonObject payment) throws Exception {
    String tradeNo =
        text("SELECT out_trade_no FROM payments WHERE public_id = ?", payment.getString("id"));
    if (payment.getString("payment_url") != null) {
      rails.get(payment.getString("payment_url")); // from then on Alipay knows the order
    }
    rails.received.clear();
    rails.pay(tradeNo);
    return rails.received.element().inbound();
  }

  private static CompletableFuture<HttpResponse<String>> send(
      NodeProcess node, String method, Inbound letter) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/api/v1/payments/webhooks/%s"
                        .formatted(node.httpPort(), method)))
            .timeout(Duration.ofSeconds(20));
    letter
        .headers()
        .forEach(
            header -> {
              if (!LETTER_HEADERS.contains(header.getKey().toLowerCase(java.util.Locale.ROOT))
                  && !header.getKey().equalsIgnoreCase("upgrade")
                  && !header.getKey().equalsIgnoreCase("http2-settings")) {
                request.header(header.getKey(), header.getValue());
              }
            });
    return HTTP.sendAsync(
        request.POST(HttpRequest.BodyPublishers.ofByteArray(letter.body().getBytes())).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String text(String sql, String argument) throws Exception {
    try (Connection connection =
            Endpoints.ofMysqlUrl(common.get("SHARESTACK_MYSQL_URL"), "").connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next(), sql);
        return rows.getString(1);
      }
    }
  }

  private static void requireOneEffect(String paymentId) throws Exception {
    assertEquals("completed", text("SELECT status FROM payments WHERE public_id = ?", paymentId));
    assertEquals("2", text("SELECT COUNT(*) FROM ledger_journals WHERE event_ref = ?", paymentId));
    assertEquals("1", text("SELECT COUNT(*) FROM earning_lines WHERE ref = ?", paymentId));
    assertEquals(
        "1",
        text(
            """
            SELECT COUNT(*) FROM payment_logs l JOIN payments p ON p.payment_id = l.payment_id
            WHERE p.public_id = ? AND l.status_to = 'completed'
            """,
            paymentId));
    assertEquals(
        "active",
        text(
            """
            SELECT o.status FROM purchases o JOIN payments p ON p.order_id = o.public_id
            WHERE p.public_id = ?
            """,
            paymentId));
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"wechat", "alipay"})
  void twentyNotificationsOnTwoProcessesHaveOneEffect(String method) throws Exception {
    JsonObject payment = order("两台机器收到同一条通知，" + method, method);
    Inbound letter = letter(payment);
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sent.add(send(NODES.get(i % 2), method, letter));
    }
    for (CompletableFuture<HttpResponse<String>> one : sent) {
      assertEquals(200, one.get().statusCode(), () -> one.join().body());
    }
    requireOneEffect(payment.getString("id"));
  }

  @Test
  @Order(2)
  void aProcessKilledUnderNotificationsLeavesNothingHalfDone() throws Exception {
    JsonObject payment = order("通知到达时进程被杀死", "wechat");
    Inbound letter = letter(payment);
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sent.add(send(NODES.get(1), "wechat", letter));
    }
    CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new)).exceptionally(gone -> null);
    NODES.get(1).kill();
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .exceptionally(gone -> null)
        .get();
    // the rail heard nothing from some, and sends it again: to the process that is left
    Waiting.until(
        "the process that is left answers success",
        30,
        () -> send(NODES.get(0), "wechat", letter).get().statusCode() == 200);
    requireOneEffect(payment.getString("id"));
  }
}
