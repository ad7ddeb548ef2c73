package com.sharestack.platform.service;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.serviceproxy.ServiceException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Stands around every service implementation. The generated proxy handler alone takes one message
 * at a time and turns each thrown exception into a 500 with its text; the guard runs every call on
 * its own virtual thread, bounds how many are in flight, and makes each throwable a failed future
 * that survives the bus: expected failures as they are, anything else as INTERNAL_ERROR, logged.
 */
final class Guard implements InvocationHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final Vertx vertx;
  private final String name;
  private final Object service;
  private final int limit;
  private final MeterRegistry meters;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger everywhere;

  /**
   * @param limit calls in flight beyond which SERVICE_UNAVAILABLE is answered at once
   * @param everywhere counts the calls of all instances of this service in the process
   */
  Guard(
      Vertx vertx,
      String name,
      Object service,
      int limit,
      MeterRegistry meters,
      AtomicInteger everywhere) {
    this.vertx = vertx;
    this.name = name;
    this.service = service;
    this.limit = limit;
    this.meters = meters;
    this.everywhere = everywhere;
    meters.gauge(
        "sharestack.service.in_flight",
        java.util.List.of(io.micrometer.core.instrument.Tag.of("service", name)),
        everywhere);
  }

  /** The service as callers see it. */
  <T> T around(Class<T> type) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
  }

  boolean idle() {
    return inFlight.get() == 0;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(service, args);
    }
    if (inFlight.incrementAndGet() > limit) {
      inFlight.decrementAndGet();
      return Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "OVERLOADED"));
    }
    everywhere.incrementAndGet();
    Promise<Object> answer = Promise.promise();
    Timer.Sample sample = Timer.start(meters);
    vertx.getOrCreateContext().runOnContext(go -> call(method, args, answer));
    return answer
        .future()
        .onComplete(
            done -> {
              inFlight.decrementAndGet();
              everywhere.decrementAndGet();
              String outcome = done.succeeded() ? "OK" : done.cause().getMessage();
              sample.stop(
                  meters.timer(
                      "sharestack.service.calls",
                      "service",
                      name,
                      "method",
                      method.getName(),
                      "outcome",
                      outcome));
            });
  }

  private void call(Method method, Object[] args, Promise<Object> answer) {
    String requestId = args.length > 0 && args[0] instanceof Caller c ? c.requestId() : null;
    MDC.put("request_id", requestId);
    try {
      ((Future<?>) method.invoke(service, args))
          .onSuccess(answer::complete)
          .onFailure(failure -> answer.fail(expected(method, requestId, failure)));
    } catch (InvocationTargetException thrown) {
      answer.fail(expected(method, requestId, thrown.getCause()));
    } catch (ReflectiveOperationException | RuntimeException broken) {
      answer.fail(expected(method, requestId, broken));
    } finally {
      MDC.remove("request_id");
    }
  }

  private ServiceException expected(Method method, String requestId, Throwable failure) {
    if (failure instanceof ServiceException known && known.failureCode() > 0) {
      return known;
    }
    if (failure instanceof ReplyException reply
        && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
      return ofBus(reply);
    }
    LOG.error("{}.{} failed, request_id={}", name, method.getName(), requestId, failure);
    return Errors.of(ErrorCode.INTERNAL_ERROR);
  }

  /** Another domain did not answer: say what the caller may do about it. */
  static ServiceException ofBus(ReplyException failure) {
    return failure.failureType() == ReplyFailure.TIMEOUT
        ? Errors.of(ErrorCode.GATEWAY_TIMEOUT)
        : Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "SERVICE_AWAY");
  }
}
