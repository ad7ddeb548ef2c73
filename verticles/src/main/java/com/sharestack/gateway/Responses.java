package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.CachePolicy;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.serviceproxy.ServiceException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers: status, headers, envelope, 304. */
final class Responses {

  private static final Logger LOG = LoggerFactory.getLogger(Responses.class);
  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final int ETAG_BYTES = 12;

  /** How long a client that was answered early may go on sending what nobody reads. */
  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;

  private final Envelope envelope;

  Responses(Vertx vertx, Envelope envelope) {
    this.vertx = vertx;
    this.envelope = envelope;
  }

  /** Weak, because the envelope around the same data differs in time and request id. */
  static String etag(Buffer data) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(data.getBytes());
      byte[] head = Arrays.copyOf(hash, ETAG_BYTES);
      return "W/\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(head) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void success(Exchange exchange, Envelope.Answer answer, String etag) {
    HttpServerResponse response = exchange.http.response();
    headers(exchange, response);
    cacheHeaders(exchange, response, etag);
    if (etag != null && matches(exchange.http.getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
      response.setStatusCode(304).end();
      endConnection(exchange.http);
      return;
    }
    response.setStatusCode(answer.status());
    write(exchange.http, envelope.success(exchange, answer));
  }

  private static void headers(Exchange exchange, HttpServerResponse response) {
    RateLimiter.Decision rate = exchange.rate;
    if (rate != null) {
      response.putHeader("X-RateLimit-Limit", String.valueOf(rate.limit()));
      response.putHeader("X-RateLimit-Remaining", String.valueOf(rate.remaining()));
      response.putHeader("X-RateLimit-Reset", String.valueOf((rate.resetMillis() + 999) / 1000));
    }
    if (exchange.replayed) {
      response.putHeader("Idempotent-Replayed", "true");
    }
  }

  private static void cacheHeaders(Exchange exchange, HttpServerResponse response, String etag) {
    CachePolicy policy = exchange.operation.cache();
    if (policy == null) {
      response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
      return;
    }
    boolean shared = policy.scope() == CachePolicy.Scope.PUBLIC && exchange.anonymous();
    response.putHeader(
        HttpHeaders.CACHE_CONTROL,
        shared ? "public, max-age=" + policy.maxAgeSeconds() : "private, no-cache");
    response.headers().add(HttpHeaders.VARY, "Authorization, Accept-Encoding");
    response.putHeader(HttpHeaders.ETAG, etag);
  }

  private static boolean matches(String header, String etag) {
    if (header == null) {
      return false;
    }
    for (String part : header.split(",")) {
      String candidate = part.strip();
      if (candidate.equals("*") || opaque(candidate).equals(opaque(etag))) {
        return true;
      }
    }
    return false;
  }

  /** If-None-Match compares weakly (RFC 9110, 13.1.2): W/ before a tag does not matter. */
  private static String opaque(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }

  /**
   * The failure of a request.
   *
   * @param exchange null when the request never reached an operation
   */
  void failure(HttpServerRequest request, String requestId, Exchange exchange, Throwable failure) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    ServiceException known = expected(request, requestId, failure);
    if (response.headWritten()) {
      response.reset();
      return;
    }
    if (exchange != null) {
      headers(exchange, response);
    }
    int status = Envelope.code(known).status();
    Object retry =
        known.getDebugInfo() == null ? null : known.getDebugInfo().getValue("retry_after");
    if (retry != null || status == 503) {
      response.putHeader("Retry-After", retry == null ? "1" : retry.toString());
    }
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    response.setStatusCode(status);
    write(request, envelope.failure(requestId, known));
  }

  private static ServiceException expected(
      HttpServerRequest request, String requestId, Throwable failure) {
    ServiceException known =
        failure instanceof ServiceException expected
            ? expected
            : com.sharestack.platform.errors.Errors.of(ErrorCode.INTERNAL_ERROR);
    if (Envelope.code(known).status() >= 500) {
      Throwable cause = known == failure ? null : failure;
      LOG.warn(
          "{} {} answered {} {}, request_id={}",
          request.method(),
          request.path(),
          known.getMessage(),
          known.getDebugInfo(),
          requestId,
          cause);
    }
    return known;
  }

  private void write(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length())).end();
    } else {
      response.end(body);
    }
    endConnection(request);
  }

  /** An answer given at once comes before the end of even the shortest request. */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0")
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  static boolean hasConnectionHeader(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2;
  }

  /**
   * Vert.x neither obeys a {@code Connection: close} of ours nor ever stops reading a body. Closing
   * at once would reset the connection before the client has seen the answer, so it gets a moment.
   */
  private void endConnection(HttpServerRequest request) {
    if (request.isEnded() || !hasBody(request) || !hasConnectionHeader(request)) {
      return;
    }
    boolean announced =
        request.response().headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
    vertx.setTimer(
        LINGER_MILLIS,
        over -> {
          if (announced || !request.isEnded()) {
            request.connection().close();
          }
        });
  }
}
