package com.sharestack.billing.reports;

import com.sharestack.contract.FinanceReport;
import com.sharestack.contract.FinanceReportItem;
import com.sharestack.contract.FinanceReportStatus;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Orders reports, finds and shows them. */
public final class Reports {

  private static final Duration SAME_ORDER = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration LISTED = Duration.ofDays(90);
  private static final Duration ADDRESS = Duration.ofMinutes(10);
  private static final int ORDER_TRIES = 3;

  private final Db db;
  private final Clock clock;
  private final JobQueue jobs;
  private final ReportRepository reports;
  private final ObjectStore storage;

  public Reports(Db db, Clock clock, JobQueue jobs, ReportRepository reports, ObjectStore storage) {
    this.db = db;
    this.clock = clock;
    this.jobs = jobs;
    this.reports = reports;
    this.storage = storage;
  }

  /**
   * The report of the order: a new one, or the one that was ordered in the same words within ten
   * minutes, be it at this moment.
   *
   * @param audit runs in the transaction that orders a new one, with its id
   */
  public ReportRow order(long creatorId, ReportOrder order, BiConsumer<Tx, String> audit) {
    for (int attempt = 1; ; attempt++) {
      Instant now = clock.instant();
      Optional<ReportRow> same =
          reports
              .byParams(db, creatorId, order.key())
              .filter(report -> now.isBefore(report.createdAt().plus(SAME_ORDER)));
      if (same.isPresent()) {
        return same.get();
      }
      try {
        return insert(creatorId, order, audit, now);
      } catch (DuplicateKeyException orderedMeanwhile) {
        if (attempt == ORDER_TRIES) {
          throw orderedMeanwhile;
        }
      }
    }
  }

  private ReportRow insert(
      long creatorId, ReportOrder order, BiConsumer<Tx, String> audit, Instant now) {
    String id = Ids.random("rpt_", 12);
    return db.tx(
        tx -> {
          reports.releaseParams(tx, creatorId, order.key(), now.minus(SAME_ORDER), now);
          reports.insert(tx, id, creatorId, order, now, now.plus(KEPT));
          ReportJob.enqueue(tx, jobs, id);
          ReportSweep.start(tx, jobs);
          audit.accept(tx, id);
          return reports.find(tx, id).orElseThrow();
        });
  }

  /** Empty for a report of somebody else. */
  public Optional<ReportRow> find(long creatorId, String publicId) {
    return reports.find(db, publicId).filter(report -> report.creatorId() == creatorId);
  }

  /**
   * The creator's reports of the last 90 days.
   *
   * @param type null for all
   * @param status null for all
   */
  public List<ReportRow> page(
      long creatorId, FinanceReportType type, FinanceReportStatus status, int limit, long offset) {
    Instant now = clock.instant();
    return reports.page(db, creatorId, type, status, now.minus(LISTED), now, limit, offset);
  }

  public long count(long creatorId, FinanceReportType type, FinanceReportStatus status) {
    Instant now = clock.instant();
    return reports.count(db, creatorId, type, status, now.minus(LISTED), now);
  }

  /** As a list shows it. */
  public FinanceReportItem item(ReportRow report) {
    return FinanceReportItem.builder()
        .id(report.publicId())
        .reportType(report.order().type())
        .periodStart(report.order().from())
        .periodEnd(report.order().to())
        .format(report.order().format())
        .groupBy(report.order().groupBy())
        .status(report.statusAt(clock.instant()))
        .failureReason(report.failure())
        .progress(report.progress())
        .rowCount(report.rowCount())
        .expiresAt(report.expiresAt())
        .createdAt(report.createdAt())
        .build();
  }

  /** With an address for the file while there is one. */
  public FinanceReport view(ReportRow report) {
    boolean ready = report.statusAt(clock.instant()) == FinanceReportStatus.READY;
    return FinanceReport.builder()
        .from(item(report))
        .downloadUrl(ready ? address(report) : null)
        .build();
  }

  private String address(ReportRow report) {
    ReportOrder order = report.order();
    String name =
        "%s_%s_%s.%s"
            .formatted(
                Words.report(order.type()), order.from(), order.to(), order.format().literal());
    return storage.presignedGet(report.fileKey(), ADDRESS, name);
  }
}
