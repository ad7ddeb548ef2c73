package com.sharestack.billing.earnings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.EarningsPeriod;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class EarningPeriodsTest {

  /** Half past midnight of Sunday the first of March in Shanghai. */
  private static final Instant NOW = Instant.parse("2026-02-28T16:30:00Z");

  private static String around(EarningsPeriod period) {
    EarningPeriods.Span span = EarningPeriods.around(NOW, period);
    return span.first() + " " + span.last() + " " + span.days();
  }

  @Test
  void periodsAreThoseOfTheCalendarInShanghai() {
    assertEquals("2026-03-01 2026-03-01 1", around(EarningsPeriod.TODAY));
    assertEquals("2026-02-23 2026-03-01 7", around(EarningsPeriod.WEEK));
    assertEquals("2026-03-01 2026-03-31 31", around(EarningsPeriod.MONTH));
    assertEquals("2026-01-01 2026-03-31 90", around(EarningsPeriod.QUARTER));
    assertEquals("2026-01-01 2026-12-31 365", around(EarningsPeriod.YEAR));
  }

  @Test
  void aSpanRunsFromMidnightToMidnight() {
    EarningPeriods.Span day =
        new EarningPeriods.Span(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 1));
    assertEquals(Instant.parse("2026-02-28T16:00:00Z"), day.from());
    assertEquals(Instant.parse("2026-03-01T16:00:00Z"), day.until());
    assertEquals(LocalDate.of(2026, 3, 1), EarningPeriods.day(day.from()));
    assertEquals(LocalDate.of(2026, 2, 28), EarningPeriods.day(day.from().minusMillis(1)));
  }

  @Test
  void theMonthlySettlementRunsOnTheEighthAtThree() {
    LocalDate march = LocalDate.of(2026, 3, 8);
    LocalDate april = LocalDate.of(2026, 4, 8);
    assertEquals(march, EarningPeriods.nextSettlement(NOW, 7));
    assertEquals(march, EarningPeriods.nextSettlement(Instant.parse("2026-03-07T18:59:59Z"), 7));
    assertEquals(april, EarningPeriods.nextSettlement(Instant.parse("2026-03-07T19:00:00Z"), 7));
  }
}
