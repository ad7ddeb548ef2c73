package com.sharestack.billing.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.rails.BillLine;
import com.sharestack.billing.reconciliation.BillRules.FeeVerdict;
import com.sharestack.contract.ReconciliationDifferenceKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillRulesTest {

  private static BillEntry paid(long fen, long fee, String status) {
    return new BillEntry(
        1,
        new BillLine(BillLine.Kind.PAYMENT, "N1", "T1", null, fen, fee, status, Instant.EPOCH),
        false);
  }

  private static BillEntry back(long fen, long fee, String status) {
    return new BillEntry(
        2,
        new BillLine(BillLine.Kind.REFUND, "N1", "T1", "R1", fen, fee, status, Instant.EPOCH),
        false);
  }

  private static LocalMoney sale(String status, long fen) {
    return new LocalMoney("pay_1", "pay_1", "N1", "T1", status, fen, false);
  }

  private static LocalMoney refund(String status, long fen) {
    return new LocalMoney("rf_1", "pay_1", "N1", "R1", status, fen, false);
  }

  private static List<String> kinds(List<Found> found) {
    return found.stream().map(Found::kind).map(ReconciliationDifferenceKind::literal).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "completed, 2990, SUCCESS, ''",
    "partial_refunded, 2990, SUCCESS, ''",
    "refunded, 2990, 交易, ''",
    "completed, 2991, SUCCESS, amount_mismatch",
    "completed, 2990, PROCESSING, status_mismatch",
    "pending, 2990, SUCCESS, status_mismatch"
  })
  void aPaymentAgreesWhenItsMoneyCameAndIsTheSame(
      String local, long fen, String bill, String kind) {
    assertEquals(
        kind.isEmpty() ? List.of() : List.of(kind),
        kinds(BillRules.payment("wechat", paid(2_990, 18, bill), sale(local, fen), null)));
  }

  @Test
  void moneyOfAnotherAmountThatWeKnowOfAgrees() {
    LocalMoney mismatched = new LocalMoney("pay_1", "pay_1", "N1", "T1", "failed", 299, true);
    assertEquals(List.of(), BillRules.payment("wechat", paid(299, 2, "SUCCESS"), mismatched, null));
  }

  @Test
  void aTransactionNobodyHasIsMissingHereWithItsOrderWhereThatIsKnown() {
    Found unknown = BillRules.payment("wechat", paid(5, 0, "SUCCESS"), null, null).getFirst();
    assertEquals(ReconciliationDifferenceKind.MISSING_LOCAL, unknown.kind());
    assertEquals(null, unknown.paymentId());
    Found named =
        BillRules.payment("wechat", paid(5, 0, "SUCCESS"), null, sale("expired", 5)).getFirst();
    assertEquals("pay_1", named.paymentId());
    assertEquals(5, named.apartFen());
  }

  @Test
  void aTransactionOfAnotherOrderAndALineThatComesTwiceAreDifferences() {
    LocalMoney other = new LocalMoney("pay_2", "pay_2", "N2", "T1", "completed", 2_990, false);
    assertEquals(
        List.of("status_mismatch"),
        kinds(BillRules.payment("wechat", paid(2_990, 18, "SUCCESS"), other, null)));
    BillEntry again = new BillEntry(9, paid(2_990, 18, "SUCCESS").line(), true);
    assertEquals(
        "wechat:T1#9",
        BillRules.payment("wechat", again, sale("completed", 2_990), null).getFirst().ref());
  }

  @ParameterizedTest
  @CsvSource({
    "success, SUCCESS, ''",
    "success, 退款, ''",
    "processing, PROCESSING, ''",
    "failed, CHANGE, ''",
    "rejected, CLOSED, ''",
    "success, PROCESSING, status_mismatch",
    "processing, SUCCESS, status_mismatch",
    "rejected, SUCCESS, status_mismatch"
  })
  void aRefundAgreesWhenBothSayTheSameOfIt(String local, String bill, String kind) {
    assertEquals(
        kind.isEmpty() ? List.of() : List.of(kind),
        kinds(BillRules.refund("wechat", back(100, -1, bill), refund(local, 100))));
    assertEquals(
        List.of("missing_local"), kinds(BillRules.refund("wechat", back(100, -1, bill), null)));
  }

  @Test
  void feesAreBookedAsTheTermsSayAndEverythingElseIsADifference() {
    LocalMoney sale = sale("completed", 2_990);
    assertEquals(FeeVerdict.BOOKED, BillRules.fee(paid(2_990, 18, "SUCCESS"), sale, 18));
    assertEquals(FeeVerdict.DIFFERENT, BillRules.fee(paid(2_990, 19, "SUCCESS"), sale, 18));
    assertEquals(
        FeeVerdict.TO_BOOK, BillRules.fee(paid(2_990, 18, "SUCCESS"), sale, 0), "late money");
    LocalMoney refund = refund("success", 2_990);
    assertEquals(FeeVerdict.TO_BOOK, BillRules.fee(back(2_990, -18, "SUCCESS"), refund, 0));
    assertEquals(FeeVerdict.BOOKED, BillRules.fee(back(2_990, -18, "SUCCESS"), refund, -18));
    assertEquals(FeeVerdict.DIFFERENT, BillRules.fee(back(2_990, -17, "SUCCESS"), refund, 0));
    assertEquals(
        FeeVerdict.BOOKED, BillRules.fee(back(10, 0, "SUCCESS"), refund("success", 10), 0));
  }
}
