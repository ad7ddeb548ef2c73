package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticlePublishResult;
import com.sharestack.contract.ArticlesPublishRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.CategoryList;
import com.sharestack.contract.PlanCreated;
import com.sharestack.contract.PlansCreateRequest;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.UsersService;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may look like, and that everything else is refused in the envelope. */
class RequestTest {

  private static final String PLANS = "/subscription-plans";
  private static final int MAX_BODY = 65_536;
  private static ApiGateway gateway;
  private static ApiClient reader;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start("gw_request", "SHARESTACK_HTTP_MAX_BODY_BYTES", String.valueOf(MAX_BODY));
    gateway
        .answer(
            PlansService.class, "create", (caller, request) -> ApiGateway.sample(PlanCreated.class))
        .answer(
            CategoriesService.class,
            "list",
            (caller, request) -> Future.succeededFuture(new CategoryList(List.of())))
        .answer(
            ArticlesService.class,
            "publish",
            (caller, request) -> ApiGateway.sample(ArticlePublishResult.class));
    reader = gateway.as(READER);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    gateway.forgetCalls();
  }

  private static JsonObject plan() {
    return new JsonObject()
        .put("name", "月度会员")
        .put("price", new java.math.BigDecimal("29.90"))
        .put("currency", "CNY")
        .put("billing_cycle", "monthly");
  }

  private static ApiAnswer refused(Object body, int status, String code) {
    ApiAnswer answer = reader.post(PLANS, body);
    assertEquals(status + " " + code, answer.status() + " " + answer.errorCode());
    assertEquals(List.of(), gateway.calls());
    return answer;
  }

  @Test
  void aValidRequestReachesItsServiceWithDefaultsAndWithoutUnknownFields() {
    ApiAnswer answer = reader.post(PLANS, plan().put("subscriber_count", 7));

    assertEquals(201, answer.status());
    var body = ((PlansCreateRequest) gateway.calls().getFirst().request()).body();
    assertEquals("月度会员", body.name());
    assertEquals(new java.math.BigDecimal("29.90"), body.price());
    assertEquals("", body.description());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/articles/",
        "//articles",
        "/articles/1/nothing",
        "/articles/..%2f1",
        "/internal/users/principals",
        "/articles/%2e%2e/articles"
      })
  void anUnknownPathIsNotFound(String path) {
    assertEquals(404, gateway.api().get(path).status());
  }

  @Test
  void theBarePrefixIsNotFound() {
    assertEquals("NOT_FOUND", gateway.api().page("GET", "/api/v1").errorCode());
    assertEquals("NOT_FOUND", gateway.api().page("GET", "/api/v1x/articles").errorCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | /articles | GET, HEAD, POST",
        "PATCH | /articles/7 | GET, HEAD, PUT",
        "GET | /auth/login | POST",
        "OPTIONS | /categories | GET, HEAD",
        "TRACE | /categories | GET, HEAD",
        "BREW | /categories | GET, HEAD"
      })
  void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      ApiAnswer answer =
          socket.write(method + " /api/v1" + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertEquals("405 METHOD_NOT_ALLOWED", answer.status() + " " + answer.errorCode());
      assertEquals(allowed, answer.header("Allow"));
    }
  }

  @Test
  void headAnswersAsGetWithoutABody() {
    ApiAnswer get = gateway.api().get("/categories");
    ApiAnswer head = gateway.api().head("/categories");

    assertEquals(200, head.status());
    assertEquals(get.header("ETag"), head.header("ETag"));
    assertTrue(Integer.parseInt(head.header("Content-Length")) > 20);
    assertEquals(404, gateway.api().head("/nothing").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/json; charset=gbk",
        "application/jsonp"
      })
  void aBodyThatIsNotJsonIsAnUnsupportedMediaType(String type) {
    ApiAnswer answer = reader.with("Content-Type", type).post(PLANS, plan());
    assertEquals(415, answer.status());
    assertEquals(List.of(), gateway.calls());
  }

  @Test
  void aCompressedBodyIsAnUnsupportedMediaType() {
    assertEquals(415, reader.with("Content-Encoding", "gzip").post(PLANS, plan()).status());
  }

  @Test
  void theMediaTypeMayBeWrittenInAnyCaseAndNameUtf8() {
    ApiClient client = reader.with("Content-Type", "Application/JSON; Charset=\"UTF-8\"");
    assertEquals(201, client.post(PLANS, plan()).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"name\":}",
        "nonsense",
        "{\"name\":\"a\"} {}",
        "{'name':'a'}",
        "{\"price\":NaN}",
        "{\"price\":Infinity}",
        "{\"price\":01}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "[1,]",
        "{\"name\":\"\\ud800\"}",
        "// no\n{}",
        "{\"name\":\"a\u0000\"}"
      })
  void malformedJsonIsAValidationErrorOfTheBody(String body) {
    assertEquals(List.of("body"), refused(body, 400, "VALIDATION_ERROR").invalidFields());
  }

  @Test
  void veryDeepJsonIsRefused() {
    refused("[".repeat(1000) + "]".repeat(1000), 400, "VALIDATION_ERROR");
    refused("{\"a\":".repeat(1000) + "1" + "}".repeat(1000), 400, "VALIDATION_ERROR");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] body = plan().encode().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    body[body.length - 5] = (byte) 0xC3;
    refused(body, 400, "VALIDATION_ERROR");
  }

  @Test
  void integersThatJavaScriptCannotHoldAreRefused() {
    ApiAnswer answer =
        refused(plan().put("creator_id", 9_007_199_254_740_993L), 400, "VALIDATION_ERROR");
    assertEquals(List.of("creator_id"), answer.invalidFields());
    assertEquals(List.of("id"), reader.get("/articles/9007199254740993").invalidFields());
  }

  @Test
  void aMissingBodyIsNamed() {
    assertEquals(List.of("body"), refused(null, 400, "VALIDATION_ERROR").invalidFields());
    assertEquals(List.of("body"), refused("null", 400, "VALIDATION_ERROR").invalidFields());
    assertEquals(List.of("body"), refused("[]", 400, "VALIDATION_ERROR").invalidFields());
  }

  @Test
  void anOptionalBodyMayBeLeftOut() {
    assertEquals(200, reader.post("/articles/7/publish", null).status());
    var request = (ArticlesPublishRequest) gateway.calls().getFirst().request();
    assertEquals(7, request.id());
    assertNull(request.body());
  }

  @Test
  void everyWrongFieldIsListedAtOnce() {
    ApiAnswer answer =
        refused(
            plan().put("name", "").put("currency", "cny").put("trial_days", 31),
            400,
            "VALIDATION_ERROR");
    assertEquals(List.of("name", "currency", "trial_days"), answer.invalidFields());
    assertEquals("方案名称须为 1-100 个字符", answer.details().getString("name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"page=%", "page=%zz", "page=%c3%28", "keyword=%ff"})
  void aQueryThatCannotBeDecodedIsRefused(String query) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      ApiAnswer answer =
          socket.write("GET /api/v1/articles?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertEquals("400 VALIDATION_ERROR", answer.status() + " " + answer.errorCode());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/articles/%", "/api/v1/articles/%zz", "/%zz", "/docs/%zz", "/docs/%ff"})
  void aPathThatCannotBeDecodedNamesNothing(String path) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      ApiAnswer answer = socket.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertTrue(answer.status() == 404 || answer.status() == 400, answer.toString());
    }
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
    String padding =
        " ".repeat(MAX_BODY - body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    assertEquals(201, reader.post(PLANS, body + padding).status());
    gateway.forgetCalls();
    refused(body + padding + " ", 413, "PAYLOAD_TOO_LARGE");
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

  @Test
  void aMalformedRequestIdIsReplacedByOneOfOurs() {
    for (String id : List.of("a b", "x".repeat(65), "<script>", "ü")) {
      String used =
          gateway.api().with("X-Request-Id", id).get("/categories").header("X-Request-Id");
      assertTrue(used.matches("req_[0-9a-z]{10,40}"), used);
    }
  }

  @Test
  void theServiceLearnsWhoCallsFromWhere() {
    gateway.answer(
        UsersService.class,
        "profileGet",
        (caller, request) ->
            Future.failedFuture(
                com.sharestack.platform.errors.Errors.of(
                    com.sharestack.contract.ErrorCode.SERVICE_UNAVAILABLE)));
    reader
        .with("X-Device-Id", "d".repeat(100))
        .with("X-Device-Name", "phone")
        .with("X-Platform", "toaster")
        .with("X-App-Version", "1.2.3")
        .with("User-Agent", "agent")
        .with("X-Forwarded-For", "203.0.113.9")
        .get("/users/profile");

    var caller = gateway.calls().getFirst().caller();
    assertEquals(READER, caller.userId());
    assertEquals("ses_of_1005", caller.sessionId());
    assertEquals("reader", caller.userType());
    assertEquals("127.0.0.1", caller.ip());
    assertEquals("d".repeat(64), caller.deviceId());
    assertEquals("phone", caller.deviceName());
    assertEquals("1.2.3", caller.appVersion());
    assertEquals("agent", caller.userAgent());
    assertNull(caller.platform());
    assertArrayEquals(new String[0], caller.permissions().toArray());
  }
}
