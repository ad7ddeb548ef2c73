package com.sharestack.platform.cache;

import com.sharestack.platform.config.Config;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The process's Redis connections: few, long-lived, shared by all callers, so that commands of many
 * requests travel together instead of waiting for a connection each. A broken one is made anew by
 * the next command that needs it.
 */
public final class RedisLinks {

  private final Vertx vertx;
  private final Redis redis;
  private final AtomicReferenceArray<Future<RedisConnection>> links;
  private final AtomicInteger turn = new AtomicInteger();

  private RedisLinks(Vertx vertx, Redis redis, int connections) {
    this.vertx = vertx;
    this.redis = redis;
    this.links = new AtomicReferenceArray<>(connections);
  }

  public static RedisLinks create(Vertx vertx, Config.RedisLink settings) {
    Redis redis =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(settings.url())
                .setMaxPoolSize(settings.connections())
                .setMaxPoolWaiting(settings.waitQueue())
                .setMaxWaitingHandlers(settings.waitQueue()));
    return new RedisLinks(vertx, redis, settings.connections());
  }

  /** One command; the answer arrives on the caller's context. */
  Future<Response> send(Request request) {
    int slot = Math.floorMod(turn.getAndIncrement(), links.length());
    Future<RedisConnection> link = link(slot);
    if (link.succeeded()) {
      return link.result().send(request).onFailure(broken -> dropIfClosed(slot, link, broken));
    }
    Context context = vertx.getOrCreateContext();
    Promise<Response> answer = Promise.promise();
    link.onComplete(
        open -> context.runOnContext(go -> open.send(request).onComplete(answer)),
        away -> context.runOnContext(go -> answer.fail(away)));
    return answer.future();
  }

  private Future<RedisConnection> link(int slot) {
    Future<RedisConnection> present = links.get(slot);
    if (present != null) {
      return present;
    }
    Promise<RedisConnection> opening = Promise.promise();
    Future<RedisConnection> link = opening.future();
    Future<RedisConnection> first = links.compareAndExchange(slot, null, link);
    if (first != null) {
      return first;
    }
    redis
        .connect()
        .onSuccess(
            connection -> {
              connection.exceptionHandler(broken -> drop(slot, link));
              connection.endHandler(closed -> drop(slot, link));
              opening.complete(connection);
            })
        .onFailure(
            away -> {
              drop(slot, link);
              opening.fail(away);
            });
    return link;
  }

  /** An answer of the server that says "error" comes over a sound connection. */
  private void dropIfClosed(int slot, Future<RedisConnection> link, Throwable failure) {
    if (!(failure instanceof io.vertx.redis.client.impl.types.ErrorType)) {
      drop(slot, link);
    }
  }

  private void drop(int slot, Future<RedisConnection> link) {
    if (links.compareAndSet(slot, link, null) && link.succeeded()) {
      link.result().close();
    }
  }

  public void close() {
    redis.close();
  }
}
