package com.sharestack.billing.purchases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is asked of purchases is read by its index. */
class PurchasePlansTest {

  private static PurchaseBench bench;

  @BeforeAll
  static void fill() {
    bench = new PurchaseBench("purchase_plans");
    Instant now = bench.now();
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .tx(
                    tx -> {
                      for (int i = 0; i < 600; i++) {
                        tx.insert(
                            """
                            INSERT INTO purchases (public_id, user_id, creator_id, article_id,
                              article_title, content_type, access_days, list_fen, amount_fen,
                              status, unpaid_until, next_transition_at, created_at, updated_at)
                            VALUES (?, ?, 7, ?, 't', 'article', 0, 100, 100, 'pending_payment',
                              ?, ?, ?, ?)
                            """,
                            "pur_plan" + i,
                            i % 3 + 1,
                            i,
                            now.plusSeconds(86_400 + i),
                            now.plusSeconds(86_400 + i),
                            now,
                            now);
                      }
                      return null;
                    }));
    bench.node.await(() -> bench.node.db().rows("ANALYZE TABLE purchases"));
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  private static String key(String sql, Object... args) {
    List<Row> rows =
        bench.node.await(() -> bench.node.db().rows("EXPLAIN FORMAT=TRADITIONAL " + sql, args));
    return String.join(" ", rows.stream().map(row -> row.getString("key")).toList());
  }

  @Test
  void passesOfAReaderAreFoundByReaderAndArticle() {
    List<Object> args = new ArrayList<>(List.of(3L));
    for (long article = 2; article < 22; article++) {
      args.add(article);
    }
    assertEquals(
        "uk_purchases_live",
        key(PurchaseRepository.PASSES.formatted("?,".repeat(19) + "?"), args.toArray()));
    assertEquals(
        "uk_purchases_live",
        key(
            PurchaseRepository.SELECT + "WHERE user_id = ? AND article_id = ? AND live_key = 1",
            3L,
            2L));
  }

  @Test
  void whatIsDueIsFoundByItsTimeAndOpenOrdersByTheirArticle() {
    assertEquals("ix_purchases_due", key(PurchaseRepository.DUE, bench.now(), 20));
    assertEquals(
        "ix_purchases_article", key(PurchaseRepository.WITHDRAW, bench.now(), bench.now(), 5L));
  }
}
