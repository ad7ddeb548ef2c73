package com.sharestack.platform.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis: what may be lost. The blocking calls answer "nothing" while Redis is away, because no
 * domain may depend on it; {@link #send} and {@link #run} fail, for callers that must decide. After
 * a failure commands are refused for a second, so that a dead Redis costs nobody a connect.
 */
public final class Cache {

  private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
  private static final long TIMEOUT_MILLIS = 800;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final RedisLinks redis;
  private final String prefix;
  private final Map<String, String> scriptHashes = new ConcurrentHashMap<>();
  private volatile long awayUntilNanos = System.nanoTime();

  /**
   * @param prefix stands before every key, so that several installations may share one Redis
   */
  public Cache(RedisLinks redis, String prefix) {
    this.redis = redis;
    this.prefix = prefix;
  }

  /** The key as Redis knows it. */
  public String key(String name) {
    return prefix + name;
  }

  public Optional<String> get(String name) {
    return awaitOptional(send(Command.GET, key(name))).map(Response::toString);
  }

  public void set(String name, String value, Duration ttl) {
    awaitOptional(send(Command.SET, key(name), value, "PX", String.valueOf(ttl.toMillis())));
  }

  /**
   * Sets {@code name} when it is not set.
   *
   * @return whether this call set it; empty while Redis is away
   */
  public Optional<Boolean> setIfAbsent(String name, String value, Duration ttl) {
    return send(Command.SET, key(name), value, "NX", "PX", String.valueOf(ttl.toMillis()))
        .map(answer -> Optional.of(answer != null))
        .otherwise(Optional.empty())
        .await();
  }

  public void delete(String... names) {
    String[] keys = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      keys[i] = key(names[i]);
    }
    awaitOptional(send(Command.DEL, keys));
  }

  /** One command; keys must have been made by {@link #key}. */
  public Future<Response> send(Command command, String... args) {
    if (System.nanoTime() - awayUntilNanos < 0) {
      return Future.failedFuture("redis is away");
    }
    Request request = Request.cmd(command);
    for (String arg : args) {
      request.arg(arg);
    }
    return redis
        .send(request)
        .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(this::noteFailure);
  }

  /** Runs a Lua script by its hash, and by its text where the server does not know it yet. */
  public Future<Response> run(String script, List<String> keys, List<String> args) {
    String hash = scriptHashes.computeIfAbsent(script, Cache::sha1);
    return send(Command.EVALSHA, scriptArgs(hash, keys, args))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).startsWith("NOSCRIPT")
                    ? send(Command.EVAL, scriptArgs(script, keys, args))
                    : Future.failedFuture(failure));
  }

  private static String[] scriptArgs(String script, List<String> keys, List<String> args) {
    String[] all = new String[2 + keys.size() + args.size()];
    all[0] = script;
    all[1] = String.valueOf(keys.size());
    int i = 2;
    for (String key : keys) {
      all[i++] = key;
    }
    for (String arg : args) {
      all[i++] = arg;
    }
    return all;
  }

  /** An answer of the server that says "error" is no outage; a broken or silent link is. */
  private void noteFailure(Throwable failure) {
    if (failure instanceof io.vertx.redis.client.impl.types.ErrorType) {
      return;
    }
    boolean known = System.nanoTime() - awayUntilNanos < PAUSE_NANOS;
    awayUntilNanos = System.nanoTime() + PAUSE_NANOS;
    if (!known) {
      LOG.warn("redis is away: {}", failure.toString());
    }
  }

  private static Optional<Response> awaitOptional(Future<Response> answer) {
    return answer.map(Optional::ofNullable).otherwise(Optional.empty()).await();
  }

  private static String sha1(String script) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest(script.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
