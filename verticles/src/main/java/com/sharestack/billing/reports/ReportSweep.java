package com.sharestack.billing.reports;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.storage.ObjectStore;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Removes the files of reports after their time, every hour, on one node at a time: a row of jobs
 * that comes again. The file goes first: a row that says expired has none.
 */
public final class ReportSweep implements JobHandler {

  public static final String TYPE = "billing.report_sweep";

  private static final String KEY = "timer";
  private static final int BATCH = 50;

  /** It must never stop; each round that fails is logged. */
  private static final int MOST_ATTEMPTS = 1_000_000;

  private static final Duration PAUSE = Duration.ofHours(1);

  private final Db db;
  private final Clock clock;
  private final JobQueue jobs;
  private final ReportRepository reports;
  private final ObjectStore storage;

  public ReportSweep(
      Db db, Clock clock, JobQueue jobs, ReportRepository reports, ObjectStore storage) {
    this.db = db;
    this.clock = clock;
    this.jobs = jobs;
    this.reports = reports;
    this.storage = storage;
  }

  /**
   * Where no report was ever ordered there is nothing to remove: the first order starts the timer.
   */
  static void start(Tx tx, JobQueue jobs) {
    jobs.enqueue(tx, TYPE, KEY, new JsonObject(), MOST_ATTEMPTS);
  }

  @Override
  public void step(Job job) {
    Instant now = clock.instant();
    List<ReportRow> due = reports.due(db, now, BATCH);
    due.forEach(report -> storage.delete(report.fileKey()).await());
    db.tx(
        tx -> {
          reports.expire(tx, due, now);
          jobs.again(tx, job, due.size() == BATCH ? now : now.plus(PAUSE));
          return null;
        });
  }
}
