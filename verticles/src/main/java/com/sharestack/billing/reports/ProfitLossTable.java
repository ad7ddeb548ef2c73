package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Revenue less expense, span by span. */
final class ProfitLossTable implements Table {

  private final ReportPeriod period;
  private final Map<String, Amounts> sums = new LinkedHashMap<>();

  ProfitLossTable(ReportPeriod period) {
    this.period = period;
    period.buckets().forEach(bucket -> sums.put(bucket, new Amounts()));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.text("期间"),
        Column.count("销售笔数"),
        Column.money("收入"),
        Column.money("平台服务费"),
        Column.money("退款"),
        Column.money("代扣个税"),
        Column.money("提现手续费"),
        Column.money("支出合计"),
        Column.money("净收益"),
        Column.money("其他调整"));
  }

  @Override
  public void take(Movement movement, Origin origin, Output out) {
    sums.get(period.bucket(movement.at())).add(movement);
  }

  @Override
  public void end(Output out) throws IOException {
    Amounts all = new Amounts();
    for (Map.Entry<String, Amounts> entry : sums.entrySet()) {
      all.add(entry.getValue());
      out.row(cells(entry.getKey(), entry.getValue()));
    }
    out.total(cells("合计", all));
  }

  private static Object[] cells(String first, Amounts sum) {
    return new Object[] {
      first,
      sum.sales,
      sum.revenueFen,
      sum.feeFen,
      sum.refundFen,
      sum.taxFen,
      sum.withdrawalFeeFen,
      sum.expenseFen(),
      sum.netFen(),
      sum.adjustmentFen
    };
  }
}
