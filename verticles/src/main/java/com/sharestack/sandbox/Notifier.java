package com.sharestack.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Delivers notifications on the rails' schedules. Due deliveries run one after another in the order
 * of their time, so a run under a moved clock is the same every time; what {@code parallel} asks
 * for goes out at once, as from several servers.
 */
final class Notifier {

  private static final long ANSWER_MILLIS = 5_000;
  private static final int LOG = 5_000;
  private static final int MAX_TIMES = 1_000;

  /**
   * How a notification goes out at first.
   *
   * @param times deliveries of the same notification; 0 = none at all, and no schedule
   * @param parallel of them at once
   * @param retry whether the schedule follows when none was acknowledged
   */
  record Plan(int times, int parallel, long delayMillis, Tamper tamper, boolean retry) {
    static final Plan ONCE = new Plan(1, 1, 0, Tamper.NONE, true);

    static Plan of(JsonObject json) {
      if (json == null) {
        return ONCE;
      }
      Tamper tamper =
          Tamper.valueOf(json.getString("tamper", "none").toUpperCase(java.util.Locale.ROOT));
      int times = json.getInteger("times", 1);
      int parallel = json.getInteger("parallel", 1);
      long delay = json.getLong("delay_ms", 0L);
      if (times < 0 || times > MAX_TIMES || parallel < 1 || parallel > MAX_TIMES || delay < 0) {
        throw new IllegalArgumentException("times 0-1000, parallel 1-1000, delay_ms from 0");
      }
      boolean retry = json.getBoolean("retry", tamper == Tamper.NONE);
      return new Plan(times, parallel, delay, tamper, retry);
    }
  }

  /**
   * @param step 0 = the first deliveries by the plan, then the resends
   */
  private record Due(Instant at, long order, Message message, Plan plan, int step) {}

  private final HttpClient client;
  private final TwinClock clock;
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
  private final Deque<JsonObject> log = new ArrayDeque<>();
  private Future<Void> tail = Future.succeededFuture();
  private long sequence;

  Notifier(Vertx vertx, TwinClock clock) {
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(MAX_TIMES));
    this.clock = clock;
  }

  /** Plans the deliveries; the future ends when those due by now are through. */
  Future<Void> send(Message message, Plan plan) {
    if (plan.times() > 0 && message.url() != null) {
      plan(clock.now().plusMillis(plan.delayMillis()), message, plan, 0);
    }
    return run(clock.now(), false);
  }

  private void plan(Instant at, Message message, Plan plan, int step) {
    queue.add(new Due(at, sequence++, message, plan, step));
  }

  /** Delivers what has become due by itself. */
  void tick() {
    if (tail.isComplete() && !queue.isEmpty() && !queue.peek().at().isAfter(clock.now())) {
      run(clock.now(), false);
    }
  }

  /** Moves the clock; every delivery on the way happens at its own time. */
  Future<Void> advance(Duration by) {
    return run(clock.now().plus(by), true);
  }

  private Future<Void> run(Instant until, boolean move) {
    tail = tail.transform(before -> drain(until, move));
    return tail;
  }

  private Future<Void> drain(Instant until, boolean move) {
    Due due = queue.peek();
    if (due == null || due.at().isAfter(until)) {
      if (move) {
        clock.reach(until);
      }
      return Future.succeededFuture();
    }
    queue.poll();
    if (move) {
      clock.reach(due.at());
    }
    return deliver(due).compose(done -> drain(until, move));
  }

  private Future<Void> deliver(Due due) {
    Plan plan = due.plan();
    Future<Boolean> delivered =
        due.step() == 0
            ? waves(due, plan.times(), false)
            : once(due.message(), Tamper.NONE, due.step());
    return delivered
        .onSuccess(
            acknowledged -> {
              List<Duration> gaps = due.message().gaps();
              if (!acknowledged && plan.retry() && due.step() < gaps.size()) {
                plan(due.at().plus(gaps.get(due.step())), due.message(), plan, due.step() + 1);
              }
            })
        .mapEmpty();
  }

  private Future<Boolean> waves(Due due, int left, boolean acknowledged) {
    if (left == 0) {
      return Future.succeededFuture(acknowledged);
    }
    int now = Math.min(left, due.plan().parallel());
    List<Future<Boolean>> wave = new ArrayList<>();
    for (int i = 0; i < now; i++) {
      wave.add(once(due.message(), due.plan().tamper(), 0));
    }
    return Future.all(wave)
        .compose(
            all ->
                waves(
                    due,
                    left - now,
                    acknowledged
                        || wave.stream().anyMatch(one -> Boolean.TRUE.equals(one.result()))));
  }

  /** Never fails: no answer is an answer too. */
  private Future<Boolean> once(Message message, Tamper tamper, int step) {
    Message.Wire wire = message.wire(tamper);
    JsonObject entry =
        new JsonObject()
            .put("rail", message.rail().code())
            .put("out_trade_no", message.outTradeNo())
            .put("id", message.id())
            .put("event", message.event())
            .put("step", step)
            .put("tamper", tamper.name().toLowerCase(java.util.Locale.ROOT))
            .put("at", clock.now().toString());
    remember(entry);
    return client
        .request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(message.url()))
        .compose(
            request -> {
              wire.headers().forEach(request::putHeader);
              return request.send(wire.body());
            })
        .compose(
            answer ->
                answer
                    .body()
                    .map(
                        body -> {
                          boolean good = message.acknowledged(answer.statusCode(), body);
                          entry
                              .put("status", answer.statusCode())
                              .put("answer", body.getString(0, Math.min(body.length(), 500)))
                              .put("acknowledged", good);
                          return good;
                        }))
        .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              entry.put("failure", failure.toString()).put("acknowledged", false);
              return Future.succeededFuture(false);
            });
  }

  private void remember(JsonObject entry) {
    log.addLast(entry);
    if (log.size() > LOG) {
      log.removeFirst();
    }
  }

  /** Deliveries in order; all, or of one order. */
  JsonArray log(String outTradeNo) {
    JsonArray found = new JsonArray();
    log.stream()
        .filter(entry -> outTradeNo == null || outTradeNo.equals(entry.getString("out_trade_no")))
        .forEach(found::add);
    return found;
  }

  int waiting() {
    return queue.size();
  }

  void reset() {
    queue.clear();
    log.clear();
  }

  Future<Void> close() {
    return client.close();
  }

  static String form(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            text.append(text.length() == 0 ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
