package com.sharestack.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.PlanStatus;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import com.sharestack.testing.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DbTest {

  private static TestNode node;
  private static Db db;
  private final AtomicInteger commits = new AtomicInteger();

  @BeforeAll
  static void start() {
    node = TestNode.of("db").start();
    db = node.db();
    node.await(
        () ->
            db.update(
                """
                CREATE TABLE notes (
                  note_id BIGINT NOT NULL AUTO_INCREMENT,
                  title VARCHAR(50) NULL,
                  price DECIMAL(12, 2) NULL,
                  at DATETIME(3) NULL,
                  flag BOOLEAN NULL,
                  extra TEXT NULL,
                  PRIMARY KEY (note_id),
                  UNIQUE KEY uk_notes_title (title)
                ) ENGINE = InnoDB
                """));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void empty() {
    node.await(() -> db.update("DELETE FROM notes"));
  }

  private static long insert(Sql sql, String title) {
    return sql.insert("INSERT INTO notes (title) VALUES (?)", title);
  }

  private static List<String> titles() {
    return node.await(() -> db.rows("SELECT title FROM notes ORDER BY note_id")).stream()
        .map(row -> row.getString("title"))
        .toList();
  }

  private static <T> CompletableFuture<T> async(Callable<T> block) {
    return CompletableFuture.supplyAsync(() -> node.await(block), Thread::startVirtualThread);
  }

  /** A pool of its own with the node's address and these limits. */
  private static Pool pool(int size, int queue, int connectMillis) {
    Config.Database at = node.config().mysql();
    return Pools.create(
        node.vertx(), new Config.Database(at.url(), at.port(), size, queue, connectMillis, 4_000));
  }

  private static Db db(Pool pool, long timeoutMillis) {
    return new Db(pool, timeoutMillis, new SimpleMeterRegistry());
  }

  private static void assertCode(ErrorCode code, String reason, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    assertTrue(Errors.is(cause, code), String.valueOf(cause));
    assertEquals(reason, ((ServiceException) cause).getDebugInfo().getString("reason"));
  }

  @Test
  void aTransactionIsCommittedWhenItsBlockReturns() {
    long id = node.await(() -> db.tx(tx -> insert(tx, "a")));
    assertTrue(id > 0);
    assertEquals(List.of("a"), titles());
  }

  @Test
  void aTransactionIsRolledBackAndItsExceptionIsKeptWhenTheBlockThrows() {
    IllegalStateException thrown = new IllegalStateException("no");
    Throwable seen =
        assertThrows(
            IllegalStateException.class,
            () ->
                node.await(
                    () ->
                        db.tx(
                            tx -> {
                              insert(tx, "a");
                              throw thrown;
                            })));
    assertSame(thrown, seen);
    assertEquals(List.of(), titles());
  }

  @Test
  void whatFollowsACommitSeesItAndItsFailureChangesNothing() {
    List<String> seen = new ArrayList<>();
    String result =
        node.await(
            () ->
                db.tx(
                    tx -> {
                      insert(tx, "a");
                      tx.afterCommit(
                          () -> {
                            throw new IllegalStateException("a hint that failed");
                          });
                      tx.afterCommit(
                          () ->
                              db.rows("SELECT title FROM notes")
                                  .forEach(row -> seen.add(row.getString("title"))));
                      assertEquals(List.of(), seen);
                      return "done";
                    }));
    assertEquals("done", result);
    assertEquals(List.of("a"), seen);
  }

  @Test
  void nothingFollowsARollback() {
    AtomicInteger effects = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            node.await(
                () ->
                    db.tx(
                        tx -> {
                          tx.afterCommit(effects::incrementAndGet);
                          throw new IllegalStateException("no");
                        })));
    assertEquals(0, effects.get());
  }

  @Test
  void otherConnectionsSeeNothingBeforeTheCommit() {
    node.await(
        () ->
            db.tx(
                tx -> {
                  insert(tx, "a");
                  assertEquals(List.of(), db.rows("SELECT title FROM notes"));
                  return null;
                }));
    assertEquals(List.of("a"), titles());
  }

  @Test
  void aDuplicateKeyNamesItsIndexAndLeavesTheTransactionUsable() {
    node.await(
        () ->
            db.tx(
                tx -> {
                  long id = insert(tx, "a");
                  DuplicateKeyException title =
                      assertThrows(DuplicateKeyException.class, () -> insert(tx, "a"));
                  assertEquals("uk_notes_title", title.index());
                  DuplicateKeyException primary =
                      assertThrows(
                          DuplicateKeyException.class,
                          () -> tx.insert("INSERT INTO notes (note_id) VALUES (?)", id));
                  assertEquals("PRIMARY", primary.index());
                  insert(tx, "b");
                  return null;
                }));
    assertEquals(List.of("a", "b"), titles());
  }

  @Test
  void aValueWithDotsAndQuotesDoesNotConfuseTheNameOfTheIndex() {
    node.await(() -> insert(db, "it's for key 'x.y'"));
    DuplicateKeyException refused =
        assertThrows(
            DuplicateKeyException.class, () -> node.await(() -> insert(db, "it's for key 'x.y'")));
    assertEquals("uk_notes_title", refused.index());
  }

  @Test
  void aDeadlockIsRolledBackAndRunAgainUntilBothAreDone() {
    long a = node.await(() -> insert(db, "a"));
    long b = node.await(() -> insert(db, "b"));
    AtomicInteger attempts = new AtomicInteger();
    Promise<Void> firstHolds = Promise.promise();
    Promise<Void> secondHolds = Promise.promise();
    CompletableFuture<Object> first =
        async(() -> crossing(a, b, firstHolds, secondHolds, attempts));
    CompletableFuture<Object> second =
        async(() -> crossing(b, a, secondHolds, firstHolds, attempts));
    CompletableFuture.allOf(first, second).join();
    assertEquals(3, attempts.get(), "one of the two lost once");
    assertEquals(2, commits.get(), "what follows a commit follows it once");
    Row row = node.await(() -> db.row("SELECT SUM(price) AS total FROM notes").orElseThrow());
    assertEquals(0, row.getBigDecimal("total").compareTo(new BigDecimal("4")), "nothing twice");
  }

  /** Takes one row, waits until the other transaction holds the other, then wants that too. */
  private Object crossing(
      long mine, long theirs, Promise<Void> held, Promise<Void> other, AtomicInteger attempts) {
    String add = "UPDATE notes SET price = COALESCE(price, 0) + 1 WHERE note_id = ?";
    return db.tx(
        tx -> {
          attempts.incrementAndGet();
          tx.afterCommit(commits::incrementAndGet);
          tx.update(add, mine);
          held.tryComplete();
          other.future().await();
          tx.update(add, theirs);
          return null;
        });
  }

  @Test
  void aTransactionThatAlwaysLosesIsGivenUpAfterFourTimes() {
    long id = node.await(() -> insert(db, "a"));
    AtomicInteger attempts = new AtomicInteger();
    Promise<Void> locked = Promise.promise();
    Promise<Void> release = Promise.promise();
    CompletableFuture<Object> holder = async(() -> hold(id, locked, release));
    Throwable refused =
        assertThrows(
            CompletionException.class,
            () ->
                async(
                        () -> {
                          locked.future().await();
                          return db.tx(
                              tx -> {
                                attempts.incrementAndGet();
                                return tx.rows(NOWAIT, id);
                              });
                        })
                    .join());
    assertCode(ErrorCode.SERVICE_UNAVAILABLE, "DATABASE_BUSY", refused);
    assertEquals(4, attempts.get());
    release.complete();
    holder.join();
  }

  private static final String NOWAIT =
      "SELECT note_id FROM notes WHERE note_id = ? FOR UPDATE NOWAIT";

  private Object hold(long id, Promise<Void> locked, Promise<Void> release) {
    return db.tx(
        tx -> {
          tx.update("UPDATE notes SET title = 'held' WHERE note_id = ?", id);
          locked.complete();
          release.future().await();
          return null;
        });
  }

  @Test
  void aSingleStatementThatLosesALockIsBusyAndNoInternalError() {
    long id = node.await(() -> insert(db, "a"));
    Promise<Void> locked = Promise.promise();
    Promise<Void> release = Promise.promise();
    CompletableFuture<Object> holder = async(() -> hold(id, locked, release));
    Throwable refused =
        assertThrows(
            CompletionException.class,
            () ->
                async(
                        () -> {
                          locked.future().await();
                          return db.rows(NOWAIT, id);
                        })
                    .join());
    assertCode(ErrorCode.SERVICE_UNAVAILABLE, "DATABASE_BUSY", refused);
    release.complete();
    holder.join();
  }

  @Test
  void aStatementThatTakesTooLongIsATimeoutForItsCaller() {
    Pool pool = pool(1, 10, 3_000);
    try {
      ServiceException slow =
          assertThrows(
              ServiceException.class,
              () -> node.await(() -> db(pool, 200).rows("SELECT SLEEP(1) AS s")));
      assertCode(ErrorCode.GATEWAY_TIMEOUT, "DATABASE_SLOW", slow);
      assertEquals(
          1,
          node.await(() -> db(pool, 5_000).rows("SELECT 1 AS one")).size(),
          "the connection serves again");
    } finally {
      node.await(() -> pool.close().await());
    }
  }

  @Test
  void aFullPoolRefusesAtOnceBeyondItsQueue() {
    Pool pool = pool(1, 1, 20_000);
    Db small = db(pool, 20_000);
    Promise<Void> holds = Promise.promise();
    Promise<Void> release = Promise.promise();
    try {
      CompletableFuture<Object> holder =
          async(
              () ->
                  small.tx(
                      tx -> {
                        tx.rows("SELECT 1 AS one");
                        holds.complete();
                        release.future().await();
                        return null;
                      }));
      node.await(() -> holds.future().await());
      // one of the two waits, the other finds the queue full: nobody waits for 20 s
      CompletableFuture<List<Row>> one = async(() -> small.rows("SELECT 1 AS one"));
      CompletableFuture<List<Row>> two = async(() -> small.rows("SELECT 1 AS one"));
      Throwable refused =
          assertThrows(CompletionException.class, () -> CompletableFuture.anyOf(one, two).join());
      assertCode(ErrorCode.SERVICE_UNAVAILABLE, "DATABASE_AWAY", refused);
      assertFalse(holder.isDone(), "it was refused while the connection was held");
      release.complete();
      holder.join();
      CompletableFuture<List<Row>> waited = one.isCompletedExceptionally() ? two : one;
      assertEquals(1, waited.join().size());
    } finally {
      node.await(() -> pool.close().await());
    }
  }

  @Test
  void aConnectionThatComesAfterItsCallerGaveUpGoesBackToThePool() {
    Pool pool = pool(1, 10, 20_000);
    Db patient = db(pool, 20_000);
    Db hasty = db(pool, 200);
    Promise<Void> holds = Promise.promise();
    Promise<Void> release = Promise.promise();
    try {
      CompletableFuture<Object> holder =
          async(
              () ->
                  patient.tx(
                      tx -> {
                        tx.rows("SELECT 1 AS one");
                        holds.complete();
                        release.future().await();
                        return null;
                      }));
      node.await(() -> holds.future().await());
      ServiceException late =
          assertThrows(
              ServiceException.class, () -> node.await(() -> hasty.tx(tx -> insert(tx, "never"))));
      assertCode(ErrorCode.GATEWAY_TIMEOUT, "DATABASE_SLOW", late);
      release.complete();
      holder.join();
      assertEquals(1, node.await(() -> patient.tx(tx -> tx.rows("SELECT 1 AS one"))).size());
      assertEquals(List.of(), titles());
    } finally {
      node.await(() -> pool.close().await());
    }
  }

  /** As by a server that is killed while somebody connects. */
  @Test
  void aConnectionThatIsResetIsUnavailable() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> resetAll(server));
      Config.Database at = node.config().mysql();
      String url = "mysql://x:y@127.0.0.1:" + server.getLocalPort() + "/z";
      Pool pool =
          Pools.create(node.vertx(), new Config.Database(url, at.port(), 1, 1, 1_000, 2_000));
      try {
        for (int i = 0; i < 20; i++) {
          ServiceException away =
              assertThrows(
                  ServiceException.class,
                  () -> node.await(() -> db(pool, 2_000).rows("SELECT 1 AS one")));
          assertCode(ErrorCode.SERVICE_UNAVAILABLE, "DATABASE_AWAY", away);
        }
      } finally {
        node.await(() -> pool.close().await());
      }
    }
  }

  private static void resetAll(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.setSoLinger(true, 0);
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Test
  void aDatabaseThatIsAwayIsUnavailable() {
    Config.Database at = node.config().mysql();
    Pool pool =
        Pools.create(
            node.vertx(),
            new Config.Database("mysql://x:y@127.0.0.1:1/z", at.port(), 1, 1, 1_000, 2_000));
    try {
      ServiceException away =
          assertThrows(
              ServiceException.class, () -> node.await(() -> db(pool, 2_000).rows("SELECT 1")));
      assertCode(ErrorCode.SERVICE_UNAVAILABLE, "DATABASE_AWAY", away);
    } finally {
      node.await(() -> pool.close().await());
    }
  }

  @Test
  void decimalsKeepTheirTwoPlaces() {
    Row row =
        node.await(
            () -> {
              long id = db.insert("INSERT INTO notes (price) VALUES (?)", new BigDecimal("29.90"));
              return db.row("SELECT price FROM notes WHERE note_id = ?", id).orElseThrow();
            });
    assertEquals(new BigDecimal("29.90"), row.getBigDecimal("price"));
  }

  @Test
  void instantsAreUtcWithMillisecondsAndNullStaysNull() {
    Instant at = Instant.parse("2026-11-23T23:59:59.123Z");
    node.await(
        () -> {
          long id = db.insert("INSERT INTO notes (at, extra) VALUES (?, ?)", at, null);
          Row row =
              db.row("SELECT at, CAST(at AS CHAR) AS text, extra FROM notes WHERE note_id = ?", id)
                  .orElseThrow();
          assertEquals(at, Rows.instant(row, "at"));
          assertEquals("2026-11-23 23:59:59.123", row.getString("text"));
          assertNull(Rows.json(row, "extra"));
          assertNull(Rows.record(row, "extra", MessageResult.class));
          return null;
        });
  }

  @Test
  void enumsAreStoredByTheirLiteralRecordsAndJsonAsTextAndFlagsAsNumbers() {
    node.await(
        () -> {
          long id =
              db.insert(
                  "INSERT INTO notes (title, extra, flag) VALUES (?, ?, ?)",
                  PlanStatus.INACTIVE,
                  new MessageResult("好"),
                  true);
          Row row =
              db.row("SELECT title, extra, flag FROM notes WHERE note_id = ?", id).orElseThrow();
          assertEquals("inactive", row.getString("title"));
          assertEquals(new JsonObject("{\"message\":\"好\"}"), Rows.json(row, "extra"));
          assertEquals(new MessageResult("好"), Rows.record(row, "extra", MessageResult.class));
          assertTrue(Rows.flag(row, "flag"));
          return null;
        });
  }

  @Test
  void anUpdateCountsTheRowsItFoundAlsoWhenNothingChanged() {
    node.await(
        () -> {
          long id = insert(db, "a");
          String same = "UPDATE notes SET title = ? WHERE note_id = ?";
          assertEquals(1, db.update(same, "a", id));
          assertEquals(0, db.update(same, "a", id + 1));
          return null;
        });
  }

  @Test
  void aBatchAnswersPerStatementAndAnEmptyOneIsNoStatement() {
    node.await(
        () -> {
          long id = insert(db, "a");
          List<Object[]> changes = new ArrayList<>();
          changes.add(new Object[] {"b", id});
          changes.add(new Object[] {"c", id + 1});
          String rename = "UPDATE notes SET title = ? WHERE note_id = ?";
          assertEquals(List.of(1, 0), db.batch(rename, changes));
          assertEquals(List.of(), db.batch(rename, List.of()));
          assertEquals(List.of(1, 0), db.tx(tx -> tx.batch(rename, changes)));
          return null;
        });
  }

  @Test
  void marksAreAsManyAsAsked() {
    assertEquals("?", Rows.marks(1));
    assertEquals("?,?,?", Rows.marks(3));
  }
}
