package com.sharestack.billing.rates;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.jobs.JobRunner;
import com.sharestack.platform.service.Platform;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rates of the configured source once an hour. The hour is a job, so of any number of
 * nodes one asks, and what fails comes again with growing pauses until the next hour has its own.
 */
public final class RateFeed implements JobHandler {

  static final String JOB_TYPE = "billing.exchange_rates";

  private static final Logger LOG = LoggerFactory.getLogger(RateFeed.class);
  private static final long LOOK_MILLIS = 60_000;
  private static final long TIMEOUT_MILLIS = 10_000;
  private static final int CONNECT_MILLIS = 3_000;
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_ATTEMPTS = 6;

  private final Vertx vertx;
  private final String url;
  private final Db db;
  private final Clock clock;
  private final JobQueue jobs;
  private final RateRepository rates = new RateRepository();
  private final HttpClient http;
  private final JobRunner runner;
  private volatile boolean stopping;

  /**
   * @param url of the source, which is known by its host
   */
  public RateFeed(Vertx vertx, Platform platform, String url) {
    this.vertx = vertx;
    this.url = url;
    this.db = platform.db();
    this.clock = platform.clock();
    this.jobs = new JobQueue(db, clock);
    this.http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
    this.runner =
        new JobRunner(vertx, jobs, JOB_TYPE, this, platform.config().worker().jobPollMillis());
  }

  /** The name under which rates of this address are stored and shown. */
  static String source(String url) {
    return URI.create(url).getHost();
  }

  /** Begins with the present hour; the timers end with the verticle that starts them. */
  public void start() {
    runner.start();
    look();
  }

  /** No further hour begins; one that runs ends by itself. */
  public void stop() {
    stopping = true;
    runner.stop();
    http.close();
  }

  private void look() {
    if (stopping) {
      return;
    }
    vertx.setTimer(LOOK_MILLIS, due -> look());
    vertx.runOnContext(go -> queueHour());
  }

  /** A node that fails to queue is no loss: others do, or this one a minute later. */
  private void queueHour() {
    String hour = clock.instant().truncatedTo(ChronoUnit.HOURS).toString();
    try {
      db.tx(
          tx -> {
            jobs.enqueue(tx, JOB_TYPE, hour, new JsonObject(), MOST_ATTEMPTS);
            return null;
          });
    } catch (RuntimeException failure) {
      LOG.warn("exchange rates of {} not queued, comes again: {}", hour, failure.toString());
    }
  }

  @Override
  public void step(Job job) {
    List<Quote> quotes = FeedAnswer.read(ask(), clock.instant());
    db.tx(
        tx -> {
          rates.store(tx, source(url), quotes, clock.instant());
          jobs.finish(tx, job);
          return null;
        });
  }

  private JsonObject ask() {
    return http.request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json"))
        .compose(request -> request.send().compose(RateFeed::body))
        .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .map(JsonObject::new)
        .await();
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      response.request().reset();
      return Future.failedFuture("the source answered " + response.statusCode());
    }
    Promise<Buffer> done = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MOST_BYTES) {
            done.tryFail("the answer is longer than " + MOST_BYTES + " bytes");
            response.request().reset();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.exceptionHandler(done::tryFail);
    response.endHandler(end -> done.tryComplete(body));
    return done.future();
  }
}
