package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.earnings.EarningLines;
import com.sharestack.billing.earnings.Sale;
import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.ledger.Ledger;
import com.sharestack.billing.ledger.PayoutPostings;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.Balance;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Earnings;
import com.sharestack.contract.EarningsBalanceRequest;
import com.sharestack.contract.EarningsGetRequest;
import com.sharestack.contract.EarningsPeriod;
import com.sharestack.contract.EarningsService;
import com.sharestack.contract.EarningsTransactionsRequest;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Transaction;
import com.sharestack.contract.TransactionPage;
import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EarningsServiceTest {

  /** Noon of Wednesday the fifteenth in Shanghai. */
  private static final Instant NOON = Instant.parse("2026-07-15T04:00:00Z");

  private static BillingNode billing;
  private static EarningsService earnings;
  private static int number;

  private Caller creator;
  private Caller reader;

  @BeforeAll
  static void start() {
    billing = new BillingNode("earnings_service");
    earnings = billing.node.client(EarningsService.class);
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  @BeforeEach
  void people() {
    billing.node.clock().set(NOON);
    creator = billing.creator();
    reader = billing.reader();
  }

  private Sale sale(PaymentPurpose purpose, long paidFen, long discountFen) {
    return sale(purpose, paidFen, discountFen, reader.userId(), false);
  }

  private Sale sale(
      PaymentPurpose purpose, long paidFen, long discountFen, long payer, boolean anonymous) {
    Instant now = billing.node.clock().instant();
    Sale.Item item =
        switch (purpose) {
          case PURCHASE -> Sale.Item.article(81, "一篇文章");
          case TIP -> Sale.Item.NONE;
          default -> Sale.Item.plan(71, "会员");
        };
    String id = "pay_%012d".formatted(++number);
    return new Sale(
        id,
        creator.userId(),
        payer,
        anonymous,
        purpose,
        "sub_000000000001",
        id,
        item,
        PaymentMethod.ALIPAY,
        Shares.of(paidFen, discountFen, RevenueRates.DEFAULT),
        null,
        RevenueRates.DEFAULT,
        now,
        Periods.holdUntil(now, null, 7));
  }

  private Sale sell(Sale sale) {
    Ledger ledger = new Ledger(billing.node.clock());
    EarningLines lines = new EarningLines(billing.node.clock());
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx -> {
                      lines.sale(tx, sale);
                      return ledger.post(
                          tx,
                          SalePostings.paymentCompleted(
                              sale.ref(),
                              sale.method(),
                              sale.creatorId(),
                              sale.shares(),
                              sale.processedAt()));
                    }));
    return sale;
  }

  private void refund(Sale sale, long fen) {
    Ledger ledger = new Ledger(billing.node.clock());
    EarningLines lines = new EarningLines(billing.node.clock());
    RefundSplit split = RefundSplit.of(sale.shares(), RefundSplit.NONE, fen);
    CreatorPart from = CreatorPart.unsettled(split.creatorFen());
    String id = "rf_%012d".formatted(++number);
    Instant now = billing.node.clock().instant();
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx -> {
                      lines.refund(tx, id, sale.ref(), split, from, false, now);
                      return ledger.post(
                          tx,
                          SalePostings.refundApproved(
                              id, sale.method(), sale.creatorId(), split, from, now));
                    }));
  }

  private Earnings get(EarningsPeriod period, LocalDate first, LocalDate last, String currency) {
    return billing.await(
        earnings.get(creator, new EarningsGetRequest(period, first, last, currency)));
  }

  private Earnings month() {
    return get(null, null, null, "CNY");
  }

  private Balance balance() {
    return billing.await(earnings.balance(creator, new EarningsBalanceRequest())).balance();
  }

  private EarningsTransactionsRequest.Builder asked() {
    return EarningsTransactionsRequest.builder().page(1).limit(50);
  }

  private TransactionPage list(EarningsTransactionsRequest.Builder request) {
    return billing.await(earnings.transactions(creator, request.build()));
  }

  private static BigDecimal yuan(String text) {
    return new BigDecimal(text);
  }

  @Test
  void aMonthAddsUpAndItsPartsToo() {
    sell(sale(PaymentPurpose.INITIAL, 2990, 0));
    sell(sale(PaymentPurpose.RENEWAL, 1990, 1000));
    sell(sale(PaymentPurpose.PURCHASE, 500, 0));
    sell(sale(PaymentPurpose.TIP, 1000, 0));
    refund(sell(sale(PaymentPurpose.PURCHASE, 800, 0)), 300);

    Earnings month = month();
    assertEquals(yuan("59.80"), month.breakdown().subscriptionRevenue());
    assertEquals(yuan("10.00"), month.breakdown().oneTimePurchases());
    assertEquals(yuan("10.00"), month.breakdown().tips());
    assertEquals(yuan("79.80"), month.summary().totalRevenue());
    assertEquals(yuan("7.98"), month.summary().platformFee());
    assertEquals(yuan("0.00"), month.summary().taxWithheld());
    assertEquals(yuan("71.82"), month.summary().netEarnings());
    assertEquals(LocalDate.of(2026, 7, 1), month.period().start());
    assertEquals(LocalDate.of(2026, 7, 31), month.period().end());
    assertEquals(yuan("71.82"), balance().totalEarned());
    assertEquals(yuan("71.82"), balance().pending());
  }

  @Test
  void aPaymentCountsOnItsShanghaiDay() {
    billing.node.clock().set(Instant.parse("2026-07-14T15:59:58Z"));
    sell(sale(PaymentPurpose.INITIAL, 1000, 0));
    billing.node.clock().set(Instant.parse("2026-07-14T16:00:00Z"));
    sell(sale(PaymentPurpose.INITIAL, 2000, 0));
    billing.node.clock().set(NOON);
    assertEquals(
        yuan("20.00"), get(EarningsPeriod.TODAY, null, null, "CNY").summary().totalRevenue());
    LocalDate before = LocalDate.of(2026, 7, 14);
    assertEquals(yuan("10.00"), get(null, before, before, "CNY").summary().totalRevenue());
    assertEquals(
        yuan("30.00"), get(null, before, before.plusDays(1), "CNY").summary().totalRevenue());
  }

  @Test
  void anotherCurrencyHasNothing() {
    sell(sale(PaymentPurpose.INITIAL, 2990, 0));
    Earnings dollars = get(null, null, null, "USD");
    assertEquals("USD", dollars.currency());
    assertEquals(yuan("0.00"), dollars.summary().totalRevenue());
    assertEquals(yuan("0.00"), dollars.breakdown().subscriptionRevenue());
  }

  @Test
  void datesComeInPairsInOrderAndWithinAYear() {
    LocalDate day = LocalDate.of(2026, 7, 1);
    assertEquals(
        "VALIDATION_ERROR end_date", failureOf(() -> get(null, day, null, "CNY")).named("field"));
    assertEquals(
        "VALIDATION_ERROR start_date", failureOf(() -> get(null, null, day, "CNY")).named("field"));
    assertEquals(
        "VALIDATION_ERROR end_date",
        failureOf(() -> get(null, day, day.minusDays(1), "CNY")).named("field"));
    assertEquals(
        "VALIDATION_ERROR end_date",
        failureOf(() -> get(null, day, day.plusDays(366), "CNY")).named("field"));
    get(null, day, day.plusDays(365), "CNY");
  }

  @Test
  void taxIsThatOfSettlementsCompletedInThePeriod() {
    sell(sale(PaymentPurpose.INITIAL, 200_000, 0));
    Ledger ledger = new Ledger(billing.node.clock());
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx ->
                        ledger.post(
                            tx,
                            PayoutPostings.holdReleased(
                                "stl_%012d".formatted(++number),
                                creator.userId(),
                                180_000,
                                20_000,
                                0,
                                NOON))));
    Earnings month = month();
    assertEquals(yuan("200.00"), month.summary().taxWithheld());
    assertEquals(yuan("1600.00"), month.summary().netEarnings());
    assertEquals(yuan("1600.00"), balance().available());
    assertEquals(yuan("0.00"), balance().pending());
    LocalDate june = LocalDate.of(2026, 6, 1);
    assertEquals(yuan("0.00"), get(null, june, june.plusDays(29), "CNY").summary().taxWithheld());
  }

  @Test
  void subscribersAreThoseOfTheEndOfThePeriod() {
    Plan plan = billing.freePlan(creator);
    billing.node.clock().set(Instant.parse("2026-07-01T04:00:00Z"));
    billing.subscribe(reader, plan);
    billing.node.clock().set(Instant.parse("2026-07-10T04:00:00Z"));
    billing.subscribe(billing.reader(), plan);
    billing.update(
        """
        UPDATE subscriptions SET status = 'expired', ended_reason = 'natural', cancelled_at = ?, ended_at = ?
        WHERE user_id = ?
        """,
        Instant.parse("2026-07-05T04:00:00Z"),
        Instant.parse("2026-07-12T04:00:00Z"),
        reader.userId());
    billing.update(
        "UPDATE creator_counts SET subscriber_count = 1 WHERE creator_id = ?", creator.userId());
    billing.node.clock().set(NOON);

    assertEquals("1 2 1", subscribers(month()));
    assertEquals("1 1 0", subscribers(days(1, 3)));
    assertEquals("1 0 1", subscribers(days(4, 8)));
    assertEquals("2 1 0", subscribers(days(9, 11)));
    assertEquals("1 0 0", subscribers(days(12, 13)));
  }

  private Earnings days(int first, int last) {
    return get(null, LocalDate.of(2026, 7, first), LocalDate.of(2026, 7, last), "CNY");
  }

  private static String subscribers(Earnings found) {
    return found.summary().subscriberCount()
        + " "
        + found.summary().newSubscribers()
        + " "
        + found.summary().cancelledSubscribers();
  }

  @Test
  void aTransactionShowsItsSharesAndItsPayerByNameOnly() {
    Sale sold = sell(sale(PaymentPurpose.INITIAL, 1990, 1000));
    Transaction shown = list(asked()).transactions().getFirst();
    assertTrue(shown.id().matches("txn_[a-z0-9]{12}"), shown.id());
    assertEquals(yuan("19.90"), shown.amount());
    assertEquals(yuan("10.00"), shown.platformDiscount());
    assertEquals(yuan("2.99"), shown.platformFee());
    assertEquals(yuan("26.91"), shown.netAmount());
    assertEquals(PaymentMethod.ALIPAY, shown.paymentMethod());
    assertEquals(reader.userId(), shown.subscriber().id());
    assertEquals("user_" + reader.userId(), shown.subscriber().username());
    assertEquals("会员", shown.subscription().planName());
    assertNull(shown.article());
    assertEquals(yuan("0.1000"), shown.revenueRule().platformFeeRate());
    assertEquals(yuan("1.0000"), shown.revenueRule().creatorShareRate());
    assertEquals(
        sold.processedAt().plus(Duration.ofDays(7)).toEpochMilli(),
        shown.holdUntil().toEpochMilli());
  }

  @Test
  void anonymousAndDeletedPayersHaveNoName() {
    sell(sale(PaymentPurpose.TIP, 100, 0, reader.userId(), true));
    sell(sale(PaymentPurpose.TIP, 200, 0, 999_999, false));
    for (Transaction shown : list(asked()).transactions()) {
      assertNull(shown.subscriber().id());
      assertEquals("匿名", shown.subscriber().username());
    }
  }

  @Test
  void filtersAndPagesKeepTheOrder() {
    Sale refunded = sell(sale(PaymentPurpose.PURCHASE, 800, 0));
    billing.node.clock().advance(Duration.ofMinutes(1));
    sell(sale(PaymentPurpose.INITIAL, 2990, 0));
    billing.node.clock().advance(Duration.ofDays(1));
    refund(refunded, 800);

    List<Transaction> all = list(asked()).transactions();
    assertEquals(
        List.of(TransactionType.REFUND, TransactionType.SUBSCRIPTION, TransactionType.ONE_TIME),
        all.stream().map(Transaction::type).toList());
    assertEquals(yuan("-8.00"), all.getFirst().amount());
    assertEquals("一篇文章", all.getFirst().article().title());
    assertNull(all.getFirst().holdUntil());

    assertEquals(1, list(asked().type(TransactionType.REFUND)).pagination().total());
    assertEquals(
        all.getLast().id(),
        list(asked().status(TransactionStatus.REFUNDED)).transactions().getFirst().id());
    assertEquals(
        all.getFirst().id(),
        list(asked().status(TransactionStatus.PENDING)).transactions().getFirst().id());
    assertEquals(
        2,
        list(asked().startDate(LocalDate.of(2026, 7, 15)).endDate(LocalDate.of(2026, 7, 15)))
            .pagination()
            .total());
    assertEquals(0, list(asked().settlementId("stl_000000000000")).pagination().total());

    TransactionPage second = list(asked().page(2).limit(2));
    assertEquals(all.getLast().id(), second.transactions().getFirst().id());
    assertEquals(1, second.transactions().size());
    assertEquals(2, second.pagination().pages());
    assertEquals(
        "VALIDATION_ERROR page", failureOf(() -> list(asked().page(202).limit(50))).named("field"));
  }

  @Test
  void failedPaymentsAreListedForThirtyDays() {
    EarningLines lines = new EarningLines(billing.node.clock());
    Sale begun = sale(PaymentPurpose.INITIAL, 2990, 0);
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx -> {
                      lines.processing(tx, begun);
                      lines.failed(tx, begun.ref(), NOON);
                      return null;
                    }));
    assertEquals(TransactionStatus.FAILED, list(asked()).transactions().getFirst().status());
    billing.node.clock().advance(Duration.ofDays(31));
    assertEquals(0, list(asked()).pagination().total());
    assertEquals(yuan("0.00"), balance().totalEarned());
  }

  @Test
  void aCreatorSeesHisOwnAndReadersSeeNothing() {
    sell(sale(PaymentPurpose.INITIAL, 2990, 0));
    creator = billing.creator();
    assertEquals(0, list(asked()).pagination().total());
    assertEquals(yuan("0.00"), month().summary().totalRevenue());
    Balance empty = balance();
    assertEquals(yuan("0.00"), empty.pending());
    assertEquals(LocalDate.of(2026, 8, 8), empty.nextSettlementDate());
    creator = reader;
    assertEquals("FORBIDDEN NOT_A_CREATOR", failureOf(this::balance).named("reason"));
    assertEquals("FORBIDDEN NOT_A_CREATOR", failureOf(this::month).named("reason"));
    assertEquals("FORBIDDEN NOT_A_CREATOR", failureOf(() -> list(asked())).named("reason"));
  }
}
