package com.sharestack.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The rails' orders and refunds: the state machines of the protocols. On one event loop, so every
 * method is atomic.
 */
final class Book {

  private static final Duration LIFE = Duration.ofDays(7);
  private static final Duration REFUND_WINDOW = Duration.ofDays(365);
  private static final int MAX_REFUNDS = 50;

  private final TwinClock clock;
  private final SandboxOptions options;
  private final Map<String, Order> orders = new LinkedHashMap<>();
  private Random random;

  Book(TwinClock clock, SandboxOptions options) {
    this.clock = clock;
    this.options = options;
    this.random = new Random(options.seed());
  }

  void reset(long seed) {
    orders.clear();
    random = new Random(seed);
  }

  /** The order of these terms, opened if it is new. */
  Order create(Order.Terms terms, boolean known) {
    if (terms.amountFen() <= 0 || !terms.outTradeNo().matches("[0-9A-Za-z_\\-|*]{6,64}")) {
      throw new TwinError(TwinError.Kind.PARAMETER, "out_trade_no, amount");
    }
    Order order = orders.get(key(terms.rail(), terms.outTradeNo()));
    if (order == null) {
      if (terms.expiresAt() != null && !terms.expiresAt().isAfter(clock.now())) {
        throw new TwinError(TwinError.Kind.PARAMETER, "time_expire");
      }
      return opened(terms, known);
    }
    expire(order);
    switch (order.state) {
      case SUCCESS, REFUND -> throw new TwinError(TwinError.Kind.PAID);
      case CLOSED -> throw new TwinError(TwinError.Kind.CLOSED);
      case NOTPAY -> {
        if (!order.terms.equals(terms)) {
          throw new TwinError(TwinError.Kind.CHANGED);
        }
      }
    }
    order.known |= known;
    return order;
  }

  private Order opened(Order.Terms terms, boolean known) {
    Order order = new Order(terms, draw(20), clock.now(), known);
    orders.put(key(terms.rail(), terms.outTradeNo()), order);
    if (orders.size() > options.maxOrders()) {
      orders.remove(orders.keySet().iterator().next());
    }
    return order;
  }

  /** Whether or not the rail tells of it yet. */
  Optional<Order> peek(TwinRail rail, String outTradeNo) {
    Optional<Order> order = Optional.ofNullable(orders.get(key(rail, outTradeNo)));
    order.ifPresent(this::expire);
    return order;
  }

  /** The order as the rail's own query sees it. */
  Order get(TwinRail rail, String outTradeNo) {
    return peek(rail, outTradeNo)
        .filter(order -> order.known)
        .orElseThrow(() -> new TwinError(TwinError.Kind.NOT_EXIST));
  }

  Optional<Order> byTransaction(TwinRail rail, String transactionId) {
    return orders.values().stream()
        .filter(order -> order.terms.rail() == rail && transactionId.equals(order.transactionId))
        .findFirst();
  }

  Optional<Order> byCode(String code) {
    return orders.values().stream().filter(order -> order.code.equals(code)).findFirst();
  }

  /** Newest first. */
  List<Order> all() {
    List<Order> all = new ArrayList<>(orders.values());
    all.forEach(this::expire);
    return all.reversed();
  }

  private void expire(Order order) {
    Instant end =
        order.terms.expiresAt() == null ? order.createdAt.plus(LIFE) : order.terms.expiresAt();
    if (order.state == Order.State.NOTPAY && !clock.now().isBefore(end)) {
      order.state = Order.State.CLOSED;
      order.closedAt = end;
    }
  }

  /**
   * @param amountFen what arrives; the order's own amount, but for what tests plant
   * @param force pays a closed order too: the success that comes after the close
   * @param again pays a paid order once more, under a new transaction id
   */
  Order pay(Order order, long amountFen, boolean force, boolean again) {
    boolean paid = order.state == Order.State.SUCCESS || order.state == Order.State.REFUND;
    if (paid && !again) {
      throw new TwinError(TwinError.Kind.PAID);
    }
    if (order.state == Order.State.CLOSED && !force) {
      throw new TwinError(TwinError.Kind.CLOSED);
    }
    order.known = true;
    order.state = Order.State.SUCCESS;
    order.transactionId = (order.terms.rail() == TwinRail.WECHAT ? "4200" : "2026") + digits(24);
    order.payer = order.terms.payer() == null ? "o" + draw(27) : order.terms.payer();
    order.paidFen = amountFen;
    order.feeFen = Math.floorDiv(amountFen * options.feeBasisPoints() + 5_000, 10_000);
    order.paidAt = clock.now();
    order.payments.add(
        new Order.Payment(order.transactionId, amountFen, order.feeFen, order.paidAt));
    return order;
  }

  /** A try that fails leaves the order unpaid, as the rails do. */
  void fail(Order order) {
    if (order.state != Order.State.NOTPAY) {
      throw new TwinError(
          order.state == Order.State.CLOSED ? TwinError.Kind.CLOSED : TwinError.Kind.PAID);
    }
    order.known = true;
    order.failedTries++;
  }

  void close(Order order) {
    switch (order.state) {
      case SUCCESS, REFUND -> throw new TwinError(TwinError.Kind.CLOSE_PAID);
      case NOTPAY -> {
        order.state = Order.State.CLOSED;
        order.closedAt = clock.now();
      }
      case CLOSED -> {
        // Alipay answers "wrong state" for paid and closed alike
        if (order.terms.rail() == TwinRail.ALIPAY) {
          throw new TwinError(TwinError.Kind.CLOSE_PAID);
        }
      }
    }
  }

  /** The refund of that number; a repeat finds the first one. */
  TwinRefund refund(Order order, String outRefundNo, long amountFen, String notifyUrl) {
    TwinRefund earlier = order.refunds.get(outRefundNo);
    if (earlier != null) {
      if (earlier.amountFen != amountFen) {
        throw new TwinError(TwinError.Kind.REFUND_CHANGED);
      }
      return earlier;
    }
    if (order.paidAt == null || order.paidAt.plus(REFUND_WINDOW).isBefore(clock.now())) {
      throw new TwinError(TwinError.Kind.NOT_PAID);
    }
    if (amountFen <= 0 || order.claimedFen() + amountFen > order.receivedFen()) {
      throw new TwinError(TwinError.Kind.REFUND_TOO_MUCH);
    }
    if (order.refunds.size() >= MAX_REFUNDS) {
      throw new TwinError(TwinError.Kind.REFUND_TOO_OFTEN);
    }
    TwinRefund refund =
        new TwinRefund(outRefundNo, "5030" + digits(24), amountFen, notifyUrl, clock.now());
    order.refunds.put(outRefundNo, refund);
    return refund;
  }

  void settle(Order order, TwinRefund refund, TwinRefund.State state) {
    refund.state = state;
    refund.doneAt = clock.now();
    if (state == TwinRefund.State.SUCCESS) {
      order.state = Order.State.REFUND;
    }
  }

  String draw(int length) {
    String alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  String digits(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
    return text.toString();
  }

  private static String key(TwinRail rail, String outTradeNo) {
    return rail.code() + ":" + outTradeNo;
  }
}
