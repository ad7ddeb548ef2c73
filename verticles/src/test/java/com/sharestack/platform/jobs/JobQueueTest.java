package com.sharestack.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobQueueTest {

  private static TestNode node;
  private static JobQueue queue;
  private static final AtomicInteger TYPES = new AtomicInteger();

  private final String type = "test." + TYPES.incrementAndGet();

  @BeforeAll
  static void start() {
    node = TestNode.of("jobs");
    queue = new JobQueue(node.db(), node.clock());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private void enqueue(String key) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      queue.enqueue(tx, type, key, new JsonObject().put("key", key), 2);
                      return 0;
                    }));
  }

  private List<Job> claim(int limit) {
    return node.await(() -> queue.claim(type, limit));
  }

  private static void finish(Job job) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      queue.finish(tx, job);
                      return 0;
                    }));
  }

  private static void advance(Job job, JsonObject left) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      queue.advance(tx, job, left);
                      return 0;
                    }));
  }

  private List<String> statuses() {
    return node
        .await(
            () ->
                node.db().rows("SELECT status FROM jobs WHERE job_type = ? ORDER BY job_id", type))
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void theSameWorkIsQueuedOnceEvenAfterItIsDone() {
    enqueue("a");
    enqueue("a");
    finish(claim(5).get(0));
    enqueue("a");

    assertEquals(List.of(), claim(5));
    assertEquals(List.of("done"), statuses());
  }

  @Test
  void aClaimedJobBelongsToOneWorkerUntilItsLeaseEnds() {
    enqueue("a");
    Job first = claim(5).get(0);
    assertEquals(List.of(), claim(5));

    node.clock().advance(Duration.ofSeconds(61));
    Job second = claim(5).get(0);

    assertEquals(first.id(), second.id());
    assertEquals(2, second.attempts());
    assertThrows(LeaseLostException.class, () -> finish(first));
    assertThrows(LeaseLostException.class, () -> advance(first, new JsonObject()));
    assertFalse(node.await(() -> queue.failed(first, "X", "late")));
    finish(second);
    assertEquals(List.of("done"), statuses());
  }

  @Test
  void tenWorkersAtOnceShareTheJobsWithoutDoubles() {
    for (int i = 0; i < 30; i++) {
      enqueue("k" + i);
    }
    List<Job> claimed = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    node.await(
        () -> {
          List<Future<Object>> workers =
              java.util.stream.IntStream.range(0, 10)
                  .mapToObj(
                      i -> {
                        io.vertx.core.Promise<Object> done = io.vertx.core.Promise.promise();
                        node.vertx()
                            .getOrCreateContext()
                            .runOnContext(
                                go -> {
                                  claimed.addAll(queue.claim(type, 3));
                                  done.complete();
                                });
                        return done.future();
                      })
                  .toList();
          return Future.all(workers).await();
        });
    claimed.addAll(claim(30));

    assertEquals(30, claimed.size());
    assertEquals(30, claimed.stream().map(Job::id).distinct().count());
  }

  @Test
  void aStepThatAdvancedGoesBehindTheOthersAndForgetsItsFailures() {
    enqueue("long");
    node.clock().advance(Duration.ofMillis(5));
    enqueue("short");
    Job job = claim(1).get(0);
    assertEquals("long", job.key());

    node.clock().advance(Duration.ofMillis(5));
    advance(job, new JsonObject().put("cursor", 500));

    assertEquals("short", claim(1).get(0).key());
    Job next = claim(1).get(0);
    assertEquals(500, next.payload().getInteger("cursor"));
    assertEquals(1, next.attempts());
  }

  @Test
  void aJobThatKeepsFailingPausesAndThenIsDead() {
    enqueue("a");
    Job first = claim(1).get(0);
    assertFalse(node.await(() -> queue.failed(first, "Away", "users is away")));
    assertEquals(List.of(), claim(1));

    node.clock().advance(JobQueue.pause(1).plusMillis(1));
    Job second = claim(1).get(0);
    assertTrue(node.await(() -> queue.failed(second, "Away", "users is away")));

    node.clock().advance(Duration.ofHours(1));
    assertEquals(List.of(), claim(1));
    assertEquals(List.of("dead"), statuses());
  }

  @Test
  void aHeartbeatProlongsTheLease() {
    enqueue("a");
    Job job = claim(1).get(0);
    node.clock().advance(Duration.ofSeconds(50));
    assertTrue(node.await(() -> queue.heartbeat(job)));
    node.clock().advance(Duration.ofSeconds(50));
    assertEquals(List.of(), claim(1));

    node.clock().advance(Duration.ofSeconds(11));
    assertEquals(job.id(), claim(1).get(0).id());
    assertFalse(node.await(() -> queue.heartbeat(job)));
  }

  @Test
  void progressIsSeenAndRefusedToWhoLostTheJob() {
    enqueue("a");
    Job job = claim(1).get(0);
    progress(job, 40);
    assertEquals(List.of("running 40"), column("CONCAT(status, ' ', progress)"));

    node.clock().advance(Duration.ofSeconds(61));
    claim(1);
    assertThrows(LeaseLostException.class, () -> progress(job, 50));
    assertEquals(List.of("running 40"), column("CONCAT(status, ' ', progress)"));
  }

  private static void progress(Job job, int percent) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      queue.progress(tx, job, percent);
                      return 0;
                    }));
  }

  private List<String> column(String expression) {
    return node
        .await(() -> node.db().rows("SELECT " + expression + " FROM jobs WHERE job_type = ?", type))
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void aJobThatTakesItsWorkersWithItIsBuried() {
    enqueue("a");
    claim(1);
    node.clock().advance(Duration.ofSeconds(61));
    claim(1);
    node.clock().advance(Duration.ofSeconds(61));

    assertEquals(List.of(), claim(1));
    List<String> told = new java.util.ArrayList<>();
    node.await(() -> queue.buryAbandoned(type, (tx, job) -> told.add(job.key())));
    assertEquals(List.of("a"), told);
    assertEquals(List.of("dead"), statuses());
  }

  @Test
  void whoWaitsForAJobIsToldInTheTransactionThatMakesItDead() {
    enqueue("a");
    Job first = claim(1).get(0);
    assertFalse(node.await(() -> queue.failed(first, "X", "no", (tx, job) -> {})));
    node.clock().advance(JobQueue.pause(1).plusMillis(1));
    Job second = claim(1).get(0);
    assertThrows(
        IllegalStateException.class,
        () ->
            node.await(
                () ->
                    queue.failed(
                        second,
                        "X",
                        "no",
                        (tx, job) -> {
                          throw new IllegalStateException("cannot be told");
                        })));
    assertEquals(List.of("running"), statuses());
  }

  @Test
  void aRepeatingJobComesAgainAtItsTime() {
    enqueue("timer");
    Job job = claim(1).get(0);
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      queue.again(tx, job, node.clock().instant().plusSeconds(3600));
                      return 0;
                    }));
    node.clock().advance(Duration.ofMinutes(59));
    assertEquals(List.of(), claim(1));
    node.clock().advance(Duration.ofMinutes(2));
    assertEquals(1, claim(1).get(0).attempts());
  }

  @Test
  void pausesDoubleUpToTenMinutes() {
    assertEquals(Duration.ofSeconds(2), JobQueue.pause(1));
    assertEquals(Duration.ofSeconds(256), JobQueue.pause(8));
    assertEquals(Duration.ofMinutes(10), JobQueue.pause(11));
    assertEquals(Duration.ofMinutes(10), JobQueue.pause(64));
  }
}
