package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.BillingWorker;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** admin.finance.* over payments, refunds and reconciliations, through HTTP on all roles. */
class AdminFinanceApiTest {

  private static final LocalDate YESTERDAY = LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(1);

  private static TestNode node;
  private static ApiClient anonymous;
  private static ApiClient finance;
  private static ApiClient admin;
  private static ApiClient reader;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("finance_api");
    node.await(
        () ->
            node.vertx()
                .deployVerticle(
                    new BillingWorker(node.platform()),
                    new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await());
    anonymous = new ApiClient(node.node().httpPort());
    finance = account("moneykeeper", "finance");
    admin = account("headkeeper", "admin");
    reader = account("financereader", null);
    payment("pay_aaaaaaaaaaa1", "NUMBER00000000000001");
    payment("pay_aaaaaaaaaaa2", "NUMBER00000000000002");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ApiClient account(String name, String role) {
    ApiAccount.register(anonymous, name, "reader");
    if (role != null) {
      update(
          "INSERT INTO user_roles (user_id, role, granted_at) SELECT user_id, ?, '2026-01-01' FROM"
              + " users WHERE username = ?",
          role,
          name);
    }
    return ApiAccount.login(anonymous, name).api();
  }

  private static void update(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  /** Money of yesterday noon that nothing was sold for. */
  private static void payment(String id, String number) {
    Instant paid = YESTERDAY.atTime(12, 0).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    update(
        """
        INSERT INTO payments (public_id, user_id, creator_id, order_type, order_id, purpose, list_fen,
          amount_fen, platform_fee_fen, creator_share_fen, rest_fen, channel_fee_fen, reserved_fen, status,
          payment_method, product, out_trade_no, transaction_id, description, expires_at, paid_at,
          created_at, updated_at)
        VALUES (?, 4242, 4243, 'one_time', ?, 'purchase', 2990, 2990, 299, 2691, 0, 18, 1000, 'completed',
          'wechat', 'NATIVE', ?, ?, '测试', ?, ?, ?, ?)
        """,
        id,
        "pur_" + id.substring(4),
        number,
        "T" + number,
        paid,
        paid,
        paid,
        paid);
    update(
        """
        INSERT INTO refunds (public_id, payment_id, user_id, creator_id, kind, amount_fen, refund_type, reason,
          policy, operator_type, status, payment_method, out_refund_no, created_at, updated_at)
        SELECT ?, payment_id, user_id, creator_id, 'sale', 1000, 'partial', '不想要了', 'review', 'manual',
          'pending', payment_method, ?, ?, ? FROM payments WHERE public_id = ?
        """,
        "rf_" + id.substring(4),
        "R" + number,
        paid,
        paid,
        id);
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + (answer.status() < 300 ? "" : " " + answer.errorCode());
  }

  private static JsonObject reject() {
    return new JsonObject().put("decision", "reject").put("reason", "已阅读大部分内容");
  }

  private static ApiClient proved(ApiClient staff) {
    ApiAnswer proof =
        staff.post(
            "/auth/reauthenticate",
            new JsonObject().put("method", "password").put("value", ApiAccount.PASSWORD));
    return staff.with("X-Security-Token", proof.data().getString("security_token"));
  }

  @Test
  void onlyStaffWithThePermissionGetsIn() {
    String payments = "/admin/finance/payments";
    String review = "/admin/finance/refunds/rf_aaaaaaaaaaa1/review";
    assertEquals("401 UNAUTHORIZED", code(anonymous.get(payments)));
    assertEquals("403 FORBIDDEN", code(reader.get(payments)));
    assertEquals("200", code(admin.get(payments)));
    assertEquals("401 UNAUTHORIZED", code(anonymous.post(review, reject())));
    assertEquals("403 FORBIDDEN", code(admin.post(review, reject())), "reads, does not decide");
    assertEquals("403 REAUTH_REQUIRED", code(finance.post(review, reject())));
    JsonObject run = new JsonObject().put("date", "2026-01-01").put("platform", "internal");
    assertEquals("403 FORBIDDEN", code(admin.post("/admin/finance/reconciliations", run)));
  }

  @Test
  void paymentsAreFilteredAndSummed() {
    ApiAnswer all = finance.get("/admin/finance/payments?payer_id=4242&amount_min=29.90");
    assertEquals(2, all.data().getJsonObject("totals").getInteger("count"));
    assertEquals("59.80", all.data().getJsonObject("totals").getValue("amount").toString());
    assertEquals(2, all.meta().getJsonObject("pagination").getInteger("total"));
    JsonObject first = all.data().getJsonArray("payments").getJsonObject(0);
    assertEquals("pay_aaaaaaaaaaa2", first.getString("id"));
    assertEquals(false, first.getBoolean("fulfilled"));
    for (String q :
        new String[] {"pay_aaaaaaaaaaa1", "NUMBER00000000000001", "TNUMBER00000000000001"}) {
      assertEquals(
          1, finance.get("/admin/finance/payments?q=" + q).data().getJsonArray("payments").size());
    }
    assertEquals(
        2,
        finance
            .get(
                "/admin/finance/payments?unfulfilled=true&start_date="
                    + YESTERDAY
                    + "&end_date="
                    + YESTERDAY)
            .data()
            .getJsonArray("payments")
            .size());
    assertEquals(
        0,
        finance
            .get("/admin/finance/payments?amount_max=29.89")
            .data()
            .getJsonArray("payments")
            .size());
    assertEquals("400 VALIDATION_ERROR", code(finance.get("/admin/finance/payments?status=paid")));
    assertEquals(
        "400 VALIDATION_ERROR", code(finance.get("/admin/finance/payments?page=9999&limit=100")));
  }

  @Test
  void aWaitingRefundIsListedAndRejectedOnce() {
    ApiAnswer waiting = finance.get("/admin/finance/refunds?payment_id=pay_aaaaaaaaaaa2");
    JsonObject refund = waiting.data().getJsonArray("refunds").getJsonObject(0);
    assertEquals("pending", refund.getString("status"));
    assertEquals("10.00", refund.getValue("refund_amount").toString());
    String review = "/admin/finance/refunds/rf_aaaaaaaaaaa2/review";
    ApiClient staff = proved(finance);
    assertEquals(
        "400 VALIDATION_ERROR",
        code(staff.post(review, new JsonObject().put("decision", "reject"))));
    assertEquals(
        "404 NOT_FOUND",
        code(staff.post("/admin/finance/refunds/rf_000000000000/review", reject())));
    ApiAnswer rejected = staff.post(review, reject());
    assertEquals("200", code(rejected));
    assertEquals("rejected", rejected.data().getString("status"));
    assertEquals("moneykeeper", rejected.data().getJsonObject("operator").getString("username"));
    ApiAnswer again = staff.post(review, reject());
    assertEquals("409 INVALID_STATE", code(again));
    assertEquals("rejected", again.details().getString("status"));
    assertEquals(
        1,
        finance
            .get("/admin/finance/refunds?status=rejected&payer_id=4242")
            .data()
            .getJsonObject("totals")
            .getInteger("count"));
  }

  @Test
  void aReconciliationRunsInTheBackgroundAndItsDifferencesAreClosed() {
    String path = "/admin/finance/reconciliations";
    JsonObject wanted =
        new JsonObject().put("date", YESTERDAY.toString()).put("platform", "internal");
    assertEquals(
        "400 VALIDATION_ERROR",
        code(finance.post(path, wanted.copy().put("date", YESTERDAY.plusDays(1).toString()))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(finance.post(path, wanted.copy().put("platform", "unionpay"))));
    ApiAnswer started = finance.post(path, wanted);
    assertEquals("202", code(started));
    String id = started.data().getString("reconciliation_id");
    JsonObject run = ended(path + "/" + id);
    assertEquals("failed", run.getString("status"));
    assertEquals(2, run.getInteger("difference_count"), "two payments without journal");
    JsonObject one = run.getJsonArray("differences").getJsonObject(0);
    assertEquals("ledger_mismatch", one.getString("kind"));
    String resolve = path + "/" + id + "/differences/" + one.getLong("id") + "/resolve";
    JsonObject ignore = new JsonObject().put("resolution", "ignore").put("note", "测试数据，无需处理");
    assertEquals("403 FORBIDDEN", code(admin.post(resolve, ignore)));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(
            finance.post(
                resolve,
                ignore
                    .copy()
                    .put("resolution", "adjusted")
                    .put("adjustment_id", "adj_aaaaaaaaaaaa"))));
    ApiAnswer closed = finance.post(resolve, ignore);
    assertEquals("ignored", closed.data().getString("status"));
    assertEquals("409 INVALID_STATE", code(finance.post(resolve, ignore)));
    assertEquals(
        1, finance.get(path + "/" + id + "?status=open").data().getJsonArray("differences").size());
    assertEquals("404 NOT_FOUND", code(finance.get(path + "/rec_000000000000")));
  }

  private static JsonObject ended(String path) {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
    JsonObject run = finance.get(path).data();
    while ("running".equals(run.getString("status"))) {
      assertTrue(Instant.now().isBefore(deadline), "still running");
      run = finance.get(path).data();
    }
    return run;
  }
}
