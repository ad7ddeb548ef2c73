package com.sharestack.analytics;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.jobs.JobRunner;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import java.util.Map;

/** Hosts the services of the analytics domain and does its jobs. */
public final class AnalyticsVerticle extends DomainVerticle {

  private final JobQueue jobs;
  private JobRunner runner;

  public AnalyticsVerticle(Platform platform) {
    super("analytics", platform);
    this.jobs = new JobQueue(platform.db(), platform.clock());
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    Db db = platform.db();
    NotificationRepository notifications = new NotificationRepository();
    UnreadCounters counters = new UnreadCounters(platform.cache(), db, notifications);
    host.serve(
        NotificationsService.class,
        new NotificationsServiceImpl(
            db, platform.clock(), notifications, counters, host.client(MessagesService.class)));
    Notifier notifier =
        new Notifier(
            db,
            jobs,
            notifications,
            counters,
            host.client(UsersService.class),
            host.client(SubscriptionsService.class),
            host.client(SubscriptionWelcomesService.class));
    runner =
        new JobRunner(
            vertx, jobs, Task.JOB_TYPE, notifier, platform.config().worker().jobPollMillis());
    runner.start();
  }

  @Override
  protected Map<EventTopic, EventHandler> events() {
    return new Intake(jobs).handlers();
  }

  @Override
  public void stop() {
    runner.stop();
  }
}
