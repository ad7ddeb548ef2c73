package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.serviceproxy.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Idempotency-Key: claims (user, operation, key) in Redis for 15 minutes and replays the first
 * answer. Key and request hash also travel to the service, whose rows carry them in a unique key:
 * without Redis, and after a kill between claim and answer, that key alone decides (billing
 * contract, section idempotency).
 */
final class Idempotency {

  private static final String CLAIM_MILLIS = "900000";

  /** A claim whose process died must not block the retry longer than the slowest call takes. */
  private static final String RUNNING_MILLIS = "15000";

  private static final int MIN_LENGTH = 8;
  private static final int MAX_LENGTH = 64;
  private static final int MAX_STORED_BYTES = 64 * 1024;

  /** Refusals of the moment, not of the request: the same key may try again at once. */
  private static final Set<String> PASSING =
      Set.of(
          ErrorCode.REAUTH_REQUIRED.name(),
          ErrorCode.RATE_LIMIT_EXCEEDED.name(),
          ErrorCode.IDEMPOTENCY_IN_PROGRESS.name());

  private final Cache cache;

  Idempotency(Cache cache) {
    this.cache = cache;
  }

  /** The claim of one request; {@code replay} is the first answer when there was one. */
  record Claim(String redisKey, String hash, Envelope.Answer replay) {}

  /** The caller's key, null when none was sent; VALIDATION_ERROR when malformed. */
  static String key(Exchange exchange) {
    String key =
        exchange.operation.idempotent() ? exchange.http.getHeader("Idempotency-Key") : null;
    if (key == null) {
      return null;
    }
    boolean printable = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (key.length() < MIN_LENGTH || key.length() > MAX_LENGTH || !printable) {
      throw Errors.invalid("Idempotency-Key", "须为 8-64 个可打印的 ASCII 字符");
    }
    return key;
  }

  /** SHA-256 over operation and canonical request: same meaning, same hash. */
  static String hash(Exchange exchange) {
    String text = exchange.operation.id() + "\n" + canonical(exchange.request.getMap());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String canonical(Object value) {
    return switch (value) {
      case JsonObject object -> canonical(object.getMap());
      case Map<?, ?> map -> {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((name, part) -> sorted.put((String) name, canonical(part)));
        yield sorted.toString();
      }
      case io.vertx.core.json.JsonArray array -> canonical(array.getList());
      case Iterable<?> list -> {
        StringBuilder text = new StringBuilder("[");
        list.forEach(part -> text.append(canonical(part)).append(','));
        yield text.append(']').toString();
      }
      case null -> "null";
      default -> io.vertx.core.json.Json.encode(value);
    };
  }

  /** Fails with IDEMPOTENCY_CONFLICT or IDEMPOTENCY_IN_PROGRESS. */
  Future<Claim> claim(Exchange exchange, String key, String hash) {
    String name =
        cache.key("idem:" + exchange.rateSubject(true) + ":" + exchange.operation.id() + ":" + key);
    String running = new JsonObject().put("hash", hash).encode();
    return cache
        .send(Command.SET, name, running, "NX", "PX", RUNNING_MILLIS)
        .compose(
            set ->
                set != null
                    ? Future.succeededFuture(new Claim(name, hash, null))
                    : cache
                        .send(Command.GET, name)
                        .compose(
                            stored ->
                                stored == null
                                    ? Future.succeededFuture(new Claim(name, hash, null))
                                    : present(
                                        exchange, name, hash, new JsonObject(stored.toString()))))
        .recover(
            failure ->
                failure instanceof ServiceException
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture(new Claim(null, hash, null)));
  }

  private static Future<Claim> present(
      Exchange exchange, String name, String hash, JsonObject stored) {
    if (!hash.equals(stored.getString("hash"))) {
      return Future.failedFuture(Errors.of(ErrorCode.IDEMPOTENCY_CONFLICT));
    }
    if (!stored.containsKey("status")) {
      return Future.failedFuture(Errors.of(ErrorCode.IDEMPOTENCY_IN_PROGRESS, "retry_after", 1));
    }
    JsonObject failure = stored.getJsonObject("failure");
    if (failure != null) {
      exchange.replayed = true;
      return Future.failedFuture(
          new ServiceException(
              stored.getInteger("status"),
              failure.getString("code"),
              failure.getJsonObject("details")));
    }
    return Future.succeededFuture(
        new Claim(
            name,
            hash,
            new Envelope.Answer(
                stored.getInteger("status"),
                Buffer.buffer(stored.getString("data")),
                stored.getJsonObject("meta"))));
  }

  /**
   * Keeps the answer for repeats; a large one is left to the row's unique key. Completes before the
   * client gets the answer, so that its next call with the key is a repeat; never fails.
   */
  Future<Void> keep(Claim claim, Envelope.Answer answer) {
    if (claim.redisKey() == null || answer.data().length() > MAX_STORED_BYTES) {
      return release(claim);
    }
    JsonObject stored =
        new JsonObject()
            .put("hash", claim.hash())
            .put("status", answer.status())
            .put("data", answer.data().toString())
            .put("meta", answer.meta());
    return store(claim, stored);
  }

  /** A refusal is an answer and replayed like one; after a 5xx the same key may try again. */
  Future<Void> keepFailure(Claim claim, Throwable thrown) {
    if (claim.redisKey() == null
        || !(thrown instanceof ServiceException failure)
        || failure.failureCode() >= 500
        || PASSING.contains(failure.getMessage())) {
      return release(claim);
    }
    JsonObject stored =
        new JsonObject()
            .put("hash", claim.hash())
            .put("status", failure.failureCode())
            .put(
                "failure",
                new JsonObject()
                    .put("code", failure.getMessage())
                    .put("details", failure.getDebugInfo()));
    return store(claim, stored);
  }

  private Future<Void> store(Claim claim, JsonObject stored) {
    return cache
        .send(Command.SET, claim.redisKey(), stored.encode(), "PX", CLAIM_MILLIS)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Future<Void> release(Claim claim) {
    return claim.redisKey() == null
        ? Future.succeededFuture()
        : cache.send(Command.DEL, claim.redisKey()).<Void>mapEmpty().otherwiseEmpty();
  }
}
