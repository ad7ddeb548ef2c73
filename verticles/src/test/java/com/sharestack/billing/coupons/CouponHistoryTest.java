package com.sharestack.billing.coupons;

import static com.sharestack.billing.coupons.CouponFixture.outcome;
import static com.sharestack.billing.coupons.CouponFixture.tenOff;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random orders with repetitions. To replay one: -Dcoupons.seed=… */
class CouponHistoryTest {

  private static final int STEPS = 500;
  private static final int QUOTA = 6;
  private static final int PER_USER = 2;

  private enum State {
    NONE,
    RESERVED,
    USED
  }

  private final long seed = Long.getLong("coupons.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Map<String, State> orders = new HashMap<>();
  private final Map<Long, Integer> taken = new HashMap<>();
  private CouponFixture fixture;
  private long coupon;

  @BeforeEach
  void start() {
    System.out.println("coupons.seed=" + seed);
    fixture = new CouponFixture("coupon_history");
    coupon = fixture.store(tenOff("RANDOM-1").platform(60_000L).quota(QUOTA).perUser(PER_USER));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void countersFollowTheOrders() {
    for (int step = 0; step < STEPS; step++) {
      long user = 3000 + random.nextInt(6);
      String order = "sub_r" + user + "_" + random.nextInt(3);
      int action = random.nextInt(5);
      act(action, user, order);
      if (random.nextInt(3) == 0) {
        act(action, user, order);
      }
      assertCounters(user);
    }
    assertEquals(
        0,
        fixture.number(
            """
            SELECT COUNT(*) AS n FROM coupons c WHERE c.reserved_count <> (
              SELECT COUNT(*) FROM coupon_uses u WHERE u.coupon_id = c.coupon_id AND u.status = 'reserved')
              OR c.used_count <> (
              SELECT COUNT(*) FROM coupon_uses u WHERE u.coupon_id = c.coupon_id AND u.status = 'used')
            """));
  }

  private void act(int action, long user, String order) {
    State state = orders.getOrDefault(order, State.NONE);
    switch (action) {
      case 0, 1 -> reserve(user, order, state);
      case 2 -> {
        expect(state != State.NONE, fixture.use(order));
        if (state == State.RESERVED) {
          orders.put(order, State.USED);
        }
      }
      case 3 -> {
        expect(state == State.RESERVED, fixture.release(order));
        if (state == State.RESERVED) {
          free(user, order);
        }
      }
      default -> {
        boolean bySystem = random.nextBoolean();
        boolean given = bySystem && state == State.USED;
        expect(given, fixture.refunded(order, bySystem));
        if (given) {
          free(user, order);
        }
      }
    }
  }

  private void reserve(long user, String order, State state) {
    boolean mine = taken.getOrDefault(user, 0) < PER_USER;
    boolean free = live(State.RESERVED) + live(State.USED) < QUOTA;
    String expected = "ok";
    if (state == State.NONE && !mine) {
      expected = "COUPON_EXHAUSTED per_user";
    } else if (state == State.NONE && !free) {
      expected = "COUPON_EXHAUSTED total";
    }
    assertEquals(
        expected, outcome(() -> fixture.reserve("RANDOM-1", user, order)), () -> "seed " + seed);
    if (state == State.NONE && mine && free) {
      orders.put(order, State.RESERVED);
      taken.merge(user, 1, Integer::sum);
    }
  }

  private void free(long user, String order) {
    orders.put(order, State.NONE);
    taken.merge(user, -1, Integer::sum);
  }

  private void expect(boolean expected, boolean actual) {
    assertEquals(expected, actual, () -> "seed " + seed);
  }

  private long live(State wanted) {
    return orders.values().stream().filter(state -> state == wanted).count();
  }

  private void assertCounters(long user) {
    long reserved = live(State.RESERVED);
    long used = live(State.USED);
    assertEquals(
        "%d %d %d %d".formatted(reserved, used, reserved * 1000, used * 1000),
        fixture.counters(coupon),
        () -> "seed " + seed);
    assertEquals(
        (long) taken.getOrDefault(user, 0), fixture.taken(coupon, user), () -> "seed " + seed);
  }
}
