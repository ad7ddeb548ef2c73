package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiOperations;
import com.sharestack.testing.ApiOperations.Operation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each operation that honours Idempotency-Key, asked several times at once with the same key: one
 * effect, and every answer is the first one or the documented conflict.
 */
class SameRequestTwiceTest {

  private static final int AT_ONCE = 4;
  private static final String DAY_BEFORE =
      LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(1).toString();

  private static EveryStanding standing;
  private static Shop shop;

  /** Requests that can be made, by operation. */
  private static final Map<String, Request> REQUESTS = new LinkedHashMap<>();

  /**
   * A request that has an effect once.
   *
   * @param other another valid request of the operation
   * @param effects counts what it makes
   */
  private record Request(
      ApiClient caller, String path, JsonObject body, JsonObject other, String effects) {}

  @BeforeAll
  static void start() {
    standing = new EveryStanding("same_twice");
    shop = new Shop(standing);
    content();
    orders();
    paid();
    staff();
  }

  @AfterAll
  static void stop() {
    standing.close();
  }

  private static void content() {
    ApiClient creator = standing.creator.api();
    JsonObject article = new JsonObject().put("title", "只写一次").put("content", "一段正文。");
    put("articles.create", creator, "/articles", article, "title", "articles");
    JsonObject plan = shop.plan("两次同时", "19.90", false);
    put("plans.create", creator, "/subscription-plans", plan, "name", "plans");
    JsonObject coupon =
        new JsonObject()
            .put("name", "两次同时")
            .put("code", "TWICE-2026")
            .put("discount_type", "percentage")
            .put("discount_value", 10)
            .put("expires_at", Instant.now().plusSeconds(864_000).toString());
    put("coupons.create", creator, "/coupons", coupon, "name", "coupons");
    JsonObject report =
        new JsonObject()
            .put("report_type", "revenue")
            .put("start_date", DAY_BEFORE)
            .put("end_date", DAY_BEFORE)
            .put("format", "csv");
    JsonObject other = report.copy().put("format", "pdf");
    put("finance.create_report", creator, "/finance/reports", report, other, "finance_reports");
  }

  private static void orders() {
    ApiClient reader = standing.reader.api();
    JsonObject order =
        new JsonObject().put("plan_id", shop.activePlan()).put("payment_method", "wechat");
    JsonObject other = order.copy().put("payment_method", "alipay");
    put("subscriptions.create", reader, "/subscriptions", order, other, "subscriptions");
    JsonObject purchase =
        new JsonObject().put("article_id", shop.article()).put("payment_method", "wechat");
    put(
        "purchases.create",
        reader,
        "/purchases",
        purchase,
        purchase.copy().put("payment_method", "alipay"),
        "purchases");
  }

  private static void paid() {
    Shop.Sold sold = shop.paidSubscription("twice_payer");
    JsonObject renew = new JsonObject().put("payment_method", "wechat");
    put(
        "subscriptions.renew",
        sold.buyer().api(),
        "/subscriptions/" + sold.orderId() + "/renew",
        renew,
        renew.copy().put("payment_method", "alipay"),
        "payments");
    Shop.Sold bought = shop.paidSubscription("twice_refunded");
    put(
        "refunds.create",
        bought.buyer().api(),
        "/payments/" + bought.paymentId() + "/refunds",
        new JsonObject().put("refund_reason", "买错了"),
        "refund_reason",
        "refunds");
  }

  private static void staff() {
    ApiClient staff = standing.provedStaff();
    JsonObject review = new JsonObject().put("decision", "reject").put("reason", "超出可退款的范围");
    put(
        "admin.finance.refunds_review",
        staff,
        "/admin/finance/refunds/rf_eeeeeeeeeee1/review",
        review,
        "reason",
        "refunds WHERE status = 'rejected'");
    put(
        "admin.finance.reconciliations_run",
        staff,
        "/admin/finance/reconciliations",
        new JsonObject().put("date", DAY_BEFORE).put("platform", "internal"),
        new JsonObject().put("date", DAY_BEFORE).put("platform", "wechat"),
        "reconciliations");
    put(
        "admin.finance.reconciliations_resolve",
        staff,
        "/admin/finance/reconciliations/rec_eeeeeeeeeee1/differences/"
            + shop.difference()
            + "/resolve",
        new JsonObject().put("resolution", "ignore").put("note", "已经人工核对过"),
        "note",
        "reconciliation_differences WHERE status = 'ignored'");
  }

  private static void put(
      String id, ApiClient caller, String path, JsonObject body, JsonObject other, String effects) {
    REQUESTS.put(id, new Request(caller, path, body, other, effects));
  }

  private static void put(
      String id, ApiClient caller, String path, JsonObject body, String field, String effects) {
    put(id, caller, path, body, body.copy().put(field, "另外一个请求的文字"), effects);
  }

  @Test
  void aRequestIsKnownForEachOperation() {
    TreeSet<String> idempotent = new TreeSet<>();
    ApiOperations.all().stream()
        .filter(Operation::idempotent)
        .forEach(operation -> idempotent.add(operation.id()));
    assertEquals(idempotent, new TreeSet<>(REQUESTS.keySet()));
  }

  @TestFactory
  Stream<DynamicTest> theSameRequestAtOnceHasOneEffect() {
    return REQUESTS.entrySet().stream()
        .map(
            entry -> DynamicTest.dynamicTest(entry.getKey(), () -> hasOneEffect(entry.getValue())));
  }

  private static void hasOneEffect(Request request) {
    long before = effects(request);
    String key = "twice-" + UUID.randomUUID();
    ApiClient caller = request.caller().with("Idempotency-Key", key);
    List<CompletableFuture<ApiAnswer>> sent = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      sent.add(caller.sendAsync("POST", request.path(), request.body()));
    }
    List<ApiAnswer> answers = sent.stream().map(CompletableFuture::join).toList();
    List<ApiAnswer> done = answers.stream().filter(answer -> answer.status() < 300).toList();
    assertTrue(!done.isEmpty(), answers::toString);
    answers.stream()
        .filter(answer -> answer.status() >= 300)
        .forEach(refused -> assertEquals("IDEMPOTENCY_IN_PROGRESS", refused.errorCode()));
    assertEquals(before + 1, effects(request), answers::toString);

    ApiAnswer again = caller.post(request.path(), request.body());
    assertEquals("true", again.header("Idempotent-Replayed"), again::toString);
    List<ApiAnswer> same = new ArrayList<>(done);
    same.add(again);
    same.forEach(answer -> assertEquals(done.getFirst().data(), answer.data()));
    ApiAnswer other = caller.post(request.path(), request.other());
    assertEquals("IDEMPOTENCY_CONFLICT", other.errorCode(), other::toString);
    assertEquals(before + 1, effects(request));
  }

  private static long effects(Request request) {
    return standing.node.await(
        () ->
            standing
                .node
                .db()
                .rows("SELECT COUNT(*) FROM " + request.effects())
                .getFirst()
                .getLong(0));
  }

  /** Something to sell, and orders of it that are paid. */
  private static final class Shop {

    private final EveryStanding standing;
    private final long plan;
    private final long article;

    /** An order that was paid. */
    record Sold(ApiAccount buyer, String orderId, String paymentId) {}

    Shop(EveryStanding standing) {
      this.standing = standing;
      ApiClient seller = ApiAccount.of(standing.anonymous, "twice_seller", "creator").api();
      ApiAnswer made = seller.post("/subscription-plans", plan("月度会员", "29.90", true));
      plan = made.data().getJsonObject("plan").getLong("id");
      JsonObject text =
          new JsonObject()
              .put("title", "怎样读完一本书")
              .put("content", "## 方法\n\n第一步，写下一个困扰你的问题，越具体越好。")
              .put("visibility", "paid")
              .put("price", 9.9)
              .put("status", "published");
      ApiAnswer published = seller.post("/articles", text);
      assertEquals("published", published.data().getString("status"), published::toString);
      article = published.data().getLong("article_id");
    }

    JsonObject plan(String name, String price, boolean active) {
      return new JsonObject()
          .put("name", name)
          .put("price", price)
          .put("currency", "CNY")
          .put("billing_cycle", "monthly")
          .put("is_active", active);
    }

    long activePlan() {
      return plan;
    }

    long article() {
      return article;
    }

    Sold paidSubscription(String name) {
      ApiAccount buyer = ApiAccount.of(standing.anonymous, name, "reader");
      JsonObject order = new JsonObject().put("plan_id", plan).put("payment_method", "wechat");
      ApiAnswer made = buyer.api().post("/subscriptions", order);
      assertEquals(201, made.status(), made::toString);
      String paymentId = made.data().getJsonObject("payment").getString("id");
      String number =
          standing.node.await(
              () ->
                  standing
                      .node
                      .db()
                      .row("SELECT out_trade_no FROM payments WHERE public_id = ?", paymentId)
                      .orElseThrow()
                      .getString(0));
      standing.rails.pay(number, new JsonObject().put("times", 0));
      ApiAnswer confirmed =
          buyer.api().post("/payments/" + paymentId + "/confirm", new JsonObject());
      assertEquals(200, confirmed.status(), confirmed::toString);
      return new Sold(buyer, made.data().getJsonObject("subscription").getString("id"), paymentId);
    }

    /** An open difference of a finished run. */
    long difference() {
      return standing.node.await(
          () -> {
            standing
                .node
                .db()
                .update(
                    """
                    INSERT INTO reconciliations (public_id, run_type, platform, day, status,
                      difference_count, started_at, completed_at)
                    VALUES ('rec_eeeeeeeeeee1', 'manual', 'alipay', '2026-10-01', 'failed', 1,
                      '2026-10-02', '2026-10-02')
                    """);
            return standing
                .node
                .db()
                .insert(
                    """
                    INSERT INTO reconciliation_differences (reconciliation_id, kind, ref, check_name,
                      detail, created_at)
                    SELECT reconciliation_id, 'missing_local', 'probe', 'payment_consistency', '测试',
                      '2026-10-02'
                    FROM reconciliations WHERE public_id = 'rec_eeeeeeeeeee1'
                    """);
          });
    }
  }
}
