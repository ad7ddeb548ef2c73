package com.sharestack.gateway;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Discarded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Set;

/**
 * Forwards a request to its service in the wire format of the service proxies: body {@code {caller,
 * request}}, header {@code action}. No Java per operation.
 */
final class Calls {

  private static final int MAX_AGENT = 500;
  private static final int MAX_DEVICE_NAME = 100;
  private static final int MAX_DEVICE_ID = 64;
  private static final int MAX_VERSION = 32;
  private static final Set<String> PLATFORMS = Set.of("web", "ios", "android");

  private final Vertx vertx;
  private final Set<String> localDomains;
  private final long timeoutMillis;

  Calls(Vertx vertx, Set<String> localDomains, long timeoutMillis) {
    this.vertx = vertx;
    this.localDomains = localDomains;
    this.timeoutMillis = timeoutMillis;
  }

  /** The service's answer; always fails with a ServiceException that clients may see. */
  Future<JsonObject> forward(Exchange exchange) {
    DeliveryOptions options =
        new DeliveryOptions()
            .addHeader("action", exchange.operation.method())
            .setSendTimeout(timeoutMillis)
            .setLocalOnly(localDomains.contains(exchange.operation.domain()));
    JsonObject arguments =
        new JsonObject()
            .put("caller", Wire.write(caller(exchange)))
            .put("request", exchange.request);
    String address = exchange.operation.address();
    return Discarded.repeated(
            () -> vertx.eventBus().<JsonObject>request(address, arguments, options))
        .map(Message::body)
        .recover(failure -> Future.failedFuture(tellable(failure)));
  }

  /** What a failed call over the bus means to a client. */
  static ServiceException tellable(Throwable failure) {
    if (failure instanceof ServiceException known && known.failureCode() > 0) {
      return known;
    }
    if (failure instanceof ReplyException reply) {
      if (reply.failureType() == ReplyFailure.TIMEOUT) {
        return Errors.of(ErrorCode.GATEWAY_TIMEOUT);
      }
      if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
        return Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "retry_after", 1);
      }
    }
    return new ServiceException(
        ErrorCode.INTERNAL_ERROR.status(),
        ErrorCode.INTERNAL_ERROR.name(),
        new JsonObject().put("cause", String.valueOf(failure.getMessage())));
  }

  static Caller caller(Exchange exchange) {
    HttpServerRequest http = exchange.http;
    Principals.Principal principal = exchange.principal;
    Caller.Builder caller =
        Caller.builder()
            .requestId(exchange.requestId)
            .ip(exchange.ip)
            .userAgent(cut(http.getHeader(HttpHeaders.USER_AGENT), MAX_AGENT))
            .deviceId(cut(http.getHeader("X-Device-Id"), MAX_DEVICE_ID))
            .deviceName(cut(http.getHeader("X-Device-Name"), MAX_DEVICE_NAME))
            .platform(platform(http.getHeader("X-Platform")))
            .appVersion(cut(http.getHeader("X-App-Version"), MAX_VERSION))
            .idempotencyKey(exchange.idempotencyKey)
            .requestHash(exchange.requestHash)
            .roles(java.util.List.of())
            .permissions(java.util.List.of());
    if (principal != null) {
      caller
          .userId(principal.userId())
          .userType(principal.creator() ? "creator" : "reader")
          .verified(principal.verified())
          .roles(principal.roles())
          .permissions(principal.permissions())
          .sessionId(exchange.claims.sessionId())
          .tokenId(exchange.claims.tokenId())
          .tokenExpiresAt(exchange.claims.expiresAt());
    }
    return caller.build();
  }

  private static String platform(String header) {
    return header != null && PLATFORMS.contains(header) ? header : null;
  }

  private static String cut(String text, int max) {
    return text == null || text.length() <= max ? text : text.substring(0, max);
  }
}
