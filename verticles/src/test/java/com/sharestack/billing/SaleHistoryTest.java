package com.sharestack.billing;

import org.junit.jupiter.api.Test;

/**
 * Random histories of everything that billing sells, through its operations: subscriptions with
 * renewals, plan changes, cancellations and trials, single articles, coupons with few places,
 * refunds and decisions on them; payers who pay twice, late, or another sum; letters of the rails
 * that are lost, late, repeated, at once and forged; faults of the rails; and the death of the
 * process at any request to database or rail, after which another one takes over and callers ask
 * again. When everything has run out, everything must fit everything. To replay one: -Dsales.seed=…
 * -Dsales.steps=… (times are real to the millisecond, so is the order of threads).
 */
class SaleHistoryTest {

  private static final int CHECK_EVERY = 100;

  private final long seed = Long.getLong("sales.seed", new java.util.Random().nextInt(1_000_000));
  private final int steps = Integer.getInteger("sales.steps", 250);

  @Test
  void noFenIsMadeLostOrPaidTwiceAndNothingOpensUnpaid() {
    System.out.println("sales.seed=" + seed);
    try (SaleWorld world = new SaleWorld(seed)) {
      SaleSteps history = new SaleSteps(world);
      SaleChecks checks = new SaleChecks(world);
      history.open();
      for (int step = 1; step <= steps; step++) {
        history.step();
        if (step % CHECK_EVERY == 0) {
          checks.always();
        }
      }
      history.runOut();
      checks.always();
      checks.afterwards();
      System.out.println("sales " + seed + ": " + checks.figures());
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError("sales.seed=" + seed, failure);
    }
  }
}
