package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.contract.Caller;
import com.sharestack.contract.SubscriptionsAccessCheckRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Periods of subscriptions against what was paid for them, and access against periods. */
final class SalePeriods {

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final Map<String, Integer> MONTHS =
      Map.of("monthly", 1, "quarterly", 3, "yearly", 12);

  private final SaleWorld world;

  SalePeriods(SaleWorld world) {
    this.world = world;
  }

  private void none(String what, String sql, Object... args) {
    SaleChecks.none(world, what, sql, args);
  }

  void always() {
    none(
        "subscriber counts",
        """
        SELECT p.plan_id, COALESCE(c.subscriber_count, 0) AS counted, COUNT(s.subscription_id) AS n
        FROM plans p LEFT JOIN plan_counts c ON c.plan_id = p.plan_id
        LEFT JOIN subscriptions s ON s.plan_id = p.plan_id
          AND s.status NOT IN ('pending_payment', 'expired')
        GROUP BY p.plan_id, c.subscriber_count HAVING counted <> n
        """);
    none(
        "trials of one reader with one creator",
        """
        SELECT user_id, creator_id, COUNT(*) AS n FROM subscriptions
        WHERE trial_ends_at IS NOT NULL AND activated_at IS NOT NULL GROUP BY 1, 2 HAVING n > 1
        """);
    none(
        "periods that nothing paid for",
        """
        SELECT d.*, s.public_id, s.status FROM subscription_periods d
        JOIN subscriptions s ON s.subscription_id = d.subscription_id
        WHERE d.payment_id IS NULL AND d.price_fen > 0
          AND NOT EXISTS (SELECT 1 FROM subscription_changes c
            WHERE c.subscription_id = d.subscription_id AND c.new_period = 1
              AND c.payment_id IS NULL AND c.applied_at = d.period_start)
          AND NOT EXISTS (SELECT 1 FROM coupon_uses u JOIN coupons k ON k.coupon_id = u.coupon_id
            WHERE SUBSTRING_INDEX(u.order_id, '@', 1) = s.public_id
              AND u.status IN ('used', 'returned') AND u.discount_fen = u.list_price_fen)
        """);
    none(
        "periods of payments that fulfilled nothing",
        """
        SELECT d.period_id, d.payment_id, p.status, p.late FROM subscription_periods d
        JOIN payments p ON p.public_id = d.payment_id
        WHERE p.late = 1 OR p.status NOT IN ('completed', 'partial_refunded', 'refunded')
        """);
    none(
        "running in a period that is none",
        """
        SELECT s.public_id, s.status, s.current_period_start FROM subscriptions s
        LEFT JOIN subscription_periods d ON d.subscription_id = s.subscription_id
          AND d.period_start = s.current_period_start
          AND d.plan_id = s.plan_id AND d.period_end <=> s.current_period_end
        WHERE s.status NOT IN ('pending_payment', 'expired') AND d.period_id IS NULL
        """);
    contiguous();
    running();
  }

  /** One period after the other, each of its cycle's length, counted from the anchor's day. */
  private void contiguous() {
    Map<Long, List<Line>> all =
        world
            .truth
            .lines(
                """
                SELECT d.subscription_id, d.period_start, d.period_end, d.price_fen, d.payment_id,
                  p.billing_cycle, COALESCE(c.change_id, 0) AS changed
                FROM subscription_periods d JOIN plans p ON p.plan_id = d.plan_id
                LEFT JOIN subscription_changes c ON c.subscription_id = d.subscription_id
                  AND c.new_period = 1
                  AND (c.applied_at = d.period_start OR c.payment_id = d.payment_id)
                ORDER BY d.subscription_id, d.period_start
                """)
            .stream()
            .collect(Collectors.groupingBy(line -> line.number("subscription_id")));
    all.values().forEach(this::contiguous);
  }

  private void contiguous(List<Line> periods) {
    int anchor = 0;
    for (int i = 0; i < periods.size(); i++) {
      Line period = periods.get(i);
      Instant start = period.time("period_start");
      Instant end = period.time("period_end");
      boolean fresh = i == 0 || period.number("changed") != 0 || anchor == 0;
      anchor = fresh ? start.atZone(ZONE).getDayOfMonth() : anchor;
      boolean last = i == periods.size() - 1;
      boolean cut = !last && periods.get(i + 1).number("changed") != 0;
      if (!last) {
        assertEquals(end, periods.get(i + 1).time("period_start"), () -> about(periods));
      }
      if (cut) {
        continue; // a change ended it
      }
      boolean endless =
          period.number("price_fen") == 0 || "lifetime".equals(period.text("billing_cycle"));
      Instant right = endless ? null : end(start, period.text("billing_cycle"), anchor);
      assertEquals(right, end, () -> about(periods) + ": end of " + period);
      anchor = endless ? 0 : anchor;
    }
  }

  private String about(List<Line> periods) {
    return world.name + ": periods " + periods;
  }

  private static Instant end(Instant start, String cycle, int anchor) {
    ZonedDateTime from = start.atZone(ZONE);
    LocalDate month = from.toLocalDate().withDayOfMonth(1).plusMonths(MONTHS.get(cycle));
    return ZonedDateTime.of(
            month.withDayOfMonth(Math.min(anchor, month.lengthOfMonth())), from.toLocalTime(), ZONE)
        .toInstant();
  }

  /** Nobody reads on in a period that went back, or in none. */
  private void running() {
    none(
        "access in a period whose money went back",
        """
        SELECT s.public_id, s.status, s.access_until, d.period_start, d.payment_id, d.base_payment_id
        FROM subscriptions s JOIN subscription_periods d ON d.subscription_id = s.subscription_id
          AND d.period_start = s.current_period_start
        JOIN payments p ON p.public_id IN (d.payment_id, d.base_payment_id)
        WHERE s.status IN ('trialing', 'active', 'past_due', 'cancelled')
          AND p.returned_fen = p.amount_fen
          AND (s.status <> 'cancelled' OR s.access_until > ?)
        """,
        world.now());
    none(
        "access after the last period",
        """
        SELECT s.public_id, s.status, s.access_until, MAX(d.period_end) AS paid_until,
          s.next_transition_at
        FROM subscriptions s JOIN subscription_periods d ON d.subscription_id = s.subscription_id
        WHERE s.status IN ('trialing', 'active', 'cancelled')
          AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = s.public_id AND p.live_key = 1)
        GROUP BY s.subscription_id, s.public_id, s.status, s.access_until, s.next_transition_at
        HAVING MAX(d.period_end IS NULL) = 0 AND paid_until <= ?
          AND (s.status <> 'cancelled' OR (s.access_until > paid_until AND s.access_until > ?))
        """,
        world.now(),
        world.now());
    none(
        "paid for, not given back, and shut",
        """
        SELECT s.public_id, s.ended_reason, s.ended_at, d.period_start, d.period_end, d.payment_id,
          p.amount_fen, p.returned_fen, p.reserved_fen, p.purpose
        FROM subscriptions s JOIN subscription_periods d ON d.subscription_id = s.subscription_id
        JOIN payments p ON p.public_id = d.payment_id
        WHERE s.status = 'expired' AND (d.period_end IS NULL OR d.period_end > s.ended_at)
          AND p.returned_fen < p.amount_fen
          AND NOT (s.ended_reason = 'natural' AND s.cancelled_at IS NOT NULL AND s.price_fen > 0
            AND s.billing_cycle = 'lifetime')
        """);
  }

  void afterwards() {
    none(
        "charges of changes kept though their period's money went back",
        """
        SELECT c.*, p.status, p.amount_fen, p.reserved_fen FROM subscription_changes c
        JOIN payments p ON p.public_id = c.payment_id
        JOIN payments b ON b.public_id = c.base_payment_id
        WHERE b.returned_fen = b.amount_fen AND p.returned_fen < p.amount_fen
        """);
    none(
        "changes whose charge went back, in a subscription that runs",
        """
        SELECT c.*, s.status FROM subscription_changes c
        JOIN payments p ON p.public_id = c.payment_id
        JOIN subscriptions s ON s.subscription_id = c.subscription_id
        WHERE p.returned_fen = p.amount_fen AND c.undone_at IS NULL AND s.status <> 'expired'
        """);
    none(
        "refunded subscriptions without refund",
        """
        SELECT s.public_id FROM subscriptions s WHERE s.ended_reason = 'refunded'
          AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = s.public_id AND p.late = 0
            AND p.purpose IN ('initial', 'renewal') AND p.returned_fen = p.amount_fen)
        """);
    none(
        "cancelled in the trial, not refunded",
        """
        SELECT s.public_id, s.status, p.public_id AS payment, p.amount_fen, p.returned_fen
        FROM subscriptions s JOIN payments p ON p.order_id = s.public_id AND p.purpose = 'initial'
          AND p.late = 0 AND p.status IN ('completed', 'partial_refunded', 'refunded')
        WHERE s.cancelled_at < s.trial_ends_at AND s.changed_at IS NULL AND s.status = 'expired'
          AND s.ended_at < s.trial_ends_at AND p.returned_fen < p.amount_fen
        """);
    paid();
    access();
  }

  /** Each period holds what was charged for it; what a refunded charge left is bounded by it. */
  private void paid() {
    none(
        "money of periods",
        """
        SELECT d.period_id, d.paid_fen, d.payment_id, p.amount_fen, c.standing, c.ever
        FROM subscription_periods d JOIN payments p ON p.public_id = d.payment_id
        LEFT JOIN (SELECT subscription_id, period_start_from,
            SUM(CASE WHEN undone_at IS NULL THEN charged_fen ELSE 0 END) AS standing,
            SUM(charged_fen) AS ever
          FROM subscription_changes WHERE new_period = 0 GROUP BY 1, 2) c
          ON c.subscription_id = d.subscription_id AND c.period_start_from = d.period_start
        WHERE p.purpose IN ('initial', 'renewal')
          AND d.paid_fen NOT BETWEEN p.amount_fen + COALESCE(c.standing, 0)
            AND p.amount_fen + COALESCE(c.ever, 0)
        """);
  }

  /** What the operation answers is what the rows say, for everybody. */
  private void access() {
    Instant now = world.now();
    Set<String> open =
        new HashSet<>(
            world
                .truth
                .lines(
                    """
                    SELECT CONCAT(user_id, ' ', creator_id) AS pair FROM subscriptions
                    WHERE status IN ('trialing', 'active') OR (status = 'past_due' AND grace_until > ?)
                      OR (status = 'cancelled' AND access_until > ?)
                    """,
                    now,
                    now)
                .stream()
                .map(line -> line.text("pair"))
                .toList());
    for (Caller reader : world.readers) {
      for (Caller creator : world.creators) {
        boolean has =
            world
                .node()
                .await(
                    world
                        .node()
                        .subscriptions
                        .accessCheck(
                            reader,
                            new SubscriptionsAccessCheckRequest(null, creator.userId(), null)))
                .hasAccess();
        String pair = reader.userId() + " " + creator.userId();
        assertEquals(open.contains(pair), has, () -> world.name + ": access " + pair);
      }
    }
  }
}
