package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What plan changes must cost (subscription_lifecycle.proration), reckoned here a second time from
 * the rows as they were before.
 */
final class SaleProration {

  private static final Duration STORED = Duration.ofMillis(1);

  private final SaleWorld world;
  private final Map<String, Long> credits = new HashMap<>();

  SaleProration(SaleWorld world) {
    this.world = world;
  }

  /** What a charge brings with it from the period before; empty when nobody heard of it. */
  Optional<Long> credit(String paymentId) {
    return Optional.ofNullable(credits.get(paymentId));
  }

  private record Cost(long creditFen, long chargeFen, boolean newPeriod) {}

  /** Asks for the change and holds what it costs against the rule. */
  Optional<String> checked(
      Line subscription, long target, boolean prorate, boolean now, Request request) {
    String id = subscription.text("public_id");
    long newest = world.truth.number("SELECT MAX(payment_id) FROM payments");
    long changes = world.truth.number("SELECT MAX(change_id) FROM subscription_changes");
    Line before =
        world
            .truth
            .lines(
                """
                SELECT s.billing_cycle, s.current_period_start, s.current_period_end,
                  CAST(GREATEST(0, d.paid_fen - GREATEST(0, (
                    SELECT COALESCE(SUM(r.amount_fen), 0) FROM refunds r
                    JOIN payments m ON m.payment_id = r.payment_id
                    WHERE r.kind = 'sale' AND r.status NOT IN ('pending', 'rejected')
                      AND (m.public_id = d.base_payment_id OR EXISTS (
                        SELECT 1 FROM subscription_changes c WHERE c.payment_id = m.public_id
                          AND c.base_payment_id = d.base_payment_id
                          AND c.subscription_id = s.subscription_id AND c.undone_at IS NULL)))
                    - d.returned_before_fen)) AS SIGNED) AS paid_fen
                FROM subscriptions s LEFT JOIN subscription_periods d
                  ON d.subscription_id = s.subscription_id
                  AND d.period_start = s.current_period_start
                WHERE s.public_id = ?
                """,
                id)
            .getFirst();
    Line plan =
        world
            .truth
            .lines("SELECT price_fen, billing_cycle FROM plans WHERE plan_id = ?", target)
            .getFirst();
    Optional<String> answer = world.ask(request);
    if (answer.isEmpty() || !now) {
      return answer;
    }
    if (answer.get().startsWith("pay_")) {
      charged(id, answer.get(), newest, before, plan, prorate);
    } else {
      free(id, changes, before, plan, prorate);
    }
    return answer;
  }

  private void charged(
      String id, String paymentId, long newest, Line before, Line plan, boolean prorate) {
    for (Line made :
        world.truth.lines(
            """
            SELECT p.amount_fen, p.created_at, s.pending_new_period, s.pending_credit_fen
            FROM payments p JOIN subscriptions s
              ON s.public_id = p.order_id AND s.pending_payment_id = p.public_id
            WHERE p.public_id = ? AND p.payment_id > ? AND s.public_id = ?
            """,
            paymentId,
            newest,
            id)) {
      Cost cost =
          new Cost(
              made.number("pending_credit_fen"),
              made.number("amount_fen"),
              made.number("pending_new_period") == 1);
      require(id, cost, before, plan, prorate, made.time("created_at"));
      credits.put(paymentId, cost.creditFen());
      world.count("charges checked");
    }
  }

  private void free(String id, long changes, Line before, Line plan, boolean prorate) {
    for (Line made :
        world.truth.lines(
            """
            SELECT c.applied_at, c.new_period, d.paid_fen
            FROM subscription_changes c JOIN subscriptions s ON s.subscription_id = c.subscription_id
            LEFT JOIN subscription_periods d ON d.subscription_id = c.subscription_id
              AND d.period_start = c.applied_at AND c.new_period = 1
            WHERE s.public_id = ? AND c.change_id > ? AND c.payment_id IS NULL
            """,
            id,
            changes)) {
      boolean opened = made.number("new_period") == 1;
      Cost cost = new Cost(opened ? made.number("paid_fen") : 0, 0, opened);
      require(id, cost, before, plan, prorate, made.time("applied_at"));
      world.count("free changes checked");
    }
  }

  private void require(String id, Cost cost, Line before, Line plan, boolean prorate, Instant at) {
    Set<Cost> right = new HashSet<>();
    right.add(cost(before, plan, prorate, at.minus(STORED)));
    right.add(cost(before, plan, prorate, at));
    right.add(cost(before, plan, prorate, at.plus(STORED)));
    assertTrue(
        right.contains(cost),
        () ->
            "%s: change of %s at %s from %s to %s: %s, not %s"
                .formatted(world.name, id, at, before, plan, cost, right));
  }

  private static Cost cost(Line before, Line plan, boolean prorate, Instant at) {
    long price = plan.number("price_fen");
    Instant start = before.time("current_period_start");
    Instant end = before.time("current_period_end");
    if (end == null || !prorate) {
      return new Cost(0, price, true);
    }
    long whole = Duration.between(start, end).toSeconds();
    long left = Math.min(whole, Duration.between(at, end).toSeconds());
    if (!before.text("billing_cycle").equals(plan.text("billing_cycle"))) {
      long credit = share(before.number("paid_fen"), left, whole);
      return new Cost(credit, Math.max(0, price - credit), true);
    }
    return new Cost(0, Math.max(0, share(price - before.number("paid_fen"), left, whole)), false);
  }

  private static long share(long fen, long left, long whole) {
    return BigDecimal.valueOf(fen)
        .multiply(BigDecimal.valueOf(left))
        .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** The contract's worked example. */
  static void requireExample() {
    assertEquals(4_607, share(9_900 - 2_990, 20, 30));
  }
}
