package com.sharestack.platform.cache;

import com.sharestack.platform.config.Config;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;

/** The process's Redis connections, bounded. */
public final class RedisLinks {

  private RedisLinks() {}

  public static Redis create(Vertx vertx, Config.RedisLink settings) {
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setConnectionString(settings.url())
            .setMaxPoolSize(settings.connections())
            .setMaxPoolWaiting(settings.waitQueue())
            .setMaxWaitingHandlers(settings.waitQueue()));
  }
}
