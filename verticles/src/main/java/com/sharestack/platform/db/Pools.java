package com.sharestack.platform.db;

import com.sharestack.platform.config.Config;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/** The process's one connection pool, every limit of it explicit. */
public final class Pools {

  private static final int STATEMENTS_PER_CONNECTION = 256;

  private Pools() {}

  public static Pool create(Vertx vertx, Config.Database settings) {
    MySQLConnectOptions connect =
        MySQLConnectOptions.fromUri(settings.url())
            .setCharset("utf8mb4")
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(STATEMENTS_PER_CONNECTION);
    PoolOptions pool =
        new PoolOptions()
            .setMaxSize(settings.poolSize())
            .setMaxWaitQueueSize(settings.waitQueue())
            .setConnectionTimeout(settings.connectTimeoutMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    return MySQLBuilder.pool()
        .with(pool)
        .with(new NetClientOptions().setConnectTimeout(settings.connectTimeoutMillis()))
        .connectingTo(connect)
        // Gap locks of REPEATABLE READ would stop inserts next to claimed queue rows.
        .withConnectHandler(
            connection ->
                connection
                    .query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    .execute()
                    .onComplete(done -> connection.close()))
        .using(vertx)
        .build();
  }
}
