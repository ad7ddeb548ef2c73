package com.sharestack.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.testing.TestNode;
import io.vertx.mysqlclient.MySQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A statement of a batch fails like a statement of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DbBatchTest {

  private static final String INSERT = "INSERT INTO batch_rows (id, n) VALUES (?, ?)";
  private static final String ADD = "UPDATE batch_rows SET n = n + ? WHERE id = ?";

  private TestNode node;

  @BeforeAll
  void start() {
    node = TestNode.of("db_batch").start();
    node.await(
        () ->
            node.db()
                .update(
                    "CREATE TABLE batch_rows (id INT PRIMARY KEY, n INT NOT NULL, CHECK (n >="
                        + " 0))"));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @Test
  void aDuplicateKeyInABatchIsADuplicateKey() {
    List<Object[]> rows = List.of(row(1, 0), row(1, 0), row(2, 0));
    DuplicateKeyException refused =
        assertThrows(
            DuplicateKeyException.class,
            () -> node.await(() -> node.db().tx(tx -> tx.batch(INSERT, rows))));
    assertEquals("PRIMARY", refused.index());
  }

  @Test
  void aBrokenCheckInABatchIsTheServersAnswer() {
    node.await(() -> node.db().batch(INSERT, List.of(row(10, 5), row(11, 5))));
    assertThrows(
        MySQLException.class,
        () ->
            node.await(() -> node.db().tx(tx -> tx.batch(ADD, List.of(row(1, 10), row(-6, 11))))));
    assertEquals(
        10,
        node.await(
            () ->
                node.db()
                    .row("SELECT SUM(n) AS n FROM batch_rows WHERE id IN (10, 11)")
                    .orElseThrow()
                    .getInteger("n")));
  }

  @Test
  void aDeadlockInABatchRunsTheTransactionAgain() throws Exception {
    node.await(() -> node.db().batch(INSERT, List.of(row(20, 0), row(21, 0))));
    CyclicBarrier bothHoldTheirFirst = new CyclicBarrier(2);
    AtomicInteger attempts = new AtomicInteger();
    CompletableFuture<Void> one =
        CompletableFuture.runAsync(() -> addBoth(20, 21, bothHoldTheirFirst, attempts));
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> addBoth(21, 20, bothHoldTheirFirst, attempts));
    CompletableFuture.allOf(one, other).get();
    assertEquals(3, attempts.get());
    assertEquals(
        List.of(2, 2),
        node.await(
            () ->
                node.db().rows("SELECT n FROM batch_rows WHERE id IN (20, 21)").stream()
                    .map(row -> row.getInteger("n"))
                    .toList()));
  }

  /** Takes one row, waits until the other transaction has the other one, then wants that too. */
  private void addBoth(int first, int second, CyclicBarrier barrier, AtomicInteger attempts) {
    node.await(
        () ->
            node.db()
                .tx(
                    tx -> {
                      tx.batch(ADD, List.<Object[]>of(row(1, first)));
                      if (attempts.incrementAndGet() <= 2) {
                        meet(barrier);
                      }
                      return tx.batch(ADD, List.<Object[]>of(row(1, second)));
                    }));
  }

  private void meet(CyclicBarrier barrier) {
    CompletableFuture<Void> met =
        CompletableFuture.runAsync(
            () -> {
              try {
                barrier.await();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    io.vertx.core.Future.fromCompletionStage(met, node.vertx().getOrCreateContext()).await();
  }
}
