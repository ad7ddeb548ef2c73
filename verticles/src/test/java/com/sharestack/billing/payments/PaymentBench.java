package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.rails.Answer;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.rails.Rails;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentCreate;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentsCreateRequest;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.money.Money;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The payments on a database of their own, with the sandbox as rails and {@link TestOrders}. What
 * the rails send is collected; a test hands it in when and as often as it likes.
 */
final class PaymentBench implements AutoCloseable {

  static final long PRICE_FEN = 2_990;

  final TestNode node;
  final TestRails rails;
  final TestOrders orders = new TestOrders();
  final PaymentCore core;
  final PaymentsServiceImpl payments;
  final RefundsServiceImpl refunds;
  private final java.util.concurrent.atomic.AtomicLong payers =
      new java.util.concurrent.atomic.AtomicLong(1_000);
  private final Rails ours;

  PaymentBench(String name) {
    node = TestNode.of(name).start();
    rails = new TestRails();
    RailsConfig config =
        rails.config(RailsConfig.Limits.DEFAULT.withCallTimeoutMillis(2_000).withBreaker(1000, 1));
    ours = Rails.create(node.vertx(), config, rails.clock);
    node.await(
        () -> {
          TestOrders.createTable(node.db());
          return null;
        });
    core = newCore(config);
    payments = new PaymentsServiceImpl(core, new PaymentViews(null), url -> {});
    refunds = new RefundsServiceImpl(core, new PaymentViews(null), 30);
  }

  private PaymentCore newCore(RailsConfig config) {
    PaymentParts parts =
        PaymentParts.of(
            node.db(),
            rails.clock,
            node.platform().outbox(),
            new AuditRepository(),
            new Channels(ours, config, List.of("wechat", "alipay")));
    parts.kinds().add(orders);
    return PaymentCore.of(parts, Sealer.ofKey(node.config().secrets().data()));
  }

  static Caller payer(long id) {
    return Caller.builder()
        .userId(id)
        .userType("reader")
        .verified(false)
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .ip("203.0.113.7")
        .build();
  }

  /** An order that waits for its money, of a payer of its own: the risk rules count payers. */
  String order(long fen) {
    String id = Ids.random("pur_", 12);
    node.await(
        () ->
            node.db()
                .update(
                    "INSERT INTO test_orders (order_id, user_id, amount_fen) VALUES (?, ?, ?)",
                    id,
                    payers.incrementAndGet(),
                    fen));
    return id;
  }

  PaymentCreate request(String orderId, String method, long fen) {
    return PaymentCreate.builder()
        .amount(Money.ofFen(fen))
        .currency("CNY")
        .paymentMethod(method)
        .orderType(PaymentOrderType.ONE_TIME)
        .orderId(orderId)
        .idempotencyKey(Ids.random("key-", 20))
        .build();
  }

  /** Opens the order's payment at the channel. */
  PaymentRow pending(String orderId, String method) {
    long fen = number("SELECT amount_fen FROM test_orders WHERE order_id = ?", orderId);
    long payer = number("SELECT user_id FROM test_orders WHERE order_id = ?", orderId);
    String id =
        node.await(
            () ->
                payments
                    .create(payer(payer), new PaymentsCreateRequest(request(orderId, method, fen)))
                    .await()
                    .payment()
                    .id());
    return payment(id);
  }

  PaymentRow pending(String method) {
    return pending(order(PRICE_FEN), method);
  }

  PaymentRow payment(String id) {
    return node.await(() -> core.parts().payments().find(node.db(), id).orElseThrow());
  }

  PaymentRow again(PaymentRow row) {
    return payment(row.publicId());
  }

  /** The payer pays; what the rail sends about it. */
  List<Inbound> pay(PaymentRow row, JsonObject how) {
    scan(row);
    rails.received.clear();
    rails.control("/payments/" + row.tradeNo() + "/pay", how);
    return rails.received.stream().map(TestRails.Received::inbound).toList();
  }

  /** Opens the channel's page, from which on Alipay knows the order. */
  void scan(PaymentRow row) {
    if (row.placed().payUrl() != null) {
      rails.get(row.placed().payUrl());
    }
  }

  Inbound pay(PaymentRow row) {
    return pay(row, new JsonObject()).getFirst();
  }

  /** The last notification of the order once more, as the rail repeats it. */
  List<Inbound> newsAgain(PaymentRow row) {
    rails.received.clear();
    try {
      rails.control(
          "/payments/%s/notify?rail=%s".formatted(row.tradeNo(), row.choice().method().literal()),
          new JsonObject().put("times", 1));
    } catch (AssertionError unpaid) {
      return List.of();
    }
    return rails.received.stream().map(TestRails.Received::inbound).toList();
  }

  /** Pays without telling anybody. */
  void payInSilence(PaymentRow row) {
    pay(row, new JsonObject().put("notify", new JsonObject().put("times", 0)));
  }

  Answer deliver(PaymentMethod method, Inbound inbound) {
    Channel channel = Channels.channel(method).orElseThrow();
    return node.await(
        () -> core.notices().receive(ours.rail(channel).orElseThrow(), inbound, "203.0.113.9"));
  }

  Answer deliver(PaymentRow row, Inbound inbound) {
    return deliver(row.choice().method(), inbound);
  }

  PaymentRow paid(String method) {
    PaymentRow row = pending(method);
    deliver(row, pay(row));
    return again(row);
  }

  String refund(PaymentRow row, String amount) {
    return node.await(
        () ->
            refunds
                .create(
                    payer(row.userId()),
                    new RefundsCreateRequest(
                        row.publicId(),
                        new RefundCreate(
                            amount == null ? null : new BigDecimal(amount), "不想要了", true)))
                .await()
                .refund()
                .id());
  }

  void runRefunds() {
    node.await(() -> core.refundRuns().run());
  }

  /** Tells the channels of all refunds, and asks once they are through. */
  void finishRefunds() {
    runRefunds();
    rails.control("/clock", new JsonObject().put("advance_seconds", 60));
    advance(RefundSettlement.LOOK_AGAIN.plusSeconds(1));
    runRefunds();
  }

  void runChecks() {
    node.await(
        () ->
            core.checks()
                .run(
                    work -> {
                      work.run();
                      return io.vertx.core.Future.succeededFuture();
                    }));
  }

  void advance(Duration by) {
    rails.clock.advance(by);
  }

  <T> List<T> inParallel(int times, Callable<T> work) {
    try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        all.add(threads.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : all) {
        results.add(one.get());
      }
      return results;
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args)).get(0).getLong(0);
  }

  String text(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args)).get(0).getString(0);
  }

  List<String> texts(String sql) {
    return node.await(() -> node.db().rows(sql)).stream().map(row -> row.getString(0)).toList();
  }

  void clearFaults() {
    rails.http(
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(rails.origin() + "/control/faults"))
            .DELETE()
            .build());
  }

  String orderState(PaymentRow row) {
    return text("SELECT state FROM test_orders WHERE order_id = ?", row.order().id());
  }

  long grants(PaymentRow row) {
    return number("SELECT grants FROM test_orders WHERE order_id = ?", row.order().id());
  }

  /** Balance of an account over all books and channels, in its normal direction. */
  long balance(String code) {
    return number(
        "SELECT CAST(COALESCE(SUM(balance_fen), 0) AS SIGNED) FROM ledger_accounts WHERE code = ?",
        code);
  }

  /** What must hold after anything: stored balances are the sums of lines, all of them zero. */
  void requireBooks() {
    assertEquals(
        List.of(),
        node.await(() -> new TrialBalanceRepository().differences(node.db())),
        "stored balances against lines");
    assertEquals(
        0,
        number(
            """
            SELECT CAST(COALESCE(SUM(CASE direction WHEN 'D' THEN amount_fen ELSE -amount_fen END), 0) AS SIGNED)
            FROM ledger_lines
            """),
        "debits less credits");
  }

  /** All that is known of a payment, for the message of a failure. */
  String story(io.vertx.sqlclient.Row order) {
    String tradeNo = order.getString("out_trade_no");
    return order.toJson().encode()
        + " rail "
        + rails
            .get(
                "/control/payments/%s?rail=%s"
                    .formatted(tradeNo, order.getString("payment_method")))
            .body()
        + " log "
        + node
            .await(
                () ->
                    node.db()
                        .rows(
                            """
                            SELECT l.action_type, l.status_from, l.status_to, l.error_code, l.created_at
                            FROM payment_logs l JOIN payments p ON p.payment_id = l.payment_id
                            WHERE p.public_id = ? ORDER BY l.log_id
                            """,
                            order.getString("public_id")))
            .stream()
            .map(row -> row.toJson().encode())
            .toList();
  }

  /** What the rail holds for us under a number: received less refunded. */
  long collectedAtRail(String method, String tradeNo) {
    var answer = rails.get("/control/payments/%s?rail=%s".formatted(tradeNo, method));
    if (answer.statusCode() != 200) {
      return 0;
    }
    JsonObject order = new JsonObject(answer.body());
    return order.getLong("received_fen") - order.getLong("refunded_fen");
  }

  @Override
  public void close() {
    TestRails.await(ours.close());
    rails.close();
    node.close();
  }
}
