package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.contract.RefundReview;
import com.sharestack.contract.RefundStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefundReviewsTest {

  private static final long STAFF = 900;

  private PaymentBench bench;
  private RefundReviews reviews;

  @BeforeAll
  void start() {
    bench = new PaymentBench("refund_reviews");
    reviews = new RefundReviews(bench.core);
  }

  @AfterEach
  void theBooksBalance() {
    bench.requireBooks();
  }

  @AfterAll
  void stop() {
    bench.close();
  }

  private void decide(long staff, String refund, String decision, String amount, String reason) {
    bench.node.await(
        () -> {
          reviews.decide(
              PaymentBench.payer(staff),
              refund,
              new RefundReview(decision, amount == null ? null : new BigDecimal(amount), reason));
          return null;
        });
  }

  private String refused(long staff, String refund, String decision, String amount, String reason) {
    ServiceException thrown =
        assertThrows(ServiceException.class, () -> decide(staff, refund, decision, amount, reason));
    Object status = thrown.getDebugInfo().getValue("status");
    return thrown.getMessage() + (status == null ? "" : " " + status);
  }

  private RefundRow refund(String id) {
    return bench.node.await(
        () -> bench.core.parts().refunds().find(bench.node.db(), id).orElseThrow());
  }

  private void settle(PaymentRow row, String refundId, String state) {
    bench.rails.control(
        "/payments/" + row.tradeNo() + "/refunds/" + refund(refundId).outRefundNo(),
        new JsonObject().put("state", state).put("notify", new JsonObject().put("times", 0)));
  }

  /** A refund that the channel took and ended without money moving. */
  private String failed(PaymentRow row, String state) {
    String id = bench.refund(row, "10.00");
    decide(STAFF, id, "approve", null, null);
    bench.runRefunds();
    settle(row, id, state);
    bench.advance(RefundSettlement.LOOK_AGAIN.plusSeconds(1));
    bench.runRefunds();
    assertEquals(RefundStatus.FAILED, refund(id).status());
    return id;
  }

  @Test
  void anApprovedRequestIsBookedAndPaidBackWithItsSplit() {
    PaymentRow row = bench.paid("wechat");
    long pending = bench.balance("creator_pending");
    String id = bench.refund(row, "10.00");
    assertEquals(RefundStatus.PENDING, refund(id).status());
    decide(STAFF, id, "approve", null, null);
    assertEquals(RefundStatus.PROCESSING, refund(id).status());
    assertEquals(900, pending - bench.balance("creator_pending"));
    bench.finishRefunds();
    assertEquals(RefundStatus.SUCCESS, refund(id).status());
    assertEquals(1_000, bench.again(row).refundedFen());
    assertEquals("active", bench.orderState(row));
    assertEquals(STAFF, bench.number("SELECT decided_by FROM refunds WHERE public_id = ?", id));
    assertEquals(
        1,
        bench.number(
            "SELECT COUNT(*) FROM billing_audit WHERE action = 'admin.finance.refunds_review' AND"
                + " target_id = ?",
            id));
  }

  @Test
  void aLowerAmountIsApprovedAndFreesTheRestAHigherOneIsRefused() {
    PaymentRow row = bench.paid("alipay");
    String id = bench.refund(row, "20.00");
    assertEquals("REFUND_AMOUNT_EXCEEDED", refused(STAFF, id, "approve", "20.01", null));
    decide(STAFF, id, "approve", "5.00", null);
    assertEquals(500, refund(id).amountFen());
    assertEquals(500, bench.again(row).reservedFen());
    bench.finishRefunds();
    assertEquals(500, bench.again(row).refundedFen());
  }

  @Test
  void aRejectedRequestChangesNothingAndFreesItsAmount() {
    PaymentRow row = bench.paid("wechat");
    String id = bench.refund(row, "10.00");
    long journals = bench.number("SELECT COUNT(*) FROM ledger_journals");
    assertEquals("VALIDATION_ERROR", refused(STAFF, id, "reject", null, null));
    decide(STAFF, id, "reject", null, "已阅读大部分内容");
    assertEquals(RefundStatus.REJECTED, refund(id).status());
    assertEquals("已阅读大部分内容", refund(id).rejectReason());
    assertEquals(0, bench.again(row).reservedFen());
    assertEquals(journals, bench.number("SELECT COUNT(*) FROM ledger_journals"));
    assertEquals("INVALID_STATE rejected", refused(STAFF, id, "approve", null, null));
    assertEquals("INVALID_STATE rejected", refused(STAFF, id, "retry", null, null));
  }

  @Test
  void nobodyDecidesAboutHisOwnMoneyNorApprovesWhatHeStarted() {
    PaymentRow row = bench.paid("wechat");
    String id = bench.refund(row, "10.00");
    assertEquals("SELF_ACTION_FORBIDDEN", refused(row.userId(), id, "approve", null, null));
    assertEquals("SELF_ACTION_FORBIDDEN", refused(TestOrders.CREATOR, id, "approve", null, null));
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .update("UPDATE refunds SET requested_by = ? WHERE public_id = ?", STAFF, id));
    assertEquals("SECOND_APPROVER_REQUIRED", refused(STAFF, id, "approve", null, null));
    decide(STAFF + 1, id, "approve", null, null);
    assertEquals("NOT_FOUND", refused(STAFF, "rf_000000000000", "approve", null, null));
  }

  @Test
  void tenApprovalsAtOnceAreOne() {
    PaymentRow row = bench.paid("wechat");
    String id = bench.refund(row, "10.00");
    AtomicInteger won = new AtomicInteger();
    List<String> said =
        bench.inParallel(
            10,
            () -> {
              try {
                decide(STAFF, id, "approve", null, null);
                won.incrementAndGet();
                return "";
              } catch (ServiceException refused) {
                return refused.getMessage();
              }
            });
    assertEquals(1, won.get(), said.toString());
    assertEquals(
        1,
        bench.number(
            "SELECT COUNT(*) FROM ledger_journals WHERE event_type = 'refund_approved' AND"
                + " event_ref = ?",
            id));
  }

  @Test
  void aFailedRefundIsTriedAgainUnderTheSameNumber() {
    PaymentRow row = bench.paid("wechat");
    String id = failed(row, "ABNORMAL");
    String number = refund(id).outRefundNo();
    settle(row, id, "SUCCESS");
    decide(STAFF, id, "retry", null, null);
    assertEquals(RefundStatus.PROCESSING, refund(id).status());
    bench.runRefunds();
    assertEquals(RefundStatus.SUCCESS, refund(id).status());
    assertEquals(number, refund(id).outRefundNo());
    assertEquals(1_000, bench.again(row).refundedFen());
  }

  @Test
  void aRefundTheChannelRefusedForGoodIsTakenBackExactly() {
    PaymentRow row = bench.paid("wechat");
    long pending = bench.balance("creator_pending");
    long income = bench.balance("platform_fee_income");
    long payable = bench.balance("refund_payable");
    String id = failed(row, "CLOSED");
    decide(STAFF, id, "reject", null, "渠道已终止退款");
    assertEquals(RefundStatus.REJECTED, refund(id).status());
    assertEquals(pending, bench.balance("creator_pending"));
    assertEquals(income, bench.balance("platform_fee_income"));
    assertEquals(payable, bench.balance("refund_payable"));
    PaymentRow after = bench.again(row);
    assertEquals(0, after.reservedFen());
    assertEquals(0, after.returned().refundFen());
    assertEquals(
        "resolved",
        bench.text(
            "SELECT status FROM payment_tickets WHERE kind = 'refund_failed' AND ref = ?", id));
    // the money is there for another refund
    bench.refund(row, "29.90");
    assertEquals(2_990, bench.again(row).reservedFen());
  }

  @Test
  void aFailedRefundThatArrivedMeanwhileIsNotTakenBack() {
    PaymentRow row = bench.paid("wechat");
    String id = failed(row, "ABNORMAL");
    settle(row, id, "SUCCESS");
    assertEquals("INVALID_STATE success", refused(STAFF, id, "reject", null, "渠道已终止退款"));
    assertEquals(RefundStatus.SUCCESS, refund(id).status());
    assertEquals(1_000, bench.again(row).refundedFen());
  }

  @Test
  void moneyThatFulfilledNothingStaysOwed() {
    PaymentRow row = bench.paid("wechat");
    bench.deliver(row, bench.pay(row, new JsonObject().put("again", true)).getFirst());
    String id =
        bench.text(
            "SELECT r.public_id FROM refunds r JOIN payments p ON p.payment_id = r.payment_id WHERE"
                + " p.duplicate_of = ?",
            row.id());
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .update(
                    "UPDATE refunds SET status = 'failed', next_attempt_at = NULL WHERE public_id ="
                        + " ?",
                    id));
    assertEquals("INVALID_STATE failed", refused(STAFF, id, "reject", null, "渠道已终止退款"));
    decide(STAFF, id, "retry", null, null);
    assertEquals(RefundStatus.PROCESSING, refund(id).status());
  }
}
