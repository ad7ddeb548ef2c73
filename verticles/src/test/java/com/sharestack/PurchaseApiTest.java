package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.PaidRails;
import com.sharestack.platform.service.Signals;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Buying one article over HTTP: order, pay at the twin, read, be refunded, be shut out. */
class PurchaseApiTest {

  private static final String SECRET = "孤舟夜雨十年灯";
  private static final String TEXT =
      """
      ## 开头

      读书多年，我慢慢发现，真正留下来的不是划线，而是能用自己的话讲出来的那几句。

      ## 方法

      第一步，写下一个困扰你的问题，越具体越好，例如为什么团队的会议总是超时。

      第二步，带着它去找三份不同立场的材料，只摘与问题有关的部分，其余果断放下。

      第三步，一周之后不看笔记，试着讲给同事听；讲不清楚的地方，就是下一轮要补的课。%s
      """;

  private static TestRails rails;
  private static TestNode node;
  private static ApiClient anonymous;
  private static ApiAccount creator;
  private static long article;

  @BeforeAll
  static void start() {
    rails = new TestRails();
    node = WholeNode.empty("purchase_api", PaidRails.environment(rails).toArray(String[]::new));
    anonymous = new ApiClient(node.node().httpPort());
    creator = account("seller", "creator");
    node.await(
        () -> node.db().update("UPDATE users SET is_verified = 1 WHERE user_id = ?", creator.id()));
    new Signals(node.vertx()).userChanged(creator.id());
    article = publish();
  }

  @AfterAll
  static void stop() {
    node.close();
    rails.close();
  }

  private static ApiAccount account(String name, String type) {
    return ApiAccount.of(anonymous, name, type);
  }

  private static long publish() {
    ApiAnswer made =
        creator
            .api()
            .post(
                "/articles",
                new JsonObject()
                    .put("title", "怎样读完一本书")
                    .put("content", TEXT.formatted(SECRET))
                    .put("visibility", "paid")
                    .put("price", 29.90)
                    .put("included_in_subscription", true)
                    .put("status", "published"));
    assertEquals(201, made.status(), made.toString());
    assertEquals("published", made.data().getString("status"), made.toString());
    return made.data().getLong("article_id");
  }

  private static ApiAnswer buy(ApiAccount buyer) {
    return buyer
        .api()
        .post(
            "/purchases",
            new JsonObject().put("article_id", article).put("payment_method", "wechat"));
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  private static void pay(ApiAccount buyer, String paymentId) {
    String tradeNo =
        node.await(
            () ->
                node.db()
                    .row("SELECT out_trade_no FROM payments WHERE public_id = ?", paymentId)
                    .orElseThrow()
                    .getString(0));
    rails.pay(tradeNo, new JsonObject().put("times", 0));
    ApiAnswer confirmed = buyer.api().post("/payments/" + paymentId + "/confirm", new JsonObject());
    assertEquals(200, confirmed.status(), confirmed.toString());
    assertEquals("completed", confirmed.data().getJsonObject("payment").getString("status"));
  }

  private static JsonObject access(ApiAccount reader) {
    return reader.api().get("/articles/" + article + "/access").data().getJsonObject("access");
  }

  private static boolean readable(ApiAccount reader) {
    return reader.api().get("/articles/" + article).data().getString("content").contains(SECRET);
  }

  private static ApiAnswer refund(ApiAccount buyer, String paymentId) {
    return buyer
        .api()
        .post("/payments/" + paymentId + "/refunds", new JsonObject().put("refund_reason", "买错了"));
  }

  @Test
  void whatIsBoughtIsReadableAtOnceAndShutByItsRefund() {
    ApiAccount buyer = account("buyerone", "reader");
    assertFalse(readable(buyer));
    ApiAnswer made = buy(buyer);
    assertEquals(201, made.status(), made.toString());
    JsonObject purchase = made.data().getJsonObject("purchase");
    assertEquals("pending_payment", purchase.getString("status"));
    assertEquals("29.90", purchase.getValue("amount").toString());
    assertEquals(
        "seller", purchase.getJsonObject("article").getJsonObject("creator").getString("username"));
    String paymentId = purchase.getString("payment_id");
    assertEquals(200, buy(buyer).status());
    assertFalse(access(buyer).getBoolean("allowed"));

    pay(buyer, paymentId);

    assertEquals("purchased", access(buyer).getString("source"));
    JsonObject verdict =
        buyer.api().get("/subscriptions/access-check?article_id=" + article).data();
    assertTrue(verdict.getBoolean("has_access"));
    assertEquals("purchased", verdict.getString("source"));
    assertEquals("409 ALREADY_OWNED", code(buy(buyer)));

    ApiAnswer refunded = refund(buyer, paymentId);
    assertEquals(201, refunded.status(), refunded.toString());
    assertEquals("single_content", refunded.data().getJsonObject("refund").getString("policy"));
    assertFalse(access(buyer).getBoolean("allowed"));
    assertFalse(readable(buyer));
  }

  @Test
  void whoHasReadItWaitsForStaffAndKeepsReading() {
    ApiAccount buyer = account("buyertwo", "reader");
    String paymentId = buy(buyer).data().getJsonObject("payment").getString("id");
    pay(buyer, paymentId);
    assertTrue(readable(buyer));
    ApiAnswer asked = refund(buyer, paymentId);
    assertEquals("review", asked.data().getJsonObject("refund").getString("policy"));
    assertEquals("pending", asked.data().getJsonObject("refund").getString("status"));
    assertTrue(readable(buyer));
  }

  @Test
  void aBuyerKeepsWhatWasTakenBackAndOpenOrdersEnd() {
    ApiAccount buyer = account("buyerthree", "reader");
    pay(buyer, buy(buyer).data().getJsonObject("payment").getString("id"));
    ApiAccount late = account("buyerfour", "reader");
    buy(late);
    String path = "/articles/" + article;
    ApiAnswer unpublished = creator.api().post(path + "/unpublish", new JsonObject());
    assertEquals(200, unpublished.status(), unpublished.toString());
    try {
      assertTrue(readable(buyer));
      assertEquals("404 NOT_FOUND", code(buy(late)));
    } finally {
      creator.api().post(path + "/publish", new JsonObject());
    }
  }

  @Test
  void whatTheContractRefusesIsRefused() {
    ApiAccount buyer = account("buyerfive", "reader");
    JsonObject order = new JsonObject().put("article_id", article);
    assertEquals("401 UNAUTHORIZED", code(anonymous.post("/purchases", order)));
    assertEquals("400 VALIDATION_ERROR", code(buyer.api().post("/purchases", order)));
    assertEquals("400 VALIDATION_ERROR", code(buyer.api().post("/purchases", new JsonObject())));
    assertEquals(
        "400 PAYMENT_METHOD_UNSUPPORTED",
        code(buyer.api().post("/purchases", order.copy().put("payment_method", "stripe"))));
    assertEquals(
        "400 SELF_PURCHASE_NOT_ALLOWED",
        code(creator.api().post("/purchases", order.copy().put("payment_method", "wechat"))));
    assertEquals(
        "404 NOT_FOUND",
        code(
            buyer
                .api()
                .post(
                    "/purchases",
                    new JsonObject().put("article_id", 987_654).put("payment_method", "wechat"))));
    assertEquals(
        new JsonArray(),
        new JsonArray(
            node.await(
                () ->
                    node
                        .db()
                        .rows("SELECT public_id FROM purchases WHERE user_id = ?", buyer.id())
                        .stream()
                        .map(row -> row.getString(0))
                        .toList())));
  }
}
