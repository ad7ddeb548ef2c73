package com.sharestack.billing.rails;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * WeChat's trade bill, type ALL: a header line, lines whose fields start with a back-tick, a header
 * of totals, one line of totals. Columns are found by name: their order is not promised.
 */
final class WechatBill {

  private static final int MAX_LINE = 8192;

  private final BufferedReader reader;
  private List<String> columns = List.of();

  WechatBill(BufferedReader reader) {
    this.reader = reader;
  }

  BillTotals read(Consumer<BillLine> lines) throws IOException {
    String header = next();
    columns = List.of((header.startsWith("\ufeff") ? header.substring(1) : header).split(","));
    BillTotals sums = BillTotals.ZERO;
    String line = next();
    while (line.startsWith("`")) {
      BillLine read = line(fields(line));
      sums = sums.plus(read);
      lines.accept(read);
      line = next();
    }
    columns = List.of(line.split(","));
    compare(fields(next()), sums);
    return sums;
  }

  private BillLine line(List<String> fields) {
    String status = of(fields, "交易状态");
    boolean refund = status.equals("REFUND") || status.equals("REVOKED");
    String outRefundNo = of(fields, "商户退款单号");
    return new BillLine(
        refund ? BillLine.Kind.REFUND : BillLine.Kind.PAYMENT,
        of(fields, "商户订单号"),
        of(fields, "微信订单号"),
        refund ? outRefundNo : null,
        Yuan.fen(of(fields, refund ? "申请退款金额" : "订单金额")),
        Yuan.fen(of(fields, "手续费")),
        refund ? of(fields, "退款状态") : status,
        time(of(fields, "交易时间")));
  }

  private void compare(List<String> totals, BillTotals sums) {
    boolean same =
        Long.parseLong(of(totals, "总交易单数")) == sums.payments() + sums.refunds()
            && Yuan.fen(of(totals, "订单总金额")) == sums.paymentsFen()
            && Yuan.fen(of(totals, "申请退款总金额")) == sums.refundsFen()
            && Yuan.fen(of(totals, "手续费总金额")) == sums.feesFen();
    if (!same) {
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

  /** A comma inside a field is told from a separator by the back-tick that follows the latter. */
  private static List<String> fields(String line) {
    if (!line.startsWith("`")) {
      throw new Wire.Malformed("a field without back-tick");
    }
    List<String> fields = new ArrayList<>();
    int from = 1;
    for (int comma = line.indexOf(",`"); comma >= 0; comma = line.indexOf(",`", from)) {
      fields.add(line.substring(from, comma).strip());
      from = comma + 2;
    }
    fields.add(line.substring(from).strip());
    return fields;
  }

  private String next() throws IOException {
    String line = reader.readLine();
    if (line == null || line.length() > MAX_LINE) {
      throw new Wire.Malformed("the bill ends early or has an endless line");
    }
    return line;
  }

  private static Instant time(String text) {
    try {
      return LocalDateTime.parse(text, AlipayWords.TIME).atZone(AlipayWords.BEIJING).toInstant();
    } catch (DateTimeException e) {
      throw new Wire.Malformed("no time: " + text);
    }
  }
}
