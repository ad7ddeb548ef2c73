package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.WholeNode;
import com.sharestack.billing.PaidRails;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Payment notifications that no channel has sent: refused in the channel's own form, noted, without
 * effect and never an error of ours, whatever bytes and headers they are.
 */
class EveryNotificationTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String WECHAT = "wechat";
  private static final String ALIPAY = "alipay";

  private static TestRails rails;
  private static TestNode node;

  @BeforeAll
  static void start() {
    rails = new TestRails();
    node = WholeNode.empty("bad_notices", PaidRails.environment(rails).toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    node.close();
    rails.close();
  }

  private static HttpResponse<String> send(String channel, byte[] body, String... headers)
      throws Exception {
    String url = "http://127.0.0.1:" + node.node().httpPort() + "/api/v1/payments/webhooks/";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + channel))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static long count(String table) {
    return node.await(() -> node.db().rows("SELECT COUNT(*) FROM " + table).getFirst().getLong(0));
  }

  private static Map<String, byte[]> bodies() {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    for (String text :
        new String[] {
          "",
          "{}",
          "[]",
          "null",
          "{",
          "<xml><return_code>SUCCESS</return_code></xml>",
          "{\"id\":1,\"resource\":{\"ciphertext\":null,\"nonce\":[],\"associated_data\":{}}}",
          "{\"id\":\"x\",\"resource\":{\"ciphertext\":\"AAAA\",\"nonce\":\"1\"}}",
          "out_trade_no=1&sign=%%%&sign_type=RSA2&total_amount=NaN",
          "out_trade_no=' OR 1=1 --&sign=AAAA&sign_type=NONE&notify_id=\u0000",
          "a".repeat(64 * 1024),
          "=&=&=&" + "k=v&".repeat(5_000),
          "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000)
        }) {
      bodies.put(text.length() > 60 ? text.substring(0, 60) + "…" : text, text.getBytes());
    }
    bodies.put("bytes that are no text", new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, (byte) 0x80});
    return bodies;
  }

  private static Map<String, String[]> headers() {
    Map<String, String[]> headers = new LinkedHashMap<>();
    headers.put("none", new String[0]);
    headers.put("another content type", new String[] {"Content-Type", "image/png"});
    headers.put(
        "a signature of nobody",
        new String[] {
          "Content-Type", "application/json",
          "Wechatpay-Serial", "nobody' OR 1=1",
          "Wechatpay-Signature", "AAAA",
          "Wechatpay-Timestamp", "99999999999999999999",
          "Wechatpay-Nonce", "x".repeat(2_000)
        });
    headers.put(
        "a probe of the channel",
        new String[] {
          "Wechatpay-Signature", "WECHATPAY/SIGNTEST/AAAA",
          "Wechatpay-Timestamp", "-1",
          "Wechatpay-Nonce", "",
          "Wechatpay-Serial", ""
        });
    return headers;
  }

  @TestFactory
  Stream<DynamicNode> whatNoChannelHasSentIsRefusedInItsForm() {
    return Stream.of(WECHAT, ALIPAY)
        .flatMap(
            channel ->
                headers().entrySet().stream()
                    .flatMap(
                        header ->
                            bodies().entrySet().stream()
                                .map(
                                    body ->
                                        DynamicTest.dynamicTest(
                                            channel + ", " + header.getKey() + ": " + body.getKey(),
                                            () ->
                                                refused(
                                                    channel,
                                                    body.getValue(),
                                                    header.getValue())))));
  }

  private static void refused(String channel, byte[] body, String[] headers) throws Exception {
    HttpResponse<String> answer = send(channel, body, headers);
    String shown = answer.statusCode() + " " + answer.body();
    assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, shown);
    assertFalse(answer.body().contains("Exception") || answer.body().contains("java"), shown);
    if (channel.equals(WECHAT)) {
      assertTrue(answer.body().contains("\"code\":\"FAIL\""), shown);
    } else {
      assertEquals("fail", answer.body(), shown);
    }
    assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(null));
    assertEquals(0, count("channel_notices"), "nothing is kept as a notice");
  }

  @Test
  void refusalsAreNoted() throws Exception {
    send(WECHAT, "{}".getBytes());
    send(ALIPAY, "x=y".getBytes());
    assertTrue(count("channel_refusals") > 0);
    assertEquals(0, count("payments"));
  }

  @Test
  void whatIsLargerThanAnyNotificationIsNotRead() throws Exception {
    for (String channel : new String[] {WECHAT, ALIPAY}) {
      HttpResponse<String> answer = send(channel, new byte[64 * 1024 + 1]);
      assertEquals(413, answer.statusCode());
      assertTrue(answer.body().contains("PAYLOAD_TOO_LARGE"), answer.body());
    }
  }

  @Test
  void whatIsSwitchedOffIsNotFound() throws Exception {
    for (byte[] body : bodies().values()) {
      HttpResponse<String> answer = send("stripe", body);
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("\"code\":\"NOT_FOUND\""), answer.body());
    }
  }
}
