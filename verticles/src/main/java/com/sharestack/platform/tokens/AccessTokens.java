package com.sharestack.platform.tokens;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Instant;
import java.util.List;

/**
 * Access tokens: JWT, HS256, with issuer, audience, {@code typ=access} and a key id (users
 * contract, conventions.tokens). Only the configured algorithm is accepted.
 */
public final class AccessTokens {

  private static final String ALGORITHM = "HS256";
  private static final String KEY_ID = "k1";

  private final JWTAuth jwt;
  private final String issuer;
  private final String audience;
  private final int lifeSeconds;

  /**
   * @param secret HS256 key as text, at least 32 bytes
   */
  public AccessTokens(Vertx vertx, String secret, String issuer, String audience, int lifeSeconds) {
    this.issuer = issuer;
    this.audience = audience;
    this.lifeSeconds = lifeSeconds;
    this.jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm(ALGORITHM).setId(KEY_ID).setBuffer(secret))
                .setJWTOptions(
                    new JWTOptions()
                        .setIssuer(issuer)
                        .setAudience(List.of(audience))
                        .setIgnoreExpiration(true)));
  }

  public int lifeSeconds() {
    return lifeSeconds;
  }

  /** What a valid token says. {@code roles} are a hint for clients, never a permission. */
  public record Claims(long userId, String sessionId, String tokenId, Instant expiresAt) {

    /** Whether the token's life has ended; a token that is over must not be taken. */
    public boolean over(Instant now) {
      return !now.isBefore(expiresAt);
    }
  }

  public String issue(
      long userId,
      String sessionId,
      String tokenId,
      String userType,
      List<String> roles,
      Instant now) {
    JsonObject claims =
        new JsonObject()
            .put("iss", issuer)
            .put("aud", new JsonArray().add(audience))
            .put("sub", String.valueOf(userId))
            .put("sid", sessionId)
            .put("jti", tokenId)
            .put("user_type", userType)
            .put("roles", new JsonArray(roles))
            .put("typ", "access")
            .put("iat", now.getEpochSecond())
            .put("exp", now.getEpochSecond() + lifeSeconds);
    return jwt.generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
  }

  /**
   * Fails for every token that is not ours or not an access token. Whether it is over is for the
   * caller to ask with {@link Claims#over} and its clock, each time: the library knows only the
   * system's clock, and a token that was verified once ends later.
   */
  public Future<Claims> verify(String token) {
    // inside compose, because the library throws for claims of an unexpected type
    return Future.succeededFuture(new TokenCredentials(token))
        .compose(jwt::authenticate)
        .map(user -> claims(user.attributes().getJsonObject("accessToken")));
  }

  private static Claims claims(JsonObject claims) {
    if (!"access".equals(claims.getString("typ"))
        || claims.getString("sid") == null
        || claims.getLong("exp") == null) {
      throw new IllegalArgumentException("not an access token");
    }
    return new Claims(
        Long.parseLong(claims.getString("sub")),
        claims.getString("sid"),
        claims.getString("jti"),
        Instant.ofEpochSecond(claims.getLong("exp")));
  }
}
