package com.sharestack.billing.rails;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayTradeQueryResponse;
import com.sharestack.sandbox.SandboxKeys;
import com.sharestack.testing.TestRails;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Alipay's own SDK as referee: of the twin it talks to, and of our canonical texts. */
class AlipayOracleTest {

  private static final int TAMPERED = 4_000;
  private static TestRails twin;
  private static AlipayClient sdk;
  private static String alipayKey;

  @BeforeAll
  static void start() throws AlipayApiException {
    // it logs every refusal, with the signature
    com.alipay.api.internal.util.AlipayLogger.setNeedEnableLogger(false);
    twin = new TestRails();
    Base64.Encoder base64 = Base64.getEncoder();
    alipayKey = base64.encodeToString(TestRails.KEYS.alipayPublicKey().getEncoded());
    AlipayConfig config = new AlipayConfig();
    config.setServerUrl(twin.origin() + "/gateway.do");
    config.setAppId(SandboxKeys.ALIPAY_APP_ID);
    config.setPrivateKey(base64.encodeToString(TestRails.KEYS.appKey().getEncoded()));
    config.setAlipayPublicKey(alipayKey);
    config.setFormat("json");
    config.setCharset("UTF-8");
    config.setSignType("RSA2");
    sdk = new DefaultAlipayClient(config);
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  private static String content(String number) {
    return new JsonObject()
        .put("out_trade_no", number)
        .put("total_amount", "12.34")
        .put("subject", "年度会员 100% & 更多=\"好\"")
        .put("product_code", "FAST_INSTANT_TRADE_PAY")
        .encode();
  }

  @Test
  void theSdkPaysClosesAndRefundsAtTheTwin() throws AlipayApiException {
    AlipayTradePrecreateRequest create = new AlipayTradePrecreateRequest();
    create.setBizContent(content("alisdk001"));
    create.setNotifyUrl(twin.notifyUrl(Channel.ALIPAY));
    assertTrue(sdk.execute(create).getQrCode().startsWith("http"));
    AlipayTradeQueryRequest query = new AlipayTradeQueryRequest();
    query.setBizContent("{\"out_trade_no\":\"alisdk001\"}");
    assertEquals("ACQ.TRADE_NOT_EXIST", sdk.execute(query).getSubCode());
    twin.pay("alisdk001");
    AlipayTradeQueryResponse paid = sdk.execute(query);
    assertEquals("TRADE_SUCCESS", paid.getTradeStatus());
    assertEquals("12.34", paid.getTotalAmount());
    AlipayTradeRefundRequest refund = new AlipayTradeRefundRequest();
    refund.setBizContent(
        "{\"out_trade_no\":\"alisdk001\",\"refund_amount\":\"2.34\",\"out_request_no\":\"r00001\"}");
    assertEquals("2.34", sdk.execute(refund).getRefundFee());
    AlipayTradeCloseRequest close = new AlipayTradeCloseRequest();
    close.setBizContent("{\"out_trade_no\":\"alisdk001\"}");
    assertEquals("ACQ.TRADE_STATUS_ERROR", sdk.execute(close).getSubCode());
  }

  @Test
  void theTwinOpensTheSdksPage() throws AlipayApiException {
    AlipayTradePagePayRequest page = new AlipayTradePagePayRequest();
    page.setBizContent(content("alisdk002"));
    page.setReturnUrl("https://share.local/paid");
    page.setNotifyUrl(twin.notifyUrl(Channel.ALIPAY));
    String url = sdk.pageExecute(page, "GET").getBody();
    assertEquals(302, twin.get(url).statusCode());
    assertTrue(
        twin.get(url.replace("alisdk002", "alisdk003")).body().contains("invalid-signature"));
  }

  @Test
  void theTwinsSignedWayBackConvincesTheSdk() throws AlipayApiException {
    OrderRequest order = RailsTest.order(Product.PAGE, 500);
    String url = RailsTest.answered(await(twin.rail(Channel.ALIPAY).create(order))).payUrl();
    twin.get(url);
    twin.pay(order.outTradeNo());
    String page = twin.get("/cashier/" + order.outTradeNo()).body();
    int at = page.indexOf("https://share.local/paid");
    String back = page.substring(at, page.indexOf('"', at)).replace("&amp;", "&");
    Map<String, String> form = form(Buffer.buffer(back.substring(back.indexOf('?') + 1)));
    form.remove("a");
    assertTrue(AlipaySignature.rsaCheckV1(form, alipayKey, "utf-8", "RSA2"));
  }

  @Test
  void theSdkRefusesTheTwinsSpoiltAnswers() {
    AlipayTradeQueryRequest query = new AlipayTradeQueryRequest();
    query.setBizContent("{\"out_trade_no\":\"nosuchorder\"}");
    twin.control("/faults", new JsonObject().put("kind", "bad_signature"));
    assertThrows(AlipayApiException.class, () -> sdk.execute(query));
  }

  /**
   * A gateway that answers with damaged texts. The SDK finds node and signature by index and
   * forgives more; what we take for an answer, it must take for one too.
   */
  @Test
  void whatWeTakeForAnAnswerTheSdkTakesForOneToo() throws AlipayApiException {
    String good = genuineAnswer();
    java.util.concurrent.atomic.AtomicReference<String> text =
        new java.util.concurrent.atomic.AtomicReference<>(good);
    var server =
        await(
            twin.vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end(text.get()))
                .listen(0, "127.0.0.1"));
    RailsConfig.Alipay there = twin.config(RailsConfig.Limits.DEFAULT).alipay();
    String gateway = "http://127.0.0.1:" + server.actualPort() + "/gateway.do";
    Rails rails =
        Rails.create(
            twin.vertx,
            new RailsConfig(
                null,
                new RailsConfig.Alipay(
                    gateway,
                    there.appId(),
                    there.sellerId(),
                    there.appKey(),
                    there.alipayKey(),
                    there.notifyUrl(),
                    there.billOrigins()),
                RailsConfig.Limits.DEFAULT.withBreaker(1_000_000, 1)));
    AlipayClient damaged =
        new DefaultAlipayClient(
            gateway,
            SandboxKeys.ALIPAY_APP_ID,
            Base64.getEncoder().encodeToString(TestRails.KEYS.appKey().getEncoded()),
            "json",
            "UTF-8",
            alipayKey,
            "RSA2");
    AlipayTradeQueryRequest query = new AlipayTradeQueryRequest();
    query.setBizContent("{\"out_trade_no\":\"answer0001\"}");
    Random random = new Random(20261123);
    int answers = 0;
    for (int i = 0; i < 600; i++) {
      text.set(i == 0 ? good : damaged(good, random));
      Reply<Trade> ours = await(rails.rail(Channel.ALIPAY).orElseThrow().query("answer0001"));
      if (ours instanceof Reply.Answered<Trade>) {
        answers++;
        assertEquals("TRADE_SUCCESS", damaged.execute(query).getTradeStatus(), text.get());
      }
    }
    assertTrue(answers > 1 && answers < 300, "answers " + answers);
    await(rails.close());
  }

  private static String genuineAnswer() {
    OrderRequest order =
        OrderRequest.of(
            Product.NATIVE, "answer0001", 500, "文章", java.time.Instant.now().plusSeconds(900));
    await(twin.rail(Channel.ALIPAY).create(order));
    twin.pay("answer0001");
    RailsConfig.Alipay config = twin.config(RailsConfig.Limits.DEFAULT).alipay();
    Map<String, String> signed =
        new AlipayGateway(config, null, twin.clock)
            .signed(
                "alipay.trade.query", new JsonObject().put("out_trade_no", "answer0001"), Map.of());
    return twin.get("/gateway.do?" + AlipaySigning.encoded(signed)).body();
  }

  private static String damaged(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    int at = random.nextInt(good.length());
    switch (random.nextInt(6)) {
      case 0 -> text.setCharAt(at, "{}[]\",:\\ 0a".charAt(random.nextInt(11)));
      case 1 -> text.deleteCharAt(at);
      case 2 -> text.insert(at, " ");
      case 3 -> text.setLength(at);
      case 4 -> text.insert(good.lastIndexOf("\"sign\""), "\"alipay_cert_sn\":\"x\",");
      default -> text.insert(random.nextBoolean() ? 0 : text.length(), "\n");
    }
    return text.toString();
  }

  @Test
  void ourVerdictAndTheSdksAgreeOnThousandsOfTamperedNotifications() {
    OrderRequest order = RailsTest.order(Product.NATIVE, 100);
    await(twin.rail(Channel.ALIPAY).create(order));
    twin.received.clear();
    twin.pay(order.outTradeNo());
    Inbound genuine = twin.received.peek().inbound();
    Map<String, String> form = form(genuine.body());
    Random random = new Random(20261123);
    int accepted = 0;
    for (int i = 0; i < TAMPERED; i++) {
      Map<String, String> changed = tampered(form, random);
      Inbound inbound =
          new Inbound(
              MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(AlipaySigning.encoded(changed)));
      boolean ours = twin.rail(Channel.ALIPAY).verify(inbound) instanceof Verdict.Authentic;
      boolean theirs = sdkAccepts(new LinkedHashMap<>(changed));
      if (ours != theirs) {
        throw new AssertionError(
            "round " + i + ": ours " + ours + ", theirs " + theirs + "\n" + changed);
      }
      accepted += ours ? 1 : 0;
    }
    assertTrue(accepted > TAMPERED / 50 && accepted < TAMPERED / 2, "accepted " + accepted);
  }

  /** One change; empty parameters and another order leave the signature good. */
  private static Map<String, String> tampered(Map<String, String> form, Random random) {
    Map<String, String> changed = new LinkedHashMap<>(form);
    String name = form.keySet().toArray(String[]::new)[random.nextInt(form.size())];
    if (name.equals("charset") || name.equals("sign_type") || name.equals("notify_id")) {
      name = "total_amount";
    }
    String value = changed.get(name);
    switch (random.nextInt(7)) {
      case 0 -> changed.put(name, value + (char) ('0' + random.nextInt(10)));
      case 1 -> changed.remove(name);
      case 2 -> changed.put("new_field", random.nextBoolean() ? "" : "x=1&y=2");
      case 3 -> changed.put(name, value.substring(0, value.length() - 1));
      case 4 -> {
        changed.remove(name);
        changed.put(name, value);
      }
      case 5 -> changed.put(name, value.replace('0', '１'));
      default -> {
        byte[] bytes = new byte[256];
        random.nextBytes(bytes);
        changed.put("sign", Base64.getEncoder().encodeToString(bytes));
      }
    }
    return changed;
  }

  private static boolean sdkAccepts(Map<String, String> form) {
    try {
      return AlipaySignature.rsaCheckV1(form, alipayKey, "utf-8", "RSA2");
    } catch (AlipayApiException | RuntimeException refused) {
      return false;
    }
  }

  private static Map<String, String> form(Buffer body) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : body.toString().split("&")) {
      int at = pair.indexOf('=');
      form.put(
          pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
    }
    return form;
  }

  @Test
  void whatWeSignTheSdkSignsAlike() throws AlipayApiException {
    Random random = new Random(7);
    String key = Base64.getEncoder().encodeToString(TestRails.KEYS.appKey().getEncoded());
    for (int i = 0; i < 300; i++) {
      Map<String, String> parameters = new LinkedHashMap<>(Map.of("m", "not empty"));
      for (int j = random.nextInt(8); j >= 0; j--) {
        parameters.put(
            random
                .ints(1 + random.nextInt(6), 'A', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString(),
            random.nextInt(4) == 0 ? "" : "值 &=+" + random.nextInt());
      }
      assertEquals(
          AlipaySignature.rsaSign(AlipaySignature.getSignContent(parameters), key, "utf-8", "RSA2"),
          Rsa.sign(Wire.utf8(AlipaySigning.requestText(parameters)), TestRails.KEYS.appKey()));
    }
  }
}
