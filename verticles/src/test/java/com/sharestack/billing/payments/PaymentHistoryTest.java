package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.contract.PaymentStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random histories of orders, payments, notifications (late, repeated, at once, lost, forged, of
 * other amounts), closes, checks, refunds, faults of the rails and of the database. After the rails
 * are well again and everything has run out: no fen made or lost, none paid twice, no grant without
 * payment, no payment without grant or refund. To replay one: -Dpayments.seed=… -Dpayments.steps=…
 */
class PaymentHistoryTest {

  private static final long PRICE = 2_990;
  private final long seed = Long.getLong("payments.seed", new Random().nextInt(1_000_000));
  private final int steps = Integer.getInteger("payments.steps", 250);
  private final Random random = new Random(seed);
  private final List<PaymentRow> rows = new ArrayList<>();
  private final List<Inbound> letters = new ArrayList<>();
  private final List<PaymentRow> letterOf = new ArrayList<>();
  private PaymentBench bench;

  @BeforeEach
  void start() {
    System.out.println("payments.seed=" + seed);
    bench = new PaymentBench("payment_history");
    // the risk rules would stop one payer's thousand payments, rightly
    bench.rails.control("/reset", new JsonObject().put("seed", seed));
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private PaymentRow any() {
    return rows.get(random.nextInt(rows.size()));
  }

  private String rail() {
    return random.nextBoolean() ? "wechat" : "alipay";
  }

  /** What the caller of a failed call would see is fine; anything unexpected is not. */
  private void mayBeRefused(Runnable step) {
    try {
      step.run();
    } catch (ServiceException refused) {
      assertTrue(refused.failureCode() != 500, () -> "seed " + seed + ": " + refused.getMessage());
    }
  }

  private void step() {
    int kind = random.nextInt(100);
    if (rows.isEmpty() || kind < 18) {
      mayBeRefused(() -> rows.add(bench.pending(bench.order(PRICE), rail())));
    } else if (kind < 26) {
      String order = any().order().id();
      mayBeRefused(() -> rows.add(bench.pending(order, rail())));
    } else if (kind < 50) {
      pay(any());
    } else if (kind < 66) {
      deliverAgain();
    } else if (kind < 72) {
      PaymentRow row = any();
      mayBeRefused(
          () ->
              bench.node.await(
                  () -> bench.core.calls().close(row, PaymentEvent.CLOSED, Action.UPDATE)));
    } else if (kind < 80) {
      PaymentRow row = any();
      mayBeRefused(() -> bench.refund(row, random.nextInt(3) == 0 ? "10.00" : null));
    } else if (kind < 86) {
      bench.runRefunds();
    } else if (kind < 92) {
      bench.advance(Duration.ofSeconds(random.nextInt(400)));
      bench.runChecks();
    } else if (kind < 96) {
      fault();
    } else {
      bench.node.await(() -> bench.core.notices().run());
    }
  }

  /**
   * A rail repeats its news for a day: silence for ever is for payments we would ask about anyway.
   */
  private void pay(PaymentRow row) {
    PaymentStatus status = bench.again(row).status();
    JsonObject how = new JsonObject().put("force", true);
    if (random.nextInt(12) == 0) {
      how.put("amount_fen", 1 + random.nextInt(5_000));
    }
    if (status == PaymentStatus.COMPLETED) {
      // the twin repeats its last news only: what is paid again must be heard of at once
      bench.clearFaults();
      how.put("again", true);
      // of two sums of one order the twin remembers the last, against which it checks refunds
      how.remove("amount_fen");
    } else if (PaymentMachine.isOpen(status) && random.nextInt(4) == 0) {
      how.put("notify", new JsonObject().put("times", 0));
    }
    try {
      for (Inbound letter : bench.pay(row, how)) {
        letters.add(letter);
        letterOf.add(row);
        if (how.containsKey("again")) {
          bench.deliver(row, letter);
        }
      }
    } catch (AssertionError refused) {
      // the rail has no such order, or it is paid: a payer cannot do that
    }
    if (!letters.isEmpty() && random.nextInt(3) > 0) {
      deliver(letters.size() - 1);
    }
  }

  private void deliverAgain() {
    if (!letters.isEmpty()) {
      deliver(random.nextInt(letters.size()));
    }
  }

  private void deliver(int index) {
    PaymentRow row = letterOf.get(index);
    Inbound letter = letters.get(index);
    if (random.nextInt(12) == 0) {
      bench.deliver(row, forged(letter));
      return;
    }
    if (random.nextInt(4) == 0) {
      bench.inParallel(4, () -> bench.deliver(row, letter));
    } else {
      bench.deliver(row, letter);
    }
  }

  private Inbound forged(Inbound letter) {
    byte[] bytes = letter.body().getBytes();
    bytes[random.nextInt(bytes.length)] ^= 1;
    return new Inbound(letter.headers(), io.vertx.core.buffer.Buffer.buffer(bytes));
  }

  private void fault() {
    String[] kinds = {"lost_answer", "down", "garbage", "system_error", "bad_signature"};
    bench.rails.control(
        "/faults",
        new JsonObject()
            .put("kind", kinds[random.nextInt(kinds.length)])
            .put("times", 1 + random.nextInt(3)));
  }

  /** The rails are well, all time-outs pass, everything is asked and told. */
  private void runOut() {
    bench.clearFaults();
    for (int i = 0; i < letters.size(); i++) {
      bench.deliver(letterOf.get(i), letters.get(i));
    }
    for (PaymentRow row : rows) { // as the rails do until they hear success
      bench.newsAgain(row).forEach(letter -> bench.deliver(row, letter));
    }
    for (int round = 0; round < 12; round++) {
      bench.advance(Duration.ofHours(1));
      bench.node.await(() -> bench.core.notices().run());
      while (bench.node.await(
          () ->
              bench
                  .core
                  .checks()
                  .run(
                      work -> {
                        work.run();
                        return io.vertx.core.Future.succeededFuture();
                      }))) {
        // until nothing is due
      }
      bench.rails.control("/clock", new JsonObject().put("advance_seconds", 60));
      bench.runRefunds();
    }
  }

  @Test
  void noFenIsMadeLostOrPaidTwice() {
    for (int step = 0; step < steps; step++) {
      step();
      if (step % 50 == 0) {
        bench.requireBooks();
      }
    }
    runOut();
    bench.requireBooks();
    requireOrders();
    requirePayments();
    requireRails();
    System.out.printf(
        "history %d: %d payments, %d notices, %d refunds, %d refusals, %d tickets%n",
        seed,
        bench.number("SELECT COUNT(*) FROM payments"),
        bench.number("SELECT COUNT(*) FROM channel_notices"),
        bench.number("SELECT COUNT(*) FROM refunds"),
        bench.number("SELECT COUNT(*) FROM channel_refusals"),
        bench.number("SELECT COUNT(*) FROM payment_tickets"));
  }

  /** A grant has exactly one payment behind it, and nothing is granted twice. */
  private void requireOrders() {
    for (Row order :
        bench.node.await(
            () ->
                bench
                    .node
                    .db()
                    .rows(
                        """
                        SELECT o.order_id, o.state, o.grants, o.revokes,
                          (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.order_id AND p.late = 0
                             AND p.status IN ('completed', 'partial_refunded', 'refunded')) AS paid
                        FROM test_orders o
                        """))) {
      String what = "seed " + seed + " order " + order.getString("order_id");
      assertTrue(order.getInteger("grants") <= 1, what);
      assertEquals(order.getLong("paid"), order.getInteger("grants").longValue(), what);
    }
  }

  /** Nothing waits for ever, and money that granted nothing has gone back whole. */
  private void requirePayments() {
    assertEquals(
        0,
        bench.number("SELECT COUNT(*) FROM payments WHERE live_key = 1"),
        () -> "seed " + seed + ": open payments");
    assertEquals(
        0,
        bench.number(
            """
            SELECT COUNT(*) FROM payments WHERE late = 1 AND status <> 'refunded'
            """),
        () ->
            "seed %d: late money that stayed: %s"
                .formatted(
                    seed,
                    bench.texts(
                        """
                        SELECT CONCAT_WS(' ', p.public_id, p.payment_method, p.status, p.amount_fen,
                          COALESCE(p.duplicate_of, ''), p.reserved_fen, p.refunded_fen, r.public_id,
                          r.status, r.attempts, COALESCE(r.accepted_at, '-'), r.last_error)
                        FROM payments p LEFT JOIN refunds r ON r.payment_id = p.payment_id
                        WHERE p.late = 1 AND p.status <> 'refunded'
                        """)));
    assertEquals(
        0,
        bench.number(
            """
            SELECT COUNT(*) FROM payments
            WHERE failure_code = 'amount_mismatch' AND refunded_fen <> received_fen
            """),
        () -> "seed " + seed + ": mismatched money that stayed");
    assertEquals(
        0,
        bench.number("SELECT COUNT(*) FROM refunds WHERE status IN ('processing', 'failed')"),
        () ->
            "seed %d: refunds under way: %s"
                .formatted(
                    seed,
                    bench.texts(
                        """
                        SELECT CONCAT_WS(' ', public_id, payment_method, status, attempts, last_error)
                        FROM refunds WHERE status IN ('processing', 'failed')
                        """)));
    assertEquals(0, bench.balance("refund_payable"), () -> "seed " + seed);
    assertEquals(0, bench.balance("suspense"), () -> "seed " + seed);
  }

  /** The rails hold for us exactly what our books say: collected less refunded. */
  private void requireRails() {
    long here =
        bench.number(
            """
            SELECT CAST(COALESCE(SUM(COALESCE(received_fen, amount_fen) - refunded_fen), 0) AS SIGNED)
            FROM payments WHERE transaction_id IS NOT NULL
            """);
    long fees = bench.balance("channel_fee_expense");
    assertEquals(bench.balance("channel_receivable") + fees, here, () -> "seed " + seed);
    for (Row order :
        bench.node.await(
            () ->
                bench
                    .node
                    .db()
                    .rows(
                        """
                        SELECT p.payment_method, p.out_trade_no, p.public_id, p.status,
                          CAST((SELECT COALESCE(SUM(COALESCE(d.received_fen, d.amount_fen) - d.refunded_fen), 0)
                             FROM payments d WHERE d.transaction_id IS NOT NULL
                               AND (d.payment_id = p.payment_id OR d.duplicate_of = p.payment_id)) AS SIGNED) AS here
                        FROM payments p WHERE p.duplicate_of IS NULL
                        """))) {
      String method = order.getString("payment_method");
      assertEquals(
          bench.collectedAtRail(method, order.getString("out_trade_no")),
          order.getLong("here"),
          () -> "seed " + seed + ": rail against rows of " + bench.story(order));
    }
    for (PaymentRow row : rows) {
      PaymentRow now = bench.again(row);
      if (now.status() == PaymentStatus.REFUNDED) {
        assertEquals(now.heldFen(), now.refundedFen(), () -> "seed " + seed);
      }
    }
  }
}
