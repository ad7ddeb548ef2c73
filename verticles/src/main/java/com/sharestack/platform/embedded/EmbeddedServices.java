package com.sharestack.platform.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The data services of this node: external ones where a URL says so, embedded ones otherwise.
 *
 * <p>{@link #close} may be called at any time from another thread, also while {@link #start} still
 * runs: no server outlives it. After a JVM that was killed, the next start takes over its servers
 * or stops them.
 */
public final class EmbeddedServices implements AutoCloseable {
  /** How many stages a start prints at most. */
  public static final int STAGES = 4;

  private static final Executor THREADS =
      work -> Thread.ofPlatform().name("embedded-start").daemon().start(work);

  private final EmbeddedSettings settings;
  private final EmbeddedMariaDb mariaDb;
  private final EmbeddedRedis redis;
  private DataLock lock;
  private boolean closed;

  public EmbeddedServices(EmbeddedSettings settings) {
    this.settings = settings;
    this.mariaDb = new EmbeddedMariaDb(settings);
    this.redis = new EmbeddedRedis(settings);
  }

  /**
   * Starts what no URL names, in parallel, and returns when all answer.
   *
   * @throws StartupFailure if that is impossible; nothing is left running then
   */
  public Endpoints start(Stages stages) {
    Optional<String> mysqlUrl = settings.mysqlUrl();
    Optional<String> redisUrl = settings.redisUrl().map(Endpoints::checkedRedisUrl);
    Optional<Endpoints> external = mysqlUrl.map(url -> Endpoints.ofMysqlUrl(url, null));
    try {
      if (external.isEmpty() || redisUrl.isEmpty()) {
        lock();
      }
      CompletableFuture<String> redisStart =
          redisUrl
              .map(CompletableFuture::completedFuture)
              .orElseGet(() -> CompletableFuture.supplyAsync(() -> redis.start(stages), THREADS));
      CompletableFuture<Endpoints> mysqlStart =
          external
              .map(CompletableFuture::completedFuture)
              .orElseGet(() -> CompletableFuture.supplyAsync(() -> startMariaDb(stages), THREADS));
      CompletableFuture.allOf(mysqlStart, redisStart).join();
      return mysqlStart.join().withRedisUrl(redisStart.join());
    } catch (CompletionException e) {
      close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Stops Redis, then the database, then releases the data folder. Does nothing the second time.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      redis.stop();
      mariaDb.stop();
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not stop the embedded servers", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  EmbeddedMariaDb mariaDb() {
    return mariaDb;
  }

  EmbeddedRedis redis() {
    return redis;
  }

  private synchronized void lock() {
    if (closed) {
      throw new StartupFailure("The start was interrupted: start again.");
    }
    lock = DataLock.acquire(settings.dataFolder());
  }

  private Endpoints startMariaDb(Stages stages) {
    try {
      return mariaDb.start(stages);
    } catch (IOException e) {
      throw StartupFailure.ofFile(
          "start the database", settings.dataFolder(), "SHARESTACK_DATA", e);
    }
  }
}
