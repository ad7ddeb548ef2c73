package com.sharestack.billing.rails;

import static com.sharestack.billing.rails.RailsTest.answered;
import static com.sharestack.billing.rails.RailsTest.order;
import static com.sharestack.billing.rails.RailsTest.refused;
import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.sandbox.SandboxOptions;
import com.sharestack.testing.TestRails;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call is when the rail is down, slow, or talks nonsense. */
class UnansweredTest {

  private static TestRails twin;

  @BeforeAll
  static void start() {
    twin =
        new TestRails(
            SandboxOptions.DEFAULT,
            RailsConfig.Limits.DEFAULT.withCallTimeoutMillis(400).withBreaker(1_000, 1_000));
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  @BeforeEach
  void fresh() {
    twin.control("/reset", new JsonObject());
  }

  @ParameterizedTest
  @CsvSource({
    "WECHAT,lost_answer,true",
    "WECHAT,slow,true",
    "WECHAT,garbage,true",
    "WECHAT,bad_signature,true",
    "WECHAT,unsigned,true",
    "WECHAT,signtest,true",
    "WECHAT,stale_timestamp,true",
    "WECHAT,wrong_serial,true",
    "WECHAT,system_error,false",
    "WECHAT,down,false",
    "ALIPAY,lost_answer,true",
    "ALIPAY,slow,true",
    "ALIPAY,garbage,true",
    "ALIPAY,bad_signature,true",
    "ALIPAY,unsigned,true",
    "ALIPAY,system_error,false",
    "ALIPAY,down,false"
  })
  void aCallWithoutAnAuthenticAnswerIsUnknownAndSentOnce(
      Channel channel, String kind, boolean tookEffect) {
    Rail rail = twin.rail(channel);
    OrderRequest order = order(Product.NATIVE, 100);
    twin.control("/faults", new JsonObject().put("kind", kind).put("delay_ms", 1_500));

    assertInstanceOf(Reply.Unknown.class, await(rail.create(order)));

    // the only planted fault is used up: a second, silent attempt would have been answered
    JsonObject list = new JsonObject(twin.get("/control/payments").body());
    assertEquals(tookEffect ? 1 : 0, list.getJsonArray("payments").size());
    answered(await(rail.create(order)));
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void theEffectBehindALostAnswerIsFoundByQuery(Channel channel) {
    Rail rail = twin.rail(channel);
    OrderRequest order = order(Product.NATIVE, 1000);
    await(rail.create(order));
    twin.pay(order.outTradeNo());
    RefundRequest refund =
        new RefundRequest(order.outTradeNo(), order.outTradeNo() + "r", 1000, 1000, null);
    twin.control("/faults", new JsonObject().put("kind", "lost_answer"));
    assertInstanceOf(Reply.Unknown.class, await(rail.refund(refund)));
    twin.control("/clock", new JsonObject().put("advance_seconds", 2));
    assertEquals(
        RefundState.SUCCESS,
        answered(await(rail.queryRefund(order.outTradeNo(), refund.outRefundNo()))).state());
  }

  @Test
  void aRefusalTellsItsReasonAndWhetherItWasSigned() {
    Rail wechat = twin.rail(Channel.WECHAT);
    twin.control("/settings", new JsonObject().put("calls_per_second", 0));
    Reply.Refused<?> often = (Reply.Refused<?>) await(wechat.create(order(Product.NATIVE, 1)));
    assertEquals(Refusal.FREQUENCY, often.reason());
    assertTrue(!often.signed(), "the gateway's own errors carry no signature");
    assertEquals(
        Refusal.FREQUENCY,
        refused(await(twin.rail(Channel.ALIPAY).create(order(Product.NATIVE, 1)))));
    twin.control("/settings", new JsonObject().put("calls_per_second", 1_000));
    Reply.Refused<?> missing = (Reply.Refused<?>) await(wechat.query("nosuchorder"));
    assertEquals(Refusal.NOT_FOUND, missing.reason());
    assertTrue(missing.signed());
  }

  @Test
  void aMerchantWithoutTheBalanceIsToldSo() {
    Rail rail = twin.rail(Channel.WECHAT);
    OrderRequest order = order(Product.NATIVE, 100);
    await(rail.create(order));
    twin.pay(order.outTradeNo());
    twin.control(
        "/faults",
        new JsonObject()
            .put("kind", "refuse")
            .put("operation", "refund")
            .put("status", 403)
            .put("code", "NOT_ENOUGH"));
    RefundRequest refund =
        new RefundRequest(order.outTradeNo(), order.outTradeNo() + "r", 100, 100, null);
    assertEquals(Refusal.BALANCE_LOW, refused(await(rail.refund(refund))));
    assertEquals(RefundState.PROCESSING, answered(await(rail.refund(refund))).state());
  }

  @Test
  void anUnreachableRailIsNotSentAndTheBreakerOpens() {
    Vertx vertx = Vertx.vertx();
    RailsConfig there = twin.config(RailsConfig.Limits.DEFAULT.withBreaker(3, 60_000));
    RailsConfig.Wechat wechat = there.wechat();
    RailsConfig nowhere =
        new RailsConfig(
            new RailsConfig.Wechat(
                "http://127.0.0.1:1",
                wechat.appId(),
                wechat.merchantId(),
                wechat.serial(),
                wechat.merchantKey(),
                wechat.apiV3Key(),
                wechat.platformKeys(),
                wechat.notifyUrl(),
                List.of()),
            null,
            there.limits());
    Rails rails = Rails.create(vertx, nowhere, Clock.systemUTC());
    try {
      Rail rail = rails.rail(Channel.WECHAT).orElseThrow();
      assertTrue(rails.rail(Channel.ALIPAY).isEmpty());
      for (int i = 0; i < 3; i++) {
        Reply.NotSent<?> reply = assertInstanceOf(Reply.NotSent.class, await(rail.query("order1")));
        assertTrue(!reply.cause().contains("breaker"), reply::toString);
      }
      assertEquals(new Reply.NotSent<>("breaker open"), await(rail.query("order1")));
    } finally {
      await(rails.close());
      await(vertx.close());
    }
  }

  @Test
  void callsBeyondThePoolEndInTheirDeadlineToo() {
    Rail rail = twin.rail(Channel.WECHAT);
    twin.control(
        "/faults", new JsonObject().put("kind", "slow").put("times", 400).put("delay_ms", 1_500));
    List<Future<Reply<Trade>>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(rail.query("order1"));
    }
    int sent = 0;
    for (Future<Reply<Trade>> call : calls) {
      Reply<Trade> reply = await(call);
      assertTrue(reply instanceof Reply.NotSent || reply instanceof Reply.Unknown);
      sent += reply instanceof Reply.Unknown ? 1 : 0;
    }
    JsonObject fault =
        new JsonObject(twin.get("/control/faults").body()).getJsonArray("faults").getJsonObject(0);
    int arrived = 400 - fault.getInteger("times");
    assertTrue(arrived <= sent, arrived + " arrived, but only " + sent + " admit to be sent");
  }
}
