package com.sharestack.billing.rails;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Our rails against the twin: the ways of an order and of its money. */
class RailsTest {

  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestRails twin;

  @BeforeAll
  static void start() {
    twin = new TestRails();
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  @BeforeEach
  void fresh() {
    twin.control("/reset", new JsonObject().put("seed", 7));
    twin.received.clear();
  }

  static OrderRequest order(Product product, long fen) {
    Instant end = Instant.now().plus(15, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    return new OrderRequest(
        product,
        "order" + NUMBER.incrementAndGet() + "x" + product.name(),
        fen,
        "知识星球，年度会员 & 更多",
        end,
        product == Product.PAGE ? "https://share.local/paid?a=1" : null,
        "openid1",
        "127.0.0.1");
  }

  static <T> T answered(Reply<T> reply) {
    return assertInstanceOf(Reply.Answered.class, reply, reply::toString) == null
        ? null
        : ((Reply.Answered<T>) reply).value();
  }

  static Refusal refused(Reply<?> reply) {
    return ((Reply.Refused<?>) assertInstanceOf(Reply.Refused.class, reply, reply::toString))
        .reason();
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aPaidOrderIsUnpaidThenPaidAndItsNotificationIsAuthentic(Channel channel) {
    Rail rail = twin.rail(channel);
    OrderRequest order = order(Product.NATIVE, 2990);
    assertNotNull(answered(await(rail.create(order))).qrCode());
    if (channel == Channel.WECHAT) {
      assertEquals(TradeState.UNPAID, answered(await(rail.query(order.outTradeNo()))).state());
    } else {
      assertEquals(Refusal.NOT_FOUND, refused(await(rail.query(order.outTradeNo()))));
    }

    twin.pay(order.outTradeNo());

    Trade trade = answered(await(rail.query(order.outTradeNo())));
    assertEquals(TradeState.PAID, trade.state());
    assertEquals(2990, trade.amountFen());
    assertEquals(1, twin.received.size());
    Notice notice = ((Verdict.Authentic) twin.received.peek().verdict()).notice();
    assertEquals(Notice.Kind.PAYMENT, notice.kind());
    assertEquals(order.outTradeNo(), notice.trade().outTradeNo());
    assertEquals(trade.transactionId(), notice.trade().transactionId());
    assertEquals(2990, notice.trade().amountFen());
    assertEquals(trade.paidAt(), notice.trade().paidAt());
    assertNotNull(notice.appId());
    assertNotNull(notice.merchantId());
  }

  @Test
  void everyProductOfBothRailsOpensAnOrderTheTwinAccepts() {
    Rail wechat = twin.rail(Channel.WECHAT);
    assertTrue(answered(await(wechat.create(order(Product.H5, 1)))).payUrl().startsWith("http"));
    Placed jsapi = answered(await(wechat.create(order(Product.JSAPI, 1))));
    assertEquals("prepay_id=" + jsapi.prepayId(), jsapi.clientParams().get("package"));
    Placed app = answered(await(wechat.create(order(Product.APP, 1))));
    assertEquals(app.prepayId(), app.clientParams().get("prepayid"));
    assertThrows(IllegalArgumentException.class, () -> wechat.create(order(Product.PAGE, 1)));

    Rail alipay = twin.rail(Channel.ALIPAY);
    for (Product product : List.of(Product.PAGE, Product.H5)) {
      OrderRequest order = order(product, 1234);
      var page = twin.get(answered(await(alipay.create(order))).payUrl());
      assertEquals(302, page.statusCode());
      assertEquals(TradeState.UNPAID, answered(await(alipay.query(order.outTradeNo()))).state());
    }
    OrderRequest order = order(Product.APP, 5);
    String signed = answered(await(alipay.create(order))).orderString();
    assertEquals(302, twin.get("/gateway.do?" + signed).statusCode());
    String tampered = signed.replace("total_amount", "total_amounT");
    assertTrue(twin.get("/gateway.do?" + tampered).body().contains("isv.invalid-signature"));
    assertThrows(IllegalArgumentException.class, () -> alipay.create(order(Product.JSAPI, 1)));
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aRepeatedCreateIsTheSameOrderAndAChangedOneIsRefused(Channel channel) {
    Rail rail = twin.rail(channel);
    OrderRequest order = order(Product.NATIVE, 100);
    String code = answered(await(rail.create(order))).qrCode();
    assertEquals(code, answered(await(rail.create(order))).qrCode());
    OrderRequest dearer =
        OrderRequest.of(
            Product.NATIVE, order.outTradeNo(), 101, order.subject(), order.expiresAt());
    assertEquals(Refusal.PARAMETERS_CHANGED, refused(await(rail.create(dearer))));
    twin.pay(order.outTradeNo());
    assertEquals(Refusal.ALREADY_PAID, refused(await(rail.create(order))));
    assertEquals(Refusal.ALREADY_PAID, refused(await(rail.close(order.outTradeNo()))));
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aClosedOrderStaysClosedAndClosingIsRepeatable(Channel channel) {
    Rail rail = twin.rail(channel);
    OrderRequest order = order(Product.NATIVE, 100);
    await(rail.create(order));
    if (channel == Channel.ALIPAY) {
      assertEquals(Refusal.NOT_FOUND, refused(await(rail.close(order.outTradeNo()))));
    }
    twin.control("/payments/" + order.outTradeNo() + "/fail", new JsonObject());
    assertEquals(TradeState.UNPAID, answered(await(rail.query(order.outTradeNo()))).state());
    answered(await(rail.close(order.outTradeNo())));
    answered(await(rail.close(order.outTradeNo())));
    assertEquals(TradeState.CLOSED, answered(await(rail.query(order.outTradeNo()))).state());
    assertEquals(Refusal.ORDER_CLOSED, refused(await(rail.create(order))));
  }

  @Test
  void anOrderClosesByItselfWhenItExpires() {
    OrderRequest order = order(Product.NATIVE, 100);
    Rail rail = twin.rail(Channel.WECHAT);
    await(rail.create(order));
    twin.control("/clock", new JsonObject().put("advance_seconds", 890));
    assertEquals(TradeState.UNPAID, answered(await(rail.query(order.outTradeNo()))).state());
    twin.control("/clock", new JsonObject().put("advance_seconds", 11));
    assertEquals(TradeState.CLOSED, answered(await(rail.query(order.outTradeNo()))).state());
  }

  @Test
  void aWechatRefundIsAcceptedThenDoneAndNeverDoneTwice() {
    Rail rail = twin.rail(Channel.WECHAT);
    OrderRequest order = order(Product.NATIVE, 1000);
    await(rail.create(order));
    RefundRequest refund =
        new RefundRequest(order.outTradeNo(), order.outTradeNo() + "r1", 400, 1000, "退款");
    assertInstanceOf(Reply.Refused.class, await(rail.refund(refund)));
    twin.pay(order.outTradeNo());

    assertEquals(RefundState.PROCESSING, answered(await(rail.refund(refund))).state());
    assertEquals(RefundState.PROCESSING, answered(await(rail.refund(refund))).state());
    twin.control("/clock", new JsonObject().put("advance_seconds", 5));
    Refund done = answered(await(rail.queryRefund(order.outTradeNo(), refund.outRefundNo())));
    assertEquals(RefundState.SUCCESS, done.state());
    assertEquals(400, done.amountFen());
    assertEquals(TradeState.REFUNDED, answered(await(rail.query(order.outTradeNo()))).state());
    Notice notice = ((Verdict.Authentic) last().verdict()).notice();
    assertEquals(Notice.Kind.REFUND, notice.kind());
    assertEquals(refund.outRefundNo(), notice.refund().outRefundNo());

    assertEquals(
        Refusal.PARAMETERS_CHANGED,
        refused(
            await(
                rail.refund(
                    new RefundRequest(
                        order.outTradeNo(), refund.outRefundNo(), 401, 1000, null)))));
    assertEquals(
        Refusal.AMOUNT_EXCEEDED,
        refused(
            await(
                rail.refund(
                    new RefundRequest(
                        order.outTradeNo(), order.outTradeNo() + "r2", 601, 1000, null)))));
    assertEquals(
        Refusal.NOT_FOUND, refused(await(rail.queryRefund(order.outTradeNo(), "nosuchrefund"))));
  }

  private static TestRails.Received last() {
    return new ArrayList<>(twin.received).getLast();
  }

  @Test
  void alipayRefundsAtOnceAndTellsTheSumSoFar() {
    Rail rail = twin.rail(Channel.ALIPAY);
    OrderRequest order = order(Product.NATIVE, 1000);
    await(rail.create(order));
    twin.pay(order.outTradeNo());
    RefundRequest first =
        new RefundRequest(order.outTradeNo(), order.outTradeNo() + "r1", 400, 1000, "退款");
    assertEquals(RefundState.SUCCESS, answered(await(rail.refund(first))).state());
    assertEquals(
        RefundState.UNKNOWN,
        answered(await(rail.refund(first))).state(),
        "a repeat moves nothing: only the query tells");
    assertEquals(
        RefundState.SUCCESS,
        answered(await(rail.queryRefund(order.outTradeNo(), first.outRefundNo()))).state());
    assertEquals(
        RefundState.UNKNOWN,
        answered(await(rail.queryRefund(order.outTradeNo(), "nosuchrefund"))).state());
    RefundRequest rest =
        new RefundRequest(order.outTradeNo(), order.outTradeNo() + "r2", 600, 1000, null);
    assertEquals(1000, answered(await(rail.refund(rest))).refundedTotalFen());
    Trade trade = answered(await(rail.query(order.outTradeNo())));
    assertEquals("TRADE_CLOSED", trade.rawState());
    assertEquals(TradeState.REFUNDED, trade.state(), "closed after payment means refunded");
    twin.control("/clock", new JsonObject().put("advance_seconds", 0));
    List<Notice> refunds = new ArrayList<>();
    twin.received.forEach(
        got -> {
          Notice notice = ((Verdict.Authentic) got.verdict()).notice();
          if (notice.kind() == Notice.Kind.REFUND) {
            refunds.add(notice);
          }
        });
    assertEquals(
        List.of(400L, 1000L), refunds.stream().map(n -> n.refund().refundedTotalFen()).toList());
    assertEquals(
        List.of(first.outRefundNo(), rest.outRefundNo()),
        refunds.stream().map(n -> n.refund().outRefundNo()).toList());
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void aBillHoldsEveryLineOfItsDayAndPlantedDifferences(Channel channel) throws BillException {
    Rail rail = twin.rail(channel);
    LocalDate today = LocalDate.now(BEIJING);
    assertEquals(Refusal.BILL_NOT_READY, refused(await(rail.bill(today))));
    List<String> numbers = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      OrderRequest order = order(Product.NATIVE, i * 1000L);
      await(rail.create(order));
      twin.pay(order.outTradeNo());
      numbers.add(order.outTradeNo());
    }
    String refundNo = numbers.get(4) + "r";
    await(rail.refund(new RefundRequest(numbers.get(4), refundNo, 500, 5000, null)));
    twin.control("/payments/" + numbers.get(4) + "/refunds/" + refundNo, new JsonObject());
    twin.control(
        "/bills",
        new JsonObject()
            .put("rail", channel.code())
            .put("date", today.toString())
            .put(
                "differences",
                new JsonArray()
                    .add(planted("missing_there", numbers.get(0)))
                    .add(planted("amount", numbers.get(1)).put("delta_fen", 7))
                    .add(planted("fee", numbers.get(2)).put("delta_fen", 1))
                    .add(planted("missing_here", "ghost1").put("amount_fen", 333))));
    twin.control(
        "/clock", new JsonObject().put("advance_seconds", Duration.ofHours(36).toSeconds()));

    List<BillLine> lines = new ArrayList<>();
    BillTotals totals = answered(await(rail.bill(today))).read(lines::add);

    assertEquals(5, totals.payments());
    assertEquals(2007 + 3000 + 4000 + 5000 + 333, totals.paymentsFen());
    assertEquals(
        new BillLine(
            BillLine.Kind.REFUND,
            numbers.get(4),
            lines.get(4).transactionId(),
            refundNo,
            500,
            -3,
            lines.get(4).status(),
            lines.get(4).at()),
        lines.get(4));
    assertFalse(lines.stream().anyMatch(line -> line.outTradeNo().equals(numbers.get(0))));
    assertEquals(19, lines.get(1).feeFen(), "0.6 % of 30 yuan and the planted fen");
    assertEquals("ghost1", lines.getLast().outTradeNo());
  }

  private static JsonObject planted(String kind, String outTradeNo) {
    return new JsonObject().put("kind", kind).put("out_trade_no", outTradeNo);
  }

  @ParameterizedTest
  @CsvSource({
    "WECHAT,signature,SIGNATURE",
    "WECHAT,serial,UNKNOWN_KEY",
    "WECHAT,timestamp,STALE",
    "WECHAT,signtest,SIGNATURE",
    "ALIPAY,signature,SIGNATURE"
  })
  void aSpoiltNotificationIsRejected(Channel channel, String tamper, Verdict.Reason reason) {
    OrderRequest order = order(Product.NATIVE, 100);
    await(twin.rail(channel).create(order));
    twin.pay(order.outTradeNo(), new JsonObject().put("tamper", tamper));
    assertEquals(1, twin.received.size());
    assertEquals(reason, assertInstanceOf(Verdict.Rejected.class, last().verdict()).reason());
  }

  @ParameterizedTest
  @CsvSource({
    "WECHAT,amount",
    "WECHAT,app_id",
    "WECHAT,mch_id",
    "ALIPAY,amount",
    "ALIPAY,app_id",
    "ALIPAY,mch_id"
  })
  void aForeignButSignedNotificationHandsItsFieldsToTheCaller(Channel channel, String tamper) {
    OrderRequest order = order(Product.NATIVE, 100);
    await(twin.rail(channel).create(order));
    twin.pay(order.outTradeNo());
    Notice genuine = ((Verdict.Authentic) last().verdict()).notice();
    twin.control(
        "/payments/" + order.outTradeNo() + "/notify", new JsonObject().put("tamper", tamper));
    Notice changed = ((Verdict.Authentic) last().verdict()).notice();
    assertEquals(genuine.id(), changed.id());
    assertFalse(genuine.digest().equals(changed.digest()));
    assertEquals(tamper.equals("amount") ? 101 : 100, changed.trade().amountFen());
    assertEquals(tamper.equals("app_id"), !genuine.appId().equals(changed.appId()));
    assertEquals(tamper.equals("mch_id"), !genuine.merchantId().equals(changed.merchantId()));
  }

  @Test
  void aRotatedPlatformKeyIsAccepted() {
    Rail rail = twin.rail(Channel.WECHAT);
    OrderRequest order = order(Product.NATIVE, 100);
    twin.control("/settings", new JsonObject().put("rotate_platform_key", true));
    answered(await(rail.create(order)));
    twin.pay(order.outTradeNo());
    assertInstanceOf(Verdict.Authentic.class, last().verdict());
    twin.control("/settings", new JsonObject().put("rotate_platform_key", true));
  }
}
