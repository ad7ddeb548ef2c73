package com.sharestack.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The forms of the rails' bill files. */
final class BillText {

  private static final Charset GBK = Charset.forName("GBK");
  private static final String WECHAT_HEADER =
      "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
          + "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
          + "手续费,费率,订单金额,申请退款金额,费率备注";
  private static final String WECHAT_TOTALS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
  private static final String ALIPAY_HEADER =
      "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
          + "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
          + "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

  private BillText() {}

  static byte[] wechat(List<Bills.Line> lines) {
    StringBuilder text = new StringBuilder("\ufeff" + WECHAT_HEADER + "\r\n");
    for (Bills.Line line : lines) {
      boolean back = line.refund();
      ticks(
          text,
          TwinClock.spaced(line.at()),
          SandboxKeys.WECHAT_APP_ID,
          SandboxKeys.MERCHANT_ID,
          "0",
          "",
          line.transactionId(),
          line.outTradeNo(),
          line.payer(),
          "NATIVE",
          back ? "REFUND" : line.status(),
          "OTHERS",
          "CNY",
          back ? "0.00" : yuan(line.amountFen()),
          "0.00",
          back ? line.refundId() : "0",
          back ? line.outRefundNo() : "0",
          back ? yuan(line.amountFen()) : "0.00",
          "0.00",
          back ? "ORIGINAL" : "",
          back ? line.status() : "",
          line.subject(),
          "",
          yuan(line.feeFen()),
          "0.60%",
          yuan(back ? 0 : line.orderFen()),
          back ? yuan(line.amountFen()) : "0.00",
          "");
    }
    text.append(WECHAT_TOTALS).append("\r\n");
    String paid = sum(lines, line -> line.refund() ? 0 : line.amountFen());
    String back = sum(lines, line -> line.refund() ? line.amountFen() : 0);
    ticks(
        text,
        Integer.toString(lines.size()),
        paid,
        back,
        "0.00",
        sum(lines, Bills.Line::feeFen),
        paid,
        back);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void ticks(StringBuilder text, String... fields) {
    text.append('`').append(String.join(",`", fields)).append("\r\n");
  }

  static byte[] gzip(byte[] text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip of two GBK files: the summary first, so nobody relies on the order. */
  static byte[] alipay(LocalDate day, List<Bills.Line> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String name = SandboxKeys.SELLER_ID + "0156_" + day.toString().replace("-", "");
    try (ZipOutputStream zip = new ZipOutputStream(bytes, GBK)) {
      zip.putNextEntry(new ZipEntry(name + "_业务明细(汇总).csv"));
      zip.write("#支付宝业务汇总查询\r\n".getBytes(GBK));
      zip.putNextEntry(new ZipEntry(name + "_业务明细.csv"));
      zip.write(detail(day, lines).getBytes(GBK));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String detail(LocalDate day, List<Bills.Line> lines) {
    StringBuilder text = new StringBuilder("#支付宝业务明细查询\r\n");
    text.append("#账号：[").append(SandboxKeys.SELLER_ID).append("0156]\r\n");
    text.append("#起始日期：[").append(day).append(" 00:00:00]   终止日期：[");
    text.append(day.plusDays(1)).append(" 00:00:00]\r\n");
    text.append("#-----------------业务明细列表----------------\r\n");
    text.append(ALIPAY_HEADER).append("\r\n");
    lines.forEach(line -> text.append(alipayLine(line)));
    text.append("#-----------------业务明细列表结束------------\r\n");
    long refunds = lines.stream().filter(Bills.Line::refund).count();
    String paid = sum(lines, line -> line.refund() ? 0 : line.amountFen());
    String back = sum(lines, line -> line.refund() ? -line.amountFen() : 0);
    text.append("#交易合计：").append(lines.size() - refunds).append("笔，商家实收共");
    text.append(paid).append("元，商家优惠共0.00元\r\n");
    text.append("#退款合计：").append(refunds).append("笔，商家实收退款共");
    text.append(back).append("元，商家优惠退款共0.00元\r\n");
    return text.append("#导出时间：[").append(day.plusDays(1)).append(" 09:00:00]\r\n").toString();
  }

  /** Fields end with a tab; a comma of the subject becomes a full-width one. */
  private static String alipayLine(Bills.Line line) {
    String amount = yuan(line.refund() ? -line.amountFen() : line.amountFen());
    String kind = line.refund() ? "退款" : "交易";
    return String.join(
            ",",
            line.transactionId() + "\t",
            line.outTradeNo() + "\t",
            kind + "    ",
            line.subject().replace(',', '，'),
            TwinClock.spaced(line.at()),
            TwinClock.spaced(line.at()),
            "\t",
            "\t",
            "\t",
            "\t",
            "*付款人(pay***@sandbox.local)\t",
            amount,
            amount,
            "0.00",
            "0.00",
            "0.00",
            "0.00",
            "0.00",
            "",
            "0.00",
            "0.00",
            line.refund() ? line.outRefundNo() + "\t" : "\t",
            yuan(-line.feeFen()),
            "0.00",
            "")
        + "\r\n";
  }

  private static String sum(List<Bills.Line> lines, ToLongFunction<Bills.Line> amount) {
    return yuan(lines.stream().mapToLong(amount).sum());
  }

  private static String yuan(long fen) {
    return AlipayTwin.yuan(fen);
  }
}
