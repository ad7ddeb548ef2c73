package com.sharestack.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** What every answer of the gateway carries: the request's id and the rules for browsers. */
final class CommonHeaders {

  static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  static final CharSequence CONTENT_POLICY = HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence CONTENT_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence FRAME_OPTIONS = HttpHeaders.createOptimized("x-frame-options");
  private static final CharSequence REFERRER = HttpHeaders.createOptimized("referrer-policy");
  private static final CharSequence TRANSPORT =
      HttpHeaders.createOptimized("strict-transport-security");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");
  private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
  private static final CharSequence API_POLICY =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence YEAR =
      HttpHeaders.createOptimized("max-age=31536000; includeSubDomains");

  private final boolean secure;

  /**
   * @param secure whether clients reach us by https, and must keep to it
   */
  CommonHeaders(boolean secure) {
    this.secure = secure;
  }

  /** Puts them on the answer and tells the request's id. */
  String put(HttpServerRequest request) {
    String requestId = RequestIds.of(request.getHeader(REQUEST_ID));
    MultiMap headers = request.response().headers();
    headers.set(REQUEST_ID, requestId);
    headers.set(CONTENT_OPTIONS, NOSNIFF);
    headers.set(FRAME_OPTIONS, DENY);
    headers.set(REFERRER, NO_REFERRER);
    headers.set(CONTENT_POLICY, API_POLICY);
    if (secure) {
      headers.set(TRANSPORT, YEAR);
    }
    return requestId;
  }
}
