package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.Ledger;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.AdminFinanceTrialBalanceRequest;
import com.sharestack.contract.LedgerAccountType;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.TrialBalanceAccount;
import com.sharestack.contract.TrialBalanceReport;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrialBalanceServiceTest {

  private static final Instant SALE = Instant.parse("2026-03-10T16:30:00Z");

  /** Half past midnight in Shanghai. */
  private static final LocalDate DAY = LocalDate.of(2026, 3, 11);

  private static BillingNode billing;

  @BeforeAll
  static void sell() {
    billing = new BillingNode("trial_balance_service");
    Ledger ledger = new Ledger(Clock.fixed(SALE, Periods.ZONE));
    billing.node.await(
        () ->
            billing
                .node
                .db()
                .tx(
                    tx ->
                        ledger.post(
                            tx,
                            SalePostings.paymentCompleted(
                                "pay_000000000001",
                                PaymentMethod.WECHAT,
                                7,
                                Shares.of(2990, 0, RevenueRates.DEFAULT),
                                SALE))));
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static TrialBalanceReport on(LocalDate day, String currency) {
    return billing.await(
        billing
            .node
            .client(AdminFinanceService.class)
            .trialBalance(billing.admin(), new AdminFinanceTrialBalanceRequest(day, currency)));
  }

  private static TrialBalanceAccount of(TrialBalanceReport report, String account) {
    return report.accounts().stream()
        .filter(total -> total.account().equals(account))
        .findFirst()
        .orElseThrow();
  }

  private static BigDecimal yuan(String text) {
    return new BigDecimal(text);
  }

  @Test
  void aSaleIsTurnoverOfItsShanghaiDayAndOpeningBalanceOfTheNext() {
    TrialBalanceReport day = on(DAY, "CNY");
    assertEquals(
        new TrialBalanceAccount(
            "channel_receivable",
            LedgerAccountType.ASSET,
            yuan("0.00"),
            yuan("29.90"),
            yuan("0.00"),
            yuan("29.90")),
        of(day, "channel_receivable"));
    assertEquals(yuan("26.91"), of(day, "creator_pending").credit());
    assertEquals(yuan("29.90"), day.debitTotal());
    assertEquals(yuan("29.90"), day.creditTotal());
    assertTrue(day.balanced());
    assertTrue(day.materialisedDifferences().isEmpty());

    assertEquals(yuan("0.00"), on(DAY.minusDays(1), "CNY").debitTotal());
    assertEquals(yuan("26.91"), of(on(DAY.plusDays(1), "CNY"), "creator_pending").opening());
  }

  @Test
  void anotherCurrencyAndTheFutureAreRefusedByName() {
    assertEquals("VALIDATION_ERROR currency", failureOf(() -> on(DAY, "USD")).named("field"));
    assertEquals(
        "VALIDATION_ERROR as_of",
        failureOf(() -> on(LocalDate.of(2100, 1, 1), "CNY")).named("field"));
  }
}
