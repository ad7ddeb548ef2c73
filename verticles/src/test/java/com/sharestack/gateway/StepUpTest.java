package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.sharestack.contract.AuthService;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.gateway.contract.Operations;
import com.sharestack.gateway.contract.RouteTable;
import com.sharestack.platform.tokens.AccessTokens;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import com.sharestack.users.UsersVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code x-step-up}: no operation of today's contract has one, so a small document does, behind a
 * second gateway on the same users domain.
 */
class StepUpTest {

  private static final String PASSWORD = "Sternwarte#2026";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static TestNode node;
  private static ApiClient anonymous;
  private static int vault;

  /** The requests that reached the service. */
  private static final List<JsonObject> served = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    node =
        TestNode.of("step_up", "SHARESTACK_ROLES", "gateway,users")
            .with("users", UsersVerticle::new)
            .startAll();
    anonymous = new ApiClient(node.node().httpPort());
    node.vertx()
        .eventBus()
        .<JsonObject>consumer(
            "vault",
            message -> {
              served.add(message.body().getJsonObject("request"));
              message.reply(new JsonObject().put("left", 100 - served.size()));
            });
    vault = node.await(StepUpTest::listen);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static int listen() {
    Vertx vertx = node.vertx();
    var config = node.config();
    var cache = node.platform().cache();
    var clock = node.platform().clock();
    Responses responses = new Responses(vertx, new Envelope(clock));
    var revocations = new Revocations(node.client(SessionsService.class), clock, 3_600);
    revocations.poll().await();
    AccessTokens tokens =
        new AccessTokens(
            vertx,
            config.secrets().jwt(),
            config.auth().issuer(),
            config.auth().audience(),
            config.auth().accessSeconds());
    ContractHandler contract =
        new ContractHandler(
            new ContractHandler.Parts(
                RouteTable.of(Operations.load(document()).all()),
                new ClientAddress(Set.of()),
                new Bodies(vertx, 10_000),
                new Authentication(
                    tokens, revocations, new Principals(node.client(UsersService.class), 1), clock),
                new Limits(new RateLimiter(vertx, cache), config.rates()),
                new StepUp(node.client(AuthService.class)),
                new Idempotency(cache),
                new Calls(vertx, Set.of(), 5_000),
                new RawOperations(),
                responses));
    Entrance entrance =
        new Entrance(
            new CommonHeaders(false),
            new Cors(Set.of(), responses),
            contract,
            request -> request.response().setStatusCode(404).end(),
            responses);
    return vertx
        .createHttpServer()
        .requestHandler(entrance)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  private static JsonObject document() {
    JsonObject take =
        new JsonObject()
            .put("operationId", "vault.take")
            .put("tags", new JsonArray().add("content"))
            .put("x-auth", "user")
            .put("x-step-up", true)
            .put("x-idempotent", true)
            .put("x-service", "vault")
            .put("x-method", "take")
            .put(
                "requestBody",
                new JsonObject(
                    """
                    {"required": true, "content": {"application/json": {"schema":
                      {"$ref": "#/components/schemas/Take"}}}}
                    """))
            .put("responses", new JsonObject().put("200", new JsonObject()));
    return new JsonObject()
        .put("openapi", "3.1.0")
        .put("paths", new JsonObject().put("/vault", new JsonObject().put("post", take)))
        .put(
            "components",
            new JsonObject(
                """
                {"schemas": {"Take": {"type": "object", "required": ["amount"], "properties": {
                  "amount": {"type": "integer"},
                  "password": {"type": "string", "format": "password"}}}}}
                """));
  }

  private static void register(String name) {
    anonymous.post(
        "/auth/register",
        new JsonObject()
            .put("username", name)
            .put("email", name + "@example.com")
            .put("password", PASSWORD)
            .put("user_type", "reader")
            .put("agree_terms", true));
  }

  private static String login(String name) {
    return anonymous
        .post("/auth/login", new JsonObject().put("email", name).put("password", PASSWORD))
        .data()
        .getString("access_token");
  }

  private static ApiAnswer prove(String session, String method, String value) {
    return anonymous
        .as(session)
        .post("/auth/reauthenticate", new JsonObject().put("method", method).put("value", value));
  }

  private static String proof(String session) {
    return prove(session, "password", PASSWORD).data().getString("security_token");
  }

  private record Taken(int status, JsonObject json) {

    String code() {
      JsonObject error = json.getJsonObject("error");
      return status + (error == null ? "" : " " + error.getString("code"));
    }
  }

  private static Taken take(String session, JsonObject body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + vault + "/api/v1/vault"))
            .header("Authorization", "Bearer " + session)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Taken(answer.statusCode(), new JsonObject(answer.body()));
  }

  private static JsonObject amount(int amount) {
    return new JsonObject().put("amount", amount);
  }

  @Test
  void withoutAProofTheServiceIsNotAsked() throws Exception {
    register("no_proof");
    String session = login("no_proof");
    int before = served.size();
    Taken refused = take(session, amount(1));
    assertEquals("403 REAUTH_REQUIRED", refused.code());
    assertEquals(
        new JsonObject().put("methods", JsonArray.of("password")),
        refused.json().getJsonObject("error").getJsonObject("details"));
    assertEquals(
        "403 REAUTH_REQUIRED", take(session, amount(1), "X-Security-Token", "made up").code());
    assertEquals("400 VALIDATION_ERROR", take(session, new JsonObject()).code());
    assertEquals(before, served.size());
  }

  @Test
  void aTokenOfThisSessionOpensUntilItIsOver() throws Exception {
    register("has_token");
    String session = login("has_token");
    String token = proof(session);
    assertEquals("200", take(session, amount(7), "X-Security-Token", token).code());
    assertEquals("200", take(session, amount(8), "X-Security-Token", token).code());
    assertEquals(amount(8), served.getLast().getJsonObject("body"));
    String elsewhere = login("has_token");
    assertEquals(
        "403 REAUTH_REQUIRED", take(elsewhere, amount(7), "X-Security-Token", token).code());
    node.clock().advance(Duration.ofSeconds(600));
    assertEquals("403 REAUTH_REQUIRED", take(session, amount(7), "X-Security-Token", token).code());
  }

  @Test
  void thePasswordOfTheBodyWillDoAndGoesNoFurther() throws Exception {
    register("by_password");
    String session = login("by_password");
    assertEquals("401 UNAUTHORIZED", take(session, amount(3).put("password", "Wrong-1")).code());
    assertEquals("200", take(session, amount(3).put("password", PASSWORD)).code());
    assertFalse(served.getLast().getJsonObject("body").containsKey("password"));
  }

  @Test
  void aRepeatIsTheSameRequestWhateverProofItCarries() throws Exception {
    register("repeats");
    String session = login("repeats");
    String key = "key-of-repeats";
    Taken first = take(session, amount(5).put("password", PASSWORD), "Idempotency-Key", key);
    assertEquals("200", first.code());
    int after = served.size();
    assertEquals(
        "403 REAUTH_REQUIRED",
        take(session, amount(5), "Idempotency-Key", key).code(),
        "an earlier answer is shown to nobody without a proof");
    Taken again =
        take(session, amount(5), "Idempotency-Key", key, "X-Security-Token", proof(session));
    assertEquals(first.json().getJsonObject("data"), again.json().getJsonObject("data"));
    assertEquals(after, served.size());
  }

  @Test
  void reauthenticationAnswersAsTheContractSays() {
    register("over_http");
    String session = login("over_http");
    assertEquals(401, prove("", "password", PASSWORD).status());
    assertEquals("UNAUTHORIZED", prove(session, "password", "Wrong-1").errorCode());
    assertEquals("VALIDATION_ERROR", prove(session, "fingerprint", "x").errorCode());
    ApiAnswer unusable = prove(session, "totp", "123456");
    assertEquals("REAUTH_REQUIRED", unusable.errorCode());
    assertEquals(JsonArray.of("password"), unusable.details().getJsonArray("methods"));
    ApiAnswer proved = prove(session, "password", PASSWORD);
    assertEquals(600, proved.data().getInteger("expires_in"));
    assertNotEquals(
        proved.data().getString("security_token"), proof(session), "every proof has its own");
    for (int i = 0; i < 5; i++) {
      prove(session, "password", "Wrong-1");
    }
    assertEquals("ACCOUNT_LOCKED", prove(session, "password", PASSWORD).errorCode());
  }
}
