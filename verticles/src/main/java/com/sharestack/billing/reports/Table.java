package com.sharestack.billing.reports;

import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.List;

/** The table of one type of report over the journal. */
interface Table {

  List<Column> columns();

  /** Takes what happened, in its order; may write rows at once. */
  void take(Movement movement, Origin origin, Output out) throws IOException;

  /** Writes the rows that are left, and the total. */
  void end(Output out) throws IOException;

  /**
   * @param openingFen available and frozen at the start
   */
  static Table of(FinanceReportType type, ReportPeriod period, long openingFen) {
    return switch (type) {
      case REVENUE -> new RevenueTable(period);
      case EXPENSE -> new ExpenseTable(period);
      case PROFIT_LOSS -> new ProfitLossTable(period);
      case CASH_FLOW -> new CashFlowTable(period, openingFen);
      case CREATOR_REVENUE -> new TransactionTable();
      case SUBSCRIBERS -> throw new IllegalArgumentException("subscribers are not in the journal");
    };
  }
}
