package com.sharestack.billing.rails;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications and bills that somebody made up, or that arrived damaged. */
class HostileInputTest {

  private static KeyPair alipay;

  @BeforeAll
  static void keys() throws Exception {
    alipay = KeyPairGenerator.getInstance("RSA").generateKeyPair();
  }

  private static Verdict verify(String body) {
    return new AlipayNotices(alipay.getPublic())
        .verify(new Inbound(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body)));
  }

  private static String signed(Map<String, String> form, String charset) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(form);
    all.put("charset", charset);
    all.put(
        "sign",
        Rsa.sign(AlipaySigning.noticeText(all, Charset.forName(charset)), alipay.getPrivate()));
    all.put("sign_type", "RSA2");
    StringBuilder body = new StringBuilder();
    for (Map.Entry<String, String> entry : all.entrySet()) {
      body.append(body.isEmpty() ? "" : "&").append(entry.getKey()).append('=');
      body.append(URLEncoder.encode(entry.getValue(), charset));
    }
    return body.toString();
  }

  private static Map<String, String> paid() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("notify_id", "n1");
    form.put("notify_type", "trade_status_sync");
    form.put("trade_status", "TRADE_SUCCESS");
    form.put("out_trade_no", "order1");
    form.put("total_amount", "12.30");
    form.put("subject", "年度会员");
    form.put("gmt_payment", "2026-11-23 10:00:00");
    return form;
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf-8", "GBK"})
  void aFormIsReadInTheCharsetItNames(String charset) throws IOException {
    Notice notice =
        assertInstanceOf(Verdict.Authentic.class, verify(signed(paid(), charset))).notice();
    assertEquals(1230, notice.trade().amountFen());
    assertEquals(Notice.Kind.PAYMENT, notice.kind());
  }

  @Test
  void aSignedFormWithNonsenseInsideIsMalformedNotAnError() throws IOException {
    for (String[] change :
        new String[][] {
          {"total_amount", "1e3"},
          {"total_amount", "-1.00"},
          {"gmt_payment", "yesterday"},
          {"notify_id", ""}
        }) {
      Map<String, String> form = paid();
      form.put(change[0], change[1]);
      assertEquals(
          Verdict.Reason.MALFORMED,
          assertInstanceOf(Verdict.Rejected.class, verify(signed(form, "utf-8"))).reason(),
          change[1]);
    }
  }

  @Test
  void aParameterThatStandsTwiceIsRefused() throws IOException {
    String body = signed(paid(), "utf-8");
    assertInstanceOf(Verdict.Rejected.class, verify(body + "&total_amount=0.01"));
    assertInstanceOf(Verdict.Rejected.class, verify("total_amount=0.01&" + body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "a", "a=%zz", "%", "sign=x&sign_type=RSA2", "charset=utf-7&a=b"})
  void whatIsNoSignedFormIsRejected(String body) {
    assertInstanceOf(Verdict.Rejected.class, verify(body));
  }

  @Test
  void aClosedTradeIsTwoThings() throws IOException {
    Map<String, String> unpaid = paid();
    unpaid.put("trade_status", "TRADE_CLOSED");
    unpaid.remove("gmt_payment");
    Notice closed = ((Verdict.Authentic) verify(signed(unpaid, "utf-8"))).notice();
    assertEquals(Notice.Kind.CLOSED, closed.kind());
    assertEquals(TradeState.CLOSED, closed.trade().state());

    Map<String, String> back = paid();
    back.put("trade_status", "TRADE_CLOSED");
    back.put("refund_fee", "12.30");
    back.put("out_biz_no", "r1");
    Notice refunded = ((Verdict.Authentic) verify(signed(back, "utf-8"))).notice();
    assertEquals(Notice.Kind.REFUND, refunded.kind());
    assertEquals(TradeState.REFUNDED, refunded.trade().state());
    assertEquals(1230, refunded.refund().refundedTotalFen());
  }

  @Test
  void aLongBodyIsRefusedUnread() {
    assertEquals(
        Verdict.Reason.TOO_LONG,
        assertInstanceOf(Verdict.Rejected.class, verify("a=" + "b".repeat(Inbound.MAX_BYTES)))
            .reason());
  }

  private static final String WECHAT_HEAD =
      "交易时间,微信订单号,商户订单号,交易状态,商户退款单号,退款状态,商品名称,手续费,订单金额,申请退款金额\n";
  private static final String WECHAT_LINE =
      "`2026-11-22 10:00:00,`42001,`order1,`SUCCESS,`0,`,`甲,乙,`0.18,`29.90,`0.00\n";
  private static final String WECHAT_FOOT = "总交易单数,订单总金额,申请退款总金额,手续费总金额\n";

  private static BillFile gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(Wire.utf8(text));
    }
    return BillFile.wechat(bytes.toByteArray(), 10_000);
  }

  @Test
  void aBillIsReadByTheNamesOfItsColumnsAndCheckedAgainstItsTotals() throws Exception {
    BillTotals totals =
        gzip(WECHAT_HEAD + WECHAT_LINE + WECHAT_FOOT + "`1,`29.90,`0.00,`0.18\n")
            .read(line -> assertEquals("order1", line.outTradeNo()));
    assertEquals(new BillTotals(1, 2990, 0, 0, 18), totals);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`2,`29.90,`0.00,`0.18\n",
        "`1,`29.91,`0.00,`0.18\n",
        "`1,`29.90,`0.01,`0.18\n",
        "`1,`29.90,`0.00,`0.19\n",
        "`1,`29.90\n",
        "1,29.90,0.00,0.18\n",
        ""
      })
  void aBillWhoseTotalsDoNotFitIsNotReliedOn(String totals) throws IOException {
    BillFile bill = gzip(WECHAT_HEAD + WECHAT_LINE + WECHAT_FOOT + totals);
    assertThrows(BillException.class, () -> bill.read(line -> {}));
  }

  @Test
  void aBillThatUnpacksToTooMuchOrNotAtAllIsRefused() throws IOException {
    BillFile bomb = gzip(WECHAT_HEAD + WECHAT_LINE.repeat(1_000));
    assertThrows(BillException.class, () -> bomb.read(line -> {}));
    BillFile noise = BillFile.wechat(new byte[] {1, 2, 3}, 10_000);
    assertThrows(BillException.class, () -> noise.read(line -> {}));
    assertThrows(BillException.class, () -> zip("other.txt", "x").read(line -> {}));
  }

  private static BillFile zip(String name, String text) throws IOException {
    Charset gbk = Charset.forName("GBK");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, gbk)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(text.getBytes(gbk));
    }
    return BillFile.alipay(bytes.toByteArray(), 10_000);
  }

  @Test
  void anAlipayBillIsReadFromGbkWithSignsTurned() throws Exception {
    String head = "#支付宝业务明细查询\n支付宝交易号,商户订单号,业务类型,商品名称,完成时间,订单金额（元）,退款批次号/请求号,服务费（元）\n";
    String lines =
        "T1\t,o1\t,交易    ,会员,2026-11-22 10:00:00,29.90,\t,-0.18\n"
            + "T1\t,o1\t,退款    ,会员,2026-11-22 11:00:00,-9.90,r1\t,0.06\n";
    String totals = "#交易合计：1笔，商家实收共29.90元，商家优惠共0.00元\n#退款合计：1笔，商家实收退款共-9.90元，商家优惠退款共0.00元\n";
    BillFile good = zip("20881_业务明细.csv", head + lines + totals);
    assertEquals(new BillTotals(1, 2990, 1, 990, 12), good.read(line -> {}));
    BillFile cut = zip("20881_业务明细.csv", head + lines);
    assertThrows(BillException.class, () -> cut.read(line -> {}));
    BillFile wrong = zip("20881_业务明细.csv", head + lines + totals.replace("29.90", "29.91"));
    assertThrows(BillException.class, () -> wrong.read(line -> {}));
  }
}
