package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.gateway.RateLimiter.Decision;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.ApiRedisLink;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that several nodes share through one Redis. */
class RateLimiterTest {

  private static final int WINDOW_SECONDS = 600;
  private static ApiRedisLink link;
  private static TestNode node;
  private final String key = Ids.random("key_", 12);

  @BeforeAll
  static void start() {
    link = new ApiRedisLink(TestNode.environment("gw_limiter_r").get("SHARESTACK_REDIS_URL"));
    node = TestNode.of("gw_limiter", "SHARESTACK_REDIS_URL", link.url()).start();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    link.close();
  }

  @BeforeEach
  void redisIsThere() {
    link.mend();
    Cache cache = node.platform().cache();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (node.await(() -> cache.send(Command.PING).map(true).otherwise(false).await()) != true) {
      assertTrue(System.nanoTime() < deadline, "Redis does not come back");
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static RateLimiter limiter() {
    return new RateLimiter(node.vertx(), node.platform().cache());
  }

  private Decision ask(RateLimiter limiter, int limit, boolean open) {
    return node.await(() -> limiter.acquire(key, limit, WINDOW_SECONDS, open).await());
  }

  private int admitted(RateLimiter limiter, int limit, int requests) {
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      admitted += ask(limiter, limit, true).admitted() ? 1 : 0;
    }
    return admitted;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 21, 100})
  void exactlyTheLimitIsAdmitted(int limit) {
    assertEquals(limit, admitted(limiter(), limit, limit + 10));
  }

  @Test
  void aDecisionTellsWhatIsLeft() {
    RateLimiter limiter = limiter();
    Decision first = ask(limiter, 3, true);
    assertEquals(3, first.limit());
    assertEquals(2, first.remaining());
    assertTrue(first.resetMillis() > (WINDOW_SECONDS - 5) * 1000L);
    assertTrue(first.resetMillis() <= WINDOW_SECONDS * 1000L);
    assertEquals(1, ask(limiter, 3, true).remaining());
    assertEquals(0, ask(limiter, 3, true).remaining());
    Decision refused = ask(limiter, 3, true);
    assertFalse(refused.admitted());
    assertFalse(refused.unavailable());
    assertTrue(refused.resetMillis() > (WINDOW_SECONDS - 5) * 1000L);
  }

  @Test
  void aNodeIsRefusedAtMostThePortionThatAnotherOneHolds() {
    assertEquals(1, admitted(limiter(), 100, 1));
    assertEquals(95, admitted(limiter(), 100, 120));
  }

  @Test
  void anOpenRuleIsCountedHereWhileRedisIsKnownToBeAway() {
    link.cut();
    assertFalse(
        node.await(
            () -> node.platform().cache().send(Command.PING).map(true).otherwise(false).await()));
    assertEquals(5, admitted(limiter(), 5, 12));
  }

  @Test
  void manyAtOnceOverTwoNodesNeverGetMoreThanTheLimit() throws Exception {
    RateLimiter one = limiter();
    RateLimiter two = limiter();
    List<Future<Decision>> asked = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<java.util.concurrent.Future<Future<Decision>>> started = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        RateLimiter limiter = i % 2 == 0 ? one : two;
        started.add(threads.submit(() -> limiter.acquire(key, 100, WINDOW_SECONDS, true)));
      }
      for (var future : started) {
        asked.add(future.get(10, TimeUnit.SECONDS));
      }
    }
    int admitted = 0;
    for (Future<Decision> decision : asked) {
      Decision made = decision.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      admitted += made.admitted() ? 1 : 0;
    }
    assertEquals(100, admitted);
  }

  @Test
  void aNewWindowBeginsWhenTheOldOneIsOver() {
    RateLimiter limiter = limiter();
    assertTrue(node.await(() -> limiter.acquire(key, 1, 1, true).await()).admitted());
    Decision refused = node.await(() -> limiter.acquire(key, 1, 1, true).await());
    assertFalse(refused.admitted());
    node.await(() -> node.vertx().timer(refused.resetMillis() + 20, TimeUnit.MILLISECONDS).await());
    assertTrue(node.await(() -> limiter.acquire(key, 1, 1, true).await()).admitted());
  }

  @Test
  void withoutRedisAnOpenRuleIsCountedHere() {
    link.cut();
    assertEquals(30, admitted(limiter(), 30, 40));
  }

  @Test
  void withoutRedisAnOpenRuleGoesOnFromWhatWasAdmittedHere() {
    RateLimiter limiter = limiter();
    assertEquals(7, admitted(limiter, 100, 7));
    link.cut();
    assertEquals(93, admitted(limiter, 100, 110));
  }

  @Test
  void withoutRedisAClosedRuleRefusesUntilItIsBack() {
    RateLimiter limiter = limiter();
    link.cut();
    Decision decision = ask(limiter, 30, false);
    assertFalse(decision.admitted());
    assertTrue(decision.unavailable());
    redisIsThere();
    assertTrue(ask(limiter, 30, false).admitted());
  }
}
