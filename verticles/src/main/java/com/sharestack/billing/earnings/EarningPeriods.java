package com.sharestack.billing.earnings;

import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.EarningsPeriod;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** Days and calendar periods of Asia/Shanghai (entry earnings.get). Pure. */
public final class EarningPeriods {

  /** Longest range of days a caller may ask for. */
  public static final int MOST_DAYS = 366;

  /** Setting finance.settlement_hold_days when nobody changed it. */
  public static final int DEFAULT_HOLD_DAYS = 7;

  /** Settlements run at this time of their day. */
  private static final LocalTime SETTLEMENT_RUN = LocalTime.of(3, 0);

  private EarningPeriods() {}

  /**
   * Days, both included.
   *
   * @param first not after {@code last}
   */
  public record Span(LocalDate first, LocalDate last) {

    public Instant from() {
      return start(first);
    }

    /** Exclusive. */
    public Instant until() {
      return start(last.plusDays(1));
    }

    public long days() {
      return ChronoUnit.DAYS.between(first, last) + 1;
    }
  }

  public static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, Periods.ZONE);
  }

  /** Midnight at which the day begins. */
  public static Instant start(LocalDate day) {
    return day.atStartOfDay(Periods.ZONE).toInstant();
  }

  /** The whole calendar period around {@code now}; weeks begin on Monday. */
  public static Span around(Instant now, EarningsPeriod period) {
    LocalDate today = day(now);
    return switch (period) {
      case TODAY -> new Span(today, today);
      case WEEK -> {
        LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        yield new Span(monday, monday.plusDays(6));
      }
      case MONTH -> months(today.withDayOfMonth(1), 1);
      case QUARTER ->
          months(LocalDate.of(today.getYear(), (today.getMonthValue() - 1) / 3 * 3 + 1, 1), 3);
      case YEAR -> months(today.withDayOfYear(1), 12);
    };
  }

  private static Span months(LocalDate first, int count) {
    return new Span(first, first.plusMonths(count).minusDays(1));
  }

  /**
   * The day of the next monthly settlement run: the day after the month's end and the hold
   * (settlement.period_type).
   *
   * @param holdDays below 28
   */
  public static LocalDate nextSettlement(Instant now, int holdDays) {
    LocalDate run = day(now).withDayOfMonth(holdDays + 1);
    boolean over = !now.isBefore(run.atTime(SETTLEMENT_RUN).atZone(Periods.ZONE).toInstant());
    return over ? run.plusMonths(1) : run;
  }
}
