package com.sharestack.billing.purchases;

import static com.sharestack.billing.purchases.PurchaseBench.buyer;
import static com.sharestack.billing.purchases.PurchaseBench.order;
import static com.sharestack.billing.purchases.PurchaseBench.withKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.RefundReviews;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.PurchaseCreate;
import com.sharestack.contract.PurchaseCreated;
import com.sharestack.contract.PurchaseStatus;
import com.sharestack.contract.Refund;
import com.sharestack.contract.RefundReview;
import com.sharestack.contract.RefundStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PurchasesTest {

  private PurchaseBench bench;

  @BeforeAll
  void start() {
    bench = new PurchaseBench("purchases");
  }

  @AfterEach
  void theBooksBalance() {
    bench.requireBooks();
  }

  @AfterAll
  void stop() {
    bench.close();
  }

  private static String refusal(Runnable call) {
    ServiceException refused = assertThrows(ServiceException.class, call::run);
    Object reason = refused.getDebugInfo().getValue("reason");
    return reason == null ? refused.getMessage() : refused.getMessage() + " " + reason;
  }

  @Test
  void aPaidPurchaseOpensItsArticleAndIsBookedToTheFen() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    long pending = bench.balance("creator_pending");
    long income = bench.balance("platform_fee_income");
    long fee = bench.balance("channel_fee_expense");

    PurchaseCreated made = bench.buy(buyer, article);
    assertEquals(PurchaseStatus.PENDING_PAYMENT, made.purchase().status());
    assertEquals("29.90", made.purchase().amount().toPlainString());
    assertEquals("29.90", made.payment().amount().toPlainString());
    assertEquals(made.purchase().id(), made.payment().orderId());
    assertNull(made.replayed());
    assertEquals(List.of(), bench.passes(buyer, article));
    assertFalse(bench.read(buyer, article));

    bench.deliver(bench.pay(bench.payment(made)));

    PurchaseRow row = bench.purchase(made);
    assertEquals(PurchaseStatus.ACTIVE, row.status());
    assertEquals(bench.payment(made).paidAt(), row.purchasedAt());
    assertNull(row.accessExpiresAt());
    assertEquals(1, bench.passes(buyer, article).size());
    assertEquals(2_691, bench.balance("creator_pending") - pending);
    assertEquals(299, bench.balance("platform_fee_income") - income);
    assertEquals(18, bench.balance("channel_fee_expense") - fee);
    assertEquals("ALREADY_OWNED", refusal(() -> bench.buy(buyer, article)));
  }

  @Test
  void twentyNotificationsAtOnceOpenItOnce() {
    long article = bench.article("29.90", 0);
    PurchaseCreated made = bench.buy(bench.newId(), article);
    Inbound news = bench.pay(bench.payment(made));
    List<Integer> answers = bench.inParallel(20, () -> bench.deliver(news));
    assertTrue(answers.stream().allMatch(status -> status == 200), answers::toString);
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(made).status());
    assertEquals(
        2,
        bench.number(
            "SELECT COUNT(*) FROM ledger_journals WHERE event_ref = ?", made.payment().id()));
    assertEquals(
        1, bench.number("SELECT COUNT(*) FROM earning_lines WHERE ref = ?", made.payment().id()));
  }

  @Test
  void theSameRequestManyTimesAtOnceIsOneOrderWithOnePayment() {
    long article = bench.article("9.90", 0);
    long buyer = bench.newId();
    List<PurchaseCreated> all = bench.inParallel(8, () -> bench.buy(buyer, article));
    assertEquals(
        1, all.stream().map(made -> made.purchase().id()).collect(Collectors.toSet()).size());
    assertEquals(
        1, all.stream().map(made -> made.payment().id()).collect(Collectors.toSet()).size());
    assertEquals(1, all.stream().filter(made -> made.replayed() == null).count());
    assertEquals(1, bench.number("SELECT COUNT(*) FROM purchases WHERE article_id = ?", article));
    assertEquals(1, bench.number("SELECT COUNT(*) FROM payments WHERE article_id = ?", article));
  }

  @Test
  void whoMayNotBuyIsToldWhy() {
    long buyer = bench.newId();
    long article = bench.article("9.90", 0);
    long unsold = bench.newId();
    bench.offer(unsold, null, 0, false);
    assertEquals("NOT_FOUND", refusal(() -> bench.buy(buyer, 999_999)));
    assertEquals("NOT_FOR_SALE", refusal(() -> bench.buy(buyer, unsold)));
    assertEquals(
        "SELF_PURCHASE_NOT_ALLOWED", refusal(() -> bench.buy(PurchaseBench.CREATOR, article)));
    assertEquals(
        "PAYMENT_METHOD_UNSUPPORTED",
        refusal(() -> bench.create(buyer(buyer), order(article).paymentMethod("stripe"))));
    assertEquals(
        "VALIDATION_ERROR",
        refusal(() -> bench.create(buyer(buyer), order(article).paymentMethod(null))));
    assertEquals(
        "COUPON_INVALID not_found",
        refusal(() -> bench.create(buyer(buyer), order(article).promoCode("NOSUCH"))));
    assertEquals(0, bench.number("SELECT COUNT(*) FROM purchases WHERE article_id = ?", article));
    bench.open.put(buyer + ":" + article, AccessSource.SUBSCRIPTION);
    assertEquals("ALREADY_OWNED", refusal(() -> bench.buy(buyer, article)));
    PurchaseCreated forced = bench.create(buyer(buyer), order(article).force(true));
    assertEquals(PurchaseStatus.PENDING_PAYMENT, forced.purchase().status());
  }

  @Test
  void anOpenOrderIsAnsweredAgainAndPricedAnewWhenThePriceChanged() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated first = bench.buy(buyer, article);
    PurchaseCreated again = bench.buy(buyer, article);
    assertEquals(first.payment().id(), again.payment().id());
    assertEquals(true, again.replayed());

    bench.offer(article, "19.90", 30, true);
    PurchaseCreated cheaper = bench.buy(buyer, article);
    assertEquals(first.purchase().id(), cheaper.purchase().id());
    assertEquals("19.90", cheaper.payment().amount().toPlainString());
    assertEquals(true, cheaper.replayed());
    assertEquals(PaymentStatus.CANCELLED, bench.payment(first).status());
    bench.deliver(bench.pay(bench.payment(cheaper)));
    PurchaseRow row = bench.purchase(cheaper);
    assertEquals(row.purchasedAt().plus(Duration.ofDays(30)), row.accessExpiresAt());
  }

  @Test
  void anotherMethodClosesTheOldPaymentFirst() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated first = bench.buy(buyer, article);
    PurchaseCreated second = bench.create(buyer(buyer), order(article).paymentMethod("alipay"));
    assertEquals(first.purchase().id(), second.purchase().id());
    assertNotEquals(first.payment().id(), second.payment().id());
    assertEquals(PaymentStatus.CANCELLED, bench.payment(first).status());
  }

  @Test
  void whilePayerIsAtItNothingIsPricedAnew() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated first = bench.buy(buyer, article);
    bench.update(
        "UPDATE payments SET status = 'processing' WHERE public_id = ?", first.payment().id());
    bench.offer(article, "39.90", 0, true);
    assertEquals("CONFLICT payment_processing", refusal(() -> bench.buy(buyer, article)));
    assertEquals(2_990, bench.purchase(first).price().paidFen());
  }

  @Test
  void whatWasPaidWhileItWasPricedAnewIsOwnedAtTheOldPrice() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated first = bench.buy(buyer, article);
    bench.payInSilence(bench.payment(first));
    bench.offer(article, "39.90", 0, true);
    assertEquals("ALREADY_OWNED", refusal(() -> bench.buy(buyer, article)));
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(first).status());
    assertEquals(PaymentStatus.COMPLETED, bench.payment(first).status());
  }

  @Test
  void anExpiredPaymentIsFollowedByAnotherOneForTheSameOrder() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    bench.coupon("NEXTTRY", false, "fixed_amount", 990, 5);
    PurchaseCreate.Builder order = order(article).promoCode("nexttry");
    PurchaseCreated first = bench.create(buyer(buyer), order);
    assertEquals("20.00", first.purchase().amount().toPlainString());
    bench.advance(Duration.ofMinutes(16));
    PurchaseCreated second = bench.create(buyer(buyer), order);
    assertEquals(first.purchase().id(), second.purchase().id());
    assertNotEquals(first.payment().id(), second.payment().id());
    assertEquals("1/0", bench.places("NEXTTRY"));
    bench.deliver(bench.pay(bench.payment(second)));
    assertEquals("0/1", bench.places("NEXTTRY"));
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(first).status());
  }

  @Test
  void unpaidAfterADayTheOrderIsClosedAndItsPlaceIsFree() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    bench.coupon("CLOSEME", false, "fixed_amount", 990, 1);
    PurchaseCreated made = bench.create(buyer(buyer), order(article).promoCode("CLOSEME"));
    bench.advance(Duration.ofHours(24).minusSeconds(60));
    bench.runEnds();
    assertEquals(PurchaseStatus.PENDING_PAYMENT, bench.purchase(made).status());
    assertEquals("1/0", bench.places("CLOSEME"));
    bench.advance(Duration.ofSeconds(61));
    bench.runEnds();
    assertEquals(PurchaseStatus.CLOSED, bench.purchase(made).status());
    assertEquals(PaymentStatus.EXPIRED, bench.payment(made).status());
    assertEquals("0/0", bench.places("CLOSEME"));
    assertEquals(
        "PAYMENT_EXPIRED", refusal(() -> bench.payAgain(buyer, made.purchase().id(), "20.00")));
    assertNotEquals(made.purchase().id(), bench.buy(buyer, article).purchase().id());
  }

  @Test
  void whatWasPaidBeforeItsCloseIsFulfilledNotClosed() {
    long article = bench.article("29.90", 0);
    PurchaseCreated made = bench.buy(bench.newId(), article);
    bench.payInSilence(bench.payment(made));
    bench.advance(Duration.ofHours(25));
    bench.runEnds();
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(made).status());
    assertEquals(PaymentStatus.COMPLETED, bench.payment(made).status());
  }

  @Test
  void moneyForAClosedOrderGoesBack() {
    long article = bench.article("29.90", 0);
    PurchaseCreated made = bench.buy(bench.newId(), article);
    Inbound news = bench.pay(bench.payment(made));
    bench.update(
        "UPDATE purchases SET status = 'closed', next_transition_at = NULL WHERE public_id = ?",
        made.purchase().id());
    assertEquals(200, bench.deliver(news));
    assertEquals(PurchaseStatus.CLOSED, bench.purchase(made).status());
    assertTrue(bench.payment(made).late());
    assertEquals(2_990, bench.payment(made).reservedFen());
  }

  @Test
  void anotherPaymentOfTheOrderIsOpenedByItsOwnerOnly() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated made = bench.buy(buyer, article);
    assertEquals(made.payment().id(), bench.payAgain(buyer, made.purchase().id(), "29.90"));
    assertEquals(
        "NOT_FOUND", refusal(() -> bench.payAgain(bench.newId(), made.purchase().id(), "29.90")));
    bench.deliver(bench.pay(bench.payment(made)));
    assertEquals(
        "PAYMENT_ALREADY_PAID",
        refusal(() -> bench.payAgain(buyer, made.purchase().id(), "29.90")));
  }

  @Test
  void boughtDaysEndAndTheArticleMayBeBoughtAgain() {
    long article = bench.article("29.90", 30);
    long buyer = bench.newId();
    PurchaseCreated made = bench.paid(buyer, article);
    assertTrue(bench.read(buyer, article));
    bench.advance(Duration.ofDays(31));
    assertFalse(bench.read(buyer, article));
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(made).status());
    PurchaseCreated early = bench.buy(buyer, article);
    assertEquals(PurchaseStatus.EXPIRED, bench.purchase(made).status());
    assertNotEquals(made.purchase().id(), early.purchase().id());

    PurchaseCreated other = bench.paid(bench.newId(), article);
    bench.advance(Duration.ofDays(31));
    bench.runEnds();
    assertEquals(PurchaseStatus.EXPIRED, bench.purchase(other).status());
  }

  @Test
  void aFullDiscountOfTheCreatorNeedsNoPaymentAndIsNotBooked() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    bench.coupon("GIFT100", false, "percentage", 100, 5);
    long pending = bench.balance("creator_pending");
    PurchaseCreated made =
        bench.create(buyer(buyer), order(article).paymentMethod(null).promoCode("gift100"));
    assertEquals(PurchaseStatus.ACTIVE, made.purchase().status());
    assertEquals("0.00", made.purchase().amount().toPlainString());
    assertNull(made.payment());
    assertNotNull(made.purchase().purchasedAt());
    assertEquals("0/1", bench.places("GIFT100"));
    assertEquals(1, bench.passes(buyer, article).size());
    assertEquals(pending, bench.balance("creator_pending"));
  }

  @Test
  void anOpenOrderThatACouponLeavesNothingOfIsActiveAndItsPaymentClosed() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    bench.coupon("LATER100", false, "percentage", 100, 5);
    PurchaseCreated first = bench.buy(buyer, article);
    PurchaseCreated free =
        bench.create(buyer(buyer), order(article).paymentMethod(null).promoCode("LATER100"));
    assertEquals(first.purchase().id(), free.purchase().id());
    assertEquals(PurchaseStatus.ACTIVE, free.purchase().status());
    assertNull(free.payment());
    assertNull(free.purchase().paymentId());
    assertEquals(PaymentStatus.CANCELLED, bench.payment(first).status());
  }

  @Test
  void aFullDiscountOfThePlatformPaysTheCreatorHisShare() {
    long article = bench.article("29.90", 0);
    bench.coupon("HOUSE100", true, "percentage", 100, 5);
    long pending = bench.balance("creator_pending");
    long income = bench.balance("platform_fee_income");
    long marketing = bench.balance("marketing_expense");
    PurchaseCreated made = bench.create(buyer(bench.newId()), order(article).promoCode("HOUSE100"));
    assertEquals(PurchaseStatus.ACTIVE, made.purchase().status());
    assertEquals(2_691, bench.balance("creator_pending") - pending);
    assertEquals(299, bench.balance("platform_fee_income") - income);
    assertEquals(2_990, bench.balance("marketing_expense") - marketing);
    assertEquals(
        1,
        bench.number(
            "SELECT COUNT(*) FROM earning_lines WHERE order_id = ?", made.purchase().id()));
  }

  @Test
  void aKeyAnswersForItsOrderAndFinishesWhatWasKilledBeforeTheChannel() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated made = bench.create(withKey(buyer, "key-0001-abcd", "a"), order(article));
    bench.update("UPDATE payments SET placed = NULL WHERE public_id = ?", made.payment().id());
    PurchaseCreated again = bench.create(withKey(buyer, "key-0001-abcd", "a"), order(article));
    assertEquals(made.purchase().id(), again.purchase().id());
    assertEquals(made.payment().id(), again.payment().id());
    assertEquals(true, again.replayed());
    assertNotNull(bench.payment(again).placed());
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        refusal(() -> bench.create(withKey(buyer, "key-0001-abcd", "b"), order(article))));
    bench.deliver(bench.pay(bench.payment(made)));
    PurchaseCreated paid = bench.create(withKey(buyer, "key-0001-abcd", "a"), order(article));
    assertEquals(PurchaseStatus.ACTIVE, paid.purchase().status());
  }

  @Test
  void theKeyOfARepricingIsRememberedToo() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    bench.buy(buyer, article);
    bench.offer(article, "19.90", 0, true);
    PurchaseCreated made = bench.create(withKey(buyer, "key-0002-abcd", "a"), order(article));
    PurchaseCreated again = bench.create(withKey(buyer, "key-0002-abcd", "a"), order(article));
    assertEquals(made.payment().id(), again.payment().id());
    assertEquals(
        "IDEMPOTENCY_CONFLICT",
        refusal(() -> bench.create(withKey(buyer, "key-0002-abcd", "b"), order(article))));
  }

  @Test
  void unreadItIsRefundedAtOnceAndShut() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    long pending = bench.balance("creator_pending");
    PurchaseCreated made = bench.paid(buyer, article);
    Refund refund = bench.refund(buyer, made.payment().id());
    assertEquals("single_content", refund.policy());
    assertEquals(RefundStatus.PROCESSING, refund.status());
    assertEquals(PurchaseStatus.REFUNDED, bench.purchase(made).status());
    assertEquals(List.of(), bench.passes(buyer, article));
    assertFalse(bench.read(buyer, article));
    assertEquals(pending, bench.balance("creator_pending"));
    assertEquals(PurchaseStatus.PENDING_PAYMENT, bench.buy(buyer, article).purchase().status());
  }

  @Test
  void readItsRefundWaitsForStaffAndItStaysOpen() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated made = bench.paid(buyer, article);
    assertTrue(bench.read(buyer, article));
    Refund refund = bench.refund(buyer, made.payment().id());
    assertEquals("review", refund.policy());
    assertEquals(RefundStatus.PENDING, refund.status());
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(made).status());
  }

  @Test
  void readingAndRefundingAtOnceNeverGivesBothTheTextAndTheMoney() {
    long article = bench.article("29.90", 0);
    for (int round = 0; round < 6; round++) {
      long buyer = bench.newId();
      PurchaseCreated made = bench.paid(buyer, article);
      CompletableFuture<Boolean> reading =
          CompletableFuture.supplyAsync(() -> bench.read(buyer, article));
      String policy = bench.refund(buyer, made.payment().id()).policy();
      assertEquals(reading.join() ? "review" : "single_content", policy);
    }
  }

  /** Staff gives up a refund that the channel closed without money moving. */
  private String refundRefusedForGood(long buyer, PurchaseCreated made) {
    String refund = bench.refund(buyer, made.payment().id()).id();
    bench.node.await(() -> bench.payments.refundRuns().run());
    String number =
        bench
            .node
            .await(
                () ->
                    bench
                        .node
                        .db()
                        .rows("SELECT out_refund_no FROM refunds WHERE public_id = ?", refund))
            .get(0)
            .getString(0);
    bench.rails.control(
        "/payments/" + bench.payment(made).tradeNo() + "/refunds/" + number,
        new JsonObject().put("state", "CLOSED").put("notify", new JsonObject().put("times", 0)));
    bench.advance(Duration.ofMinutes(11));
    bench.node.await(() -> bench.payments.refundRuns().run());
    bench.node.await(
        () -> {
          new RefundReviews(bench.payments)
              .decide(
                  PurchaseBench.buyer(990), refund, new RefundReview("reject", null, "渠道已终止退款"));
          return null;
        });
    return refund;
  }

  private long notRestored(String refund) {
    return bench.number(
        "SELECT COUNT(*) FROM payment_tickets WHERE kind = 'access_not_restored' AND ref = ?",
        refund);
  }

  @Test
  void whatTheChannelRefusesToRefundForGoodIsTheBuyersAgain() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated made = bench.paid(buyer, article);
    String refund = refundRefusedForGood(buyer, made);
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(made).status());
    assertTrue(bench.read(buyer, article));
    assertEquals(0, notRestored(refund));
  }

  @Test
  void whoBoughtItAnewMeanwhileKeepsThatAlone() {
    long article = bench.article("29.90", 0);
    long buyer = bench.newId();
    PurchaseCreated made = bench.paid(buyer, article);
    PaymentRow payment = bench.payment(made);
    bench.refund(buyer, made.payment().id());
    bench.paid(buyer, article);
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .tx(
                    tx -> {
                      PurchaseOrders orders =
                          new PurchaseOrders(bench.core.purchases(), bench.core.coupons());
                      assertFalse(orders.takenBack(tx, payment, bench.now()));
                      return null;
                    }));
    assertEquals(PurchaseStatus.REFUNDED, bench.purchase(made).status());
  }

  @Test
  void anArticleThatIsWithdrawnEndsItsOpenOrdersAndLeavesItsBuyersAlone() {
    long article = bench.article("29.90", 0);
    PurchaseCreated owned = bench.paid(bench.newId(), article);
    PurchaseCreated waiting = bench.buy(bench.newId(), article);
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .tx(
                    tx -> {
                      bench.core.withdrawn(tx, article);
                      return null;
                    }));
    bench.runEnds();
    assertEquals(PurchaseStatus.CLOSED, bench.purchase(waiting).status());
    assertEquals(PaymentStatus.CANCELLED, bench.payment(waiting).status());
    assertEquals(PurchaseStatus.ACTIVE, bench.purchase(owned).status());
  }
}
