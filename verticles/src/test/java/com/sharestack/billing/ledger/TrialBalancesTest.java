package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.LedgerFixture.sale;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.TrialBalance.Difference;
import com.sharestack.billing.ledger.TrialBalance.Total;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrialBalancesTest {

  private LedgerFixture fixture;

  @BeforeAll
  void start() {
    fixture = new LedgerFixture("trial_balances");
    // 15:59:50Z is ten seconds before midnight in Shanghai
    fixture.node.clock().set(Instant.parse("2026-11-20T15:59:50Z"));
    fixture.post(sale("pay_1", 1, 2990));
    fixture.node.clock().set(Instant.parse("2026-11-20T16:00:00Z"));
    fixture.post(sale("pay_2", 1, 1000));
    fixture.post(sale("pay_3", 2, 500));
    fixture.post(sale("pay_4", 2, 10));
    fixture.node.clock().set(Instant.parse("2026-11-21T16:00:00Z"));
    fixture.post(PayoutPostings.holdReleased("stl_1", 1, 2691, 0, 0, LedgerFixture.AT));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  private Total total(LocalDate day, AccountCode code) {
    TrialBalance balance =
        fixture.node.await(() -> fixture.trialBalances.day(fixture.node.db(), day));
    assertTrue(balance.balanced());
    return balance.accounts().stream().filter(t -> t.code() == code).findFirst().orElseThrow();
  }

  @Test
  void aDayIsThatOfShanghaiAndOpensWhereTheOneBeforeClosed() {
    assertEquals(
        new Total(AccountCode.CHANNEL_RECEIVABLE, 0, 2990, 0, 2990),
        total(LocalDate.of(2026, 11, 20), AccountCode.CHANNEL_RECEIVABLE));
    assertEquals(
        new Total(AccountCode.CHANNEL_RECEIVABLE, 2990, 1510, 0, 4500),
        total(LocalDate.of(2026, 11, 21), AccountCode.CHANNEL_RECEIVABLE));
    assertEquals(
        new Total(AccountCode.CREATOR_PENDING, 2691 + 1359, 2691, 0, 1359),
        total(LocalDate.of(2026, 11, 22), AccountCode.CREATOR_PENDING));
    assertEquals(
        new Total(AccountCode.CREATOR_AVAILABLE, 0, 0, 2691, 2691),
        total(LocalDate.of(2026, 11, 22), AccountCode.CREATOR_AVAILABLE));
  }

  @Test
  void everyAccountOfTheChartIsListed() {
    TrialBalance balance =
        fixture.node.await(
            () -> fixture.trialBalances.day(fixture.node.db(), LocalDate.of(2026, 1, 1)));
    assertEquals(
        List.of(AccountCode.values()), balance.accounts().stream().map(Total::code).toList());
    assertEquals(0, balance.debitTotalFen());
  }

  @Test
  void unequalTotalsAreNotBalanced() {
    List<Total> wrong = List.of(new Total(AccountCode.BANK_CASH, 0, 5, 0, 5));
    assertFalse(new TrialBalance(Instant.EPOCH, Instant.EPOCH, wrong).balanced());
    List<Total> drifted =
        List.of(
            new Total(AccountCode.BANK_CASH, 1, 5, 0, 6),
            new Total(AccountCode.SUSPENSE, 0, 0, 5, 5));
    assertFalse(new TrialBalance(Instant.EPOCH, Instant.EPOCH, drifted).balanced());
  }

  @Test
  void aStoredBalanceThatIsNotTheSumOfItsLinesIsNamed() throws SQLException {
    String change =
        "UPDATE ledger_accounts SET balance_fen = balance_fen + %d WHERE code = 'creator_pending'"
            + " AND creator_id = 2";
    fixture.asAdministrator(change.formatted(7));
    assertEquals(
        List.of(new Difference(AccountCode.CREATOR_PENDING, "2", 459 + 7, 459)),
        fixture.node.await(() -> fixture.trialBalances.differences(fixture.node.db())));
    fixture.asAdministrator(change.formatted(-7));
    assertEquals(
        List.of(), fixture.node.await(() -> fixture.trialBalances.differences(fixture.node.db())));
  }
}
