package com.sharestack.billing.rails;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.sandbox.SandboxKeys;
import com.sharestack.testing.TestRails;
import com.wechat.pay.java.core.RSAPublicKeyConfig;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.Amount;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Random;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WeChat's own SDK as referee: of the twin it talks to, and of our reading of notifications. */
class WechatOracleTest {

  private static final int TAMPERED = 4_000;
  private static TestRails twin;
  private static RSAPublicKeyConfig config;
  private static com.wechat.pay.java.core.http.HttpClient client;

  @BeforeAll
  static void start() {
    // it logs each of the thousands of signatures it rightly refuses
    ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("com.wechat.pay"))
        .setLevel(ch.qos.logback.classic.Level.OFF);
    twin = new TestRails();
    config =
        new RSAPublicKeyConfig.Builder()
            .merchantId(SandboxKeys.MERCHANT_ID)
            .merchantSerialNumber(SandboxKeys.MERCHANT_SERIAL)
            .privateKey(TestRails.KEYS.merchantKey())
            .publicKey(TestRails.KEYS.platformKeys().values().iterator().next())
            .publicKeyId(TestRails.KEYS.platformKeys().keySet().iterator().next())
            .apiV3Key(TestRails.KEYS.apiV3Key())
            .build();
    HttpUrl origin = HttpUrl.get(twin.origin());
    client =
        new DefaultHttpClientBuilder()
            .config(config)
            .okHttpClient(
                new OkHttpClient.Builder()
                    // the SDK knows the real hosts only
                    .addInterceptor(
                        chain ->
                            chain.proceed(
                                chain
                                    .request()
                                    .newBuilder()
                                    .url(
                                        chain
                                            .request()
                                            .url()
                                            .newBuilder()
                                            .scheme("http")
                                            .host(origin.host())
                                            .port(origin.port())
                                            .build())
                                    .build()))
                    .build())
            .build();
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  @Test
  void theSdkPaysClosesAndRefundsAtTheTwin() {
    NativePayService pay = new NativePayService.Builder().httpClient(client).build();
    String code = pay.prepay(prepay("sdkorder1", 100)).getCodeUrl();
    assertTrue(code.startsWith("weixin://"));
    QueryOrderByOutTradeNoRequest query = new QueryOrderByOutTradeNoRequest();
    query.setMchid(SandboxKeys.MERCHANT_ID);
    query.setOutTradeNo("sdkorder1");
    assertEquals(
        Transaction.TradeStateEnum.NOTPAY, pay.queryOrderByOutTradeNo(query).getTradeState());
    twin.pay("sdkorder1");
    Transaction paid = pay.queryOrderByOutTradeNo(query);
    assertEquals(Transaction.TradeStateEnum.SUCCESS, paid.getTradeState());
    assertEquals(100, paid.getAmount().getTotal());

    CreateRequest refund = new CreateRequest();
    refund.setOutTradeNo("sdkorder1");
    refund.setOutRefundNo("sdkrefund1");
    AmountReq amount = new AmountReq();
    amount.setRefund(40L);
    amount.setTotal(100L);
    amount.setCurrency("CNY");
    refund.setAmount(amount);
    assertNotNull(
        new RefundService.Builder().httpClient(client).build().create(refund).getRefundId());

    pay.prepay(prepay("sdkorder2", 1));
    CloseOrderRequest close = new CloseOrderRequest();
    close.setMchid(SandboxKeys.MERCHANT_ID);
    close.setOutTradeNo("sdkorder2");
    pay.closeOrder(close);
    ServiceException closed =
        assertThrows(ServiceException.class, () -> pay.prepay(prepay("sdkorder2", 1)));
    assertEquals("ORDER_CLOSED", closed.getErrorCode());
  }

  @Test
  void theSdkRefusesTheTwinsSpoiltAnswers() {
    NativePayService pay = new NativePayService.Builder().httpClient(client).build();
    for (String kind : new String[] {"bad_signature", "stale_timestamp", "signtest"}) {
      twin.control("/faults", new JsonObject().put("kind", kind));
      assertThrows(
          // a ValidationException, or for the age a bare IllegalArgumentException
          RuntimeException.class, () -> pay.prepay(prepay("spoilt" + kind.hashCode(), 1)), kind);
    }
  }

  private static PrepayRequest prepay(String number, int fen) {
    PrepayRequest request = new PrepayRequest();
    request.setAppid(SandboxKeys.WECHAT_APP_ID);
    request.setMchid(SandboxKeys.MERCHANT_ID);
    request.setDescription("年度会员");
    request.setOutTradeNo(number);
    request.setNotifyUrl(twin.notifyUrl(Channel.WECHAT));
    Amount amount = new Amount();
    amount.setTotal(fen);
    request.setAmount(amount);
    return request;
  }

  @Test
  void ourVerdictAndTheSdksAgreeOnThousandsOfTamperedNotifications() {
    String number = "oracle" + System.nanoTime();
    await(
        twin.rail(Channel.WECHAT)
            .create(
                OrderRequest.of(
                    Product.NATIVE,
                    number,
                    100,
                    "年度会员",
                    java.time.Instant.now().plusSeconds(900))));
    twin.received.clear();
    twin.pay(number);
    Inbound genuine = twin.received.peek().inbound();
    assertTrue(sdkAccepts(genuine));

    Random random = new Random(20261123);
    int accepted = 0;
    for (int i = 0; i < TAMPERED; i++) {
      Inbound changed = tampered(genuine, random);
      boolean ours = twin.rail(Channel.WECHAT).verify(changed) instanceof Verdict.Authentic;
      boolean theirs = sdkAccepts(changed);
      if (ours != theirs) {
        throw new AssertionError(
            "round " + i + ": ours " + ours + ", theirs " + theirs + "\n" + changed);
      }
      accepted += ours ? 1 : 0;
    }
    assertTrue(accepted > 0 && accepted < TAMPERED / 4, "accepted " + accepted);
  }

  /** One change; some leave the message as good as it was (other case of a header's name). */
  private static Inbound tampered(Inbound genuine, Random random) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(genuine.headers());
    Buffer body = genuine.body().copy();
    String[] names = {"Timestamp", "Nonce", "Signature", "Serial"};
    String name = "Wechatpay-" + names[random.nextInt(names.length)];
    switch (random.nextInt(8)) {
      case 0 -> headers.set(name, flipped(headers.get(name), random));
      case 1 ->
          headers.set("Wechatpay-Signature", Base64.getEncoder().encodeToString(bytes(random)));
      case 2 ->
          headers.set(
              "Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + headers.get("Wechatpay-Signature"));
      case 3, 4 -> {
        int at = random.nextInt(body.length());
        body.setByte(at, (byte) (body.getByte(at) ^ (1 << random.nextInt(7))));
      }
      case 5 -> body.appendString(random.nextBoolean() ? " " : "\n");
      case 6 -> body = body.getBuffer(0, random.nextInt(body.length()));
      default -> {
        String kept = headers.get(name);
        headers.remove(name).set(name.toUpperCase(java.util.Locale.ROOT), kept);
      }
    }
    return new Inbound(headers, body);
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[256];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String flipped(String text, Random random) {
    char[] chars = text.toCharArray();
    int at = random.nextInt(chars.length);
    // the low digits of the timestamp stay within the tolerance, which only we check
    chars[at] = chars[at] == '1' ? '2' : '1';
    return new String(chars);
  }

  private static boolean sdkAccepts(Inbound inbound) {
    try {
      NotificationParser parser = new NotificationParser(config);
      return parser.parse(
              new RequestParam.Builder()
                  .serialNumber(inbound.headers().get("Wechatpay-Serial"))
                  .nonce(inbound.headers().get("Wechatpay-Nonce"))
                  .signature(inbound.headers().get("Wechatpay-Signature"))
                  .timestamp(inbound.headers().get("Wechatpay-Timestamp"))
                  .body(inbound.body().toString())
                  .build(),
              Transaction.class)
          != null;
    } catch (RuntimeException refused) {
      return false;
    }
  }
}
