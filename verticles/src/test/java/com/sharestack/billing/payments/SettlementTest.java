package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.rails.Answer;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentStatus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettlementTest {

  private PaymentBench bench;

  @BeforeAll
  void start() {
    bench = new PaymentBench("settlement");
  }

  @AfterEach
  void theBooksBalance() {
    bench.requireBooks();
  }

  @AfterAll
  void stop() {
    bench.close();
  }

  private static JsonObject tampered(String what) {
    return new JsonObject().put("notify", new JsonObject().put("tamper", what));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void aPaymentIsCompletedByItsNotificationToTheFen(String method) {
    PaymentRow row = bench.pending(method);
    assertEquals(PaymentStatus.PENDING, row.status());
    assertEquals(0, bench.grants(row));
    long pending = bench.balance("creator_pending");
    long income = bench.balance("platform_fee_income");
    long fee = bench.balance("channel_fee_expense");

    Answer answer = bench.deliver(row, bench.pay(row));

    assertEquals(200, answer.status());
    PaymentRow paid = bench.again(row);
    assertEquals(PaymentStatus.COMPLETED, paid.status());
    assertEquals(false, paid.late());
    assertEquals(1, bench.grants(row));
    assertEquals("active", bench.orderState(row));
    assertEquals(2_691, bench.balance("creator_pending") - pending);
    assertEquals(299, bench.balance("platform_fee_income") - income);
    assertEquals(18, bench.balance("channel_fee_expense") - fee);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void twentyNotificationsAtOnceHaveOneEffect(String method) {
    PaymentRow row = bench.pending(method);
    Inbound news = bench.pay(row);
    List<Answer> answers = bench.inParallel(20, () -> bench.deliver(row, news));
    assertTrue(answers.stream().allMatch(answer -> answer.status() == 200));
    assertEquals(1, bench.grants(row));
    assertEquals(
        2,
        bench.number("SELECT COUNT(*) FROM ledger_journals WHERE event_ref = ?", row.publicId()));
    assertEquals(
        1, bench.number("SELECT COUNT(*) FROM earning_lines WHERE ref = ?", row.publicId()));
  }

  @ParameterizedTest
  @CsvSource({
    "wechat, signature",
    "wechat, timestamp",
    "wechat, serial",
    "wechat, signtest",
    "alipay, signature"
  })
  void whatIsNotAuthenticHasNoEffectAndIsRecorded(String method, String what) {
    PaymentRow row = bench.pending(method);
    long refusals = bench.number("SELECT COUNT(*) FROM channel_refusals");
    Inbound forged = bench.pay(row, tampered(what)).getFirst();
    Answer answer = bench.deliver(row, forged);
    assertTrue(answer.status() >= 400 || !"success".equals(answer.body()), answer.toString());
    assertEquals(PaymentStatus.PENDING, bench.again(row).status());
    assertEquals(0, bench.grants(row));
    assertEquals(refusals + 1, bench.number("SELECT COUNT(*) FROM channel_refusals"));
  }

  @ParameterizedTest
  @CsvSource({"wechat, app_id", "wechat, mch_id", "alipay, app_id", "alipay, mch_id"})
  void anotherAppOrMerchantIsNoMoneyOfOurs(String method, String what) {
    PaymentRow row = bench.pending(method);
    long journals = bench.number("SELECT COUNT(*) FROM ledger_journals");
    Answer answer = bench.deliver(row, bench.pay(row, tampered(what)).getFirst());
    assertEquals(200, answer.status());
    assertEquals(PaymentStatus.PENDING, bench.again(row).status());
    assertEquals(journals, bench.number("SELECT COUNT(*) FROM ledger_journals"));
    assertEquals(
        1,
        bench.number(
            "SELECT COUNT(*) FROM payment_tickets WHERE kind = 'foreign_merchant' AND ref = ?",
            method + ":" + row.tradeNo()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void anotherAmountFulfilsNothingAndGoesBack(String method) {
    PaymentRow row = bench.pending(method);
    Inbound news = bench.pay(row, new JsonObject().put("amount_fen", 299)).getFirst();
    bench.inParallel(5, () -> bench.deliver(row, news));
    PaymentRow failed = bench.again(row);
    assertEquals(PaymentStatus.FAILED, failed.status());
    assertEquals(PaymentFailureCode.AMOUNT_MISMATCH, failed.failureCode());
    assertEquals(0, bench.grants(row));
    assertEquals(299, failed.reservedFen());
    bench.finishRefunds();
    assertEquals(299, bench.again(row).refundedFen());
    assertEquals(0, bench.balance("suspense"));
    assertEquals(0, bench.balance("refund_payable"));
    // the order is free for another payment
    PaymentRow next = bench.pending(row.order().id(), method);
    bench.deliver(next, bench.pay(next));
    assertEquals(1, bench.grants(row));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void moneyForAClosedPaymentGoesBackAndFulfilsNothing(String method) {
    PaymentRow row = bench.pending(method);
    bench.node.await(
        () ->
            bench
                .core
                .calls()
                .close(row, PaymentEvent.CLOSED, PaymentTrailRepository.Action.UPDATE));
    assertEquals(PaymentStatus.CANCELLED, bench.again(row).status());
    Inbound news = bench.pay(row, new JsonObject().put("force", true)).getFirst();
    bench.inParallel(5, () -> bench.deliver(row, news));
    PaymentRow late = bench.again(row);
    assertEquals(PaymentStatus.COMPLETED, late.status());
    assertTrue(late.late());
    assertEquals(0, bench.grants(row));
    bench.finishRefunds();
    assertEquals(PaymentStatus.REFUNDED, bench.again(row).status());
    assertEquals(0, bench.balance("refund_payable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void aSecondTransactionForOnePaymentGoesBack(String method) {
    PaymentRow row = bench.paid(method);
    Inbound second = bench.pay(row, new JsonObject().put("again", true)).getFirst();
    bench.inParallel(5, () -> bench.deliver(row, second));
    assertEquals(1, bench.grants(row));
    assertEquals(1, bench.number("SELECT COUNT(*) FROM payments WHERE duplicate_of = ?", row.id()));
    bench.finishRefunds();
    assertEquals(
        "refunded", bench.text("SELECT status FROM payments WHERE duplicate_of = ?", row.id()));
    assertEquals(PaymentStatus.COMPLETED, bench.again(row).status());
    assertEquals(0, bench.balance("refund_payable"));
  }

  @Test
  void moneyWithoutAPaymentOfOursWaitsInSuspenseForPeople() {
    PaymentRow row = bench.pending("wechat");
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .update(
                    "UPDATE payments SET out_trade_no = ? WHERE payment_id = ?",
                    "OTHER" + row.id(),
                    row.id()));
    long suspense = bench.balance("suspense");
    Answer answer = bench.deliver(row, bench.pay(row));
    assertEquals(200, answer.status());
    assertEquals(2_990, bench.balance("suspense") - suspense);
    assertEquals(
        1, bench.number("SELECT COUNT(*) FROM payment_tickets WHERE kind = 'unknown_trade'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void aPaymentNobodyTellsUsOfIsFoundByAsking(String method) {
    PaymentRow row = bench.pending(method);
    bench.payInSilence(row);
    bench.runChecks();
    assertEquals(PaymentStatus.PENDING, bench.again(row).status(), "not due yet");
    bench.advance(PaymentOpening.FIRST_CHECK);
    bench.runChecks();
    assertEquals(PaymentStatus.COMPLETED, bench.again(row).status());
    assertEquals(1, bench.grants(row));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wechat", "alipay"})
  void anUnpaidPaymentExpiresOnlyOnceTheChannelHasClosedIt(String method) {
    PaymentRow row = bench.pending(method);
    bench.advance(PaymentOpening.LIFE.plusSeconds(1));
    bench.rails.control(
        "/faults", new JsonObject().put("kind", "down").put("times", 100).put("rail", method));
    bench.runChecks();
    assertEquals(PaymentStatus.PENDING, bench.again(row).status(), "no answer decides nothing");
    bench.rails.http(
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(bench.rails.origin() + "/control/faults"))
            .DELETE()
            .build());
    bench.advance(Duration.ofMinutes(2));
    bench.runChecks();
    assertEquals(PaymentStatus.EXPIRED, bench.again(row).status());
    assertEquals("waiting", bench.orderState(row));
  }

  @Test
  void aNoticeWhoseProcessDiedAfterReceiptIsFinishedByAnother() {
    PaymentRow row = bench.pending("wechat");
    Inbound news = bench.pay(row);
    // the effect cannot happen: as if the process were killed after the receipt was committed
    bench.node.await(() -> bench.node.db().update("RENAME TABLE test_orders TO test_orders_away"));
    Answer answer = bench.deliver(row, news);
    assertEquals(500, answer.status(), "the channel must send it again");
    bench.node.await(() -> bench.node.db().update("RENAME TABLE test_orders_away TO test_orders"));
    assertEquals(PaymentStatus.PENDING, bench.again(row).status());
    assertEquals(1, bench.number("SELECT COUNT(*) FROM channel_notices WHERE state = 'received'"));
    bench.advance(Duration.ofSeconds(30));
    bench.node.await(() -> bench.core.notices().run());
    assertEquals(PaymentStatus.COMPLETED, bench.again(row).status());
    assertEquals(200, bench.deliver(row, news).status());
    assertEquals(1, bench.grants(row));
  }
}
