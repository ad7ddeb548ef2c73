package com.sharestack.billing.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.pricing.Fees;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract's ledger.worked_examples in its own words, and every posting of ledger.postings. */
class PostingsTest {

  private static final Instant AT = Instant.parse("2026-11-23T08:00:00Z");
  private static final PaymentMethod WECHAT = PaymentMethod.WECHAT;
  private static final long CREATOR = 1002;
  private static final Shares SALE = Shares.of(2990, 0, RevenueRates.DEFAULT);
  private static final RefundSplit ALL = RefundSplit.of(SALE, RefundSplit.NONE, 2990);

  private static final Map<AccountCode, String> SHORT =
      Map.of(
          AccountCode.CHANNEL_RECEIVABLE, "CR",
          AccountCode.CREATOR_PENDING, "CP",
          AccountCode.CREATOR_AVAILABLE, "CA",
          AccountCode.CREATOR_FROZEN, "CF",
          AccountCode.CREATOR_RECEIVABLE, "CD",
          AccountCode.REFUND_PAYABLE, "RP",
          AccountCode.PLATFORM_FEE_INCOME, "FI");

  private static void says(String expected, Journal journal) {
    String lines =
        journal.lines().stream()
            .map(
                line ->
                    "%s %s %s"
                        .formatted(
                            line.side(),
                            SHORT.getOrDefault(
                                line.account().code(), line.account().code().literal()),
                            Money.ofFen(line.amountFen())))
            .collect(Collectors.joining("; "));
    assertEquals(expected, lines);
  }

  @Test
  void aPaymentOf2990AndItsChannelFee() {
    Journal paid = SalePostings.paymentCompleted("pay_1", WECHAT, CREATOR, SALE, AT);
    says("D CR 29.90; C CP 26.91; C FI 2.99", paid);
    long fee = Fees.channelFen(2990, Fees.CHANNEL_RATE);
    says(
        "D channel_fee_expense 0.18; C CR 0.18",
        SalePostings.channelFeeAccrued("pay_1", WECHAT, CREATOR, fee, AT));
  }

  @Test
  void aRefundInTheHold() {
    says(
        "D CP 26.91; D FI 2.99; C RP 29.90",
        SalePostings.refundApproved("rf_1", WECHAT, CREATOR, ALL, CreatorPart.unsettled(2691), AT));
    says("D RP 29.90; C CR 29.90", SalePostings.refundCompleted("rf_1", WECHAT, CREATOR, 2990, AT));
  }

  @Test
  void aRefundAfterTheMoneyWasWithdrawnBecomesADebtThatTheNextSalePays() {
    says(
        "D CP 134.55; C CA 134.55", PayoutPostings.holdReleased("stl_1", CREATOR, 13455, 0, 0, AT));
    says(
        "D CA 134.55; C CF 134.55", PayoutPostings.withdrawalRequested("wd_1", CREATOR, 13455, AT));
    says(
        "D CF 134.55; C bank_cash 133.55; C payout_fee_income 1.00",
        PayoutPostings.withdrawalCompleted("wd_1", CREATOR, 13455, Fees.withdrawalFen(13455), AT));
    CreatorPart part = CreatorPart.settled(2691, new CreatorBalances(0, 0, 0, 0));
    says(
        "D CD 26.91; D FI 2.99; C RP 29.90",
        SalePostings.refundApproved("rf_1", WECHAT, CREATOR, ALL, part, AT));
    says(
        "D CP 26.91; C CD 26.91", PayoutPostings.holdReleased("stl_2", CREATOR, 2691, 0, 2691, AT));
  }

  @Test
  void aDuplicatePayment() {
    says(
        "D CR 29.90; C RP 29.90", SalePostings.lateOrDuplicatePayment(WECHAT, "4200001", 2990, AT));
    says("D RP 29.90; C CR 29.90", SalePostings.refundCompleted("rf_1", WECHAT, 0, 2990, AT));
  }

  @Test
  void anotherAmountThanWasAsked() {
    says("D CR 2.99; C suspense 2.99", SalePostings.amountMismatch(WECHAT, "4200001", 299, AT));
    says(
        "D suspense 2.99; C RP 2.99", SalePostings.suspenseRefundApproved("rf_1", WECHAT, 299, AT));
    says("D RP 2.99; C CR 2.99", SalePostings.refundCompleted("rf_1", WECHAT, 0, 299, AT));
  }

  @Test
  void nothingIsBookedForAFullCouponOfTheCreator() {
    Shares nothing = Shares.of(0, 0, RevenueRates.DEFAULT);
    assertTrue(SalePostings.orderGranted("sub_1", AT, CREATOR, nothing, AT).isEmpty());
  }

  @Test
  void aFullCouponOfThePlatformIsMarketing() {
    Shares free = Shares.of(0, 2990, RevenueRates.DEFAULT);
    Journal granted = SalePostings.orderGranted("sub_1", AT, CREATOR, free, AT);
    says("D marketing_expense 29.90; C CP 26.91; C FI 2.99", granted);
    assertEquals("sub_1@1795420800", granted.ref());
    assertThrows(
        IllegalArgumentException.class,
        () -> SalePostings.orderGranted("sub_1", AT, CREATOR, SALE, AT));
  }

  @Test
  void anUpgrade() {
    Shares upgrade = Shares.of(4607, 0, RevenueRates.DEFAULT);
    says(
        "D CR 46.07; C CP 41.46; C FI 4.61",
        SalePostings.paymentCompleted("pay_1", WECHAT, CREATOR, upgrade, AT));
  }

  @Test
  void aWithdrawalThatFailed() {
    says(
        "D CA 5000.00; C CF 5000.00",
        PayoutPostings.withdrawalRequested("wd_1", CREATOR, 500_000, AT));
    says(
        "D CF 5000.00; C CA 5000.00",
        PayoutPostings.withdrawalReleased("wd_1", CREATOR, 500_000, AT));
  }

  @Test
  void aWithdrawalThatTheBankReturnedPaysADebtFirst() {
    long fee = Fees.withdrawalFen(500_000);
    says(
        "D CF 5000.00; C bank_cash 4990.00; C payout_fee_income 10.00",
        PayoutPostings.withdrawalCompleted("wd_1", CREATOR, 500_000, fee, AT));
    says(
        "D bank_cash 4990.00; D payout_fee_income 10.00; C CA 5000.00",
        PayoutPostings.withdrawalReturned("ret_1", CREATOR, 500_000, fee, AT));
    says(
        "D CA 26.91; C CD 26.91",
        PayoutPostings.debtRecovered("ret_1", CREATOR, 2691, 500_000, AT));
    says("D CA 1.00; C CD 1.00", PayoutPostings.debtRecovered("ret_1", CREATOR, 2691, 100, AT));
    assertTrue(PayoutPostings.debtRecovered("ret_1", CREATOR, 0, 500_000, AT).isEmpty());
  }

  @Test
  void aSaleWithADiscountOfThePlatformAndItsRefund() {
    Shares sale = Shares.of(2000, 990, RevenueRates.DEFAULT);
    says(
        "D CR 20.00; D marketing_expense 9.90; C CP 26.91; C FI 2.99",
        SalePostings.paymentCompleted("pay_1", WECHAT, CREATOR, sale, AT));
    RefundSplit split = RefundSplit.of(sale, RefundSplit.NONE, 2000);
    Journal approved =
        SalePostings.refundApproved(
            "rf_1",
            WECHAT,
            CREATOR,
            split,
            CreatorPart.settled(2691, new CreatorBalances(0, 1000, 0, 0)),
            AT);
    says("D CA 10.00; D CD 16.91; D FI 2.99; C marketing_expense 9.90; C RP 20.00", approved);
    Journal back = SalePostings.refundRejectedByChannel(approved, AT);
    says("C CA 10.00; C CD 16.91; C FI 2.99; D marketing_expense 9.90; D RP 20.00", back);
    assertEquals("rf_1", back.ref());
    assertThrows(
        IllegalArgumentException.class, () -> SalePostings.refundRejectedByChannel(back, AT));
    says(
        "D CP 26.91; D FI 2.99; C marketing_expense 9.90; C CR 20.00",
        SalePostings.chargeback(WECHAT, "D1", CREATOR, split, CreatorPart.unsettled(2691), AT));
  }

  @Test
  void taxIsWithheldAndGivenBackWhenAHoldIsReleased() {
    says(
        "D CP 1000.00; C CA 960.00; C tax_payable 40.00",
        PayoutPostings.holdReleased("stl_1", CREATOR, 100_000, 4_000, 0, AT));
    says(
        "D CP 100.00; D tax_payable 40.00; C CA 110.00; C CD 30.00",
        PayoutPostings.holdReleased("stl_2", CREATOR, 10_000, -4_000, 3_000, AT));
    assertThrows(
        IllegalArgumentException.class,
        () -> PayoutPostings.holdReleased("stl_3", CREATOR, 100, 101, 0, AT));
  }

  @Test
  void whatConcernsThePlatformAlone() {
    says(
        "D channel_fee_expense 0.02; C CR 0.02",
        PlatformPostings.channelFeeAdjusted(WECHAT, "20261122-1", 2, AT));
    says(
        "D CR 0.02; C channel_fee_expense 0.02",
        PlatformPostings.channelFeeAdjusted(WECHAT, "20261122-1", -2, AT));
    says(
        "D bank_cash 100.00; C CR 100.00",
        PlatformPostings.channelSettled(WECHAT, "b1", 10_000, AT));
    says(
        "D tax_payable 1.00; C bank_cash 1.00",
        PlatformPostings.taxRemitted(YearMonth.of(2026, 11), 100, AT));
    Journal vat = PlatformPostings.vatAccrued(YearMonth.of(2026, 11), 169, AT);
    says("D vat_expense 1.69; C vat_output_payable 1.69", vat);
    assertEquals("2026-11", vat.ref());
    says(
        "D payout_cost_expense 0.50; C bank_cash 0.50",
        PayoutPostings.payoutCost("wd_1", CREATOR, 50, AT));
    Journal lost = PayoutPostings.badDebt(CREATOR, LocalDate.of(2026, 11, 23), 2691, AT);
    says("D bad_debt_expense 26.91; C CD 26.91", lost);
    assertEquals("1002@2026-11-23", lost.ref());
  }

  @Test
  void anAdjustmentNeedsTwoPeopleAndMustBalance() {
    List<Line> lines =
        List.of(
            new Line(Account.of(AccountCode.BANK_CASH), Side.D, 100),
            new Line(Account.of(AccountCode.CREATOR_AVAILABLE, CREATOR), Side.C, 100));
    says(
        "D bank_cash 1.00; C CA 1.00",
        PlatformPostings.manualAdjustment("adj_1", CREATOR, lines, 1, 2, AT));
    assertThrows(
        IllegalArgumentException.class,
        () -> PlatformPostings.manualAdjustment("adj_1", CREATOR, lines, 1, 1, AT));
    assertThrows(
        IllegalArgumentException.class,
        () -> PlatformPostings.manualAdjustment("adj_1", CREATOR, lines.subList(0, 1), 1, 2, AT));
    assertThrows(
        IllegalArgumentException.class,
        () -> PlatformPostings.manualAdjustment("adj_1", 7, lines, 1, 2, AT));
    assertThrows(
        IllegalArgumentException.class,
        () -> PlatformPostings.manualAdjustment("adj_1", 0, List.of(), 1, 2, AT));
  }

  @Test
  void aRefThatCouldBeMistakenForAnotherIsRefused() {
    for (String ref : List.of("", "a b", "a\nb", "退款", "x".repeat(81))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> SalePostings.refundCompleted(ref, WECHAT, 0, 1, AT),
          ref);
    }
  }

  @Test
  void anAccountNamesItsOwnerAndOnlyThat() {
    assertThrows(
        IllegalArgumentException.class, () -> Account.of(AccountCode.CREATOR_PENDING, WECHAT));
    assertThrows(IllegalArgumentException.class, () -> Account.of(AccountCode.CREATOR_PENDING, 0L));
    assertThrows(IllegalArgumentException.class, () -> Account.of(AccountCode.SUSPENSE));
    assertThrows(IllegalArgumentException.class, () -> Account.of(AccountCode.BANK_CASH, 7L));
  }
}
