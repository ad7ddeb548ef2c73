package com.sharestack.billing.reconciliation;

import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.contract.ReconciliationStatus;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the walks of both kinds of run share: a page's differences and the next place, together. */
final class Walk {

  private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

  /** Rows of a page, and of a step of the job. */
  static final int PAGE = 200;

  /** More of them are one disaster: the run ends. */
  private static final int MOST_DIFFERENCES = 10_000;

  private static final List<String> CHECKS =
      List.of("payment_consistency", "amount_accuracy", "summary_accuracy", "rule_correctness");

  /**
   * A difference of a page.
   *
   * @param repaired by asking the channel
   */
  record Result(Found found, boolean repaired) {}

  private final PaymentParts parts;
  private final JobQueue queue;
  private final ReconciliationRepository runs;

  Walk(PaymentParts parts, JobQueue queue, ReconciliationRepository runs) {
    this.parts = parts;
    this.queue = queue;
    this.runs = runs;
  }

  static JsonObject phase(JsonObject payload, String phase) {
    JsonObject next = payload.copy().put("phase", phase);
    next.remove("at");
    next.remove("id");
    next.remove("line");
    return next;
  }

  static BillRepository.Place place(JsonObject payload) {
    return payload.getLong("at") == null
        ? null
        : new BillRepository.Place(
            Instant.ofEpochMilli(payload.getLong("at")), payload.getLong("id"));
  }

  static JsonObject at(JsonObject payload, BillRepository.Place place) {
    return payload.copy().put("at", place.at().toEpochMilli()).put("id", place.id());
  }

  /** Adds to how much a check has looked at. */
  static JsonObject checked(JsonObject payload, String check, long more) {
    String key = "n_" + check;
    return payload.put(key, payload.getLong(key, 0L) + more);
  }

  /** Commits what a page gave, and where the walk goes on. */
  void next(Job job, Run run, List<Result> results, JsonObject left) {
    Instant now = parts.clock().instant();
    if (!results.isEmpty()
        && runs.count(parts.db(), run.id()) + results.size() > MOST_DIFFERENCES) {
      end(job, run, "more than " + MOST_DIFFERENCES + " differences", results, left);
      return;
    }
    parts
        .db()
        .tx(
            tx -> {
              add(tx, run, results, now);
              queue.advance(tx, job, left);
              return null;
            });
  }

  /** Commits the last page and the verdict. */
  void end(Job job, Run run, String error, List<Result> results, JsonObject left) {
    Instant now = parts.clock().instant();
    ReconciliationStatus status =
        parts
            .db()
            .tx(
                tx -> {
                  add(tx, run, results, now);
                  ReconciliationStatus verdict = verdict(tx, run, error, left, now);
                  queue.finish(tx, job);
                  return verdict;
                });
    if (status != ReconciliationStatus.PASSED) {
      LOG.error(
          "reconciliation {} of {} {}: {} {}",
          run.publicId(),
          run.platform().literal(),
          run.day(),
          status.literal(),
          error == null ? "" : error);
    }
  }

  private void add(Tx tx, Run run, List<Result> results, Instant now) {
    for (Result result : results) {
      runs.add(tx, parts.trail(), run, result.found(), result.repaired(), now);
    }
  }

  private ReconciliationStatus verdict(Tx tx, Run run, String error, JsonObject left, Instant now) {
    Map<String, Long> issues = runs.issues(tx, run.id());
    JsonArray checks = new JsonArray();
    for (String check : CHECKS) {
      long found = issues.getOrDefault(check, 0L);
      checks.add(
          new JsonObject()
              .put("name", check)
              .put("passed", found == 0 && error == null)
              .put("checked", left.getLong("n_" + check, 0L))
              .put("issues", found));
    }
    ReconciliationStatus status =
        error != null
            ? ReconciliationStatus.ERROR
            : issues.isEmpty() ? ReconciliationStatus.PASSED : ReconciliationStatus.FAILED;
    runs.end(tx, run.id(), status, checks, error, now);
    return status;
  }
}
