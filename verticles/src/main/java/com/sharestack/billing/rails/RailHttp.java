package com.sharestack.billing.rails;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rail's way out: one attempt per call, a deadline over all of it, a limit on the answer, a
 * breaker. It knows whether a request left the process, which decides between {@link Reply.NotSent}
 * and {@link Reply.Unknown}.
 */
final class RailHttp {

  private static final Logger LOG = LoggerFactory.getLogger(RailHttp.class);

  /**
   * @param uri absolute
   */
  record Call(HttpMethod method, String uri, Map<String, String> headers, Buffer body) {}

  record Exchange(int status, MultiMap headers, Buffer body) {}

  /** A reply that speaks against the rail's health; carries it through the breaker. */
  @SuppressWarnings("serial")
  private static final class Unhealthy extends RuntimeException {
    private final transient Reply<?> reply;

    Unhealthy(Reply<?> reply) {
      super(null, null, false, false);
      this.reply = reply;
    }
  }

  private enum Phase {
    WAITING,
    SENT,
    GIVEN_UP
  }

  private final String name;
  private final RailsConfig.Limits limits;
  private final HttpClient client;
  private final CircuitBreaker breaker;

  RailHttp(Vertx vertx, String name, RailsConfig.Limits limits) {
    this.name = name;
    this.limits = limits;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(limits.connectTimeoutMillis())
                .setKeepAliveTimeout(15),
            new PoolOptions()
                .setHttp1MaxSize(limits.connections())
                .setMaxWaitQueueSize(limits.waitQueue()));
    this.breaker =
        CircuitBreaker.create(
            "rail-" + name,
            vertx,
            new CircuitBreakerOptions()
                .setMaxFailures(limits.breakerFailures())
                .setResetTimeout(limits.breakerResetMillis())
                // the deadline of the call is ours: it must tell what was sent
                .setTimeout(-1)
                .setNotificationAddress(null));
    breaker.openHandler(none -> LOG.warn("rail {}: breaker open", name));
    breaker.closeHandler(none -> LOG.info("rail {}: breaker closed", name));
  }

  /**
   * @param read judges a complete answer; what it throws counts as unreadable
   */
  <T> Future<Reply<T>> call(Call call, Function<Exchange, Reply<T>> read) {
    return call(call, limits.callTimeoutMillis(), limits.maxAnswerBytes(), read);
  }

  <T> Future<Reply<T>> call(
      Call call, long timeoutMillis, int maxBytes, Function<Exchange, Reply<T>> read) {
    return breaker
        .<Reply<T>>execute(
            () ->
                once(call, timeoutMillis, maxBytes, read)
                    .compose(
                        reply ->
                            reply instanceof Reply.Unknown || reply instanceof Reply.NotSent
                                ? Future.failedFuture(new Unhealthy(reply))
                                : Future.succeededFuture(reply)))
        .recover(this::unbreak);
  }

  /** The breaker speaks in failures; a rail's outcome is a value. */
  @SuppressWarnings("unchecked")
  private <T> Future<Reply<T>> unbreak(Throwable failure) {
    if (failure instanceof Unhealthy unhealthy) {
      return Future.succeededFuture((Reply<T>) unhealthy.reply);
    }
    if (failure instanceof OpenCircuitException) {
      return Future.succeededFuture(new Reply.NotSent<>("breaker open"));
    }
    return Future.failedFuture(failure);
  }

  private <T> Future<Reply<T>> once(
      Call call, long timeoutMillis, int maxBytes, Function<Exchange, Reply<T>> read) {
    AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    AtomicReference<HttpClientRequest> open = new AtomicReference<>();
    return client
        .request(
            new RequestOptions()
                .setMethod(call.method())
                .setAbsoluteURI(call.uri())
                // the wait in the pool's queue ends with the call: only calls that somebody still
                // waits for count against the limit of the queue
                .setConnectTimeout(timeoutMillis)
                .setFollowRedirects(false))
        .compose(
            request -> {
              // our own reset after the deadline would be logged as an error otherwise
              request.exceptionHandler(reset -> LOG.trace("rail {}: {}", name, reset.toString()));
              if (!phase.compareAndSet(Phase.WAITING, Phase.SENT)) {
                request.reset();
                return Future.failedFuture("given up before it was sent");
              }
              open.set(request);
              call.headers().forEach(request::putHeader);
              return request.send(call.body()).compose(answer -> read(answer, maxBytes));
            })
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .map(read)
        .recover(failure -> Future.succeededFuture(unanswered(call, phase, open, failure)));
  }

  private <T> Reply<T> unanswered(
      Call call,
      AtomicReference<Phase> phase,
      AtomicReference<HttpClientRequest> open,
      Throwable failure) {
    boolean sent = !phase.compareAndSet(Phase.WAITING, Phase.GIVEN_UP);
    HttpClientRequest request = open.get();
    if (request != null) {
      request.reset();
    }
    String cause = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    // the caller, who knows the order, tells; a rail that fails as such is the breaker's to tell
    LOG.debug("rail {}: {} {}: {}", name, call.method(), path(call.uri()), cause);
    return sent ? new Reply.Unknown<>(cause) : new Reply.NotSent<>(cause);
  }

  /** Without the query: Alipay's signed orders and the tokens of bills stand there. */
  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static Future<Exchange> read(HttpClientResponse response, int maxBytes) {
    Promise<Exchange> done = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > maxBytes) {
            done.tryFail("the answer is longer than " + maxBytes + " bytes");
            response.request().reset();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.exceptionHandler(done::tryFail);
    response.endHandler(
        end -> done.tryComplete(new Exchange(response.statusCode(), response.headers(), body)));
    return done.future();
  }

  boolean open() {
    return breaker.state() == CircuitBreakerState.OPEN;
  }

  Future<Void> close() {
    breaker.close();
    return client.close();
  }
}
