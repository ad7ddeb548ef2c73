package com.sharestack.billing.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.BillingCycle;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodsTest {

  @ParameterizedTest
  @CsvSource({
    // start, cycle, end: 18:30Z is 02:30 of the next day in Shanghai
    "2026-11-23T15:00:00Z, MONTHLY, 2026-12-23T15:00:00Z",
    "2026-01-30T18:30:00Z, MONTHLY, 2026-02-27T18:30:00Z",
    "2028-01-30T18:30:00Z, MONTHLY, 2028-02-28T18:30:00Z",
    "2026-01-31T03:00:00Z, QUARTERLY, 2026-04-30T03:00:00Z",
    "2028-02-29T03:00:00Z, YEARLY, 2029-02-28T03:00:00Z",
    "2026-12-31T15:59:59.999Z, MONTHLY, 2027-01-31T15:59:59.999Z",
    "2026-12-31T16:00:00Z, MONTHLY, 2027-01-31T16:00:00Z"
  })
  void aPeriodEndsOnTheAnchorDayOfShanghai(Instant start, BillingCycle cycle, Instant end) {
    assertEquals(end, Periods.end(start, cycle, Periods.anchorDay(start)));
  }

  @Test
  void anchorThirtyOneComesBackAfterShorterMonths() {
    Instant start = Instant.parse("2026-01-31T04:00:00Z");
    List<Integer> days = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      start = Periods.end(start, BillingCycle.MONTHLY, 31);
      days.add(start.atZone(Periods.ZONE).getDayOfMonth());
    }
    assertEquals(List.of(28, 31, 30, 31, 30, 31, 31), days);
  }

  @Test
  void everyChainOfPeriodsStaysOnItsAnchor() {
    Random random = new Random(31);
    for (int i = 0; i < 2_000; i++) {
      Instant start = Instant.ofEpochSecond(random.nextLong(1_700_000_000L, 2_200_000_000L));
      int anchor = Periods.anchorDay(start);
      BillingCycle cycle = BillingCycle.values()[random.nextInt(3)];
      ZonedDateTime first = start.atZone(Periods.ZONE);
      Instant at = start;
      for (int period = 1; period <= 30; period++) {
        Instant end = Periods.end(at, cycle, anchor);
        assertTrue(end.isAfter(at));
        ZonedDateTime local = end.atZone(Periods.ZONE);
        YearMonth month = YearMonth.from(first).plusMonths((long) period * Periods.months(cycle));
        assertEquals(month, YearMonth.from(local));
        assertEquals(Math.min(anchor, month.lengthOfMonth()), local.getDayOfMonth());
        assertEquals(first.toLocalTime(), local.toLocalTime());
        at = end;
      }
    }
  }

  @Test
  void lifetimeHasNoEnd() {
    assertNull(Periods.end(Instant.EPOCH, BillingCycle.LIFETIME, 1));
    assertThrows(
        IllegalArgumentException.class, () -> Periods.end(Instant.EPOCH, BillingCycle.MONTHLY, 32));
  }

  @Test
  void aTrialIsAtMostThirtyDays() {
    Instant start = Instant.parse("2026-11-01T00:00:00Z");
    assertNull(Periods.trialEnd(start, 0, 0));
    assertEquals(Instant.parse("2026-11-08T00:00:00Z"), Periods.trialEnd(start, 7, 0));
    assertEquals(Instant.parse("2026-11-15T00:00:00Z"), Periods.trialEnd(start, 0, 14));
    assertEquals(Instant.parse("2026-12-01T00:00:00Z"), Periods.trialEnd(start, 20, 20));
  }

  @Test
  void moneyIsHeldForSevenDaysAndNotLessThanTheTrial() {
    Instant paid = Instant.parse("2026-11-01T00:00:00Z");
    Instant week = Instant.parse("2026-11-08T00:00:00Z");
    Instant later = Instant.parse("2026-11-20T00:00:00Z");
    assertEquals(week, Periods.holdUntil(paid, null, 7));
    assertEquals(week, Periods.holdUntil(paid, Instant.parse("2026-11-03T00:00:00Z"), 7));
    assertEquals(later, Periods.holdUntil(paid, later, 7));
  }
}
