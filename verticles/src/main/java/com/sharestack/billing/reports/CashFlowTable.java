package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes into and leaves the withdrawable money (available and frozen): settlements in,
 * withdrawals out, refunds of settled sales, and the rest.
 */
final class CashFlowTable implements Table {

  private static final class Flow {
    private long settled;
    private long withdrawn;
    private long returned;
    private long refunded;
    private long other;
    private long fee;

    void add(Movement movement) {
      long change = movement.availableFen() + movement.frozenFen();
      fee += movement.withdrawalFeeFen();
      switch (movement.type()) {
        case HOLD_RELEASED -> settled += change;
        case WITHDRAWAL_COMPLETED -> withdrawn -= change;
        case WITHDRAWAL_RETURNED_BY_BANK -> returned += change;
        case REFUND_APPROVED, CHARGEBACK, REFUND_REJECTED_BY_CHANNEL_FINAL -> refunded -= change;
        default -> other += change;
      }
    }

    void add(Flow flow) {
      settled += flow.settled;
      withdrawn += flow.withdrawn;
      returned += flow.returned;
      refunded += flow.refunded;
      other += flow.other;
      fee += flow.fee;
    }

    long change() {
      return settled - withdrawn + returned - refunded + other;
    }
  }

  private final ReportPeriod period;
  private final long openingFen;
  private final Map<String, Flow> flows = new LinkedHashMap<>();

  CashFlowTable(ReportPeriod period, long openingFen) {
    this.period = period;
    this.openingFen = openingFen;
    period.buckets().forEach(bucket -> flows.put(bucket, new Flow()));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.text("期间"),
        Column.money("期初余额"),
        Column.money("结算流入"),
        Column.money("提现流出"),
        Column.money("其中提现手续费"),
        Column.money("提现退回"),
        Column.money("退款扣减"),
        Column.money("其他"),
        Column.money("期末余额"));
  }

  @Override
  public void take(Movement movement, Origin origin, Output out) {
    flows.get(period.bucket(movement.at())).add(movement);
  }

  @Override
  public void end(Output out) throws IOException {
    Flow all = new Flow();
    long balance = openingFen;
    for (Map.Entry<String, Flow> entry : flows.entrySet()) {
      out.row(cells(entry.getKey(), balance, entry.getValue()));
      balance += entry.getValue().change();
      all.add(entry.getValue());
    }
    out.total(cells("合计", openingFen, all));
  }

  private static Object[] cells(String first, long opening, Flow flow) {
    return new Object[] {
      first,
      opening,
      flow.settled,
      flow.withdrawn,
      flow.fee,
      flow.returned,
      flow.refunded,
      flow.other,
      opening + flow.change()
    };
  }
}
