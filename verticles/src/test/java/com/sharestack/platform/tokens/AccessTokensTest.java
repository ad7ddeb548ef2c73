package com.sharestack.platform.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AccessTokensTest {

  private static final String KEY = "tests-sign-with-0123456789abcdefghijkl";
  private static final Vertx VERTX = Vertx.vertx();
  private final AccessTokens tokens = tokens(KEY, "sharestack");
  private final Instant now = Instant.now();

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  @Test
  void aTokenSaysWhomItWasIssuedTo() throws Exception {
    AccessTokens.Claims claims = answer(tokens.verify(issue(tokens, now))).result();
    assertEquals(
        new AccessTokens.Claims(
            42, "ses_1", "jti_1", Instant.ofEpochSecond(now.getEpochSecond() + 3600)),
        claims);
  }

  @Test
  void aTokenOfANodeWhoseClockIsASecondAheadIsGood() throws Exception {
    assertTrue(answer(tokens.verify(issue(tokens, now.plusSeconds(2)))).succeeded());
  }

  @Test
  void tokensThatAreOverOrOfOthersAreRefused() throws Exception {
    refused(issue(tokens, now.minusSeconds(3_610)));
    refused(issue(tokens(KEY + "x", "sharestack"), now));
    refused(issue(tokens(KEY, "somebody-else"), now));
    refused("garbage");
  }

  @Test
  void anAlteredTokenIsRefused() throws Exception {
    String[] parts = issue(tokens, now).split("\\.");
    JsonObject claims = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[1])));
    String altered =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.put("sub", "1").encode().getBytes());
    refused(parts[0] + "." + altered + "." + parts[2]);
  }

  @Test
  void aTokenOfAnotherKindOrAlgorithmIsRefused() throws Exception {
    JsonObject claims =
        new JsonObject()
            .put("iss", "sharestack")
            .put("aud", List.of("sharestack-api"))
            .put("sub", "42")
            .put("sid", "ses_1")
            .put("typ", "refresh")
            .put("exp", now.getEpochSecond() + 100);
    refused(sign("HS256", claims));
    refused(sign("HS512", claims.copy().put("typ", "access")));
    assertTrue(
        answer(tokens.verify(sign("HS256", claims.copy().put("typ", "access")))).succeeded(),
        "only the kind was wrong");
  }

  private static String sign(String algorithm, JsonObject claims) {
    return JWTAuth.create(
            VERTX,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm(algorithm).setId("k1").setBuffer(KEY)))
        .generateToken(claims, new JWTOptions().setAlgorithm(algorithm));
  }

  private static AccessTokens tokens(String key, String issuer) {
    return new AccessTokens(VERTX, key, issuer, "sharestack-api", 3600);
  }

  private static String issue(AccessTokens by, Instant at) {
    return by.issue(42, "ses_1", "jti_1", "reader", List.of("user"), at);
  }

  private void refused(String token) throws Exception {
    assertTrue(answer(tokens.verify(token)).failed(), token);
  }

  private static <T> Future<T> answer(Future<T> future) throws Exception {
    future.otherwiseEmpty().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    return future;
  }
}
