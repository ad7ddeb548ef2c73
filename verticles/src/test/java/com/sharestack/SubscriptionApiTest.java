package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.PaidRails;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operations of paid subscriptions through HTTP and bus, on all roles, with the sandbox. */
class SubscriptionApiTest {

  private static final String SECRET = "江上清风山间明月";
  private static final String TEXT =
      """
      ## 开头

      写作多年，我慢慢发现，真正难的不是开头，而是知道哪一段应该删掉，哪一段必须留下来。

      ## 方法

      第一步，把写好的稿子放上三天，再用陌生人的眼光从头读一遍，只标出自己走神的地方。

      第二步，对着这些地方问一句，读者在这里想知道什么，然后只回答这一个问题，别的都放下。

      第三步，大声读出来，凡是读不顺的句子，都拆成两句，凡是重复的意思，都只留下一处。%s
      """
          .formatted(SECRET);

  private static TestRails rails;
  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    rails = new TestRails();
    node = WholeNode.empty("subscription_api", PaidRails.environment(rails).toArray(String[]::new));
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
    rails.close();
  }

  private static ApiClient account(String name, String type) {
    ApiAccount.register(anonymous, name, type);
    if ("creator".equals(type)) {
      node.await(
          () -> node.db().update("UPDATE users SET is_verified = 1 WHERE username = ?", name));
    }
    return ApiAccount.login(anonymous, name).api();
  }

  private static long plan(ApiClient creator, String name, String price) {
    ApiAnswer made =
        creator.post(
            "/subscription-plans",
            new JsonObject()
                .put("name", name)
                .put("price", price)
                .put("currency", "CNY")
                .put("billing_cycle", "monthly")
                .put("is_active", true));
    return made.data().getJsonObject("plan").getLong("id");
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  private static void pay(ApiClient reader, String paymentId) {
    String tradeNo =
        node.await(
            () ->
                node.db()
                    .row("SELECT out_trade_no FROM payments WHERE public_id = ?", paymentId)
                    .orElseThrow()
                    .getString(0));
    rails.pay(tradeNo);
    ApiAnswer confirmed = reader.post("/payments/" + paymentId + "/confirm", new JsonObject());
    assertEquals(
        "completed",
        confirmed.data().getJsonObject("payment").getString("status"),
        confirmed.toString());
  }

  @Test
  void aReaderSubscribesPaysUpgradesCancelsResumesAndRenews() {
    ApiClient creator = account("subscreator", "creator");
    ApiClient reader = account("subsreader", "reader");
    long small = plan(creator, "月度会员", "29.90");
    long large = plan(creator, "高级会员", "99.00");

    ApiAnswer made =
        reader.post(
            "/subscriptions",
            new JsonObject().put("plan_id", small).put("payment_method", "wechat"));
    assertEquals(201, made.status(), made.toString());
    String id = made.data().getJsonObject("subscription").getString("id");
    String path = "/subscriptions/" + id;
    String paymentId = made.data().getJsonObject("payment").getString("id");
    ApiAnswer same =
        reader.post(
            "/subscriptions",
            new JsonObject().put("plan_id", small).put("payment_method", "wechat"));
    assertEquals(200, same.status(), same.toString());
    pay(reader, paymentId);
    assertEquals(
        "active", reader.get(path).data().getJsonObject("subscription").getString("status"));

    ApiAnswer list = reader.get("/subscriptions?status=active");
    assertEquals(1, list.data().getJsonArray("subscriptions").size(), list.toString());
    assertEquals(
        0, reader.get("/subscriptions?status=expired").data().getJsonArray("subscriptions").size());
    assertEquals("400 VALIDATION_ERROR", code(reader.get("/subscriptions?status=gone")));

    ApiAnswer change =
        reader.put(
            path + "/change-plan",
            new JsonObject().put("new_plan_id", large).put("change_timing", "immediate"));
    assertEquals(200, change.status(), change.toString());
    pay(reader, change.data().getJsonObject("payment").getString("id"));
    assertEquals(large, reader.get(path).data().getJsonObject("subscription").getLong("plan_id"));

    JsonObject reason = new JsonObject().put("reason", "other");
    ApiAnswer cancelled = reader.put(path + "/cancel", reason);
    assertEquals(
        "cancelled",
        cancelled.data().getJsonObject("subscription").getString("status"),
        cancelled.toString());
    assertEquals("410 SUBSCRIPTION_CANCELLED", code(reader.put(path + "/cancel", reason)));
    assertEquals(
        "409 AUTO_RENEW_UNAVAILABLE", code(reader.put(path + "/resume", new JsonObject())));
    ApiAnswer renewal =
        reader.post(path + "/renew", new JsonObject().put("payment_method", "wechat"));
    assertEquals(201, renewal.status(), renewal.toString());
    pay(reader, renewal.data().getJsonObject("payment").getString("id"));
    assertEquals(
        "active", reader.get(path).data().getJsonObject("subscription").getString("status"));
    reader.put(path + "/cancel", reason);
    ApiAnswer resumed = reader.put(path + "/resume", new JsonObject().put("auto_renew", false));
    assertEquals(
        "active",
        resumed.data().getJsonObject("subscription").getString("status"),
        resumed.toString());
  }

  @Test
  void whoReadLittleIsRefundedByHimselfAndShutOut() {
    ApiClient creator = account("littlecreator", "creator");
    ApiClient reader = account("littlereader", "reader");
    ApiAnswer article =
        creator.post(
            "/articles",
            new JsonObject()
                .put("title", "只给订阅者的一篇")
                .put("content", TEXT)
                .put("visibility", "subscribers")
                .put("status", "published"));
    assertEquals(201, article.status(), article.toString());
    String path = "/articles/" + article.data().getLong("article_id");
    ApiAnswer made =
        reader.post(
            "/subscriptions",
            new JsonObject()
                .put("plan_id", plan(creator, "月度会员", "29.90"))
                .put("payment_method", "wechat"));
    String paymentId = made.data().getJsonObject("payment").getString("id");
    pay(reader, paymentId);
    assertEquals(true, reader.get(path).data().getString("content").contains(SECRET));
    assertEquals(
        1L,
        node.await(
            () ->
                node.db()
                    .row("SELECT COUNT(*) FROM subscription_openings")
                    .orElseThrow()
                    .getLong(0)));

    ApiAnswer refund =
        reader.post(
            "/payments/" + paymentId + "/refunds", new JsonObject().put("refund_reason", "不合适"));

    assertEquals(201, refund.status(), refund.toString());
    assertEquals("first_period", refund.data().getJsonObject("refund").getString("policy"));
    node.clock().advance(java.time.Duration.ofSeconds(6)); // grants are remembered for five
    assertEquals(false, reader.get(path).data().getString("content").contains(SECRET));
  }

  @Test
  void strangersAndNobodyAreRefused() {
    ApiClient stranger = account("substranger", "reader");
    String path = "/subscriptions/sub_000000000000";
    assertEquals(
        "404 SUBSCRIPTION_NOT_FOUND",
        code(stranger.put(path + "/cancel", new JsonObject().put("reason", "other"))));
    assertEquals(
        "404 SUBSCRIPTION_NOT_FOUND",
        code(stranger.post(path + "/renew", new JsonObject().put("payment_method", "wechat"))));
    assertEquals(
        "400 PAYMENT_METHOD_UNSUPPORTED",
        code(stranger.post(path + "/renew", new JsonObject().put("payment_method", "stripe"))));
    assertEquals(
        "404 SUBSCRIPTION_NOT_FOUND",
        code(stranger.put(path + "/resume", new JsonObject().put("auto_renew", false))));
    assertEquals(
        "404 SUBSCRIPTION_NOT_FOUND",
        code(
            stranger.put(
                path + "/change-plan",
                new JsonObject().put("new_plan_id", 1).put("change_timing", "immediate"))));
    assertEquals("401 UNAUTHORIZED", code(anonymous.get("/subscriptions")));
  }
}
