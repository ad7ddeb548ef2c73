package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Map;

/** One request on its way through the gateway; lives on its event loop. */
final class Exchange {

  final HttpServerRequest http;
  final Operation operation;
  final Map<String, String> pathValues;
  final String requestId;
  final String ip;
  final long startedNanos = System.nanoTime();

  /** Null for anonymous callers. */
  AccessTokens.Claims claims;

  /** The account behind {@link #claims}; null for anonymous callers. */
  Principals.Principal principal;

  /** The limit whose counters the answer's headers show; null before limits were asked. */
  RateLimiter.Decision rate;

  /** The {@code request} argument of the service. */
  JsonObject request;

  /** The caller's Idempotency-Key and the hash of what it stands for; null when none was sent. */
  String idempotencyKey;

  String requestHash;

  /** Whether the answer is that of an earlier request with the same key. */
  boolean replayed;

  Exchange(
      HttpServerRequest http,
      Operation operation,
      Map<String, String> pathValues,
      String requestId,
      String ip) {
    this.http = http;
    this.operation = operation;
    this.pathValues = pathValues;
    this.requestId = requestId;
    this.ip = ip;
  }

  boolean anonymous() {
    return principal == null;
  }

  /** What limits of this caller are counted by. */
  String rateSubject(boolean perUser) {
    return perUser && principal != null ? "u" + principal.userId() : "i" + ip;
  }

  static ServiceException unauthorized(String reason) {
    return com.sharestack.platform.errors.Errors.of(ErrorCode.UNAUTHORIZED, "reason", reason);
  }
}
