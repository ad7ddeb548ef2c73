package com.sharestack.platform.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are forged here by hand, so that the library is not its own judge. */
class AccessTokensTest {

  private static final String SECRET = "tests-sign-with-0123456789abcdefghijkl";
  private static final Vertx VERTX = Vertx.vertx();
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private final AccessTokens tokens = new AccessTokens(VERTX, SECRET, "sharestack", "api", 3600);

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  private AccessTokens.Claims verify(String token) {
    return tokens
        .verify(token)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(5, TimeUnit.SECONDS)
        .join();
  }

  private void assertRefused(String token) {
    assertThrows(CompletionException.class, () -> verify(token));
  }

  private String issued(Instant at) {
    return tokens.issue(7, "ses_1", "jti_1", "reader", List.of("reader"), at);
  }

  private static JsonObject claims() {
    return new JsonObject()
        .put("iss", "sharestack")
        .put("aud", new JsonArray().add("api"))
        .put("sub", "7")
        .put("sid", "ses_1")
        .put("jti", "jti_1")
        .put("typ", "access")
        .put("iat", NOW.getEpochSecond())
        .put("exp", NOW.getEpochSecond() + 60);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String forged(String algorithm, String mac, String secret, JsonObject claims) {
    JsonObject header = new JsonObject().put("typ", "JWT").put("alg", algorithm);
    String signed =
        base64(header.encode().getBytes(StandardCharsets.UTF_8))
            + "."
            + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
    if (mac == null) {
      return signed + ".";
    }
    try {
      Mac hmac = Mac.getInstance(mac);
      hmac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac));
      return signed + "." + base64(hmac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String forged(JsonObject claims) {
    return forged("HS256", "HmacSHA256", SECRET, claims);
  }

  @Test
  void whatWasIssuedIsRead() {
    assertEquals(
        new AccessTokens.Claims(7, "ses_1", "jti_1", NOW.plusSeconds(3600)), verify(issued(NOW)));
    assertEquals(7, verify(forged(claims())).userId(), "the forge makes good tokens");
  }

  @Test
  void theHeaderNamesAlgorithmAndKeyAndThePayloadNoSecretOfTheUser() {
    String[] parts = issued(NOW).split("\\.");
    JsonObject header = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[0])));
    JsonObject payload = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1])));
    assertEquals("HS256", header.getString("alg"));
    assertEquals("k1", header.getString("kid"));
    assertEquals(
        java.util.Set.of(
            "iss", "aud", "sub", "sid", "jti", "user_type", "roles", "typ", "iat", "exp"),
        payload.fieldNames());
  }

  @Test
  void aTokenSaysToTheSecondWhenItIsOver() {
    AccessTokens.Claims claims = verify(issued(NOW));
    assertFalse(claims.over(NOW.plusSeconds(3599)));
    assertTrue(claims.over(NOW.plusSeconds(3600)));
  }

  @Test
  void aTokenOfAnotherIssuerOrAudienceIsRefused() {
    assertRefused(forged(claims().put("iss", "elsewhere")));
    assertRefused(forged(claims().put("aud", new JsonArray().add("other"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "sub", "sid", "typ", "exp"})
  void aTokenWithoutAClaimIsRefused(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    assertRefused(forged(claims));
  }

  @Test
  void aTokenOfAnotherKindOrOfNobodyIsRefused() {
    assertRefused(forged(claims().put("typ", "refresh")));
    assertRefused(forged(claims().put("sub", "root")));
  }

  @Test
  void onlyTheConfiguredAlgorithmIsAccepted() {
    assertRefused(forged("none", null, SECRET, claims()));
    assertRefused(forged("None", null, SECRET, claims()));
    assertRefused(forged("HS512", "HmacSHA512", SECRET, claims()));
    assertRefused(forged("HS384", "HmacSHA384", SECRET, claims()));
    assertRefused(forged("none", "HmacSHA256", SECRET, claims()));
  }

  @Test
  void aTokenSignedWithAnotherKeyIsRefused() {
    assertRefused(forged("HS256", "HmacSHA256", SECRET + "x", claims()));
  }

  @Test
  void aTamperedTokenIsRefused() {
    String[] parts = forged(claims()).split("\\.");
    String admin = base64(claims().put("sub", "1").encode().getBytes(StandardCharsets.UTF_8));
    assertRefused(parts[0] + "." + admin + "." + parts[2]);
    assertRefused(parts[0] + "." + parts[1] + ".");
    assertRefused(parts[0] + "." + parts[1]);
    char last = parts[2].charAt(0);
    assertRefused(
        parts[0] + "." + parts[1] + "." + (last == 'A' ? 'B' : 'A') + parts[2].substring(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "null", "ey.ey.ey"})
  void whatIsNoTokenIsRefused(String text) {
    assertRefused(text);
  }

  @Test
  void twoTokensDifferByTheirIdOnly() {
    String other = tokens.issue(7, "ses_1", "jti_2", "reader", List.of("reader"), NOW);
    assertFalse(other.equals(issued(NOW)));
    assertEquals("jti_2", verify(other).tokenId());
  }
}
