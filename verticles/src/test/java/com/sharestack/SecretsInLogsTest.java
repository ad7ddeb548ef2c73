package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.sharestack.billing.PaidRails;
import com.sharestack.platform.config.Config;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A sale with everything that can go wrong around it, every logger at its most talkative: no line
 * has a key, a password, a token, a card number or what is bought.
 */
class SecretsInLogsTest {

  private static final String CARD = "4111111111111111";
  private static final String PAID_WORDS = "只有付款的人才读得到这一句";
  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
  private static final Map<Logger, Level> LEVELS = new LinkedHashMap<>();

  /** What must not show, by what it is; filled as secrets come into the world. */
  private static final Map<String, String> SECRETS = new LinkedHashMap<>();

  private static TestRails rails;
  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    rails = new TestRails();
    LOG.start();
    for (String name : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "com.sharestack")) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      LEVELS.put(logger, logger.getLevel());
      logger.setLevel(name.equals("com.sharestack") ? Level.TRACE : Level.DEBUG);
    }
    root().addAppender(LOG);
    node = WholeNode.empty("secrets_in_logs", PaidRails.environment(rails).toArray(String[]::new));
    anonymous = new ApiClient(node.node().httpPort());
    List<String> environment = PaidRails.environment(rails);
    for (int i = 0; i < environment.size(); i += 2) {
      String name = environment.get(i);
      if (name.endsWith("_KEY") && !name.endsWith("ALIPAY_ALIPAY_KEY")) {
        keep(name, environment.get(i + 1));
      }
    }
    Config.Secrets secrets = node.config().secrets();
    keep("secrets.jwt", secrets.jwt());
    keep("secrets.data", secrets.data());
    keep("secrets.index", secrets.index());
    keep("password", ApiAccount.PASSWORD);
    keep("card", CARD);
    keep("paid words", PAID_WORDS);
  }

  @AfterAll
  static void stop() {
    root().detachAppender(LOG);
    LEVELS.forEach(Logger::setLevel);
    node.close();
    rails.close();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static void keep(String what, String secret) {
    assertTrue(secret != null && secret.length() >= 8, what);
    // a long key is searched by a piece of its middle: however it is wrapped, that shows
    int half = secret.length() / 2;
    SECRETS.put(what, secret.length() > 64 ? secret.substring(half - 12, half + 12) : secret);
  }

  private static ApiAccount account(String name, String type) {
    ApiAccount account = ApiAccount.of(anonymous, name, type);
    keep("access token of " + name, account.accessToken());
    return account;
  }

  private static long publish(ApiAccount creator) {
    node.await(
        () -> node.db().update("UPDATE users SET is_verified = 1 WHERE user_id = ?", creator.id()));
    ApiAnswer made =
        creator
            .api()
            .post(
                "/articles",
                new JsonObject()
                    .put("title", "怎样写一份复盘")
                    .put(
                        "content",
                        "## 开头\n\n先写下一个困扰你的问题，越具体越好，例如为什么会议总是超时。\n\n## 方法\n\n"
                            + "带着它去找三份立场不同的材料，只摘与问题有关的部分，其余果断放下。"
                            + PAID_WORDS
                            + "。")
                    .put("visibility", "paid")
                    .put("price", 29.90)
                    .put("status", "published"));
    assertEquals(201, made.status(), made.toString());
    return made.data().getLong("article_id");
  }

  private static void sell(ApiAccount buyer, long article) {
    ApiAnswer order =
        buyer
            .api()
            .post(
                "/purchases",
                new JsonObject().put("article_id", article).put("payment_method", "wechat"));
    assertEquals(201, order.status(), order.toString());
    String payment = order.data().getJsonObject("payment").getString("id");
    ApiAnswer refused =
        buyer
            .api()
            .post(
                "/payments/" + payment + "/refunds",
                new JsonObject().put("refund_reason", "请退到卡 " + CARD));
    assertEquals(400, refused.status());
    assertEquals("refund_reason", refused.details().getString("field"));
    assertFalse(refused.toString().contains(CARD));
    String tradeNo =
        node.await(
            () ->
                node.db()
                    .row("SELECT out_trade_no FROM payments WHERE public_id = ?", payment)
                    .orElseThrow()
                    .getString(0));
    rails.pay(tradeNo, new JsonObject().put("times", 0));
    ApiAnswer confirmed = buyer.api().post("/payments/" + payment + "/confirm", new JsonObject());
    assertEquals(200, confirmed.status(), confirmed.toString());
    rails.control("/faults", new JsonObject().put("kind", "garbage").put("times", 1));
    buyer
        .api()
        .post("/payments/" + payment + "/refunds", new JsonObject().put("refund_reason", "买错了"));
  }

  @Test
  void aSaleLeavesNoSecretInTheLog() {
    ApiAccount creator = account("secretseller", "creator");
    ApiAccount buyer = account("secretbuyer", "reader");
    sell(buyer, publish(creator));
    anonymous.post(
        "/auth/login",
        new JsonObject().put("email", "secretbuyer").put("password", ApiAccount.PASSWORD + "!"));
    // the rails have an envelope of their own, so this is no call of the API client
    URI door =
        URI.create(
            "http://127.0.0.1:%d/api/v1/payments/webhooks/wechat"
                .formatted(node.node().httpPort()));
    String forged = new JsonObject().put("id", "x").put("note", CARD).encode();
    HttpRequest letter =
        HttpRequest.newBuilder(door).POST(HttpRequest.BodyPublishers.ofString(forged)).build();
    assertEquals(401, rails.http(letter).statusCode());
    anonymous.as(buyer.accessToken() + "x").get("/purchases");

    List<ILoggingEvent> lines = List.copyOf(LOG.list);
    assertTrue(
        lines.stream().anyMatch(line -> line.getLoggerName().startsWith("com.sharestack")),
        "nothing was logged");
    for (ILoggingEvent line : lines) {
      String text =
          line.getFormattedMessage()
              + (line.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(line.getThrowableProxy()));
      SECRETS.forEach(
          (what, secret) ->
              assertFalse(
                  text.contains(secret),
                  () -> line.getLoggerName() + " " + line.getLevel() + " shows " + what));
    }
  }
}
