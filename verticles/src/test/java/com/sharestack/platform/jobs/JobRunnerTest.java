package com.sharestack.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestNode;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runners on virtual threads, each in a verticle of its own, as the domains have them. */
class JobRunnerTest {

  private static TestNode node;
  private static JobQueue queue;
  private static final AtomicInteger TYPES = new AtomicInteger();

  private final String type = "runner." + TYPES.incrementAndGet();

  @BeforeAll
  static void start() {
    node = TestNode.of("job_runner");
    queue = new JobQueue(node.db(), node.clock());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private void enqueue(String key, int attempts) {
    tx(tx -> queue.enqueue(tx, type, key, new JsonObject(), attempts));
  }

  private static void tx(java.util.function.Consumer<com.sharestack.platform.db.Tx> work) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      work.accept(tx);
                      return 0;
                    }));
  }

  private static void finish(Job job) {
    node.db()
        .tx(
            tx -> {
              queue.finish(tx, job);
              return 0;
            });
  }

  private String run(JobHandler handler, long beatMillis) {
    return node.vertx()
        .deployVerticle(
            new AbstractVerticle() {
              private JobRunner runner;

              @Override
              public void start() {
                runner = new JobRunner(vertx, queue, type, handler, 10, 4, beatMillis);
                runner.start();
              }

              @Override
              public void stop() {
                runner.stop();
              }
            },
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static void undeploy(String id) {
    node.vertx().undeploy(id).toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whatADeadWorkerLeftIsDoneByAnotherWhenTheLeaseIsOver() throws Exception {
    enqueue("a", 3);
    Job lost = node.await(() -> queue.claim(type, 1)).get(0);
    CompletableFuture<Job> taken = new CompletableFuture<>();
    String other =
        run(
            job -> {
              finish(job);
              taken.complete(job);
            },
            20_000);
    node.clock().advance(Duration.ofSeconds(61));

    Job second = taken.get(10, TimeUnit.SECONDS);
    assertEquals(lost.id() + " attempt 2", second.id() + " attempt " + second.attempts());
    undeploy(other);
  }

  @Test
  void twoRunnersShareTheWorkAndDoNothingTwice() throws Exception {
    int count = 40;
    for (int i = 0; i < count; i++) {
      enqueue("k" + i, 3);
    }
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(count);
    JobHandler handler =
        job -> {
          finish(job);
          done.add(job.key());
          all.countDown();
        };
    String first = run(handler, 20_000);
    String second = run(handler, 20_000);

    assertTrue(all.await(20, TimeUnit.SECONDS));
    assertEquals(count, done.size());
    assertEquals(count, done.stream().distinct().count());
    undeploy(first);
    undeploy(second);
  }

  @Test
  void heartbeatsKeepALongStepFromBeingTakenByAnotherRunner() throws Exception {
    enqueue("long", 3);
    AtomicInteger begun = new AtomicInteger();
    CompletableFuture<Void> end = new CompletableFuture<>();
    JobHandler handler =
        job -> {
          begun.incrementAndGet();
          for (int i = 0; i < 4; i++) {
            node.clock().advance(Duration.ofSeconds(25));
            awaitBeat(job, node.clock().instant().minusSeconds(1).toEpochMilli());
          }
          finish(job);
          end.complete(null);
        };
    String first = run(handler, 20);
    String second = run(handler, 20);

    end.get(20, TimeUnit.SECONDS);
    assertEquals(1, begun.get());
    undeploy(first);
    undeploy(second);
  }

  private static void awaitBeat(Job job, long sinceMillis) {
    LocalDateTime since =
        LocalDateTime.ofInstant(
            java.time.Instant.ofEpochMilli(sinceMillis), java.time.ZoneOffset.UTC);
    while (node.db()
        .rows("SELECT 1 FROM jobs WHERE job_id = ? AND heartbeat_at >= ?", job.id(), since)
        .isEmpty()) {
      node.vertx().timer(10, TimeUnit.MILLISECONDS).await();
    }
  }

  @Test
  void aHandlerLearnsThatItsJobIsDead() throws Exception {
    CompletableFuture<String> dead = new CompletableFuture<>();
    enqueue("a", 1);
    String runner =
        run(
            new JobHandler() {
              @Override
              public void step(Job job) {
                throw new IllegalStateException("cannot be done");
              }

              @Override
              public void dead(com.sharestack.platform.db.Tx tx, Job job) {
                dead.complete(job.key());
              }
            },
            20_000);
    assertEquals("a", dead.get(10, TimeUnit.SECONDS));
    undeploy(runner);
  }
}
