package com.sharestack.platform.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What delivery is done with is forgotten, and nothing else. */
class RetentionTest {

  private static TestNode node;
  private Instant now;

  @BeforeAll
  static void start() {
    node = TestNode.of("retention").start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void empty() {
    now = node.clock().instant();
    for (String table : List.of("outbox", "inbox", "jobs")) {
      node.await(() -> node.db().update("DELETE FROM " + table));
    }
  }

  private void event(Duration publishedAgo, Duration deadAgo) {
    node.await(
        () ->
            node.db()
                .insert(
                    """
                    INSERT INTO outbox (topic, payload, created_at, next_attempt_at, published_at, dead_at)
                    VALUES ('t', '{}', ?, ?, ?, ?)
                    """,
                    now.minus(Duration.ofDays(90)),
                    now,
                    publishedAgo == null ? null : now.minus(publishedAgo),
                    deadAgo == null ? null : now.minus(deadAgo)));
  }

  private void job(String key, String status, Duration finishedAgo) {
    node.await(
        () ->
            node.db()
                .insert(
                    """
                    INSERT INTO jobs (job_type, job_key, payload, status, next_run_at, created_at,
                      updated_at, finished_at)
                    VALUES ('t', ?, '{}', ?, ?, ?, ?, ?)
                    """,
                    key,
                    status,
                    now,
                    now,
                    now,
                    finishedAgo == null ? null : now.minus(finishedAgo)));
  }

  private boolean run() {
    return node.await(() -> new Retention(node.db(), node.clock()).run());
  }

  private long count(String table) {
    return node.await(
        () -> node.db().row("SELECT COUNT(*) AS n FROM " + table).orElseThrow().getLong("n"));
  }

  @Test
  void onlyEventsPublishedLongAgoAreForgotten() {
    event(Duration.ofDays(8), null);
    event(Duration.ofDays(6), null);
    event(null, null);
    event(null, Duration.ofDays(80));
    assertFalse(run());
    assertEquals(3, count("outbox"));
  }

  @Test
  void onlyJobsDoneLongAgoAreForgotten() {
    job("old", "done", Duration.ofDays(31));
    job("young", "done", Duration.ofDays(29));
    job("dead", "dead", Duration.ofDays(80));
    job("waiting", "queued", null);
    assertFalse(run());
    assertEquals(3, count("jobs"));
  }

  @Test
  void aFullBatchSaysThatThereIsMore() {
    List<Object[]> rows = new ArrayList<>();
    for (int id = 1; id <= 1_001; id++) {
      rows.add(new Object[] {id, now.minus(Duration.ofDays(31))});
    }
    node.await(
        () ->
            node.db()
                .tx(
                    tx ->
                        tx.batch(
                            "INSERT INTO inbox (consumer, event_id, processed_at) VALUES ('c', ?,"
                                + " ?)",
                            rows)));
    assertTrue(run());
    assertFalse(run());
    assertEquals(0, count("inbox"));
  }
}
