package com.sharestack.billing.reports;

import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.FinanceReportGroup;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/** The days of a report, and the spans it groups them into. */
record ReportPeriod(LocalDate from, LocalDate to, FinanceReportGroup groupBy) {

  static ReportPeriod of(ReportOrder order) {
    return new ReportPeriod(order.from(), order.to(), order.groupBy());
  }

  /** First moment. */
  Instant start() {
    return from.atStartOfDay(Periods.ZONE).toInstant();
  }

  /** First moment after it. */
  Instant end() {
    return to.plusDays(1).atStartOfDay(Periods.ZONE).toInstant();
  }

  /** The span a moment lies in, as people read it; sorts by time. */
  String bucket(Instant at) {
    return bucket(LocalDate.ofInstant(at, Periods.ZONE));
  }

  private String bucket(LocalDate day) {
    return switch (groupBy) {
      case DAY -> day.toString();
      case WEEK -> {
        LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        yield monday + "~" + monday.plusDays(6);
      }
      case MONTH -> YearMonth.from(day).toString();
    };
  }

  /** Every span of the period, also those without business. */
  List<String> buckets() {
    List<String> buckets = new ArrayList<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      String bucket = bucket(day);
      if (buckets.isEmpty() || !buckets.getLast().equals(bucket)) {
        buckets.add(bucket);
      }
    }
    return buckets;
  }

  /** How much of the period lies before {@code at}, in percent. */
  int percentAt(Instant at) {
    long whole = Duration.between(start(), end()).toSeconds();
    long done = Duration.between(start(), at).toSeconds();
    return (int) Math.max(0, Math.min(100, done * 100 / whole));
  }
}
