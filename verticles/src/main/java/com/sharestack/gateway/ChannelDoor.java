package com.sharestack.gateway;

import com.sharestack.contract.ChannelAnswer;
import com.sharestack.contract.ChannelNotification;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.WebhooksReceiveRequest;
import com.sharestack.contract.WebhooksService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where payment channels send their notifications (operations webhooks.*): the bytes and headers go
 * to the billing domain as they came, and its answer goes back in the channel's own form. What
 * cannot be delivered is answered so that the channel sends it again.
 */
final class ChannelDoor {

  /** The contract's limit of a notification. */
  private static final int MAX_BYTES = 64 * 1024;

  private static final int UNAVAILABLE = 503;

  private final Bodies bodies;
  private final WebhooksService webhooks;
  private final Responses responses;

  ChannelDoor(io.vertx.core.Vertx vertx, WebhooksService webhooks, Responses responses) {
    this.bodies = new Bodies(vertx, MAX_BYTES);
    this.webhooks = webhooks;
    this.responses = responses;
  }

  void wechat(Exchange exchange) {
    forward(exchange, "wechat", "application/json", "{\"code\":\"FAIL\",\"message\":\"系统繁忙\"}");
  }

  void alipay(Exchange exchange) {
    forward(exchange, "alipay", "text/plain; charset=utf-8", "fail");
  }

  /** Reserved and switched off: nothing is read. */
  void stripe(Exchange exchange) {
    responses.failure(exchange.http, exchange.requestId, exchange, Errors.of(ErrorCode.NOT_FOUND));
  }

  private void forward(Exchange exchange, String channel, String type, String busy) {
    bodies
        .read(exchange.http)
        .compose(
            body ->
                webhooks.receive(
                    Callers.system(exchange.requestId),
                    new WebhooksReceiveRequest(notification(exchange, channel, body))))
        .onSuccess(answer -> answer(exchange, answer))
        .onFailure(
            away -> {
              if (Errors.is(away, ErrorCode.PAYLOAD_TOO_LARGE)
                  || Errors.is(away, ErrorCode.VALIDATION_ERROR)) {
                responses.failure(exchange.http, exchange.requestId, exchange, away);
              } else {
                answer(exchange, new ChannelAnswer(UNAVAILABLE, type, busy));
              }
            });
  }

  private static ChannelNotification notification(Exchange exchange, String channel, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .http
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    // what other servers on the way may have added is none of the channel's
    headers.keySet().removeIf(name -> name.equals("cookie") || name.equals("authorization"));
    return new ChannelNotification(
        channel, headers, Base64.getEncoder().encodeToString(body.getBytes()), exchange.ip);
  }

  private static void answer(Exchange exchange, ChannelAnswer answer) {
    exchange
        .http
        .response()
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(answer.body());
  }
}
