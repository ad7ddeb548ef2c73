package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * Lets pages of the configured origins call the API. A request of another origin is served like any
 * other, without these headers: the browser keeps the answer from the page. vertx-web's CorsHandler
 * refuses it with 403 instead, and thereby every POST of our own reference pages, to which browsers
 * add an Origin too. Credentials are not allowed: tokens travel in a header, never in a cookie.
 */
final class Cors {

  private static final String METHODS = "GET,POST,PUT,DELETE";
  private static final String HEADERS =
      "Authorization,Content-Type,Idempotency-Key,If-None-Match,X-Request-Id,X-Security-Token,"
          + "X-Device-Id,X-Device-Name,X-App-Version,X-Platform";
  private static final String EXPOSED =
      "X-Request-Id,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,Retry-After,ETag,"
          + "Idempotent-Replayed";
  private static final String MAX_AGE_SECONDS = "600";

  private final Set<String> origins;
  private final Responses responses;

  /**
   * @param origins scheme, host and port as browsers send them; none switches CORS off
   */
  Cors(Set<String> origins, Responses responses) {
    this.origins = origins;
    this.responses = responses;
  }

  /** Puts the headers; true when the request was a preflight and is answered. */
  boolean answered(HttpServerRequest request, String requestId) {
    if (origins.isEmpty()) {
      return false;
    }
    MultiMap headers = request.response().headers();
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return false;
    }
    boolean preflight =
        request.method().equals(HttpMethod.OPTIONS)
            && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    if (origins.contains(origin)) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      if (preflight) {
        allow(request);
      } else {
        headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      }
    } else if (preflight) {
      responses.failure(
          request, requestId, null, Errors.of(ErrorCode.FORBIDDEN, "reason", "ORIGIN_NOT_ALLOWED"));
    }
    return preflight;
  }

  private static void allow(HttpServerRequest request) {
    request
        .response()
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
        .setStatusCode(204)
        .end();
  }
}
