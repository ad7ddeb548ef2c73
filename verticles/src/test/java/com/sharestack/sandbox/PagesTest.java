package com.sharestack.sandbox;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.PlanarYUVLuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.OrderRequest;
import com.sharestack.billing.rails.Product;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees and clicks. */
class PagesTest {

  private static TestRails twin;

  @BeforeAll
  static void start() {
    twin = new TestRails(SandboxOptions.DEFAULT.withSmtpPort(0), RailsConfig.Limits.DEFAULT);
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  private static void place(Channel channel, String number, String subject) {
    await(
        twin.rail(channel)
            .create(
                OrderRequest.of(
                    Product.NATIVE, number, 2990, subject, Instant.now().plusSeconds(900))));
  }

  private static HttpResponse<String> click(String path) {
    return twin.http(
        HttpRequest.newBuilder(URI.create(twin.origin() + path))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  @Test
  void aPayerFailsOnceThenPaysAtTheCashier() {
    place(Channel.WECHAT, "cashier0001", "年度会员 <script>alert(1)</script>");
    String page = twin.get("/cashier/cashier0001").body();
    assertTrue(page.contains("¥29.90") && page.contains("订单未支付"), page);
    assertTrue(page.contains("支付失败") && page.contains("<svg"));
    assertFalse(page.contains("<script>"), "the subject is text");

    assertEquals(303, click("/cashier/cashier0001/fail?rail=wechat").statusCode());
    assertTrue(twin.get("/cashier/cashier0001").body().contains("已失败 1 次"));
    assertEquals(303, click("/cashier/cashier0001/pay?rail=wechat").statusCode());
    String after = twin.get("/cashier/cashier0001").body();
    assertTrue(after.contains("支付成功") && !after.contains("<form"));
    assertEquals(409, click("/cashier/cashier0001/pay?rail=wechat").statusCode());
    assertTrue(twin.get("/").body().contains("cashier0001"));
    assertEquals(404, twin.get("/cashier/nosuchorder").statusCode());
  }

  @Test
  void theQrCodeHoldsTheTextTheRailGaveTheMerchant() throws Exception {
    place(Channel.ALIPAY, "cashier0002", "文章");
    String svg = twin.get("/cashier/cashier0002").body();
    assertEquals(twin.origin() + "/qr/", decoded(svg).substring(0, twin.origin().length() + 4));
  }

  /** Paints the path of the SVG and reads it like a phone. */
  private static String decoded(String page) throws Exception {
    Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"").matcher(page);
    assertTrue(box.find());
    int size = Integer.parseInt(box.group(1));
    int scale = 8;
    byte[] pixels = new byte[size * size * scale * scale];
    java.util.Arrays.fill(pixels, (byte) 255);
    Matcher dot = Pattern.compile("M(\\d+) (\\d+)h1v1").matcher(page);
    while (dot.find()) {
      int x = Integer.parseInt(dot.group(1));
      int y = Integer.parseInt(dot.group(2));
      for (int row = y * scale; row < (y + 1) * scale; row++) {
        java.util.Arrays.fill(
            pixels, row * size * scale + x * scale, row * size * scale + (x + 1) * scale, (byte) 0);
      }
    }
    LuminanceSource source =
        new PlanarYUVLuminanceSource(
            pixels, size * scale, size * scale, 0, 0, size * scale, size * scale, false);
    return new QRCodeReader()
        .decode(new BinaryBitmap(new GlobalHistogramBinarizer(source)))
        .getText();
  }

  @Test
  void aMailSentToTheMailboxIsShown() throws Exception {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", Integer.toString(twin.smtpPort()));
    var mail = new jakarta.mail.internet.MimeMessage(jakarta.mail.Session.getInstance(properties));
    mail.setFrom("no-reply@demo.sharestack.local");
    mail.setRecipients(jakarta.mail.Message.RecipientType.TO, "xiaoming@demo.sharestack.local");
    mail.setSubject("您的验证码", "UTF-8");
    mail.setText("验证码 123456，<b>5</b> 分钟内有效", "UTF-8");
    jakarta.mail.Transport.send(mail);

    JsonArray mails =
        new JsonObject(twin.get("/mailbox.json?to=xiaoming@demo.sharestack.local").body())
            .getJsonArray("mails");
    assertEquals(1, mails.size());
    assertEquals("您的验证码", mails.getJsonObject(0).getString("subject"));
    assertTrue(mails.getJsonObject(0).getString("text").contains("123456"));
    assertTrue(twin.get("/mailbox").body().contains("&lt;b&gt;5"));
    assertTrue(
        new JsonObject(twin.get("/mailbox.json?to=other@x.local").body())
            .getJsonArray("mails")
            .isEmpty());
  }

  @Test
  void theKeysOfAFolderStayTheSame(@TempDir Path folder) throws Exception {
    SandboxKeys first = SandboxKeys.loadOrCreate(folder.resolve("sandbox"));
    SandboxKeys second = SandboxKeys.loadOrCreate(folder.resolve("sandbox"));
    assertEquals(first.merchantKey(), second.merchantKey());
    assertEquals(first.platformKeys(), second.platformKeys());
    assertEquals(first.apiV3Key(), second.apiV3Key());
    try (var files = Files.list(folder.resolve("sandbox"))) {
      Path file = files.findFirst().orElseThrow();
      assertEquals(
          "rw-------",
          java.nio.file.attribute.PosixFilePermissions.toString(
              Files.getPosixFilePermissions(file)));
      Files.writeString(file, "merchant.public=damaged");
    }
    org.junit.jupiter.api.Assertions.assertThrows(
        java.io.UncheckedIOException.class,
        () -> SandboxKeys.loadOrCreate(folder.resolve("sandbox")));
  }

  @Test
  void aWrongControlCallIsTold() {
    for (String body : new String[] {"{\"kind\":\"none\"}", "[]", "{", "{\"kind\":1}"}) {
      HttpResponse<String> answer =
          twin.http(
              HttpRequest.newBuilder(URI.create(twin.origin() + "/control/faults"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build());
      assertEquals(400, answer.statusCode(), body + " -> " + answer.body());
    }
  }
}
