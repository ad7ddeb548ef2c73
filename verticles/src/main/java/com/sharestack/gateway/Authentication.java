package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.Operation.Auth;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who calls, and whether that kind of caller may use the operation at all. */
final class Authentication {

  private static final int KNOWN_TOKENS = 20_000;
  private static final int MAX_TOKEN_LENGTH = 2_000;

  private final AccessTokens tokens;
  private final Revocations revocations;
  private final Principals principals;
  private final java.time.Clock clock;

  /** Verified tokens of this event loop: a signature is checked once, its expiry every time. */
  private final Map<String, AccessTokens.Claims> known =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, AccessTokens.Claims> eldest) {
          return size() > KNOWN_TOKENS;
        }
      };

  Authentication(
      AccessTokens tokens, Revocations revocations, Principals principals, java.time.Clock clock) {
    this.tokens = tokens;
    this.revocations = revocations;
    this.principals = principals;
    this.clock = clock;
  }

  /** Fills in claims and principal; fails with UNAUTHORIZED, FORBIDDEN or ACCOUNT_BANNED. */
  Future<Void> authenticate(Exchange exchange) {
    Auth auth = exchange.operation.auth();
    String token = auth == Auth.NONE ? null : bearer(exchange);
    if (token == null) {
      return auth == Auth.NONE || auth == Auth.OPTIONAL
          ? Future.succeededFuture()
          : Future.failedFuture(Exchange.unauthorized("token_missing"));
    }
    return claims(token).compose(claims -> accept(exchange, claims));
  }

  /** Lets a caller in whose claims are proven: in time, not revoked, of an account that may. */
  Future<Void> accept(Exchange exchange, AccessTokens.Claims proven) {
    return check(exchange, proven)
        .compose(claims -> principal(exchange, claims))
        .compose(principal -> admit(exchange, principal));
  }

  /** The token, or null; an empty Bearer value counts as none (users contract, auth_levels). */
  private static String bearer(Exchange exchange) {
    String header = exchange.http.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || header.isBlank()) {
      return null;
    }
    if (!header.regionMatches(true, 0, "Bearer", 0, 6)) {
      return header;
    }
    String token = header.substring(6).strip();
    return token.isEmpty() ? null : token;
  }

  private Future<AccessTokens.Claims> claims(String token) {
    AccessTokens.Claims seen = known.get(token);
    if (seen != null) {
      return Future.succeededFuture(seen);
    }
    if (token.length() > MAX_TOKEN_LENGTH) {
      return Future.failedFuture(Exchange.unauthorized("token_invalid"));
    }
    return tokens
        .verify(token)
        .onSuccess(claims -> known.put(token, claims))
        .recover(refused -> Future.failedFuture(Exchange.unauthorized("token_invalid")));
  }

  private Future<AccessTokens.Claims> check(Exchange exchange, AccessTokens.Claims claims) {
    if (claims.over(clock.instant())) {
      return Future.failedFuture(Exchange.unauthorized("token_expired"));
    }
    if (!revocations.loaded()) {
      return Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "retry_after", 1));
    }
    if (revocations.isRevoked(claims.sessionId())) {
      return Future.failedFuture(Exchange.unauthorized("token_revoked"));
    }
    exchange.claims = claims;
    return Future.succeededFuture(claims);
  }

  /** The users domain may be away or slow: that is a 503 or 504 of ours, never a 500. */
  private Future<Principals.Principal> principal(Exchange exchange, AccessTokens.Claims claims) {
    return principals
        .of(claims.userId(), exchange.requestId)
        .recover(failure -> Future.failedFuture(Calls.tellable(failure)));
  }

  private static Future<Void> admit(Exchange exchange, Principals.Principal principal) {
    if (!principal.active()) {
      return Future.failedFuture(
          principal.banned()
              ? Errors.of(ErrorCode.ACCOUNT_BANNED)
              : Exchange.unauthorized("token_revoked"));
    }
    exchange.principal = principal;
    if (exchange.operation.auth() == Auth.CREATOR && !principal.creator()) {
      return Future.failedFuture(
          Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR", "message", "仅创作者可以执行此操作"));
    }
    String permission = exchange.operation.permission();
    if (permission != null && !principal.may(permission)) {
      return Future.failedFuture(Errors.of(ErrorCode.FORBIDDEN, "permission", permission));
    }
    return Future.succeededFuture();
  }
}
