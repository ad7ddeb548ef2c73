package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.CreatorJournalRepository;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.FinanceReportFailure;
import com.sharestack.contract.FinanceReportFinishedEvent;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportStatus;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.storage.ObjectStore;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a report's file and puts it into the store; then row, event and job are over in one
 * transaction. A worker that is lost on the way leaves nothing that the next one does not replace:
 * the file is made from the same snapshot under the same key.
 */
public final class ReportJob implements JobHandler {

  public static final String TYPE = "billing.report";

  /** With doubling pauses about a minute; then the order failed and operators look at it. */
  private static final int MOST_ATTEMPTS = 5;

  private final Vertx vertx;
  private final Platform platform;
  private final Db db;
  private final JobQueue jobs;
  private final ReportRepository reports;
  private final ReportMaker maker;
  private final CreatorJournalRepository journals = new CreatorJournalRepository();

  public ReportJob(
      Vertx vertx, Platform platform, JobQueue jobs, ReportRepository reports, UsersService users) {
    this(vertx, platform, jobs, reports, users, Output.MOST_ROWS);
  }

  ReportJob(
      Vertx vertx,
      Platform platform,
      JobQueue jobs,
      ReportRepository reports,
      UsersService users,
      int mostRows) {
    this.vertx = vertx;
    this.platform = platform;
    this.db = platform.db();
    this.jobs = jobs;
    this.reports = reports;
    this.maker = new ReportMaker(vertx, db, platform.clock(), users, mostRows);
  }

  static void enqueue(Tx tx, JobQueue jobs, String reportId) {
    jobs.enqueue(tx, TYPE, reportId, new JsonObject(), MOST_ATTEMPTS);
  }

  @Override
  public void step(Job job) {
    ReportRow report = begin(job);
    if (report.status() != FinanceReportStatus.RUNNING) {
      // nothing is left to do: an operator queued again what was done
      finish(job);
      return;
    }
    Path path = temporary();
    try {
      ReportMaker.Made made = maker.make(report, path, percent -> progress(job, percent));
      store(report, path, made);
      db.tx(
          tx -> {
            reports.ready(
                tx, report.publicId(), made.rows(), made.bytes(), platform.clock().instant());
            publish(tx, report, null);
            jobs.finish(tx, job);
            return null;
          });
    } catch (Output.TooLargeException tooLarge) {
      db.tx(
          tx -> {
            fail(tx, report, FinanceReportFailure.TOO_LARGE);
            jobs.finish(tx, job);
            return null;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(path);
    }
  }

  private ReportRow begin(Job job) {
    return db.tx(
        tx -> {
          jobs.progress(tx, job, 0);
          ReportRow found = reports.find(tx, job.key()).orElseThrow();
          if (found.failure() != FinanceReportFailure.TOO_LARGE) {
            reports.begin(
                tx,
                found.publicId(),
                journals.lastSeq(tx, found.creatorId()),
                platform.clock().instant());
          }
          return reports.find(tx, job.key()).orElseThrow();
        });
  }

  private void finish(Job job) {
    db.tx(
        tx -> {
          jobs.finish(tx, job);
          return null;
        });
  }

  private void progress(Job job, int percent) {
    db.tx(
        tx -> {
          jobs.progress(tx, job, percent);
          reports.progress(tx, job.key(), percent, platform.clock().instant());
          return null;
        });
  }

  private void store(ReportRow report, Path path, ReportMaker.Made made) {
    vertx
        .fileSystem()
        .open(path.toString(), new OpenOptions().setWrite(false).setCreate(false))
        .compose(
            body ->
                platform
                    .storage()
                    .put(
                        report.fileKey(),
                        new ObjectStore.Upload(
                            body, made.bytes(), made.sha256(), contentType(report)))
                    .eventually(body::close))
        .await();
  }

  private static String contentType(ReportRow report) {
    return report.order().format() == FinanceReportFormat.CSV
        ? "text/csv; charset=utf-8"
        : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  }

  /** The order failed for whoever waits, also when an operator makes it succeed later. */
  @Override
  public void dead(Tx tx, Job job) {
    reports
        .find(tx, job.key())
        .filter(report -> report.status() != FinanceReportStatus.READY)
        .ifPresent(report -> fail(tx, report, FinanceReportFailure.INTERNAL));
  }

  private void fail(Tx tx, ReportRow report, FinanceReportFailure reason) {
    reports.fail(tx, report.publicId(), reason, platform.clock().instant());
    publish(tx, report, reason);
  }

  private void publish(Tx tx, ReportRow report, FinanceReportFailure failure) {
    platform
        .outbox()
        .publish(
            tx,
            EventTopic.FINANCE_REPORT_FINISHED,
            FinanceReportFinishedEvent.builder()
                .reportId(report.publicId())
                .creatorId(report.creatorId())
                .reportType(report.order().type())
                .periodStart(report.order().from())
                .periodEnd(report.order().to())
                .ready(failure == null)
                .failureReason(failure)
                .at(platform.clock().instant())
                .build());
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("sharestack-report", ".part");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(ReportJob.class).warn("{} stays: {}", path, e.toString());
    }
  }
}
