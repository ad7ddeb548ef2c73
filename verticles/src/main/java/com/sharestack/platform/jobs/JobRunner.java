package com.sharestack.platform.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of one type for as long as its verticle lives. Start it in a verticle on virtual
 * threads; any number of instances and nodes may. While a step runs, heartbeats prolong its lease;
 * a worker that dies stops them, and another takes the job when the lease is over.
 */
public final class JobRunner {

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** Jobs of one runner at a time: they share the connection pool with the services. */
  private static final int AT_ONCE = 4;

  /** A third of the lease: two may be lost. */
  private static final long BEAT_MILLIS = 20_000;

  private final Vertx vertx;
  private final JobQueue queue;
  private final String type;
  private final JobHandler handler;
  private final long pauseMillis;
  private final int atOnce;
  private final long beatMillis;
  private final Rounds rounds;

  public JobRunner(Vertx vertx, JobQueue queue, String type, JobHandler handler, long pauseMillis) {
    this(vertx, queue, type, handler, pauseMillis, AT_ONCE, BEAT_MILLIS);
  }

  /**
   * @param atOnce steps of this runner at a time; 1 for work that takes much memory
   */
  public JobRunner(
      Vertx vertx, JobQueue queue, String type, JobHandler handler, long pauseMillis, int atOnce) {
    this(vertx, queue, type, handler, pauseMillis, atOnce, BEAT_MILLIS);
  }

  JobRunner(
      Vertx vertx,
      JobQueue queue,
      String type,
      JobHandler handler,
      long pauseMillis,
      int atOnce,
      long beatMillis) {
    this.atOnce = atOnce;
    this.beatMillis = beatMillis;
    this.vertx = vertx;
    this.queue = queue;
    this.type = type;
    this.handler = handler;
    this.pauseMillis = pauseMillis;
    this.rounds = new Rounds(vertx);
  }

  public void start() {
    rounds.repeat("jobs of type " + type, pauseMillis, this::claimAndRun);
  }

  /** Steps in flight end by themselves, or another node takes them over. */
  public void stop() {
    rounds.stop();
  }

  private boolean claimAndRun() {
    queue
        .buryAbandoned(type, handler::dead)
        .forEach(job -> LOG.error("job {} {} {} is dead", job.id(), type, job.key()));
    List<Job> jobs = queue.claim(type, atOnce);
    Future.join(jobs.stream().map(job -> rounds.beside(() -> attempt(job))).toList()).await();
    return !jobs.isEmpty();
  }

  private void attempt(Job job) {
    long beats = vertx.setPeriodic(beatMillis, due -> beat(job));
    try {
      handler.step(job);
    } catch (LeaseLostException taken) {
      LOG.info("{}", taken.getMessage());
    } catch (RuntimeException failure) {
      note(job, failure);
    } finally {
      vertx.cancelTimer(beats);
    }
  }

  /** A job that is over or lost finds no row; the step's own commit decides. */
  private void beat(Job job) {
    try {
      queue.heartbeat(job);
    } catch (RuntimeException missed) {
      LOG.warn("job {} {}: a heartbeat is missing: {}", job.id(), type, missed.toString());
    }
  }

  private void note(Job job, RuntimeException failure) {
    try {
      if (queue.failed(
          job, failure.getClass().getSimpleName(), failure.getMessage(), handler::dead)) {
        LOG.error("job {} {} {} is dead", job.id(), type, job.key(), failure);
      } else {
        LOG.warn("job {} {} {} comes again: {}", job.id(), type, job.key(), failure.toString());
      }
    } catch (RuntimeException unnoted) {
      LOG.warn("job {} {} waits for the end of its lease", job.id(), type, unnoted);
    }
  }
}
