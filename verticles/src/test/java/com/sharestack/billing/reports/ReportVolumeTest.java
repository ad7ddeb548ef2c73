package com.sharestack.billing.reports;

import static com.sharestack.billing.reports.ReportFixture.block;
import static com.sharestack.billing.reports.ReportFixture.csv;
import static com.sharestack.billing.reports.ReportFixture.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.money.Money;
import io.vertx.sqlclient.Row;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many pages of journals; {@link ReportBench} does the same with a million lines. */
class ReportVolumeTest {

  private static final long CREATOR = 7;
  private static final int JOURNALS = 6_000;

  private static ReportFixture fixture;

  @BeforeAll
  static void write() throws Exception {
    fixture = new ReportFixture("report_volume");
    try (Connection connection =
        Endpoints.ofMysqlUrl(fixture.node.config().mysql().url(), "").connect()) {
      ManyLines.write(fixture, connection, CREATOR, JOURNALS);
    }
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void everyLineIsReadOnceOverManyPages() {
    ReportOrder order = order(FinanceReportType.CREATOR_REVENUE, FinanceReportFormat.CSV);
    String id = fixture.order(CREATOR, order);
    fixture.work();
    assertEquals(JOURNALS + 1, fixture.row(id).rowCount());
    List<String> pending = block(csv(fixture.download(id)), "账户余额").get(1);
    ReportPeriod period = ReportPeriod.of(order);
    TrialBalance.Total total =
        fixture
            .node
            .await(
                () ->
                    new TrialBalanceRepository()
                        .between(fixture.node.db(), period.start(), period.end()))
            .accounts()
            .stream()
            .filter(account -> account.code() == AccountCode.CREATOR_PENDING)
            .findFirst()
            .orElseThrow();
    assertEquals(
        List.of(
            "待结算",
            "0.00",
            "0.00",
            Money.ofFen(total.creditFen()).toPlainString(),
            Money.ofFen(total.closingFen()).toPlainString()),
        pending);
  }

  @Test
  void aPageIsARangeOfItsOwnIndex() {
    String statement = com.sharestack.billing.ledger.CreatorJournals.pageStatement();
    ReportPeriod period =
        ReportPeriod.of(order(FinanceReportType.REVENUE, FinanceReportFormat.CSV));
    List<Row> plan =
        fixture.node.await(
            () ->
                fixture
                    .node
                    .db()
                    .rows(
                        "EXPLAIN FORMAT=TRADITIONAL " + statement,
                        CREATOR,
                        period.start(),
                        period.end(),
                        period.start(),
                        0,
                        9_000_000,
                        1000));
    Row journals =
        plan.stream()
            .filter(row -> "ix_ledger_journals_creator".equals(row.getString("key")))
            .findFirst()
            .orElseThrow();
    assertEquals("range", journals.getString("type"));
    // creator_id (9) and posted_at (7)
    assertTrue(journals.getString("key_len").startsWith("16"), journals.getString("key_len"));
  }
}
