package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Platform fee (less what refunds gave back), refunds, tax and withdrawal fees, by span and
 * channel.
 */
final class ExpenseTable implements Table {

  private static final String[] ITEMS = {"平台服务费", "退款", "代扣个税", "提现手续费"};

  private final ReportPeriod period;
  private final Map<String, Map<String, Amounts>> sums = new TreeMap<>();

  ExpenseTable(ReportPeriod period) {
    this.period = period;
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.text("期间"), Column.text("支出项目"), Column.text("支付渠道"), Column.money("金额"));
  }

  @Override
  public void take(Movement movement, Origin origin, Output out) {
    sums.computeIfAbsent(period.bucket(movement.at()), first -> new TreeMap<>())
        .computeIfAbsent(Words.channel(movement.channel()), first -> new Amounts())
        .add(movement);
  }

  private static long[] items(Amounts sum) {
    return new long[] {sum.feeFen, sum.refundFen, sum.taxFen, sum.withdrawalFeeFen};
  }

  @Override
  public void end(Output out) throws IOException {
    Amounts all = new Amounts();
    for (Map.Entry<String, Map<String, Amounts>> bucket : sums.entrySet()) {
      for (int item = 0; item < ITEMS.length; item++) {
        for (Map.Entry<String, Amounts> channel : bucket.getValue().entrySet()) {
          long fen = items(channel.getValue())[item];
          if (fen != 0) {
            out.row(bucket.getKey(), ITEMS[item], channel.getKey(), fen);
          }
        }
      }
      bucket.getValue().values().forEach(all::add);
    }
    out.total("合计", null, null, all.expenseFen());
  }
}
