package com.sharestack.billing.rails;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Alipay's list of transactions: comment lines, a header, lines whose amounts are negative for
 * refunds and whose fee is negative for payments, then totals in comments.
 */
final class AlipayBill {

  private static final int MAX_LINE = 8192;
  private static final Pattern TOTAL =
      Pattern.compile("#(交易|退款)合计：([0-9]+)笔，商家实收(?:退款)?共(-?[0-9.]+)元.*");

  private final BufferedReader reader;
  private List<String> columns;
  private BillTotals sums = BillTotals.ZERO;
  private int totals;

  AlipayBill(BufferedReader reader) {
    this.reader = reader;
  }

  BillTotals read(Consumer<BillLine> lines) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.length() > MAX_LINE) {
        throw new Wire.Malformed("an endless line");
      }
      if (line.startsWith("#")) {
        compare(line);
      } else if (columns == null) {
        columns = fields(line);
      } else if (!line.isBlank()) {
        BillLine read = line(fields(line));
        sums = sums.plus(read);
        lines.accept(read);
      }
    }
    if (totals != 2) {
      throw new Wire.Malformed("the bill ends before its totals");
    }
    return sums;
  }

  private BillLine line(List<String> fields) {
    String type = of(fields, "业务类型");
    boolean refund =
        switch (type) {
          case "交易" -> false;
          case "退款" -> true;
          default -> throw new Wire.Malformed("another kind of business: " + type);
        };
    long amount = Yuan.fen(of(fields, "订单金额（元）"));
    return new BillLine(
        refund ? BillLine.Kind.REFUND : BillLine.Kind.PAYMENT,
        of(fields, "商户订单号"),
        of(fields, "支付宝交易号"),
        refund ? of(fields, "退款批次号/请求号") : null,
        refund ? -amount : amount,
        -Yuan.fen(of(fields, "服务费（元）")),
        type,
        AlipayWords.time(of(fields, "完成时间")));
  }

  private void compare(String comment) {
    Matcher total = TOTAL.matcher(comment);
    if (!total.matches()) {
      return;
    }
    totals++;
    boolean refunds = total.group(1).equals("退款");
    long count = refunds ? sums.refunds() : sums.payments();
    long fen = refunds ? -sums.refundsFen() : sums.paymentsFen();
    if (Long.parseLong(total.group(2)) != count || Yuan.fen(total.group(3)) != fen) {
      throw new Wire.Malformed("the bill's totals are not the sums of its lines");
    }
  }

  private String of(List<String> fields, String column) {
    int at = columns.indexOf(column);
    if (at < 0 || at >= fields.size()) {
      throw new Wire.Malformed("the bill has no column " + column);
    }
    return fields.get(at);
  }

  /** The file has no quoting; a comma in a subject is written by Alipay as a full-width one. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    for (String field : line.split(",", -1)) {
      fields.add(field.strip());
    }
    return fields;
  }
}
