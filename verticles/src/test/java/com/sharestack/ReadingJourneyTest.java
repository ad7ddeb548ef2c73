package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The reading story over HTTP: register, publish, paywall, subscribe, read on, be told. */
class ReadingJourneyTest {

  private static final String CANARY = "金丝雀密语四二";
  private static final String PASSWORD = "TestPass123!";

  /** Real sentences, each text its own: moderation holds back repetition and copies. */
  private static final List<String> TEXTS =
      List.of(
          """
          ## 开头

          读书多年，我慢慢发现，真正留下来的不是划线，而是能用自己的话讲出来的那几句。

          ## 方法

          第一步，写下一个困扰你的问题，越具体越好，例如为什么团队的会议总是超时。

          第二步，带着它去找三份不同立场的材料，只摘与问题有关的部分，其余果断放下。%s

          第三步，一周之后不看笔记，试着讲给同事听；讲不清楚的地方，就是下一轮要补的课。
          """,
          """
          ## 账本

          小店开了三年，我最大的教训是现金流比利润更早告诉你坏消息。

          ## 盘点

          每个月末把应收、应付和存货各写一行，连续看六个月，趋势就藏不住了。

          供应商愿意给账期，往往说明他也缺订单，这时谈价格比谈数量更有用。%s

          最后留一笔不动的钱，够付两个月房租和工资，它买到的是做决定时的从容。
          """,
          """
          ## 观星

          城市里也能看星星，只要先让眼睛在黑暗中待上二十分钟。

          ## 器材

          新手不必急着买望远镜，一副七倍五十毫米的双筒镜足以看清月面和疏散星团。

          从冬季大三角认起，顺着参宿四往北，很快就能找到御夫座里的三个星团。%s

          记录比拍照重要：时间、方位、视宁度，三个月后翻看会明白自己的进步。
          """);

  private static TestNode node;
  private static ApiClient api;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("journey");
    api = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private record Account(long id, ApiClient api, String refreshToken) {}

  private static Account account(String name, String type) {
    ApiAnswer made =
        api.post(
            "/auth/register",
            new JsonObject()
                .put("username", name)
                .put("email", name + "@example.com")
                .put("password", PASSWORD)
                .put("user_type", type)
                .put("agree_terms", true));
    assertEquals(201, made.status(), made.toString());
    JsonObject session = login(name).data();
    return new Account(
        made.data().getLong("user_id"),
        api.as(session.getString("access_token")),
        session.getString("refresh_token"));
  }

  private static ApiAnswer login(String name) {
    return api.post("/auth/login", new JsonObject().put("email", name).put("password", PASSWORD));
  }

  /** Certification comes with a later module; until then only the database can say it. */
  private static void certify(Account creator) {
    node.await(
        () -> node.db().update("UPDATE users SET is_verified = 1 WHERE user_id = ?", creator.id()));
    new com.sharestack.platform.service.Signals(node.vertx()).userChanged(creator.id());
  }

  private static long publish(Account creator, int text) {
    ApiAnswer made =
        creator
            .api()
            .post(
                "/articles",
                new JsonObject()
                    .put("title", "第 " + (text + 1) + " 课")
                    .put("content", TEXTS.get(text).formatted(CANARY))
                    .put("visibility", "subscribers")
                    .put("status", "published"));
    assertEquals(201, made.status(), made.toString());
    assertEquals("published", made.data().getString("status"), made.toString());
    return made.data().getLong("article_id");
  }

  private static long freePlan(Account creator) {
    ApiAnswer made =
        creator
            .api()
            .post(
                "/subscription-plans",
                new JsonObject()
                    .put("name", "免费读者")
                    .put("price", 0)
                    .put("currency", "CNY")
                    .put("billing_cycle", "monthly")
                    .put("is_active", true));
    assertEquals(201, made.status(), made.toString());
    return made.data().getJsonObject("plan").getLong("id");
  }

  /** Asks again until the answer fits: what an event causes comes a moment later. */
  private static ApiAnswer eventually(ApiClient client, String path, Predicate<ApiAnswer> fits) {
    for (int attempt = 0; ; attempt++) {
      ApiAnswer answer = client.get(path);
      if (fits.test(answer)) {
        return answer;
      }
      assertTrue(attempt < 100, () -> "never came: " + answer);
      node.await(() -> node.vertx().timer(100, TimeUnit.MILLISECONDS).await());
    }
  }

  @Test
  void aReaderMeetsThePaywallSubscribesAndReadsOn() {
    Account creator = account("zhang_creator", "creator");
    Account reader = account("li_reader", "reader");
    certify(creator);
    long plan = freePlan(creator);
    long article = publish(creator, 0);

    ApiAnswer stranger = api.get("/articles/" + article);
    assertLocked(stranger);
    assertLocked(reader.api().get("/articles/" + article));
    assertEquals(
        "SUBSCRIPTION_REQUIRED",
        reader
            .api()
            .get("/articles/" + article + "/access")
            .data()
            .getJsonObject("access")
            .getString("reason"));

    ApiAnswer subscribed =
        reader.api().post("/subscriptions", new JsonObject().put("plan_id", plan));
    assertEquals(201, subscribed.status(), subscribed.toString());
    String id = subscribed.data().getJsonObject("subscription").getString("id");
    assertEquals(
        "active",
        reader
            .api()
            .get("/subscriptions/" + id)
            .data()
            .getJsonObject("subscription")
            .getString("status"));

    ApiAnswer open = reader.api().get("/articles/" + article);
    assertTrue(open.data().getString("content").contains(CANARY), open.toString());
    assertFalse(open.data().getBoolean("content_truncated"));
    assertEquals("subscription", open.data().getJsonObject("access").getString("source"));
    assertTrue(
        reader
            .api()
            .get("/subscriptions/access-check?article_id=" + article)
            .data()
            .getBoolean("has_access"));

    assertLocked(api.get("/articles/" + article));
    assertNotEquals(stranger.header("ETag"), open.header("ETag"));

    ApiAnswer told =
        eventually(
            creator.api(), "/notifications", answer -> answer.text().contains("subscription_new"));
    JsonObject first = told.data().getJsonArray("notifications").getJsonObject(0);
    assertEquals("payment", first.getString("type"));
    assertTrue(
        creator.api().get("/notifications/unread-count").data().getInteger("unread_count") >= 1);

    long second = publish(creator, 1);
    eventually(
        reader.api(),
        "/notifications?type=content",
        answer -> answer.text().contains("/articles/" + second));
  }

  private static void assertLocked(ApiAnswer answer) {
    assertEquals(200, answer.status(), answer.toString());
    assertTrue(answer.data().getBoolean("content_truncated"));
    assertFalse(answer.data().getJsonObject("access").getBoolean("allowed"));
    assertFalse(answer.text().contains(CANARY), answer.toString());
    assertTrue(answer.data().getString("content").startsWith("## "), answer.toString());
  }

  @Test
  void noAnswerGivesAPaidWordToSomeoneNotEntitled() {
    Account creator = account("chen_creator", "creator");
    Account other = account("wu_reader", "reader");
    certify(creator);
    freePlan(creator);
    long article = publish(creator, 2);
    for (ApiClient client : List.of(api, other.api())) {
      for (String path :
          List.of(
              "/articles/" + article,
              "/articles/" + article + "?include_content=false",
              "/articles/" + article + "/trial",
              "/articles/" + article + "/access",
              "/articles?author=" + creator.id(),
              "/articles?search=" + encoded(CANARY),
              "/subscriptions/access-check?article_id=" + article,
              "/users/" + creator.id())) {
        ApiAnswer answer = client.get(path);
        assertEquals(200, answer.status(), answer.toString());
        assertFalse(answer.text().contains(CANARY), () -> path + " " + answer);
      }
      assertEquals(
          0,
          client.get("/articles?search=" + encoded(CANARY)).data().getJsonArray("articles").size(),
          "a search must not say which locked article holds a word");
    }
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void aSessionEndsEverywhereWithinSeconds() {
    Account reader = account("session_reader", "reader");
    assertEquals(200, reader.api().get("/users/profile").status());
    assertEquals(200, reader.api().post("/auth/logout", null).status());
    ApiAnswer after = reader.api().get("/users/profile");
    assertEquals(401, after.status());
    assertEquals("token_revoked", after.details().getString("reason"));
    ApiAnswer again = reader.api().post("/auth/logout", null);
    assertEquals(401, again.status());
    assertEquals("token_revoked", again.details().getString("reason"));
    assertEquals(
        401,
        api.post("/auth/refresh", new JsonObject().put("refresh_token", reader.refreshToken()))
            .status());
  }

  @Test
  void aRefreshTokenWorksOnce() {
    Account reader = account("refresh_reader", "reader");
    JsonObject body = new JsonObject().put("refresh_token", reader.refreshToken());
    ApiAnswer fresh = api.post("/auth/refresh", body);
    assertEquals(200, fresh.status(), fresh.toString());
    assertEquals(
        200, api.as(fresh.data().getString("access_token")).get("/users/profile").status());
    ApiAnswer reused = api.post("/auth/refresh", body);
    assertEquals(401, reused.status());
    assertEquals("refresh_reused", reused.details().getString("reason"));
  }

  @Test
  void aPricedPlanSaysThatItIsNotOpenYet() {
    Account creator = account("priced_creator", "creator");
    Account reader = account("priced_reader", "reader");
    certify(creator);
    ApiAnswer plan =
        creator
            .api()
            .post(
                "/subscription-plans",
                new JsonObject()
                    .put("name", "月度会员")
                    .put("price", 29.90)
                    .put("currency", "CNY")
                    .put("billing_cycle", "monthly")
                    .put("is_active", true));
    assertTrue(plan.text().contains("\"price\":29.90"), plan.toString());
    ApiAnswer refused =
        reader
            .api()
            .post(
                "/subscriptions",
                new JsonObject()
                    .put("plan_id", plan.data().getJsonObject("plan").getLong("id"))
                    .put("payment_method", "wechat"));
    assertEquals(400, refused.status(), refused.toString());
    assertEquals("PAYMENT_METHOD_UNSUPPORTED", refused.errorCode()); // no channel is configured
  }

  @Test
  void theSameRequestWithOneKeyMakesOneArticle() {
    Account creator = account("idem_creator", "creator");
    ApiClient keyed = creator.api().with("Idempotency-Key", "same-key-12345");
    JsonObject draft = new JsonObject().put("title", "一次").put("content", "只有一篇。");
    ApiAnswer first = keyed.post("/articles", draft);
    ApiAnswer second = keyed.post("/articles", draft);
    assertEquals(201, first.status(), first.toString());
    assertEquals(first.data().getLong("article_id"), second.data().getLong("article_id"));
    assertEquals("true", second.header("Idempotent-Replayed"));
    ApiAnswer other = keyed.post("/articles", draft.copy().put("title", "另一篇"));
    assertEquals(409, other.status());
    assertEquals("IDEMPOTENCY_CONFLICT", other.errorCode());
    JsonArray mine =
        creator.api().get("/articles?author=me&status=draft").data().getJsonArray("articles");
    assertEquals(1, mine.size());
  }

  @Test
  void unpublishedWorkExistsForItsAuthorOnly() {
    Account creator = account("draft_creator", "creator");
    Account other = account("draft_other", "creator");
    long id =
        creator
            .api()
            .post("/articles", new JsonObject().put("title", "草稿").put("content", "还没写完。"))
            .data()
            .getLong("article_id");
    assertEquals(200, creator.api().get("/articles/" + id).status());
    assertEquals(404, other.api().get("/articles/" + id).status());
    assertEquals(404, api.get("/articles/" + id).status());
    assertEquals(
        404, other.api().put("/articles/" + id, new JsonObject().put("title", "抢走")).status());
    assertEquals(404, other.api().post("/articles/" + id + "/publish", null).status());
    assertEquals(401, api.post("/articles/" + id + "/publish", null).status());
    assertEquals(200, creator.api().post("/articles/" + id + "/publish", null).status());
    assertEquals(200, api.get("/articles/" + id).status());
    assertEquals(200, creator.api().post("/articles/" + id + "/unpublish", null).status());
    assertEquals(404, api.get("/articles/" + id).status());
  }
}
