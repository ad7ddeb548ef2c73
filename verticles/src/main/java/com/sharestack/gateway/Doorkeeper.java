package com.sharestack.gateway;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Counts the requests under way, and shows clients out while the node or this event loop stops:
 * every answer then carries {@code Connection: close}, decided when its head is written, so that
 * requests that began before are told too. Upgraded connections are not counted: they end by their
 * own drain.
 */
final class Doorkeeper implements Handler<HttpServerRequest> {

  private final AtomicInteger inFlight;
  private final BooleanSupplier closing;
  private final Handler<HttpServerRequest> next;

  Doorkeeper(AtomicInteger inFlight, BooleanSupplier closing, Handler<HttpServerRequest> next) {
    this.inFlight = inFlight;
    this.closing = closing;
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!request.headers().contains(HttpHeaders.UPGRADE)) {
      inFlight.incrementAndGet();
      AtomicBoolean over = new AtomicBoolean();
      Handler<Void> end =
          ended -> {
            if (over.compareAndSet(false, true)) {
              inFlight.decrementAndGet();
            }
          };
      response.endHandler(end).closeHandler(end);
    }
    if (Responses.hasConnectionHeader(request)) {
      response.headersEndHandler(
          head -> {
            if (closing.getAsBoolean()) {
              response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
          });
    }
    next.handle(request);
  }
}
