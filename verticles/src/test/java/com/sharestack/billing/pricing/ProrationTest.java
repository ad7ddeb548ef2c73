package com.sharestack.billing.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.pricing.Proration.Charge;
import com.sharestack.billing.pricing.Proration.Running;
import com.sharestack.contract.BillingCycle;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProrationTest {

  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant END = START.plus(Duration.ofDays(30));
  private static final Running MONTH = new Running(BillingCycle.MONTHLY, START, END, 2990);

  private static Instant daysLeft(long days) {
    return END.minus(Duration.ofDays(days));
  }

  @ParameterizedTest
  @CsvSource({
    // days left, new price -> charge; 29.90 paid for 30 days
    "20, 9900, 4607",
    "30, 9900, 6910",
    "0, 9900, 0",
    "15, 2990, 0",
    "15, 1000, 0",
    "1, 2991, 0",
    "15, 2991, 1"
  })
  void anUpgradeInTheSameCycleCostsTheDifferenceOfTheRest(long days, long price, long charge) {
    assertEquals(
        new Charge(0, charge, false),
        Proration.upgrade(MONTH, BillingCycle.MONTHLY, price, true, daysLeft(days)));
  }

  @Test
  void anUpgradeAfterAnUpgradeCountsWhatWasPaidSince() {
    Running upgraded = new Running(BillingCycle.MONTHLY, START, END, 2990 + 4607);
    Charge charge = Proration.upgrade(upgraded, BillingCycle.MONTHLY, 9900, true, daysLeft(10));
    assertEquals(768, charge.chargeFen()); // (99.00 - 75.97) * 10 / 30 = 7.6766…
  }

  @Test
  void anotherCycleGivesCreditForUnusedTimeAndStartsANewPeriod() {
    assertEquals(
        new Charge(1993, 29900 - 1993, true),
        Proration.upgrade(MONTH, BillingCycle.YEARLY, 29900, true, daysLeft(20)));
    assertEquals(
        new Charge(2990, 0, true),
        Proration.upgrade(MONTH, BillingCycle.QUARTERLY, 2000, true, START));
  }

  @Test
  void withoutProrationTheFullPriceIsChargedAndAPeriodStarts() {
    assertEquals(
        new Charge(0, 9900, true),
        Proration.upgrade(MONTH, BillingCycle.MONTHLY, 9900, false, daysLeft(20)));
  }

  @Test
  void timeOutsideThePeriodCountsAsItsEnds() {
    assertEquals(2990, Proration.unusedFen(MONTH, START.minusSeconds(5)));
    assertEquals(0, Proration.unusedFen(MONTH, END.plusSeconds(5)));
    assertThrows(
        IllegalArgumentException.class, () -> new Running(BillingCycle.MONTHLY, END, START, 1));
  }

  @Test
  void creditAndChargeStayWithinWhatWasPaidAndWhatIsAsked() {
    Random random = new Random(99);
    for (int i = 0; i < 100_000; i++) {
      long paid = random.nextLong(0, 9_999_999_999L);
      long seconds = random.nextLong(1, 366L * 86_400);
      Running running = new Running(BillingCycle.YEARLY, START, START.plusSeconds(seconds), paid);
      Instant now = START.plusSeconds(random.nextLong(0, seconds + 1));
      long price = random.nextLong(0, 9_999_999_999L);
      long unused = Proration.unusedFen(running, now);
      assertTrue(unused >= 0 && unused <= paid);
      long same = Proration.upgrade(running, BillingCycle.YEARLY, price, true, now).chargeFen();
      assertTrue(same >= 0 && same <= Math.max(0, price - paid));
      Charge other = Proration.upgrade(running, BillingCycle.MONTHLY, price, true, now);
      assertTrue(other.chargeFen() >= 0 && other.chargeFen() <= price);
      assertTrue(other.chargeFen() + other.creditFen() >= price);
    }
  }

  @Test
  void anUpgradeIsDearerPerTimeOrForLife() {
    assertTrue(up(BillingCycle.MONTHLY, 2990, BillingCycle.MONTHLY, 2991));
    assertFalse(up(BillingCycle.MONTHLY, 2990, BillingCycle.MONTHLY, 2990));
    assertFalse(up(BillingCycle.MONTHLY, 2990, BillingCycle.YEARLY, 29900));
    assertTrue(up(BillingCycle.MONTHLY, 2990, BillingCycle.YEARLY, 35881));
    assertFalse(up(BillingCycle.MONTHLY, 2990, BillingCycle.YEARLY, 35880));
    assertTrue(up(BillingCycle.YEARLY, 29900, BillingCycle.MONTHLY, 2990));
    assertTrue(up(BillingCycle.YEARLY, 29900, BillingCycle.LIFETIME, 100));
    assertFalse(up(BillingCycle.LIFETIME, 100, BillingCycle.MONTHLY, 999999));
    assertFalse(up(BillingCycle.LIFETIME, 100, BillingCycle.LIFETIME, 999999));
  }

  private static boolean up(BillingCycle from, long price, BillingCycle to, long newPrice) {
    return Proration.isUpgrade(from, price, to, newPrice);
  }
}
