package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** B by span, source, channel and plan. */
final class RevenueTable implements Table {

  private record Key(String bucket, String source, String channel, String plan) {}

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::bucket)
          .thenComparing(Key::source)
          .thenComparing(Key::channel)
          .thenComparing(Key::plan);

  private final ReportPeriod period;
  private final Map<Key, Amounts> sums = new TreeMap<>(ORDER);

  RevenueTable(ReportPeriod period) {
    this.period = period;
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.text("期间"),
        Column.text("来源"),
        Column.text("支付渠道"),
        Column.text("订阅方案"),
        Column.count("笔数"),
        Column.money("收入"),
        Column.money("平台服务费"),
        Column.money("创作者所得"));
  }

  @Override
  public void take(Movement movement, Origin origin, Output out) {
    if (!movement.isSale()) {
      return;
    }
    Key key =
        new Key(
            period.bucket(movement.at()),
            origin.source(),
            Words.channel(movement.channel()),
            origin.plan());
    sums.computeIfAbsent(key, first -> new Amounts()).add(movement);
    out.require(sums.size());
  }

  @Override
  public void end(Output out) throws IOException {
    Amounts all = new Amounts();
    for (Map.Entry<Key, Amounts> entry : sums.entrySet()) {
      Key key = entry.getKey();
      Amounts sum = entry.getValue();
      all.add(sum);
      out.row(
          key.bucket(),
          key.source(),
          key.channel(),
          key.plan(),
          sum.sales,
          sum.revenueFen,
          sum.feeFen,
          sum.revenueFen - sum.feeFen);
    }
    out.total(
        "合计", null, null, null, all.sales, all.revenueFen, all.feeFen, all.revenueFen - all.feeFen);
  }
}
