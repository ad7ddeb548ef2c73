package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.LedgerFixture.AT;
import static com.sharestack.billing.ledger.LedgerFixture.WECHAT;
import static com.sharestack.billing.ledger.LedgerFixture.inParallel;
import static com.sharestack.billing.ledger.LedgerFixture.sale;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerTest {

  private static final Shares SALE = Shares.of(2990, 0, RevenueRates.DEFAULT);

  private LedgerFixture fixture;

  @BeforeAll
  void start() {
    fixture = new LedgerFixture("ledger");
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @AfterEach
  void everythingStillAddsUp() {
    assertEquals(0, fixture.sumOfEverything());
    assertEquals(List.of(), fixture.verify().findings());
    assertEquals(
        List.of(), fixture.node.await(() -> fixture.trialBalances.differences(fixture.node.db())));
  }

  @Test
  void aPaymentRaisesTheBalancesOfItsAccounts() {
    long receivable = fixture.balance(AccountCode.CHANNEL_RECEIVABLE);
    long income = fixture.balance(AccountCode.PLATFORM_FEE_INCOME);
    fixture.post(sale("pay_balances", 11, 2990));
    assertEquals(new CreatorBalances(2691, 0, 0, 0), fixture.balances(11));
    assertEquals(receivable + 2990, fixture.balance(AccountCode.CHANNEL_RECEIVABLE));
    assertEquals(income + 299, fixture.balance(AccountCode.PLATFORM_FEE_INCOME));
  }

  @Test
  void theSameEventAgainAnswersTheFirstJournalAndChangesNothing() {
    Posted first = fixture.post(sale("pay_again", 12, 2990));
    Journal later =
        SalePostings.paymentCompleted("pay_again", WECHAT, 12, SALE, AT.plusSeconds(60));
    assertEquals(new Posted(first.journalId(), true), fixture.post(later));
    assertFalse(first.repeated());
    assertEquals(2691, fixture.balances(12).pendingFen());
  }

  @Test
  void theSameEventTwiceInOneTransactionIsOneJournal() {
    Journal journal = sale("pay_twice", 13, 2990);
    List<Posted> posted = fixture.post(List.of(journal, journal));
    assertEquals(posted.get(0).journalId(), posted.get(1).journalId());
    assertTrue(posted.get(1).repeated());
    assertEquals(2691, fixture.balances(13).pendingFen());
  }

  @Test
  void theSameEventWithOtherContentIsRefused() {
    fixture.post(sale("pay_other", 14, 2990));
    List<Journal> others =
        List.of(
            sale("pay_other", 14, 2991),
            sale("pay_other", 15, 2990),
            SalePostings.paymentCompleted("pay_other", PaymentMethod.ALIPAY, 14, SALE, AT));
    for (Journal other : others) {
      assertThrows(LedgerConflictException.class, () -> fixture.post(other));
    }
    assertEquals(2691, fixture.balances(14).pendingFen());
    assertEquals(0, fixture.balances(15).pendingFen());
  }

  @Test
  void twentyTimesTheSameEventInParallelIsOneJournal() {
    Callable<Posted> post = () -> fixture.post(sale("pay_parallel", 16, 2990));
    List<Posted> posted = inParallel(Collections.nCopies(20, post));
    assertEquals(1, posted.stream().map(Posted::journalId).distinct().count());
    assertEquals(19, posted.stream().filter(Posted::repeated).count());
    assertEquals(2691, fixture.balances(16).pendingFen());
    assertEquals(
        1,
        fixture.number(
            "SELECT COUNT(*) AS n FROM ledger_journals WHERE event_ref = 'pay_parallel'"));
  }

  @Test
  void twentyCreatorsAndTheirDuplicateMoneyInParallelGetInNobodysWay() {
    List<Callable<List<Posted>>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String number = "p" + i;
      long creator = 100 + i;
      PaymentMethod other = i % 2 == 0 ? PaymentMethod.ALIPAY : WECHAT;
      PaymentMethod one = i % 2 == 0 ? WECHAT : PaymentMethod.ALIPAY;
      calls.add(
          () ->
              fixture.post(
                  List.of(
                      sale("pay_" + number, creator, 1000),
                      SalePostings.lateOrDuplicatePayment(one, number, 10, AT),
                      SalePostings.channelFeeAccrued("pay_" + number, WECHAT, creator, 6, AT),
                      SalePostings.lateOrDuplicatePayment(other, number, 10, AT))));
    }
    Set<Long> ids = new HashSet<>();
    inParallel(calls).forEach(posted -> posted.forEach(one -> ids.add(one.journalId())));
    assertEquals(80, ids.size());
    assertEquals(400, fixture.balance(AccountCode.REFUND_PAYABLE));
    for (int i = 0; i < 20; i++) {
      assertEquals(900, fixture.balances(100 + i).pendingFen());
    }
  }

  @Test
  void aGuardedBalanceNeverFallsBelowZeroAndTheTransactionLeavesNothing() {
    fixture.post(sale("pay_guard", 17, 2990));
    List<Journal> tooMuch =
        List.of(
            PayoutPostings.holdReleased("stl_guard", 17, 2691, 0, 0, AT),
            PayoutPostings.withdrawalRequested("wd_guard", 17, 2692, AT));
    assertThrows(OverdrawnException.class, () -> fixture.post(tooMuch));
    assertEquals(new CreatorBalances(2691, 0, 0, 0), fixture.balances(17));
    assertEquals(
        0,
        fixture.number("SELECT COUNT(*) AS n FROM ledger_journals WHERE event_ref = 'stl_guard'"));
  }

  @Test
  void twentyParallelWithdrawalsOfEverythingGiveOne() {
    fixture.post(
        List.of(
            sale("pay_overdraw", 18, 2990),
            PayoutPostings.holdReleased("stl_overdraw", 18, 2691, 0, 0, AT)));
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String id = "wd_overdraw" + i;
      calls.add(
          () -> {
            try {
              fixture.post(PayoutPostings.withdrawalRequested(id, 18, 2691, AT));
              return true;
            } catch (OverdrawnException refused) {
              return false;
            }
          });
    }
    assertEquals(1, inParallel(calls).stream().filter(done -> done).count());
    assertEquals(new CreatorBalances(0, 0, 2691, 0), fixture.balances(18));
  }

  @Test
  void aRefundAfterTheWithdrawalBecomesADebtThatTheNextSettlementRecovers() {
    List<Journal> sales = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sales.add(sale("pay_debt" + i, 19, 2990));
    }
    fixture.post(sales);
    assertEquals(13455, fixture.balances(19).pendingFen());
    fixture.post(PayoutPostings.holdReleased("stl_debt", 19, 13455, 0, 0, AT));
    fixture.post(PayoutPostings.withdrawalRequested("wd_debt", 19, 13455, AT));
    fixture.post(PayoutPostings.withdrawalCompleted("wd_debt", 19, 13455, 100, AT));
    RefundSplit split = RefundSplit.of(SALE, RefundSplit.NONE, 2990);
    fixture.tx(
        tx -> {
          CreatorBalances before = fixture.ledger.lockBalances(tx, 19);
          CreatorPart part = CreatorPart.settled(split.creatorFen(), before);
          return fixture.ledger.post(
              tx, SalePostings.refundApproved("rf_debt", WECHAT, 19, split, part, AT));
        });
    assertEquals(new CreatorBalances(0, 0, 0, 2691), fixture.balances(19));
    fixture.post(
        List.of(
            sale("pay_debt9", 19, 2990),
            PayoutPostings.holdReleased("stl_debt2", 19, 2691, 0, 2691, AT)));
    assertEquals(new CreatorBalances(0, 0, 0, 0), fixture.balances(19));
  }

  @Test
  void anEmptyJournalIsNotWritten() {
    Journal empty = PayoutPostings.debtRecovered("wd_empty", 20, 0, 100, AT);
    assertEquals(Optional.empty(), fixture.tx(tx -> fixture.ledger.post(tx, empty)));
    assertEquals(List.of(), fixture.post(List.of()));
  }

  @Test
  void withinABookTimeNeverGoesBack() {
    fixture.post(sale("pay_time1", 21, 100));
    fixture.node.clock().advance(Duration.ofMinutes(-5));
    fixture.post(sale("pay_time2", 21, 100));
    fixture.node.clock().advance(Duration.ofMinutes(5));
    fixture.post(sale("pay_time3", 21, 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE ledger_journals SET occurred_at = posted_at",
        "DELETE FROM ledger_journals",
        "UPDATE ledger_lines SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_lines",
        "DELETE FROM ledger_accounts",
        "UPDATE ledger_accounts SET code = 'bank_cash' WHERE code = 'payout_fee_income'",
        "DELETE FROM ledger_books",
        "UPDATE ledger_books SET last_seq = last_seq + 1",
        "UPDATE ledger_books SET last_seq = last_seq - 1 WHERE last_seq > 0",
        "UPDATE ledger_accounts SET balance_fen = -1 WHERE code = 'creator_pending'",
        "INSERT INTO ledger_lines SELECT journal_id, line_no + 10, account_id, 'D', 1, posted_at"
            + " FROM ledger_lines",
        "INSERT INTO ledger_lines SELECT journal_id, line_no, account_id, 'D', 1, posted_at FROM"
            + " ledger_lines"
      })
  void theDatabaseItselfRefusesToChangeWhatWasPosted(String sql) {
    fixture.post(
        List.of(
            sale("pay_fixed", 22, 2990),
            PayoutPostings.holdReleased("stl_fixed", 22, 2691, 0, 0, AT),
            PayoutPostings.withdrawalRequested("wd_fixed", 22, 2691, AT),
            PayoutPostings.withdrawalCompleted("wd_fixed", 22, 2691, 100, AT)));
    assertThrows(SQLException.class, () -> fixture.asAdministrator(sql));
  }

  @Test
  void theDatabaseItselfRefusesABookThatMovesToAnUnbalancedJournal() {
    String journal =
        "INSERT INTO ledger_journals (book, seq, event_type, event_ref, occurred_at, posted_at,"
            + " line_count, content_hash, prev_hash, hash)"
            + " SELECT book, last_seq + 1, 'x', 'x', last_posted_at, last_posted_at, 2, last_hash,"
            + " last_hash, REPEAT('h', 32) FROM ledger_books WHERE book = 3";
    String lines =
        "INSERT INTO ledger_lines SELECT j.journal_id, n.n, (SELECT MIN(account_id) FROM"
            + " ledger_accounts), CASE n.n WHEN 1 THEN 'D' ELSE 'C' END, %s, j.posted_at FROM"
            + " ledger_journals j JOIN (SELECT 1 AS n UNION ALL SELECT 2) n WHERE j.event_type ="
            + " 'x'";
    String move =
        "UPDATE ledger_books SET last_seq = last_seq + 1, last_hash = REPEAT('h', 32) WHERE book ="
            + " 3";
    SQLException unbalanced =
        assertThrows(
            SQLException.class,
            () ->
                fixture.asAdministrator(
                    "START TRANSACTION", journal, lines.formatted("n.n"), move, "COMMIT"));
    assertEquals("45000", unbalanced.getSQLState());
    SQLException incomplete =
        assertThrows(
            SQLException.class,
            () -> fixture.asAdministrator("START TRANSACTION", journal, move, "COMMIT"));
    assertEquals("45000", incomplete.getSQLState());
  }
}
