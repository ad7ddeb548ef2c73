package com.sharestack.sandbox;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Money that moved: ends refunds and writes the notifications. */
final class Settlements {

  private record Open(Order order, TwinRefund refund, Instant due) {}

  private final Twin twin;
  private final SandboxKeys keys;
  private final List<Open> open = new ArrayList<>();
  private final Map<String, Message> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Message> eldest) {
          return size() > twin.options().maxOrders();
        }
      };

  /** Off: refunds stay PROCESSING until the control API settles them. */
  private boolean automatic = true;

  Settlements(Twin twin, SandboxKeys keys) {
    this.twin = twin;
    this.keys = keys;
  }

  void automatic(boolean on) {
    automatic = on;
  }

  void reset() {
    open.clear();
    latest.clear();
    automatic = true;
  }

  /** WeChat accepts now and pays later. */
  void later(Order order, TwinRefund refund) {
    if (automatic) {
      Duration delay = Duration.ofSeconds(twin.options().refundSeconds());
      open.add(new Open(order, refund, twin.clock().now().plus(delay)));
    }
  }

  /** Alipay pays back at once. */
  void now(Order order, TwinRefund refund) {
    twin.book().settle(order, refund, TwinRefund.State.SUCCESS);
    notify(refunded(order, refund), Notifier.Plan.ONCE);
  }

  /** When the next refund is done. */
  Optional<Instant> next() {
    return open.stream().map(Open::due).min(Instant::compareTo);
  }

  /** Ends the refunds whose time has come. */
  Future<Void> due(Notifier.Plan plan) {
    List<Open> ready = open.stream().filter(one -> !one.due().isAfter(twin.clock().now())).toList();
    Future<Void> sent = Future.succeededFuture();
    for (Open one : ready) {
      sent = settle(one.order(), one.refund(), TwinRefund.State.SUCCESS, plan);
    }
    return sent;
  }

  Future<Void> settle(Order order, TwinRefund refund, TwinRefund.State state, Notifier.Plan plan) {
    open.removeIf(one -> one.refund() == refund);
    twin.book().settle(order, refund, state);
    return notify(refunded(order, refund), plan);
  }

  Future<Void> paid(Order order, Notifier.Plan plan) {
    Message message =
        order.terms.rail() == TwinRail.WECHAT
            ? wechat(order, "TRANSACTION.SUCCESS", null, WechatMessage.transaction(order))
            : alipay(order, null);
    return notify(message, plan);
  }

  private Message refunded(Order order, TwinRefund refund) {
    return order.terms.rail() == TwinRail.WECHAT
        ? wechat(
            order, "REFUND." + refund.state.name(), refund, WechatMessage.refund(order, refund))
        : alipay(order, refund);
  }

  private Message wechat(
      Order order, String event, TwinRefund refund, io.vertx.core.json.JsonObject content) {
    return new WechatMessage(
        order.terms.outTradeNo(),
        "EV-" + twin.book().draw(32),
        event,
        refund == null || refund.notifyUrl == null ? order.terms.notifyUrl() : refund.notifyUrl,
        TwinClock.rfc3339(twin.clock().now()),
        content,
        twin.wechatSeal(),
        keys,
        twin.book());
  }

  private Message alipay(Order order, TwinRefund refund) {
    return new AlipayMessage(
        order.terms.outTradeNo(),
        "2026" + twin.book().draw(30),
        refund == null ? "TRADE_SUCCESS" : "REFUND",
        order.terms.notifyUrl(),
        AlipayMessage.content(order, refund),
        twin.alipaySeal(),
        twin.clock());
  }

  private Future<Void> notify(Message message, Notifier.Plan plan) {
    latest.put(message.rail().code() + ":" + message.outTradeNo(), message);
    return twin.notifier().send(message, plan);
  }

  /** The order's last notification once more, under the same id. */
  Optional<Future<Void>> again(Order order, Notifier.Plan plan) {
    return Optional.ofNullable(
            latest.get(order.terms.rail().code() + ":" + order.terms.outTradeNo()))
        .map(message -> twin.notifier().send(message, plan));
  }
}
