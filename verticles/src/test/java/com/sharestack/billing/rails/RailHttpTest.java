package com.sharestack.billing.rails;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits on calls under way, against a rail that answers when the test says so. */
class RailHttpTest {

  private static final int CONNECTIONS = 4;
  private static final int QUEUE = 8;

  /** Longer than any test. */
  private static final long PATIENT = 60_000;

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
  private HttpServer rail;
  private RailHttp http;

  @BeforeEach
  void start() {
    rail = await(vertx.createHttpServer().requestHandler(held::add).listen(0, "127.0.0.1"));
    http =
        new RailHttp(
            vertx,
            "test",
            new RailsConfig.Limits(
                3_000, PATIENT, PATIENT, 1 << 20, 1, 1, CONNECTIONS, QUEUE, 1_000, 1_000));
  }

  @AfterEach
  void stop() {
    await(http.close());
    await(vertx.close());
  }

  private List<Future<Reply<String>>> calls(int count, long timeoutMillis) {
    RailHttp.Call call =
        new RailHttp.Call(
            HttpMethod.GET,
            "http://127.0.0.1:" + rail.actualPort() + "/",
            Map.of(),
            Buffer.buffer());
    List<Future<Reply<String>>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(
          http.call(
              call,
              timeoutMillis,
              1 << 10,
              exchange -> new Reply.Answered<>(exchange.body().toString())));
    }
    return calls;
  }

  private HttpServerRequest arrived() throws InterruptedException {
    HttpServerRequest request = held.poll(20, TimeUnit.SECONDS);
    assertTrue(request != null, "no further call arrived at the rail");
    return request;
  }

  /** Every connection is open and waits for an answer; what comes now must queue. */
  private List<Future<Reply<String>>> occupied(List<HttpServerRequest> open) throws Exception {
    List<Future<Reply<String>>> running = calls(CONNECTIONS, PATIENT);
    for (int i = 0; i < CONNECTIONS; i++) {
      open.add(arrived());
    }
    return running;
  }

  private void answerAll(List<HttpServerRequest> open, List<Future<Reply<String>>> running)
      throws Exception {
    for (int i = open.size(); i < running.size(); i++) {
      open.removeFirst().response().end("late");
      open.add(arrived());
    }
    open.forEach(request -> request.response().end("late"));
    for (Future<Reply<String>> call : running) {
      assertEquals(new Reply.Answered<>("late"), await(call));
    }
  }

  @Test
  void beyondConnectionsAndQueueCallsAreRefusedAtOnce() throws Exception {
    List<HttpServerRequest> open = new ArrayList<>();
    List<Future<Reply<String>>> running = occupied(open);
    running.addAll(calls(QUEUE, PATIENT));
    for (Future<Reply<String>> beyond : calls(5, PATIENT)) {
      Reply.NotSent<?> refused = assertInstanceOf(Reply.NotSent.class, await(beyond));
      assertTrue(refused.cause().contains("TooBusy"), refused.cause());
    }
    assertTrue(running.stream().noneMatch(Future::isComplete), "the others still wait");
    assertEquals(0, held.size(), "more calls at the rail than connections");
    answerAll(open, running);
  }

  @Test
  void whoGaveUpWaitingLeavesTheQueueToOthers() throws Exception {
    List<HttpServerRequest> open = new ArrayList<>();
    List<Future<Reply<String>>> running = occupied(open);
    for (Future<Reply<String>> impatient : calls(QUEUE, 200)) {
      assertInstanceOf(Reply.NotSent.class, await(impatient));
    }
    running.addAll(calls(QUEUE, PATIENT));
    assertTrue(running.stream().noneMatch(Future::isComplete), "places are held by nobody");
    answerAll(open, running);
  }
}
