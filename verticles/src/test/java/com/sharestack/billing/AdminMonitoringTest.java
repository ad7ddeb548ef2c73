package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AdminMonitoringJobsRequest;
import com.sharestack.contract.AdminMonitoringOperationsRequest;
import com.sharestack.contract.AdminMonitoringService;
import com.sharestack.contract.JobItem;
import com.sharestack.contract.JobState;
import com.sharestack.contract.JobsOverview;
import com.sharestack.contract.MaintenanceOrder;
import com.sharestack.contract.MaintenanceParams;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs of a queue that no runner takes. */
class AdminMonitoringTest {

  private static BillingNode billing;
  private static JobQueue queue;
  private static AdminMonitoringService service;

  @BeforeAll
  static void start() {
    billing = new BillingNode("admin_monitoring");
    queue = new JobQueue(billing.node.db(), billing.node.clock());
    service = billing.node.client(AdminMonitoringService.class);
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static void enqueue(String type, String key, int attempts) {
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx -> {
                      queue.enqueue(tx, type, key, new JsonObject().put("secret", 1), attempts);
                      return 0;
                    }));
  }

  /** Another queue's claim may hold the row for a moment: a claim skips what is locked. */
  private static Job claim(String type) {
    return billing.node.await(
        () -> {
          List<Job> jobs = List.of();
          for (int i = 0; i < 200 && jobs.isEmpty(); i++) {
            billing.node.vertx().timer(5, TimeUnit.MILLISECONDS).await();
            jobs = queue.claim(type, 1);
          }
          return jobs.get(0);
        });
  }

  private static Job fail(String type) {
    Job job = claim(type);
    billing.node.await(() -> queue.failed(job, "Away", "the mail server is away"));
    return job;
  }

  private static JobsOverview look(String name, JobState status) {
    return billing.await(
        service.jobs(billing.admin(), new AdminMonitoringJobsRequest(name, status, 1, 20)));
  }

  private static long operate(String operation, Long job, String name) {
    return billing
        .await(
            service.operations(
                billing.admin(),
                new AdminMonitoringOperationsRequest(
                    new MaintenanceOrder(operation, new MaintenanceParams(job, name), "邮件服务器已恢复"))))
        .result()
        .retried();
  }

  @Test
  void staffSeesWhatFailedAndQueuesDeadJobsAgain() {
    enqueue("letters.send", "a", 1);
    Job dead = fail("letters.send");
    enqueue("letters.send", "b", 3);
    Job failed = fail("letters.send");
    enqueue("letters.send", "c", 3);

    JobsOverview overview = look("letters", null);
    assertEquals(
        List.of("b failed", "a dead"),
        overview.jobs().stream().map(job -> job.key() + " " + job.status().literal()).toList());
    JobItem shown = overview.jobs().get(1);
    assertEquals("Away: the mail server is away", shown.lastError());
    assertNull(shown.nextAttemptAt());
    assertEquals(
        "letters 1 0 1 1",
        overview.queues().stream()
            .map(
                q ->
                    "%s %d %d %d %d"
                        .formatted(q.name(), q.queued(), q.running(), q.failed(), q.dead()))
            .findFirst()
            .orElseThrow());

    assertEquals(1, operate("retry_job", dead.id(), null));
    assertEquals(List.of(), look("letters", JobState.DEAD).jobs());
    Job again = claim("letters.send");
    assertTrue(List.of("a", "c").contains(again.key()));
    assertEquals(1, again.attempts());
    assertEquals(
        1,
        billing.number(
            "SELECT COUNT(*) FROM billing_audit WHERE action = 'admin.monitoring.operations' AND"
                + " payload LIKE ?",
            "%\"job_id\":" + dead.id() + "%"));

    assertEquals(
        "INVALID_STATE failed",
        failureOf(() -> operate("retry_job", failed.id(), null)).named("current_status"));
    assertEquals("NOT_FOUND", failureOf(() -> operate("retry_job", 999_999L, null)).code());
    assertEquals(
        "VALIDATION_ERROR params.job_id",
        failureOf(() -> operate("retry_job", null, null)).named("field"));
  }

  @Test
  void allDeadJobsOfAQueueAreQueuedAgainAndOthersAreNot() {
    for (int i = 0; i < 3; i++) {
      enqueue("pigeons.fly", "p" + i, 1);
      fail("pigeons.fly");
    }
    enqueue("ravens.fly", "r", 1);
    fail("ravens.fly");

    assertEquals(3, operate("retry_dead_jobs", null, "pigeons"));
    assertEquals(0, look("pigeons", JobState.DEAD).jobs().size());
    assertEquals(1, look("ravens", JobState.DEAD).jobs().size());
  }

  @Test
  void workThatRepeatsIsASchedule() {
    enqueue("clock.tick", "timer", 3);
    Job job = claim("clock.tick");
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx -> {
                      queue.again(
                          tx, job, billing.node.clock().instant().plus(Duration.ofHours(1)));
                      return 0;
                    }));
    var schedule = look("clock", null).schedules().get(0);
    assertEquals("clock.tick done", schedule.name() + " " + schedule.lastStatus());
    assertTrue(schedule.nextRunAt().isAfter(billing.node.clock().instant()));
  }
}
