package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.CREATOR;
import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Article;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.AuthService;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.PlanDetail;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.service.Signals;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in. */
class AuthenticationTest {

  private static final String PROFILE = "/users/profile";
  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start("gw_auth")
            .answer(UsersService.class, "profileGet", (c, r) -> ApiGateway.sample(OwnProfile.class))
            .answer(PlansService.class, "get", (c, r) -> ApiGateway.sample(PlanDetail.class))
            .answer(ArticlesService.class, "create", (c, r) -> ApiGateway.sample(Article.class))
            .answer(AuthService.class, "login", (c, r) -> ApiGateway.sample(LoginResult.class));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    gateway.forgetCalls();
  }

  private static void refused(ApiClient client, String reason) {
    ApiAnswer answer = client.get(PROFILE);
    assertEquals("401 UNAUTHORIZED", answer.status() + " " + answer.errorCode());
    assertEquals(reason, answer.details().getString("reason"));
    assertEquals("Bearer", answer.header("WWW-Authenticate"));
    assertEquals(List.of(), gateway.calls());
  }

  /** A token signed by hand, so that the library's own generator is not the judge of itself. */
  private static String token(String algorithm, String secret, UnaryOperator<JsonObject> changed)
      throws Exception {
    long now = gateway.node().clock().instant().getEpochSecond();
    JsonObject claims =
        new JsonObject()
            .put("iss", gateway.node().config().auth().issuer())
            .put("aud", new JsonArray().add(gateway.node().config().auth().audience()))
            .put("sub", String.valueOf(READER))
            .put("sid", "ses_by_hand")
            .put("jti", "jti_by_hand")
            .put("typ", "access")
            .put("iat", now)
            .put("exp", now + 60);
    JsonObject header = new JsonObject().put("typ", "JWT").put("alg", algorithm).put("kid", "k1");
    String text = base64(header.encode()) + "." + base64(changed.apply(claims).encode());
    if (algorithm.equals("none")) {
      return text + ".";
    }
    Mac mac = Mac.getInstance(algorithm.replace("HS", "HmacSHA"));
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "raw"));
    byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String secret() {
    return gateway.node().config().secrets().jwt();
  }

  private static void forged(UnaryOperator<JsonObject> changed) throws Exception {
    refused(gateway.api().as(token("HS256", secret(), changed)), "token_invalid");
  }

  @Test
  void aTokenSignedByHandIsTaken() throws Exception {
    assertEquals(200, gateway.api().as(token("HS256", secret(), c -> c)).get(PROFILE).status());
    assertEquals(READER, gateway.calls().getFirst().caller().userId());
    assertEquals("jti_by_hand", gateway.calls().getFirst().caller().tokenId());
  }

  @Test
  void withoutATokenNobodyComesIn() {
    refused(gateway.api(), "token_missing");
    refused(gateway.api().with("Authorization", "Bearer "), "token_missing");
    refused(gateway.api().with("Authorization", "Bearer"), "token_missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer x",
        "Bearer a.b.c",
        "Basic YTpi",
        "token",
        "Bearer ..",
        "Bearer eyJ9.e30.x"
      })
  void whatIsNoTokenIsRefused(String header) {
    refused(gateway.api().with("Authorization", header), "token_invalid");
  }

  @Test
  void aHugeTokenIsRefused() {
    refused(gateway.api().as("a".repeat(5000)), "token_invalid");
  }

  @Test
  void onlyTheConfiguredAlgorithmCounts() throws Exception {
    refused(gateway.api().as(token("none", "", c -> c)), "token_invalid");
    String none = token("none", "", c -> c);
    refused(gateway.api().as(none.substring(0, none.length() - 1)), "token_invalid");
    refused(gateway.api().as(token("HS384", secret(), c -> c)), "token_invalid");
    refused(gateway.api().as(token("HS512", secret(), c -> c)), "token_invalid");
  }

  @Test
  void aTokenOfAnotherKeyOrWithAChangedSignatureIsRefused() throws Exception {
    refused(gateway.api().as(token("HS256", secret() + "x", c -> c)), "token_invalid");
    String good = token("HS256", secret(), c -> c);
    refused(gateway.api().as(good.substring(0, good.length() - 3) + "AAA"), "token_invalid");
    refused(gateway.api().as(good.substring(0, good.lastIndexOf('.') + 1)), "token_invalid");
  }

  @Test
  void aTokenForSomethingElseIsRefused() throws Exception {
    forged(claims -> claims.put("iss", "somebody"));
    forged(claims -> claims.put("aud", new JsonArray().add("other-api")));
    forged(claims -> claims.put("typ", "refresh"));
    forged(claims -> without(claims, "typ"));
    forged(claims -> without(claims, "aud"));
    forged(claims -> without(claims, "iss"));
    forged(claims -> without(claims, "sid"));
    forged(claims -> without(claims, "sub"));
    forged(claims -> without(claims, "exp"));
    forged(claims -> claims.put("sub", "me"));
    forged(claims -> claims.put("exp", "never"));
  }

  private static JsonObject without(JsonObject claims, String name) {
    claims.remove(name);
    return claims;
  }

  @Test
  void anExpiredTokenIsRefusedAlsoWhenItWasKnown() throws Exception {
    refused(
        gateway.api().as(token("HS256", secret(), c -> c.put("exp", c.getLong("iat") - 1))),
        "token_expired");
    ApiClient client = gateway.as(READER);
    assertEquals(200, client.get(PROFILE).status());
    gateway.forgetCalls();
    gateway.node().clock().advance(Duration.ofHours(1));
    refused(client, "token_expired");
    assertEquals(200, gateway.as(READER).get(PROFILE).status());
  }

  @Test
  void tokensOfAMovedClockAreTaken() {
    gateway.node().clock().advance(Duration.ofDays(31));
    assertEquals(200, gateway.as(READER).get(PROFILE).status());
  }

  @Test
  void aRevokedSessionIsRefusedAtOnceWhenTheHintArrives() {
    ApiClient client = gateway.api().as(gateway.token(READER, "ses_hinted"));
    assertEquals(200, client.get(PROFILE).status());

    new Signals(gateway.node().vertx()).sessionRevoked("ses_hinted");

    gateway.eventually("hint", () -> client.get(PROFILE).status() == 401);
    gateway.forgetCalls();
    refused(client, "token_revoked");
    assertEquals(200, gateway.as(READER).get(PROFILE).status());
  }

  @Test
  void aRevokedSessionIsRefusedSoonWithoutAnyHint() {
    ApiClient client = gateway.api().as(gateway.token(READER, "ses_polled"));
    assertEquals(200, client.get(PROFILE).status());
    long start = System.nanoTime();

    gateway.revoke("ses_polled");

    gateway.eventually("poll", () -> client.get(PROFILE).status() == 401);
    gateway.forgetCalls();
    refused(client, "token_revoked");
    long limitMillis = 10L * gateway.node().config().auth().revocationPollMillis();
    assertEquals(0, (System.nanoTime() - start) / 1_000_000 / limitMillis, "slower than 10 polls");
  }

  @Test
  void aBannedAccountIsToldSo() {
    gateway.account(77, AccountStatus.BANNED, UserType.READER);
    ApiAnswer answer = gateway.as(77).get(PROFILE);
    assertEquals("403 ACCOUNT_BANNED", answer.status() + " " + answer.errorCode());
    assertEquals(List.of(), gateway.calls());
  }

  @Test
  void aTokenOfAnAccountThatIsNotActiveOrUnknownIsOver() {
    gateway.account(78, AccountStatus.DEACTIVATED, UserType.READER);
    refused(gateway.as(78), "token_revoked");
    refused(gateway.as(79), "token_revoked");
  }

  @Test
  void aBanHintWorksAtOnce() {
    gateway.account(80, AccountStatus.ACTIVE, UserType.READER);
    assertEquals(200, gateway.as(80).get(PROFILE).status());
    gateway.account(80, AccountStatus.BANNED, UserType.READER);

    new Signals(gateway.node().vertx()).userChanged(80);

    gateway.eventually("hint", () -> gateway.as(80).get(PROFILE).status() == 403);
  }

  @Test
  void operationsForNobodyInParticularIgnoreABrokenToken() {
    JsonObject login = new JsonObject().put("email", "a@b.cn").put("password", "secret");
    assertEquals(200, gateway.api().as("broken").post("/auth/login", login).status());
    assertEquals(200, gateway.as(READER).post("/auth/login", login).status());
    gateway.calls().forEach(call -> assertNull(call.caller().userId()));
  }

  @Test
  void whereATokenIsOptionalAWrongOneIsStillRefused() {
    assertEquals(200, gateway.api().get("/subscription-plans/1").status());
    assertEquals(
        200, gateway.api().with("Authorization", "Bearer ").get("/subscription-plans/1").status());
    gateway.calls().forEach(call -> assertNull(call.caller().userId()));
    assertEquals(401, gateway.api().as("broken").get("/subscription-plans/1").status());
    gateway.forgetCalls();
    assertEquals(200, gateway.as(READER).get("/subscription-plans/1").status());
    assertEquals(READER, gateway.calls().getFirst().caller().userId());
  }

  @Test
  void onlyCreatorsMayDoWhatCreatorsDo() {
    JsonObject article =
        new JsonObject()
            .put("title", "标题标题标题")
            .put("content", "正文".repeat(60))
            .put("category_id", 1)
            .put("visibility", "public");
    ApiAnswer reader = gateway.as(READER).post("/articles", article);
    assertEquals("403 FORBIDDEN", reader.status() + " " + reader.errorCode());
    assertEquals("NOT_A_CREATOR", reader.details().getString("reason"));
    ApiAnswer creator = gateway.as(CREATOR).post("/articles", article);
    assertEquals(201, creator.status(), creator.toString());
    assertEquals("creator", gateway.calls().getFirst().caller().userType());
  }

  @Test
  void theCallerCarriesWhenItsTokenEnds() {
    gateway.as(READER).get(PROFILE);
    assertNotNull(gateway.calls().getFirst().caller().tokenExpiresAt());
  }
}
