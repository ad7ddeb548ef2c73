package com.sharestack.billing.earnings;

import static com.sharestack.billing.earnings.EarningFixture.shares;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EarningLinesTest {

  private static EarningFixture fixture;
  private static long creators = 100;

  @BeforeAll
  static void start() {
    fixture = new EarningFixture("earning_lines");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static EarningPeriods.Span today() {
    return new EarningPeriods.Span(
        EarningPeriods.day(fixture.now()), EarningPeriods.day(fixture.now()));
  }

  @Test
  void aSaleIsOneLineHoweverOftenItIsWritten() {
    long creator = ++creators;
    Sale sale = fixture.sale("pay_once00000001", creator, PaymentPurpose.INITIAL, shares(2990, 0));
    assertTrue(fixture.sell(sale));
    assertFalse(fixture.sell(sale));

    LineRow line = fixture.list(creator).getFirst();
    assertEquals(1, fixture.list(creator).size());
    assertEquals(TransactionType.SUBSCRIPTION, line.type());
    assertEquals(TransactionStatus.COMPLETED, line.status());
    assertEquals(2990, line.paidFen());
    assertEquals(299, line.platformFen());
    assertEquals(2691, line.shareFen());
    assertEquals(2691, fixture.balances(creator).pendingFen());
    assertEquals(new Totals(2990, 0, 0, 299, 2691), fixture.totals(creator, today()));
  }

  @Test
  void aPaymentOnItsWayIsListedButCountsOnlyWhenCompleted() {
    long creator = ++creators;
    Sale sale = fixture.sale("pay_way000000001", creator, PaymentPurpose.PURCHASE, shares(990, 0));
    fixture.tx(
        tx -> {
          fixture.lines.processing(tx, sale);
          fixture.lines.processing(tx, sale);
          return null;
        });
    assertEquals(TransactionStatus.PENDING, fixture.list(creator).getFirst().status());
    assertEquals(Totals.NONE, fixture.totals(creator, today()));

    fixture.tx(
        tx -> {
          fixture.lines.failed(tx, sale.ref(), fixture.now());
          return null;
        });
    assertEquals(TransactionStatus.FAILED, fixture.list(creator).getFirst().status());

    assertTrue(fixture.sell(sale), "the channel reports a late success");
    assertFalse(fixture.sell(sale));
    assertEquals(TransactionStatus.COMPLETED, fixture.list(creator).getFirst().status());
    assertEquals(1, fixture.list(creator).size());
    assertEquals(990, fixture.totals(creator, today()).oneTimeFen());
    fixture.tx(
        tx -> {
          fixture.lines.failed(tx, sale.ref(), fixture.now());
          return null;
        });
    assertEquals(TransactionStatus.COMPLETED, fixture.list(creator).getFirst().status());
  }

  @Test
  void aPaymentThatExpiresLeavesNoLineAndACompletedOneStays() {
    long creator = ++creators;
    Sale sale = fixture.sale("pay_drop00000001", creator, PaymentPurpose.INITIAL, shares(990, 0));
    fixture.tx(
        tx -> {
          fixture.lines.processing(tx, sale);
          fixture.lines.dropped(tx, sale.ref());
          return null;
        });
    assertEquals(List.of(), fixture.list(creator));
    fixture.sell(sale);
    fixture.tx(
        tx -> {
          fixture.lines.dropped(tx, sale.ref());
          return null;
        });
    assertEquals(1, fixture.list(creator).size());
  }

  @Test
  void nothingPaidIsALineOnlyWhenThePlatformPays() {
    long creator = ++creators;
    assertFalse(fixture.sell(fixture.sale("free", creator, PaymentPurpose.INITIAL, shares(0, 0))));
    assertEquals(List.of(), fixture.list(creator));

    String ref = EarningFixture.grantedRef(fixture.now());
    assertTrue(fixture.sell(fixture.sale(ref, creator, PaymentPurpose.INITIAL, shares(0, 2990))));
    LineRow line = fixture.list(creator).getFirst();
    assertEquals(0, line.paidFen());
    assertEquals(2990, line.platformDiscountFen());
    assertNull(line.method());
    assertEquals(TransactionStatus.COMPLETED, line.status(), "not refunded: nothing was paid");
    assertEquals(2691, fixture.balances(creator).pendingFen());
  }

  @Test
  void refundsAreBelowZeroAndTheWholeOneMarksTheSale() {
    long creator = ++creators;
    Sale sale =
        fixture.sale("pay_back00000001", creator, PaymentPurpose.INITIAL, shares(2990, 1000));
    fixture.sell(sale);
    RefundSplit first = RefundSplit.of(sale.shares(), RefundSplit.NONE, 1000);
    fixture.refund("rf_000000000001", sale, first, CreatorPart.unsettled(first.creatorFen()));
    fixture.refund("rf_000000000001", sale, first, CreatorPart.unsettled(first.creatorFen()));
    assertEquals(TransactionStatus.COMPLETED, fixture.list(creator).getLast().status());

    RefundSplit rest = RefundSplit.of(sale.shares(), first, 1990);
    fixture.refund("rf_000000000002", sale, rest, CreatorPart.unsettled(rest.creatorFen()));
    List<LineRow> lines = fixture.list(creator);
    assertEquals(3, lines.size());
    assertEquals(TransactionStatus.REFUNDED, lines.getLast().status());
    LineRow refund = lines.getFirst();
    assertEquals(TransactionType.REFUND, refund.type());
    assertEquals(TransactionStatus.PENDING, refund.status());
    assertEquals(-1990, refund.paidFen());
    assertEquals(
        refund.shareFen(), refund.paidFen() + refund.platformDiscountFen() - refund.platformFen());
    assertEquals(new Totals(0, 0, 0, 0, 0), fixture.totals(creator, today()));
    assertEquals(0, fixture.balances(creator).pendingFen());

    fixture.tx(
        tx -> {
          fixture.lines.refundCompleted(tx, "rf_000000000002");
          return null;
        });
    assertEquals(TransactionStatus.COMPLETED, fixture.list(creator).getFirst().status());
    assertEquals("rf_000000000002", refundRef(lines.getFirst().publicId()));
  }

  private static String refundRef(String publicId) {
    return fixture.node.await(
        () ->
            fixture
                .node
                .db()
                .row("SELECT ref FROM earning_lines WHERE public_id = ?", publicId)
                .orElseThrow()
                .getString("ref"));
  }

  @Test
  void anUndoneRefundComesBackOnItsOwnDay() {
    long creator = ++creators;
    Sale sale = fixture.sale("pay_undo00000001", creator, PaymentPurpose.TIP, shares(5000, 0));
    fixture.sell(sale);
    RefundSplit whole = RefundSplit.of(sale.shares(), RefundSplit.NONE, 5000);
    var approved =
        fixture.refund("rf_undo00000001", sale, whole, CreatorPart.unsettled(whole.creatorFen()));
    EarningPeriods.Span day = today();
    assertEquals(0, fixture.totals(creator, day).revenueFen());

    fixture.node.clock().advance(Duration.ofDays(1));
    for (int i = 0; i < 2; i++) {
      boolean first = i == 0;
      boolean wrote =
          fixture.tx(
              tx -> {
                boolean fresh = fixture.lines.refundReversed(tx, "rf_undo00000001", fixture.now());
                fixture.ledger.post(
                    tx, SalePostings.refundRejectedByChannel(approved, fixture.now()));
                return fresh;
              });
      assertEquals(first, wrote);
    }
    assertEquals(0, fixture.totals(creator, day).revenueFen());
    assertEquals(new Totals(0, 0, 5000, 500, 4500), fixture.totals(creator, today()));
    assertEquals(4500, fixture.balances(creator).pendingFen());
    List<LineRow> lines = fixture.list(creator);
    assertEquals(2, lines.size(), "the reversal is not listed");
    assertEquals(TransactionStatus.FAILED, lines.getFirst().status());
    assertEquals(TransactionStatus.COMPLETED, lines.getLast().status());
  }

  @Test
  void nothingIsRefundedThatWasNotSoldOrBeyondIt() {
    long creator = ++creators;
    Sale sale = fixture.sale("pay_most00000001", creator, PaymentPurpose.INITIAL, shares(1000, 0));
    RefundSplit whole = RefundSplit.of(sale.shares(), RefundSplit.NONE, 1000);
    CreatorPart part = CreatorPart.unsettled(whole.creatorFen());
    assertThrows(
        IllegalStateException.class, () -> fixture.refund("rf_none00000001", sale, whole, part));
    fixture.sell(sale);
    fixture.refund("rf_most00000001", sale, whole, part);
    assertThrows(
        IllegalStateException.class,
        () ->
            fixture.tx(
                tx ->
                    fixture.lines.refund(
                        tx, "rf_most00000002", sale.ref(), whole, part, false, fixture.now())));
    assertThrows(
        IllegalStateException.class,
        () -> fixture.tx(tx -> fixture.lines.refundReversed(tx, "rf_unknown", fixture.now())));
  }
}
