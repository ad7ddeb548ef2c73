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
  private static ApiGateway gateway;
  private static ApiClient reader;

  @BeforeAll
  static void start() {
    gateway = ApiGateway.start("gw_request");
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
