package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request for each operation that honours Idempotency-Key, on things of its own: every round
 * makes new ones.
 */
final class IdempotentRequests {

  /**
   * A request that has an effect once.
   *
   * @param token of who asks
   * @param other another valid request of the operation
   * @param effects table and condition that count what it makes
   */
  record Request(String token, String path, JsonObject body, JsonObject other, String effects) {}

  private final Map<String, Request> all = new LinkedHashMap<>();
  private final EveryStanding standing;
  private final TestNode node;
  private final int round;
  private final String dayBefore;
  private final ApiAccount seller;
  private final long plan;
  private final long article;

  private IdempotentRequests(EveryStanding standing, int round) {
    this.standing = standing;
    this.node = standing.node;
    this.round = round;
    this.dayBefore = LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(round).toString();
    this.seller = ApiAccount.of(standing.anonymous, "seller_" + round, "creator");
    this.plan =
        made(seller.api(), "/subscription-plans", plan("月度会员", "29.90", true))
            .getJsonObject("plan")
            .getLong("id");
    this.article = made(seller.api(), "/articles", articleForSale()).getLong("article_id");
  }

  /** By operation. */
  static Map<String, Request> of(EveryStanding standing, int round) {
    IdempotentRequests requests = new IdempotentRequests(standing, round);
    requests.content();
    requests.orders();
    requests.paid();
    requests.staff();
    return requests.all;
  }

  private static JsonObject made(ApiClient api, String path, JsonObject body) {
    ApiAnswer answer = api.post(path, body);
    assertTrue(answer.status() < 300, answer::toString);
    return answer.data();
  }

  private static JsonObject articleForSale() {
    return new JsonObject()
        .put("title", "怎样读完一本书")
        .put("content", "## 方法\n\n第一步，写下一个困扰你的问题，越具体越好。")
        .put("visibility", "paid")
        .put("price", 9.9)
        .put("status", "published");
  }

  private static JsonObject plan(String name, String price, boolean active) {
    return new JsonObject()
        .put("name", name)
        .put("price", price)
        .put("currency", "CNY")
        .put("billing_cycle", "monthly")
        .put("is_active", active);
  }

  private void put(
      String id,
      ApiAccount caller,
      String path,
      JsonObject body,
      JsonObject other,
      String effects) {
    all.put(id, new Request(caller.accessToken(), path, body, other, effects));
  }

  private void put(
      String id, ApiAccount caller, String path, JsonObject body, String field, String effects) {
    put(id, caller, path, body, body.copy().put(field, "另外一个请求的文字"), effects);
  }

  private void content() {
    ApiAccount creator = standing.creator;
    JsonObject text = new JsonObject().put("title", "只写一次 " + round).put("content", "一段正文。");
    put("articles.create", creator, "/articles", text, "title", "articles");
    JsonObject more = plan("两次同时 " + round, "19.90", false);
    put("plans.create", creator, "/subscription-plans", more, "name", "plans");
    JsonObject coupon =
        new JsonObject()
            .put("name", "两次同时")
            .put("code", "TWICE-" + round)
            .put("discount_type", "percentage")
            .put("discount_value", 10)
            .put("expires_at", Instant.now().plusSeconds(864_000).toString());
    put("coupons.create", creator, "/coupons", coupon, "name", "coupons");
    JsonObject report =
        new JsonObject()
            .put("report_type", "revenue")
            .put("start_date", dayBefore)
            .put("end_date", dayBefore)
            .put("format", "csv");
    JsonObject other = report.copy().put("format", "pdf");
    put("finance.create_report", creator, "/finance/reports", report, other, "finance_reports");
  }

  private void orders() {
    ApiAccount buyer = ApiAccount.of(standing.anonymous, "buyer_" + round, "reader");
    JsonObject order = new JsonObject().put("plan_id", plan).put("payment_method", "wechat");
    JsonObject other = order.copy().put("payment_method", "alipay");
    put("subscriptions.create", buyer, "/subscriptions", order, other, "subscriptions");
    JsonObject purchase =
        new JsonObject().put("article_id", article).put("payment_method", "wechat");
    other = purchase.copy().put("payment_method", "alipay");
    put("purchases.create", buyer, "/purchases", purchase, other, "purchases");
  }

  private void paid() {
    Sold sold = paidSubscription("payer_" + round);
    JsonObject renew = new JsonObject().put("payment_method", "wechat");
    JsonObject other = renew.copy().put("payment_method", "alipay");
    String path = "/subscriptions/" + sold.orderId() + "/renew";
    put("subscriptions.renew", sold.buyer(), path, renew, other, "payments");
    Sold back = paidSubscription("refunded_" + round);
    path = "/payments/" + back.paymentId() + "/refunds";
    JsonObject refund = new JsonObject().put("refund_reason", "买错了");
    put("refunds.create", back.buyer(), path, refund, "refund_reason", "refunds");
  }

  private void staff() {
    ApiAccount staff = standing.staff;
    put(
        "admin.finance.refunds_review",
        staff,
        "/admin/finance/refunds/" + standing.waitingRefund(round) + "/review",
        new JsonObject().put("decision", "reject").put("reason", "超出可退款的范围"),
        "reason",
        "refunds WHERE status = 'rejected'");
    put(
        "admin.finance.reconciliations_run",
        staff,
        "/admin/finance/reconciliations",
        new JsonObject().put("date", dayBefore).put("platform", "internal"),
        new JsonObject().put("date", dayBefore).put("platform", "wechat"),
        "reconciliations");
    put(
        "admin.finance.reconciliations_resolve",
        staff,
        "/admin/finance/reconciliations/rec_fffffffffff"
            + round
            + "/differences/"
            + difference("rec_fffffffffff" + round)
            + "/resolve",
        new JsonObject().put("resolution", "ignore").put("note", "已经人工核对过"),
        "note",
        "reconciliation_differences WHERE status = 'ignored'");
  }

  /** An order that was paid. */
  private record Sold(ApiAccount buyer, String orderId, String paymentId) {}

  private Sold paidSubscription(String name) {
    ApiAccount buyer = ApiAccount.of(standing.anonymous, name, "reader");
    JsonObject order = new JsonObject().put("plan_id", plan).put("payment_method", "wechat");
    JsonObject made = made(buyer.api(), "/subscriptions", order);
    String paymentId = made.getJsonObject("payment").getString("id");
    String number =
        node.await(
            () ->
                node.db()
                    .row("SELECT out_trade_no FROM payments WHERE public_id = ?", paymentId)
                    .orElseThrow()
                    .getString(0));
    standing.rails.pay(number, new JsonObject().put("times", 0));
    JsonObject confirmed =
        made(buyer.api(), "/payments/" + paymentId + "/confirm", new JsonObject());
    assertEquals("completed", confirmed.getJsonObject("payment").getString("status"));
    return new Sold(buyer, made.getJsonObject("subscription").getString("id"), paymentId);
  }

  /** An open difference of a finished run. */
  private long difference(String run) {
    return node.await(
        () -> {
          node.db()
              .update(
                  """
                  INSERT INTO reconciliations (public_id, run_type, platform, day, status, difference_count,
                    started_at, completed_at)
                  VALUES (?, 'manual', 'alipay', '2026-10-01', 'failed', 1, '2026-10-02', '2026-10-02')
                  """,
                  run);
          return node.db()
              .insert(
                  """
                  INSERT INTO reconciliation_differences (reconciliation_id, kind, ref, check_name, detail,
                    created_at)
                  SELECT reconciliation_id, 'missing_local', 'probe', 'payment_consistency', '测试', '2026-10-02'
                  FROM reconciliations WHERE public_id = ?
                  """,
                  run);
        });
  }
}
