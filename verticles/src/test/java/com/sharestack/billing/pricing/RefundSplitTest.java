package com.sharestack.billing.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RefundSplitTest {

  private static final Shares SALE = Shares.of(2990, 0, RevenueRates.DEFAULT);

  @Test
  void aFullRefundGivesBackExactlyWhatWasBooked() {
    RefundSplit split = RefundSplit.of(SALE, RefundSplit.NONE, 2990);
    assertEquals(new RefundSplit(2990, 0, 299, 2691), split);
    Shares discounted = Shares.of(2000, 990, RevenueRates.DEFAULT);
    assertEquals(
        new RefundSplit(2000, 990, 299, 2691), RefundSplit.of(discounted, RefundSplit.NONE, 2000));
  }

  @Test
  void refundsInAnyPartsNeverDriftAndNeverGoBelowZero() {
    long seed = 460_000;
    Random random = new Random(seed);
    int refunds = 0;
    while (refunds < 460_000) {
      Shares sale =
          Shares.of(
              random.nextLong(1, random.nextBoolean() ? 30 : 20_000),
              random.nextInt(3) == 0 ? random.nextLong(0, 10_000) : 0,
              new RevenueRates(random.nextInt(10_001), random.nextInt(10_001)));
      RefundSplit before = RefundSplit.NONE;
      while (before.refundFen() < sale.paidFen()) {
        long rest = sale.paidFen() - before.refundFen();
        RefundSplit next =
            RefundSplit.of(sale, before, random.nextLong(1, Math.min(rest, 900) + 1));
        before = before.plus(next);
        assertTrue(before.platformFen() <= sale.platformFen(), "seed " + seed + ": " + sale);
        assertTrue(before.creatorFen() <= sale.creatorShareFen(), "seed " + seed + ": " + sale);
        assertTrue(before.platformDiscountFen() <= sale.platformDiscountFen());
        refunds++;
      }
      assertEquals(sale.platformFen(), before.platformFen());
      assertEquals(sale.creatorShareFen(), before.creatorFen());
      assertEquals(sale.platformDiscountFen(), before.platformDiscountFen());
    }
  }

  @Test
  void moreThanWasPaidIsRefused() {
    RefundSplit some = RefundSplit.of(SALE, RefundSplit.NONE, 1000);
    assertThrows(IllegalArgumentException.class, () -> RefundSplit.of(SALE, some, 1991));
    assertThrows(IllegalArgumentException.class, () -> RefundSplit.of(SALE, some, 0));
    assertThrows(IllegalArgumentException.class, () -> RefundSplit.of(SALE, some, -1));
  }
}
