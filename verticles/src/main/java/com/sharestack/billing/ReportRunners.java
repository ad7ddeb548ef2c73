package com.sharestack.billing;

import com.sharestack.billing.reports.ReportJob;
import com.sharestack.billing.reports.ReportRepository;
import com.sharestack.billing.reports.ReportSweep;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.jobs.JobRunner;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.Vertx;
import java.util.List;

/** Makes ordered reports and removes old ones, in a verticle on virtual threads. */
final class ReportRunners {

  /** A report may take much memory and time; more instances or nodes make more at once. */
  private static final int AT_ONCE = 1;

  private final List<JobRunner> runners;

  ReportRunners(Vertx vertx, Platform platform) {
    Config config = platform.config();
    JobQueue jobs = new JobQueue(platform.db(), platform.clock());
    ReportRepository rows = new ReportRepository();
    UsersService users =
        ServiceHost.client(
            vertx,
            UsersService.class,
            config.localDomains(),
            config.services().callTimeoutMillis());
    ReportJob making = new ReportJob(vertx, platform, jobs, rows, users);
    ReportSweep sweep =
        new ReportSweep(platform.db(), platform.clock(), jobs, rows, platform.storage());
    long pause = config.worker().jobPollMillis();
    this.runners =
        List.of(
            new JobRunner(vertx, jobs, ReportJob.TYPE, making, pause, AT_ONCE),
            new JobRunner(vertx, jobs, ReportSweep.TYPE, sweep, pause, AT_ONCE));
  }

  void start() {
    runners.forEach(JobRunner::start);
  }

  void stop() {
    runners.forEach(JobRunner::stop);
  }
}
