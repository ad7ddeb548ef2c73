package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.reconciliation.Reconciliations;
import com.sharestack.platform.jobs.JobRunner;
import com.sharestack.platform.jobs.Rounds;
import com.sharestack.platform.service.Platform;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;

/**
 * Background work of the billing domain, deployed with the role worker on virtual threads:
 * notifications whose process died, payments the channel must be asked about, refunds it must be
 * told of, purchases that are over, what time does to subscriptions and what their subscribers are
 * told ahead, report files, the daily reconciliations. Any number of instances and nodes may run
 * it; each row is claimed in the database.
 */
public final class BillingWorker extends AbstractVerticle {

  /** How often it is seen whether a day is to be reconciled. */
  private static final long SCHEDULE_MILLIS = 60_000;

  private static final long RETENTION_PAUSE_MILLIS = 600_000;

  private final Platform platform;
  private BillingAssembly assembly;
  private Rounds rounds;
  private ReportRunners reports;
  private JobRunner jobs;

  public BillingWorker(Platform platform) {
    this.platform = platform;
  }

  @Override
  public void start() {
    assembly = new BillingAssembly(vertx, platform);
    rounds = new Rounds(vertx);
    PaymentCore payments = assembly.payments();
    int pause = platform.config().worker().paymentPollMillis();
    rounds.repeat("channel notices", pause, payments.notices()::run);
    rounds.repeat("notice bodies", RETENTION_PAUSE_MILLIS, payments.notices()::dropBodies);
    rounds.repeat("payment checks", pause, () -> payments.checks().run(rounds::beside));
    rounds.repeat("refunds", pause, payments.refundRuns()::run);
    SubscriptionLifecycle lifecycle = new SubscriptionLifecycle(assembly.subscriptions(), payments);
    rounds.repeat("subscription lifecycle", pause, lifecycle::run);
    rounds.repeat(
        "subscription reminders", pause, new SubscriptionReminders(assembly.subscriptions())::run);
    rounds.repeat("ends of purchases", pause, assembly.purchases().ends()::run);
    reports = new ReportRunners(vertx, platform);
    reports.start();
    Reconciliations reconciliations = new Reconciliations(payments);
    rounds.repeat("reconciliation schedule", SCHEDULE_MILLIS, reconciliations::schedule);
    jobs =
        new JobRunner(vertx, reconciliations.queue(), Reconciliations.JOB, reconciliations, pause);
    jobs.start();
  }

  @Override
  public void stop(Promise<Void> stopped) {
    rounds.stop();
    reports.stop();
    jobs.stop();
    assembly.close().onComplete(stopped);
  }
}
