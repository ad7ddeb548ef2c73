package com.sharestack.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.config.Config;
import com.sharestack.testing.TestNode;
import io.vertx.core.Promise;
import io.vertx.core.net.NetServer;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CacheTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG_WAIT = Duration.ofSeconds(10);

  private static TestNode node;
  private static Cache cache;

  @BeforeAll
  static void start() {
    node = TestNode.of("cache").start();
    cache = node.platform().cache();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whatIsSetIsGotUntilItIsDeleted() {
    node.await(
        () -> {
          assertEquals(Optional.empty(), cache.get("name"));
          cache.set("name", "值", MINUTE);
          assertEquals(Optional.of("值"), cache.get("name"));
          cache.delete("name", "other");
          assertEquals(Optional.empty(), cache.get("name"));
          return null;
        });
  }

  @Test
  void everyKeyCarriesThePrefixAndALifetime() {
    node.await(
        () -> {
          cache.set("lives", "x", MINUTE);
          assertEquals(node.config().redis().prefix() + "lives", cache.key("lives"));
          long left = cache.send(Command.PTTL, cache.key("lives")).await().toLong();
          assertTrue(left > 0 && left <= MINUTE.toMillis(), "ttl " + left);
          return null;
        });
  }

  @Test
  void onlyTheFirstSetsWhatIsAbsent() {
    node.await(
        () -> {
          assertEquals(Optional.of(true), cache.setIfAbsent("claim", "a", MINUTE));
          assertEquals(Optional.of(false), cache.setIfAbsent("claim", "b", MINUTE));
          assertEquals(Optional.of("a"), cache.get("claim"));
          return null;
        });
  }

  @Test
  void aScriptTheServerForgotIsSentAgainByItsText() {
    node.await(
        () -> {
          String script = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
          List<String> keys = List.of(cache.key("count"));
          assertEquals(5, cache.run(script, keys, List.of("5")).await().toLong());
          cache.send(Command.SCRIPT, "FLUSH").await();
          assertEquals(7, cache.run(script, keys, List.of("2")).await().toLong());
          assertEquals(8, cache.run(script, keys, List.of("1")).await().toLong());
          return null;
        });
  }

  @Test
  void anErrorOfTheServerIsNoOutage() {
    node.await(
        () -> {
          cache.set("text", "x", MINUTE);
          assertThrows(Throwable.class, () -> cache.send(Command.INCR, cache.key("text")).await());
          assertEquals(Optional.of("x"), cache.get("text"), "Redis is still asked");
          return null;
        });
  }

  private static Cache cacheAt(int port) {
    RedisLinks redis =
        RedisLinks.create(
            node.vertx(), new Config.RedisLink("redis://127.0.0.1:" + port, 0, 2, 10, "x:"));
    return new Cache(redis, "x:");
  }

  @Test
  void whileRedisIsAwayEverythingIsEmptyAndNothingThrows() {
    Cache away = cacheAt(1);
    node.await(
        () -> {
          assertEquals(Optional.empty(), away.get("a"));
          away.set("a", "b", MINUTE);
          away.delete("a");
          assertEquals(Optional.empty(), away.setIfAbsent("a", "b", MINUTE));
          assertThrows(Exception.class, () -> away.send(Command.PING).await());
          assertThrows(Exception.class, () -> away.run("return 1", List.of(), List.of()).await());
          return null;
        });
  }

  @Test
  void aRedisThatSaysNothingIsAskedOnceAndThenLeftAloneForASecond() {
    AtomicInteger connections = new AtomicInteger();
    Promise<Integer> port = Promise.promise();
    NetServer silent =
        node.vertx().createNetServer().connectHandler(socket -> connections.incrementAndGet());
    silent.listen(0, "127.0.0.1").map(NetServer::actualPort).onComplete(port);
    node.await(
        () -> {
          Cache hung = cacheAt(port.future().await());
          long start = System.nanoTime();
          for (int i = 0; i < 1_000; i++) {
            assertEquals(Optional.empty(), hung.get("a"));
          }
          // each alone would wait for the time limit: 800 s
          assertFalse(Duration.ofNanos(System.nanoTime() - start).compareTo(LONG_WAIT) > 0);
          silent.close().await();
          return null;
        });
    assertTrue(connections.get() <= 4, connections + " connections");
  }
}
