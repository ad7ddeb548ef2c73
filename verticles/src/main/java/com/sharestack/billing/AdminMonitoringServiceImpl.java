package com.sharestack.billing;

import com.sharestack.contract.AdminMonitoringJobsRequest;
import com.sharestack.contract.AdminMonitoringOperationsRequest;
import com.sharestack.contract.AdminMonitoringService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.JobItem;
import com.sharestack.contract.JobQueueState;
import com.sharestack.contract.JobSchedule;
import com.sharestack.contract.JobState;
import com.sharestack.contract.JobsOverview;
import com.sharestack.contract.MaintenanceOrder;
import com.sharestack.contract.MaintenanceOutcome;
import com.sharestack.contract.MaintenanceResult;
import com.sharestack.contract.Pagination;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.jobs.JobsRepository;
import com.sharestack.platform.jobs.JobsRepository.Counts;
import com.sharestack.platform.jobs.JobsRepository.Line;
import com.sharestack.platform.jobs.JobsRepository.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Operations {@code admin.monitoring.*}: background work as staff sees it. */
final class AdminMonitoringServiceImpl implements AdminMonitoringService {

  private final Db db;
  private final Clock clock;
  private final AuditRepository audit;
  private final JobsRepository jobs = new JobsRepository();

  AdminMonitoringServiceImpl(Db db, Clock clock, AuditRepository audit) {
    this.db = db;
    this.clock = clock;
    this.audit = audit;
  }

  @Override
  public Future<JobsOverview> jobs(Caller caller, AdminMonitoringJobsRequest request) {
    List<String> all = jobs.types(db);
    List<String> types =
        all.stream()
            .filter(type -> request.queue() == null || queue(type).equals(request.queue()))
            .toList();
    List<State> states =
        request.status() == null
            ? List.of(State.FAILED, State.DEAD)
            : List.of(State.valueOf(request.status().name()));
    long total = jobs.count(db, types, states);
    long offset = (request.page() - 1L) * request.limit();
    List<Line> page =
        offset >= total ? List.of() : jobs.page(db, types, states, request.limit(), offset);
    return Future.succeededFuture(
        new JobsOverview(
            queues(types),
            jobs.timers(db, types).stream().map(AdminMonitoringServiceImpl::schedule).toList(),
            page.stream().map(AdminMonitoringServiceImpl::item).toList(),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit())));
  }

  private List<JobQueueState> queues(List<String> types) {
    return types.stream()
        .map(type -> jobs.counts(db, type))
        .collect(
            Collectors.groupingBy(
                counts -> queue(counts.type()), TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(entry -> queue(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static JobQueueState queue(String name, List<Counts> of) {
    return JobQueueState.builder()
        .name(name)
        .priority(priority(name))
        .queued(sum(of, Counts::queued))
        .running(sum(of, Counts::running))
        .failed(sum(of, Counts::failed))
        .dead(sum(of, Counts::dead))
        .oldestQueuedAt(
            of.stream()
                .map(Counts::oldestDueAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null))
        .build();
  }

  private static long sum(List<Counts> of, ToLongFunction<Counts> what) {
    return of.stream().mapToLong(what).sum();
  }

  /** The domain, which is what stands before the point. */
  private static String queue(String type) {
    int point = type.indexOf('.');
    return point < 0 ? type : type.substring(0, point);
  }

  /** Payments and notifications before content before the rest (entry admin.monitoring.jobs). */
  private static String priority(String queue) {
    return switch (queue) {
      case "billing", "analytics" -> "high";
      case "content" -> "medium";
      default -> "low";
    };
  }

  private static JobSchedule schedule(Line timer) {
    String last = timer.finishedAt() == null ? null : timer.error() == null ? "done" : "failed";
    return new JobSchedule(timer.type(), null, timer.finishedAt(), last, null, timer.nextRunAt());
  }

  private static JobItem item(Line job) {
    return JobItem.builder()
        .jobId(job.id())
        .queue(queue(job.type()))
        .type(job.type())
        .key(job.key())
        .attempts(job.attempts())
        .maxAttempts(job.maxAttempts())
        .lastError(job.error())
        .status(JobState.of(job.state().name().toLowerCase(Locale.ROOT)))
        .progress(job.progress())
        .createdAt(job.createdAt())
        .nextAttemptAt(job.nextRunAt())
        .build();
  }

  @Override
  public Future<MaintenanceResult> operations(
      Caller caller, AdminMonitoringOperationsRequest request) {
    MaintenanceOrder order = request.body();
    String id = Ids.random("op_", 12);
    long retried =
        db.tx(
            tx -> {
              Instant now = clock.instant();
              long count = retry(tx, order, now);
              audit(tx, caller, id, order, count, now);
              return count;
            });
    return Future.succeededFuture(
        new MaintenanceResult(id, order.operation(), "done", new MaintenanceOutcome(retried)));
  }

  private long retry(Tx tx, MaintenanceOrder order, Instant now) {
    if (order.operation().equals("retry_job")) {
      if (order.params().jobId() == null) {
        throw Errors.invalid("params.job_id", "请指定任务编号");
      }
      Line job =
          jobs.find(tx, order.params().jobId()).orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
      if (!jobs.retry(tx, job.id(), now)) {
        throw Errors.of(
            ErrorCode.INVALID_STATE, "current_status", job.state().name().toLowerCase(Locale.ROOT));
      }
      return 1;
    }
    if (order.params().queue() == null) {
      throw Errors.invalid("params.queue", "请指定队列");
    }
    List<String> types =
        jobs.types(tx).stream().filter(type -> queue(type).equals(order.params().queue())).toList();
    return jobs.retryDead(tx, types, now);
  }

  private void audit(
      Tx tx, Caller caller, String id, MaintenanceOrder order, long retried, Instant now) {
    JsonObject payload =
        new JsonObject()
            .put("operation", order.operation())
            .put("job_id", order.params().jobId())
            .put("queue", order.params().queue())
            .put("reason", order.reason())
            .put("retried", retried);
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "admin.monitoring.operations", "operation", id, null, "done", payload),
        now);
  }
}
