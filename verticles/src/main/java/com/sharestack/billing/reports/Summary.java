package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.CreatorJournalRepository;
import com.sharestack.billing.ledger.JournalView;
import com.sharestack.billing.ledger.Line;
import com.sharestack.billing.ledger.Side;
import com.sharestack.platform.sheets.Block;
import com.sharestack.platform.sheets.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every report over the journal tells besides its table: the accounts with opening, movements
 * and closing, and sales by span, channel and plan.
 */
final class Summary {

  /** What the creator sees of the platform's accounts: turnover only. */
  private static final List<AccountCode> TURNOVER =
      List.of(
          AccountCode.PLATFORM_FEE_INCOME, AccountCode.TAX_PAYABLE, AccountCode.PAYOUT_FEE_INCOME);

  /** Plans beyond these are one line; a creator has at most 50 that live. */
  private static final int MOST_PLANS = 200;

  private final ReportRow report;
  private final ReportPeriod period;
  private final Map<AccountCode, Long> opening;
  private final Map<AccountCode, long[]> turnover = new LinkedHashMap<>();
  private final Map<String, Amounts> spans = new LinkedHashMap<>();
  private final Map<String, Amounts> channels = new TreeMap<>();
  private final Map<String, Amounts> plans = new TreeMap<>();
  private final Amounts all = new Amounts();

  Summary(ReportRow report, ReportPeriod period, Map<AccountCode, Long> opening) {
    this.report = report;
    this.period = period;
    this.opening = opening;
    CreatorJournalRepository.BALANCES.forEach(code -> turnover.put(code, new long[2]));
    TURNOVER.forEach(code -> turnover.put(code, new long[2]));
    period.buckets().forEach(bucket -> spans.put(bucket, new Amounts()));
  }

  void take(JournalView journal, Movement movement, Origin origin) {
    for (Line line : journal.lines()) {
      long[] sides = turnover.get(line.account().code());
      if (sides != null) {
        sides[line.side() == Side.D ? 0 : 1] += line.amountFen();
      }
    }
    all.add(movement);
    spans.get(period.bucket(movement.at())).add(movement);
    if (movement.isSale() || movement.isRefund()) {
      String channel = Words.channel(movement.channel());
      channels.computeIfAbsent(channel, first -> new Amounts()).add(movement);
      String plan = origin.plan().isEmpty() ? "（" + origin.source() + "）" : origin.plan();
      String kept = plans.containsKey(plan) || plans.size() < MOST_PLANS ? plan : "（其余方案）";
      plans.computeIfAbsent(kept, first -> new Amounts()).add(movement);
    }
  }

  List<Block> blocks(Instant now) {
    return List.of(about(now), figures(), accounts(), bySpan(), byChannel(), byPlan());
  }

  private Block about(Instant now) {
    return new Block(
        "ShareStack " + Words.report(report.order().type()),
        List.of(Column.text("项目"), Column.text("内容")),
        List.of(
            List.of("报表编号", report.publicId()),
            List.of("统计期间", period.from() + " 至 " + period.to()),
            List.of("生成时间（北京时间）", Words.time(now)),
            List.of("币种", "人民币（CNY），单位：元")),
        List.of());
  }

  private Block figures() {
    return new Block(
        "主要数据",
        List.of(Column.text("指标"), Column.money("金额")),
        List.of(
            List.of("收入", all.revenueFen),
            List.of("平台服务费", all.feeFen),
            List.of("退款", all.refundFen),
            List.of("代扣个税", all.taxFen),
            List.of("提现手续费", all.withdrawalFeeFen),
            List.of("净收益", all.netFen()),
            List.of("结算入账", all.settledFen),
            List.of("提现支出", all.withdrawnFen),
            List.of("其他调整", all.adjustmentFen)),
        List.of());
  }

  private Block accounts() {
    List<List<Object>> rows = new ArrayList<>();
    turnover.forEach(
        (code, sides) -> {
          long sign = code.normalSide() == Side.D ? 1 : -1;
          boolean his = opening.containsKey(code);
          Long before = his ? opening.get(code) : null;
          Long after = his ? before + sign * (sides[0] - sides[1]) : null;
          List<Object> row = new ArrayList<>();
          row.add(Words.account(code));
          row.add(before);
          row.add(sides[0]);
          row.add(sides[1]);
          row.add(after);
          rows.add(row);
        });
    return new Block(
        "账户余额",
        List.of(
            Column.text("账户"),
            Column.money("期初余额"),
            Column.money("借方发生额"),
            Column.money("贷方发生额"),
            Column.money("期末余额")),
        rows,
        List.of());
  }

  private Block bySpan() {
    return sums("收入与净收益趋势", "期间", spans, List.of(2, 7));
  }

  private Block byChannel() {
    return sums("按支付渠道", "支付渠道", channels, List.of(2, 4));
  }

  private Block byPlan() {
    return sums("按订阅方案", "订阅方案", plans, List.of(2));
  }

  private static Block sums(
      String title, String first, Map<String, Amounts> sums, List<Integer> charted) {
    List<List<Object>> rows = new ArrayList<>();
    sums.forEach(
        (name, sum) ->
            rows.add(
                List.of(
                    name,
                    sum.sales,
                    sum.revenueFen,
                    sum.feeFen,
                    sum.refundFen,
                    sum.taxFen,
                    sum.withdrawalFeeFen,
                    sum.netFen())));
    return new Block(
        title,
        List.of(
            Column.text(first),
            Column.count("销售笔数"),
            Column.money("收入"),
            Column.money("平台服务费"),
            Column.money("退款"),
            Column.money("代扣个税"),
            Column.money("提现手续费"),
            Column.money("净收益")),
        rows,
        charted);
  }
}
