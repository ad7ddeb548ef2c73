package com.sharestack.users;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.StepUpMethod;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.crypto.SecretToken;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Security tokens, ten minutes each, kept in Redis under {@code stepup:{sha-256}} with the account
 * and the session they are for. What is lost there is proved again; while Redis is away nothing is
 * proved: SERVICE_UNAVAILABLE, never a pass.
 */
final class SecurityTokens {

  static final Duration LIFE = Duration.ofSeconds(600);

  private final Cache cache;
  private final Clock clock;

  SecurityTokens(Cache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException SERVICE_UNAVAILABLE while Redis is away
   */
  String issue(long userId, String sessionId, StepUpMethod method) {
    SecretToken token = SecretToken.make();
    JsonObject kept =
        new JsonObject()
            .put("user_id", userId)
            .put("session_id", sessionId)
            .put("method", method.literal())
            .put("expires_at", clock.instant().plus(LIFE).toString());
    ask(Command.SET, key(token.hash()), kept.encode(), "PX", String.valueOf(LIFE.toMillis()));
    return token.text();
  }

  /** How the caller proved himself when he got this token; empty when it is not his or over. */
  Optional<StepUpMethod> find(long userId, String sessionId, String token) {
    return Optional.ofNullable(ask(Command.GET, key(SecretToken.hash(token))))
        .map(answer -> new JsonObject(answer.toString()))
        .filter(kept -> kept.getLong("user_id") == userId)
        .filter(kept -> kept.getString("session_id").equals(sessionId))
        .filter(kept -> Instant.parse(kept.getString("expires_at")).isAfter(clock.instant()))
        .map(kept -> StepUpMethod.of(kept.getString("method")));
  }

  private Response ask(Command command, String... args) {
    return cache
        .send(command, args)
        .recover(
            away ->
                Future.failedFuture(
                    Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "CACHE_AWAY")))
        .await();
  }

  private String key(byte[] hash) {
    return cache.key("stepup:" + HexFormat.of().formatHex(hash));
  }
}
