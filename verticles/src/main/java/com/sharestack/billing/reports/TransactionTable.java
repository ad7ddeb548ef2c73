package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.List;

/** Every transaction of the creator, with what it did to each of his balances. */
final class TransactionTable implements Table {

  private final Amounts all = new Amounts();
  private long pendingFen;
  private long availableFen;
  private long frozenFen;
  private long debtFen;

  @Override
  public List<Column> columns() {
    return List.of(
        Column.text("时间"),
        Column.text("类型"),
        Column.text("单号"),
        Column.text("来源"),
        Column.text("支付渠道"),
        Column.text("订阅方案"),
        Column.money("收入"),
        Column.money("平台服务费"),
        Column.money("退款"),
        Column.money("代扣个税"),
        Column.money("提现金额"),
        Column.money("提现手续费"),
        Column.money("待结算变动"),
        Column.money("可提现变动"),
        Column.money("冻结变动"),
        Column.money("欠款变动"));
  }

  @Override
  public void take(Movement movement, Origin origin, Output out) throws IOException {
    if (!movement.isHis()) {
      return;
    }
    all.add(movement);
    pendingFen += movement.pendingFen();
    availableFen += movement.availableFen();
    frozenFen += movement.frozenFen();
    debtFen += movement.debtFen();
    out.row(
        Words.time(movement.at()),
        Words.event(movement.type()),
        movement.ref(),
        origin.source(),
        movement.channel().isEmpty() ? "" : Words.channel(movement.channel()),
        origin.plan(),
        movement.revenueFen(),
        movement.feeFen(),
        movement.refundFen(),
        movement.taxFen(),
        movement.withdrawnFen(),
        movement.withdrawalFeeFen(),
        movement.pendingFen(),
        movement.availableFen(),
        movement.frozenFen(),
        movement.debtFen());
  }

  @Override
  public void end(Output out) throws IOException {
    out.total(
        "合计",
        null,
        null,
        null,
        null,
        null,
        all.revenueFen,
        all.feeFen,
        all.refundFen,
        all.taxFen,
        all.withdrawnFen,
        all.withdrawalFeeFen,
        pendingFen,
        availableFen,
        frozenFen,
        debtFen);
  }
}
