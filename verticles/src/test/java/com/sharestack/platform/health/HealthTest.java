package com.sharestack.platform.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HealthTest {

  private final Health health = new Health();

  private Health.Report report() {
    return health
        .report()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void aNodeWithoutChecksIsReady() {
    assertEquals(new Health.Report(true, new JsonObject()), report());
  }

  @Test
  void everyCheckIsNamedAndOneThatFailsIsEnough() {
    health.check("database", Future::succeededFuture);
    assertEquals(new Health.Report(true, new JsonObject().put("database", "up")), report());
    health.check("cluster", () -> Future.failedFuture("one member left"));
    assertEquals(
        new Health.Report(
            false, new JsonObject().put("cluster", "one member left").put("database", "up")),
        report());
  }

  @Test
  void aCheckThatThrowsOrSaysNothingIsDown() {
    health.check(
        "thrown",
        () -> {
          throw new IllegalStateException("broken");
        });
    health.check("nameless", () -> Future.failedFuture(new RuntimeException()));
    Health.Report report = report();
    assertFalse(report.ready());
    assertEquals("broken", report.checks().getString("thrown"));
    assertEquals("RuntimeException", report.checks().getString("nameless"));
  }

  @Test
  void aCheckThatHangsIsDownAfterItsTimeLimit() {
    health.check("hangs", () -> Promise.<Void>promise().future());
    Health.Report report = report();
    assertFalse(report.ready());
    assertTrue(report.checks().getString("hangs").contains("2"), report.toString());
  }

  @Test
  void manyChecksThatEndOnManyThreadsAreAllReported() {
    for (int i = 0; i < 200; i++) {
      health.check(
          "check" + i,
          () -> {
            Promise<Void> done = Promise.promise();
            Thread.startVirtualThread(done::complete);
            return done.future();
          });
    }
    for (int round = 0; round < 50; round++) {
      assertEquals(200, report().checks().size());
    }
  }

  @Test
  void aDrainingNodeIsNotReadyAlthoughEverythingIsUp() {
    health.check("database", Future::succeededFuture);
    health.drain();
    assertEquals(
        new Health.Report(false, new JsonObject().put("database", "up").put("node", "draining")),
        report());
  }
}
