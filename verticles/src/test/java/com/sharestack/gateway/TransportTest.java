package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.CategoryList;
import com.sharestack.contract.PlanCreated;
import com.sharestack.contract.PlansService;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP that is broken, too large or cut short, and what becomes of the connection. */
class TransportTest {

  private static final int MAX_BODY = 65_536;
  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start("gw_transport", "SHARESTACK_HTTP_MAX_BODY_BYTES", String.valueOf(MAX_BODY))
            .answer(
                PlansService.class,
                "create",
                (caller, request) -> ApiGateway.sample(PlanCreated.class))
            .answer(
                CategoriesService.class,
                "list",
                (caller, request) -> Future.succeededFuture(new CategoryList(List.of())));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonObject plan() {
    return new JsonObject()
        .put("name", "月度会员")
        .put("price", new java.math.BigDecimal("29.90"))
        .put("currency", "CNY")
        .put("billing_cycle", "monthly");
  }

  @Test
  void aTooLongAddressIsAnsweredAndTheConnectionEnds() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write("GET /api/v1/articles?q=" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      ApiAnswer answer = socket.read();
      assertEquals("414 URI_TOO_LONG", answer.status() + " " + answer.errorCode());
      assertTrue(socket.closedByServer());
    }
  }

  @Test
  void tooLargeHeadersAreAnsweredAndTheConnectionEnds() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write(
          "GET /api/v1/articles HTTP/1.1\r\nHost: x\r\nX-A: " + "a".repeat(17_000) + "\r\n\r\n");
      ApiAnswer answer = socket.read();
      assertEquals("431 HEADERS_TOO_LARGE", answer.status() + " " + answer.errorCode());
      assertTrue(socket.closedByServer());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000 hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api/v1/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Content-Length: 2\r\n"
            + "Content-Length: 3\r\n\r\n"
            + "{}",
        "GET /api/v1/articles HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /api/v1/articles HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n"
      })
  void whatIsNoHttpIsAnsweredInTheEnvelopeAndTheConnectionEnds(String bytes) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      ApiAnswer answer = socket.write(bytes).read();
      assertEquals("400 VALIDATION_ERROR", answer.status() + " " + answer.errorCode());
      assertTrue(socket.closedByServer());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/articles HTTP/1.1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET api/v1/articles HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"
      })
  void oddButReadableRequestsAreRefusedInTheEnvelope(String bytes) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      ApiAnswer answer = socket.write(bytes).read();
      assertTrue(answer.status() == 400 || answer.status() == 404, answer.toString());
    }
  }

  @Test
  void aBodyDeclaredTooLargeIsRefusedBeforeItIsSent() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write(
          "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Expect: 100-continue\r\nContent-Length: "
              + (MAX_BODY + 1)
              + "\r\n\r\n");
      ApiAnswer answer = socket.read();
      assertEquals("413 PAYLOAD_TOO_LARGE", answer.status() + " " + answer.errorCode());
      assertEquals("close", answer.header("Connection"));
      assertTrue(socket.closedByServer());
    }
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefusedWhileItIsSent() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write(
          "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "2000\r\n" + " ".repeat(0x2000) + "\r\n";
      for (int i = 0; i < 20; i++) {
        socket.write(chunk);
      }
      ApiAnswer answer = socket.read();
      assertEquals("413 PAYLOAD_TOO_LARGE", answer.status() + " " + answer.errorCode());
      assertEquals("close", answer.header("Connection"));
      assertTrue(socket.closedByServer());
    }
  }

  @Test
  void anEndlessBodyForAnUnknownPathIsCutOff() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write(
          "POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertEquals(404, socket.read().status());
      assertTrue(socket.closedByServer());
    }
  }

  @Test
  void aLargestBodyIsTakenAndOneMoreByteIsNot() {
    String body = plan().encode();
    gateway.forgetCalls();
    String padding =
        " ".repeat(MAX_BODY - body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    assertEquals(201, gateway.as(READER).post("/subscription-plans", body + padding).status());
    ApiAnswer refused = gateway.as(READER).post("/subscription-plans", body + padding + " ");
    assertEquals("413 PAYLOAD_TOO_LARGE", refused.status() + " " + refused.errorCode());
    assertEquals(1, gateway.calls().size());
  }

  @Test
  void theConnectionStaysUsableAfterARefusalThatReadItsBody() throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      String refused =
          "POST /api/v1/subscription-plans HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Type: application/json\r\n"
              + "Content-Length: 2\r\n\r\n"
              + "{}";
      String next = "GET /api/v1/categories HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.write(refused + refused + next);
      assertEquals(401, socket.read().status());
      assertEquals(401, socket.read().status());
      assertEquals(200, socket.read().status());
    }
  }

  @Test
  void aClientThatWaitsForPermissionToSendGetsIt() throws Exception {
    String body = plan().encode();
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      socket.write(
          "POST /api/v1/subscription-plans HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Type: application/json\r\n"
              + "Authorization: Bearer "
              + gateway.token(READER, "ses_a")
              + "\r\nExpect: 100-continue\r\nContent-Length: "
              + bytes.length
              + "\r\n\r\n");
      assertEquals(100, socket.read().status());
      socket.write(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
      assertEquals(201, socket.read().status());
    }
  }
}
