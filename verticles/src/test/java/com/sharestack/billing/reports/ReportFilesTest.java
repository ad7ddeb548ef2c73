package com.sharestack.billing.reports;

import static com.sharestack.billing.reports.ReportFixture.block;
import static com.sharestack.billing.reports.ReportFixture.csv;
import static com.sharestack.billing.reports.ReportFixture.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.CreatorBalances;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.RandomHistory;
import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportGroup;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.money.Money;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files over three creators' random histories of 90 days. */
class ReportFilesTest {

  private static final List<Long> CREATORS = List.of(7L, 8L, 23L);
  private static final Map<String, AccountCode> ACCOUNTS =
      Map.of(
          "待结算", AccountCode.CREATOR_PENDING,
          "可提现", AccountCode.CREATOR_AVAILABLE,
          "提现冻结", AccountCode.CREATOR_FROZEN,
          "欠款", AccountCode.CREATOR_RECEIVABLE,
          "平台服务费", AccountCode.PLATFORM_FEE_INCOME,
          "代扣个税", AccountCode.TAX_PAYABLE,
          "提现手续费", AccountCode.PAYOUT_FEE_INCOME);

  private static ReportFixture fixture;

  @BeforeAll
  static void live() {
    fixture = new ReportFixture("report_files");
    fixture.node.clock().set(ReportFixture.NOW.minus(Duration.ofDays(90)));
    Map<Long, RandomHistory> histories = new HashMap<>();
    CREATORS.forEach(creator -> histories.put(creator, new RandomHistory(5, creator)));
    for (int day = 0; day < 90; day++) {
      for (long creator : CREATORS) {
        for (int i = 0; i < 3; i++) {
          CreatorBalances now = fixture.tx(tx -> fixture.ledger.lockBalances(tx, creator));
          fixture.post(ours(histories.get(creator).next(now)));
        }
      }
      fixture.node.clock().advance(Duration.ofDays(1));
    }
    fixture.node.clock().set(ReportFixture.NOW);
  }

  /** Money that belongs to nobody yet is in no creator's report. */
  private static List<Journal> ours(List<Journal> journals) {
    return journals.stream().filter(journal -> journal.creatorId() != 0).toList();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static List<List<String>> file(long creator, FinanceReportType type) {
    return csv(fixture.file(creator, order(type, FinanceReportFormat.CSV)));
  }

  private static long fen(String yuan) {
    return yuan.isEmpty() ? 0 : Money.toFen(new BigDecimal(yuan));
  }

  private static TrialBalance trialBalance() {
    ReportPeriod period =
        ReportPeriod.of(order(FinanceReportType.REVENUE, FinanceReportFormat.CSV));
    return fixture.node.await(
        () ->
            new TrialBalanceRepository().between(fixture.node.db(), period.start(), period.end()));
  }

  @Test
  void theFilesOfAllCreatorsAddUpToTheTrialBalance() {
    Map<AccountCode, long[]> sums = new HashMap<>();
    for (long creator : CREATORS) {
      List<List<String>> accounts = block(file(creator, FinanceReportType.CREATOR_REVENUE), "账户余额");
      assertEquals("账户,期初余额,借方发生额,贷方发生额,期末余额", String.join(",", accounts.get(0)));
      for (List<String> line : accounts.subList(1, accounts.size())) {
        long[] sum = sums.computeIfAbsent(ACCOUNTS.get(line.get(0)), first -> new long[4]);
        for (int i = 0; i < 4; i++) {
          sum[i] += fen(line.get(i + 1));
        }
      }
    }
    int compared = 0;
    for (TrialBalance.Total total : trialBalance().accounts()) {
      long[] sum = sums.get(total.code());
      if (sum == null) {
        continue;
      }
      assertEquals(total.debitFen(), sum[1], total.code() + " debit");
      assertEquals(total.creditFen(), sum[2], total.code() + " credit");
      if (total.code().owner() == AccountCode.Owner.CREATOR) {
        assertEquals(total.openingFen(), sum[0], total.code() + " opening");
        assertEquals(total.closingFen(), sum[3], total.code() + " closing");
        assertTrue(total.openingFen() > 0 || total.code() != AccountCode.CREATOR_PENDING);
      }
      compared++;
    }
    assertEquals(ACCOUNTS.size(), compared);
  }

  @Test
  void theTransactionsAddUpToTheirTotalAndToTheBalances() {
    for (long creator : CREATORS) {
      List<List<String>> lines = file(creator, FinanceReportType.CREATOR_REVENUE);
      int total = lines.stream().map(line -> line.get(0)).toList().indexOf("合计");
      assertTrue(total > 20);
      long[] sums = new long[16];
      for (List<String> line : lines.subList(1, total)) {
        for (int i = 6; i < 16; i++) {
          sums[i] += fen(line.get(i));
        }
      }
      for (int i = 6; i < 16; i++) {
        assertEquals(fen(lines.get(total).get(i)), sums[i], lines.get(0).get(i));
      }
      // revenue - fee - refunds - tax - withdrawn = pending + available + frozen - debt
      assertEquals(
          sums[6] - sums[7] - sums[8] - sums[9] - sums[10],
          sums[12] + sums[13] + sums[14] - sums[15]);
      List<List<String>> accounts = block(lines, "账户余额");
      for (int i = 0; i < 4; i++) {
        List<String> account = accounts.get(i + 1);
        assertEquals(fen(account.get(4)) - fen(account.get(1)), sums[12 + i], account.get(0));
      }
    }
  }

  @Test
  void everyTypeTellsTheSameMoney() {
    for (long creator : CREATORS) {
      List<String> profit = total(file(creator, FinanceReportType.PROFIT_LOSS));
      List<String> transactions = total(file(creator, FinanceReportType.CREATOR_REVENUE));
      assertEquals(profit.get(2), total(file(creator, FinanceReportType.REVENUE)).get(5));
      assertEquals(profit.get(7), total(file(creator, FinanceReportType.EXPENSE)).get(3));
      assertEquals(profit.get(2), transactions.get(6));
      assertEquals(fen(profit.get(2)) - fen(profit.get(7)), fen(profit.get(8)));
      assertEquals("0.00", profit.get(9));

      List<List<String>> cash = file(creator, FinanceReportType.CASH_FLOW);
      List<List<String>> accounts = block(cash, "账户余额");
      List<String> flow = total(cash);
      assertEquals(
          fen(accounts.get(2).get(1)) + fen(accounts.get(3).get(1)), fen(flow.get(1)), "opening");
      assertEquals(
          fen(accounts.get(2).get(4)) + fen(accounts.get(3).get(4)), fen(flow.get(8)), "closing");
    }
  }

  private static List<String> total(List<List<String>> lines) {
    return lines.stream().filter(line -> line.get(0).equals("合计")).findFirst().orElseThrow();
  }

  @Test
  void spansAreDaysWeeksAndMonthsOfShanghai() {
    List<String> spans = new ArrayList<>();
    for (FinanceReportGroup group : FinanceReportGroup.values()) {
      ReportOrder order =
          new ReportOrder(
              FinanceReportType.PROFIT_LOSS,
              ReportFixture.TODAY.minusDays(2),
              ReportFixture.TODAY,
              FinanceReportFormat.CSV,
              group);
      List<List<String>> lines = csv(fixture.file(7, order));
      spans.add(
          String.join(
              " ",
              lines.subList(1, lines.indexOf(total(lines))).stream().map(l -> l.get(0)).toList()));
    }
    assertEquals(
        List.of(
            "2026-11-21 2026-11-22 2026-11-23",
            "2026-11-16~2026-11-22 2026-11-23~2026-11-29",
            "2026-11"),
        spans);
  }

  @Test
  void theWorkbookHasExactAmountsAndASummaryWithCharts() throws Exception {
    List<List<String>> text = file(7, FinanceReportType.CREATOR_REVENUE);
    byte[] xlsx =
        fixture.file(7, order(FinanceReportType.CREATOR_REVENUE, FinanceReportFormat.XLSX));
    java.nio.file.Path kept = java.nio.file.Path.of("target", "report-sample.xlsx");
    java.nio.file.Files.write(kept, xlsx);
    try (XSSFWorkbook book = new XSSFWorkbook(new ByteArrayInputStream(xlsx))) {
      assertEquals("汇总", book.getSheetName(0));
      XSSFSheet summary = book.getSheetAt(0);
      assertEquals("ShareStack 收益明细", summary.getRow(0).getCell(0).getStringCellValue());
      assertTrue(summary.getDrawingPatriarch().getCharts().size() >= 2);
      XSSFSheet table = book.getSheet("明细");
      int total = text.indexOf(total(text));
      assertEquals(total, table.getLastRowNum());
      for (int i = 1; i <= total; i++) {
        for (int column = 6; column < 16; column++) {
          assertEquals(new BigDecimal(text.get(i).get(column)), amount(table.getRow(i), column));
        }
      }
      assertEquals("时间", table.getRow(0).getCell(0).getStringCellValue());
    }
  }

  private static BigDecimal amount(Row row, int column) {
    assertEquals("#,##0.00", row.getCell(column).getCellStyle().getDataFormatString());
    return new BigDecimal(Double.toString(row.getCell(column).getNumericCellValue())).setScale(2);
  }
}
