package com.sharestack.users;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.crypto.SecretToken;
import com.sharestack.platform.errors.Errors;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * bcrypt over base64(SHA-384(password)): bcrypt reads 72 bytes, the digest text has 64, so nothing
 * of a long password is lost. Hashing takes a core for a quarter of a second; it runs on a small
 * pool, and who would wait too long for it hears SERVICE_UNAVAILABLE.
 */
final class PasswordHasher {

  /** Jobs per thread that may wait or run; at cost 12 the last of them waits about 2 s. */
  private static final int JOBS_PER_THREAD = 8;

  private static final long LONGEST_WAIT_MILLIS = 2_500;
  private static final String RETRY_AFTER_SECONDS = "retry_after";

  private final WorkerExecutor pool;
  private final int cost;
  private final int mostJobs;
  private final MeterRegistry meters;
  private final AtomicInteger jobs = new AtomicInteger();
  private final Future<String> dummy;

  PasswordHasher(Vertx vertx, Config.Auth auth, MeterRegistry meters) {
    this.pool = vertx.createSharedWorkerExecutor("sharestack-passwords", auth.hashThreads());
    this.cost = auth.passwordCost();
    this.mostJobs = auth.hashThreads() * JOBS_PER_THREAD;
    this.meters = meters;
    this.dummy = pool.executeBlocking(() -> bcrypt(SecretToken.make().text()), false);
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException SERVICE_UNAVAILABLE when the pool is busy
   */
  String hash(String password) {
    return work("hash", () -> bcrypt(password));
  }

  /** Whether {@code hash} was made of {@code password}; errors as {@link #hash}. */
  boolean matches(String password, String hash) {
    return work(
        "verify",
        () ->
            BCrypt.verifyer()
                .verify(input(password), hash.getBytes(StandardCharsets.US_ASCII))
                .verified);
  }

  /** The work of {@link #matches} for accounts that do not exist or have no password. */
  boolean matchesNothing(String password) {
    matches(password, dummy.await());
    return false;
  }

  /** Whether the hash was made with a lower cost than today's. */
  boolean outdated(String hash) {
    return Integer.parseInt(hash.substring(4, 6)) < cost;
  }

  private String bcrypt(String password) {
    return new String(BCrypt.withDefaults().hash(cost, input(password)), StandardCharsets.US_ASCII);
  }

  /** The same text typed on another keyboard is the same password, therefore NFC. */
  private static byte[] input(String password) {
    String normal = Normalizer.normalize(password, Normalizer.Form.NFC);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-384").digest(normal.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encode(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-384", e);
    }
  }

  private <T> T work(String kind, Callable<T> job) {
    if (jobs.incrementAndGet() > mostJobs) {
      jobs.decrementAndGet();
      throw busy();
    }
    AtomicBoolean abandoned = new AtomicBoolean();
    Future<T> result =
        pool.executeBlocking(
            () ->
                abandoned.get()
                    ? null
                    : meters.timer("sharestack.passwords", "work", kind).recordCallable(job),
            false);
    result.onComplete(done -> jobs.decrementAndGet());
    Future<T> inTime = result.timeout(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    return inTime
        .recover(
            failure -> {
              abandoned.set(true);
              return Future.failedFuture(failure instanceof TimeoutException ? busy() : failure);
            })
        .await();
  }

  private static RuntimeException busy() {
    return Errors.of(
        ErrorCode.SERVICE_UNAVAILABLE, "reason", "PASSWORD_HASHING_BUSY", RETRY_AFTER_SECONDS, 2);
  }
}
