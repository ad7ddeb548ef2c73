package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.SaleTruth.Line;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must hold at any time, and what must hold once everything has run out. */
final class SaleChecks {

  private final SaleWorld world;
  private final SalePeriods periods;
  private final SaleBooks books;

  SaleChecks(SaleWorld world) {
    this.world = world;
    this.periods = new SalePeriods(world);
    this.books = new SaleBooks(world);
  }

  void always() {
    world.node().lifeline.spare();
    world.surely(SaleNode::tick);
    coupons();
    orders();
    periods.always();
    books.always();
  }

  void afterwards() {
    SaleProration.requireExample();
    nothingIsLeft();
    payments();
    purchases();
    periods.afterwards();
    books.afterwards();
  }

  /** No such row. */
  static void none(SaleWorld world, String what, String sql, Object... args) {
    List<Line> found = world.truth.lines(sql, args);
    assertEquals(List.of(), found, () -> world.name + ": " + what);
  }

  private void none(String what, String sql, Object... args) {
    none(world, what, sql, args);
  }

  /** Places are counted right, and nobody has more than there are. */
  private void coupons() {
    none(
        "places of coupons",
        """
        SELECT c.*, u.used, u.reserved FROM coupons c JOIN (
          SELECT k.coupon_id, COALESCE(SUM(u.status = 'used'), 0) AS used,
            COALESCE(SUM(u.status = 'reserved'), 0) AS reserved
          FROM coupons k LEFT JOIN coupon_uses u ON u.coupon_id = k.coupon_id GROUP BY k.coupon_id) u
          ON u.coupon_id = c.coupon_id
        WHERE c.used_count <> u.used OR c.reserved_count <> u.reserved
          OR c.used_count + c.reserved_count > c.total_quantity
        """);
    none(
        "places of users",
        """
        SELECT t.*, c.per_user_limit, COALESCE(u.live, 0) AS live
        FROM coupon_users t JOIN coupons c ON c.coupon_id = t.coupon_id
        LEFT JOIN (SELECT coupon_id, user_id, COUNT(*) AS live FROM coupon_uses
          WHERE status IN ('used', 'reserved') GROUP BY coupon_id, user_id) u
          ON u.coupon_id = t.coupon_id AND u.user_id = t.user_id
        WHERE t.taken <> COALESCE(u.live, 0) OR t.taken > c.per_user_limit
        """);
    none(
        "used places without a paid order",
        """
        SELECT u.* FROM coupon_uses u WHERE u.status = 'used' AND u.discount_fen < u.list_price_fen
          AND NOT EXISTS (SELECT 1 FROM payments p
            WHERE p.late = 0 AND p.status IN ('completed', 'partial_refunded', 'refunded')
              AND p.order_id = SUBSTRING_INDEX(u.order_id, '@', 1)
              AND p.list_fen = u.list_price_fen AND p.coupon_fen = u.discount_fen)
        """);
    none(
        "paid with a discount that no place stands for",
        """
        SELECT p.public_id, p.order_id, p.purpose, p.coupon_fen FROM payments p
        WHERE p.late = 0 AND p.status IN ('completed', 'partial_refunded', 'refunded')
          AND p.coupon_fen > 0 AND p.purpose IN ('initial', 'purchase')
          AND NOT EXISTS (SELECT 1 FROM coupon_uses u
            WHERE u.order_id = p.order_id AND u.status IN ('used', 'returned')
              AND u.discount_fen = p.coupon_fen)
        """);
  }

  /** A paid order is paid once, and what runs was paid or cost nothing. */
  private void orders() {
    none(
        "orders paid twice",
        """
        SELECT order_id, purpose, period_start, COUNT(*) AS n FROM payments
        WHERE late = 0 AND status IN ('completed', 'partial_refunded', 'refunded')
          AND purpose IN ('initial', 'renewal', 'purchase')
        GROUP BY order_id, purpose, period_start, CASE WHEN purpose = 'renewal' AND returned_fen = amount_fen
          THEN payment_id ELSE 0 END
        HAVING COUNT(*) > 1
        """);
    none(
        "payments with more or less than one effect",
        """
        SELECT * FROM (
          SELECT p.public_id, p.order_id, p.purpose, p.status, p.late, p.returned_fen, p.amount_fen,
            p.late = 0 AND p.status IN ('completed', 'partial_refunded', 'refunded') AS sold,
            (SELECT COUNT(*) FROM subscription_periods d WHERE d.payment_id = p.public_id) AS periods,
            (SELECT COUNT(*) FROM subscription_changes c WHERE c.payment_id = p.public_id) AS changes,
            (SELECT COUNT(*) FROM purchases o WHERE o.public_id = p.order_id
               AND o.status IN ('active', 'expired', 'refunded')) AS bought,
            (SELECT COUNT(*) FROM earning_lines l WHERE l.kind = 'sale' AND l.ref = p.public_id
               AND l.status = 'completed') AS earned,
            (SELECT COUNT(*) FROM ledger_journals j WHERE j.event_type = 'payment_completed'
               AND j.event_ref = p.public_id) AS journals
          FROM payments p) x
        WHERE journals <> sold OR earned <> sold
          OR (purpose = 'initial' AND periods <> sold)
          OR (purpose = 'renewal' AND periods <> sold AND NOT (periods = 0 AND returned_fen = amount_fen))
          OR (purpose = 'plan_change' AND changes <> sold)
          OR (purpose = 'purchase' AND sold AND bought <> 1)
        """);
    none(
        "purchases open without payment",
        """
        SELECT o.* FROM purchases o WHERE o.status IN ('active', 'expired') AND o.amount_fen > 0
          AND 1 <> (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.public_id AND p.late = 0
            AND p.status IN ('completed', 'partial_refunded') AND p.returned_fen < p.amount_fen)
        """);
  }

  /** Nothing waits any more, for anything. */
  private void nothingIsLeft() {
    none("open payments", "SELECT * FROM payments WHERE live_key = 1");
    none(
        "refunds under way",
        "SELECT * FROM refunds WHERE status IN ('pending', 'processing', 'failed')");
    none("letters without effect", "SELECT * FROM channel_notices WHERE state <> 'done'");
    none(
        "unpaid orders",
        "SELECT public_id, status FROM subscriptions WHERE status = 'pending_payment'");
    none("unpaid purchases", "SELECT * FROM purchases WHERE status = 'pending_payment'");
    none("places held for ever", "SELECT * FROM coupon_uses WHERE status = 'reserved'");
    none(
        "changes that wait for no payment",
        "SELECT public_id FROM subscriptions WHERE pending_payment_id IS NOT NULL");
    none(
        "events that nobody heard",
        "SELECT topic, last_error FROM outbox WHERE published_at IS NULL OR dead_at IS NOT NULL");
    none(
        "payments told of more or less than once",
        """
        SELECT p.public_id, COUNT(o.event_id) AS told FROM payments p LEFT JOIN outbox o
          ON o.topic = 'payment.completed'
          AND o.payload LIKE CONCAT('%"payment_id":"', p.public_id, '"%')
        WHERE p.status IN ('completed', 'partial_refunded', 'refunded')
        GROUP BY p.public_id HAVING COUNT(o.event_id) <> 1
        """);
    none("jobs that died", "SELECT * FROM jobs WHERE status NOT IN ('done')");
    none(
        "tickets that need people",
        """
        SELECT * FROM payment_tickets WHERE status = 'open'
          AND kind NOT IN ('amount_mismatch', 'refund_failed', 'refunded_at_channel')
        """);
  }

  /** Money that opened nothing is back with the payer, all of it. */
  private void payments() {
    none(
        "late money that stayed",
        """
        SELECT p.public_id, p.status, p.amount_fen, p.refunded_fen, p.reserved_fen FROM payments p
        WHERE p.late = 1 AND (p.status <> 'refunded' OR p.refunded_fen <> p.amount_fen)
        """);
    none(
        "another sum that stayed",
        """
        SELECT public_id, received_fen, refunded_fen FROM payments
        WHERE received_fen IS NOT NULL AND (refunded_fen <> received_fen OR status <> 'failed')
        """);
    none(
        "refunds that are not what the payment says",
        """
        SELECT p.public_id, p.status, p.reserved_fen, p.refunded_fen, p.returned_fen, r.done
        FROM payments p LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS done FROM refunds
          WHERE status = 'success' GROUP BY payment_id) r ON r.payment_id = p.payment_id
        WHERE p.refunded_fen <> COALESCE(r.done, 0) OR p.reserved_fen <> p.refunded_fen
          OR (p.late = 0 AND p.received_fen IS NULL AND p.returned_fen <> p.refunded_fen)
          OR (p.received_fen IS NULL AND p.transaction_id IS NOT NULL
            AND p.status <> CASE WHEN p.refunded_fen = 0 THEN 'completed'
              WHEN p.refunded_fen = p.amount_fen THEN 'refunded' ELSE 'partial_refunded' END)
        """);
  }

  /** What readers may read of what they bought is what they paid for and kept. */
  private void purchases() {
    none(
        "bought, paid and shut",
        """
        SELECT o.public_id, o.status, o.access_expires_at, p.public_id AS payment, p.status AS paid
        FROM payments p JOIN purchases o ON o.public_id = p.order_id
        WHERE p.late = 0 AND p.status IN ('completed', 'partial_refunded')
          AND NOT (o.status = 'active' OR (o.status = 'expired' AND o.access_expires_at <= ?))
        """,
        world.now());
    none(
        "refunded and open",
        """
        SELECT o.public_id, o.status FROM payments p JOIN purchases o ON o.public_id = p.order_id
        WHERE p.late = 0 AND p.status = 'refunded' AND o.status <> 'refunded'
        """);
    for (Line bought :
        world.truth.lines(
            "SELECT user_id, article_id, MAX(status = 'active') AS open FROM purchases GROUP BY 1,"
                + " 2")) {
      boolean opens = books.passes(bought.number("user_id"), bought.number("article_id"));
      assertEquals(bought.number("open") == 1, opens, () -> world.name + ": access of " + bought);
    }
    assertTrue(world.truth.number("SELECT COUNT(*) FROM purchases") > 0, world.name);
  }

  String figures() {
    Map<String, Object> figures = new TreeMap<>();
    for (String table :
        List.of("subscriptions", "purchases", "payments", "refunds", "channel_notices")) {
      figures.put(table, world.truth.number("SELECT COUNT(*) FROM " + table));
    }
    figures.put(
        "fulfilled",
        world.truth.number(
            "SELECT COUNT(*) FROM ledger_journals WHERE event_type = 'payment_completed'"));
    figures.put("late", world.truth.number("SELECT COUNT(*) FROM payments WHERE late = 1"));
    figures.put("plan changes", world.truth.number("SELECT COUNT(*) FROM subscription_changes"));
    figures.put(
        "renewals",
        world.truth.number(
            "SELECT COUNT(*) FROM ledger_journals j JOIN payments p ON p.public_id = j.event_ref"
                + " WHERE j.event_type = 'payment_completed' AND p.purpose = 'renewal'"));
    figures.put("coupon uses", world.truth.number("SELECT COUNT(*) FROM coupon_uses"));
    world.tally.forEach(
        (what, times) -> {
          if (!what.startsWith("refused ") || Boolean.getBoolean("sales.refusals")) {
            figures.put(what, times);
          }
        });
    return figures.toString();
  }
}
