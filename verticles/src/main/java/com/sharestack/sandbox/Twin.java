package com.sharestack.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** The parts of one running sandbox. */
final class Twin {

  private final TwinClock clock;
  private final Book book;
  private final Faults faults;
  private final Serving serving;
  private final WechatSeal wechatSeal;
  private final AlipaySeal alipaySeal;
  private final Notifier notifier;
  private final Settlements settlements;
  private final Bills bills;
  private final SandboxOptions options;
  private String origin;

  Twin(Vertx vertx, SandboxKeys keys, SandboxOptions options, Clock base) {
    this.options = options;
    this.clock = new TwinClock(base);
    this.book = new Book(clock, options);
    this.faults = new Faults(clock, options);
    this.serving = new Serving(vertx, faults);
    this.wechatSeal = new WechatSeal(keys, clock, book);
    this.alipaySeal = new AlipaySeal(keys, clock);
    this.notifier = new Notifier(vertx, clock);
    this.settlements = new Settlements(this, keys);
    this.bills = new Bills(this);
  }

  /** Where the pages are; known once the port is bound. */
  void origin(String url) {
    origin = url;
  }

  String url(String path) {
    return origin + path;
  }

  String cashier(Order order) {
    return url("/cashier/" + order.terms.outTradeNo() + "?rail=" + order.terms.rail().code());
  }

  /** Delivers and settles what has become due. */
  void tick() {
    settlements.due(Notifier.Plan.ONCE);
    notifier.tick();
  }

  /**
   * Moves the clock in steps that no refund's completion is skipped by; ends when every delivery on
   * the way is through.
   */
  Future<Void> advance(Duration by) {
    return settlements
        .next()
        .map(next -> Duration.between(clock.now(), next))
        .filter(gap -> gap.compareTo(by) < 0)
        .map(
            gap -> {
              Duration step = gap.isNegative() ? Duration.ZERO : gap;
              return notifier
                  .advance(step)
                  .compose(done -> settlements.due(Notifier.Plan.ONCE))
                  .compose(done -> advance(by.minus(step)));
            })
        .orElseGet(() -> notifier.advance(by));
  }

  void reset(long seed) {
    book.reset(seed);
    faults.reset(seed);
    notifier.reset();
    settlements.reset();
    bills.reset();
    clock.reset();
  }

  TwinClock clock() {
    return clock;
  }

  Book book() {
    return book;
  }

  Faults faults() {
    return faults;
  }

  Serving serving() {
    return serving;
  }

  WechatSeal wechatSeal() {
    return wechatSeal;
  }

  AlipaySeal alipaySeal() {
    return alipaySeal;
  }

  Notifier notifier() {
    return notifier;
  }

  Settlements settlements() {
    return settlements;
  }

  Bills bills() {
    return bills;
  }

  SandboxOptions options() {
    return options;
  }
}
