package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.WholeNode;
import com.sharestack.billing.PaidRails;
import com.sharestack.platform.service.Signals;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiOperations.Operation;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * All roles but the background, limits so high that a probe never meets them, some accounts, and
 * one thing of each kind that belongs to somebody else than those who probe.
 */
final class EveryStanding implements AutoCloseable {

  /** Small, so that a body beyond it is soon sent. */
  static final int MAX_BODY_BYTES = 100_000;

  /** What requests leave behind although they are refused. */
  private static final List<String> NOTED = List.of("login_attempts", "security_log");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "ROLES", "gateway,users,content,billing,social,analytics",
          "HTTP_MAX_BODY_BYTES", String.valueOf(MAX_BODY_BYTES),
          "RATES_USER_PER_MINUTE", "1000000",
          "RATES_ADDRESS_PER_MINUTE", "1000000",
          "RATES_OPERATION_FACTOR", "10000",
          "CONTENT_REQUIRE_CERTIFIED_CREATOR", "false",
          "BILLING_REQUIRE_CERTIFIED_CREATOR", "false");

  final TestRails rails = new TestRails();
  final TestNode node;
  final ApiClient anonymous;
  final ApiAccount reader;
  final ApiAccount creator;
  final ApiAccount staff;

  final ApiAccount banned;
  final ApiAccount gone;

  /** That staff has just proved who it is. */
  private final String proof;

  /** Whose things others must not touch. */
  private final ApiAccount owner;

  private final ApiAccount fan;

  /** Path up to the id, as {@code /payments/} -> id of a thing of owner or fan. */
  private final Map<String, String> things = new TreeMap<>();

  /** Bodies that name a thing of somebody else, by operation. */
  private final Map<String, JsonObject> bodies = new LinkedHashMap<>();

  EveryStanding(String name) {
    node = WholeNode.empty(name, environment().toArray(String[]::new));
    anonymous = new ApiClient(node.node().httpPort());
    reader = ApiAccount.of(anonymous, "probe_reader", "reader");
    creator = ApiAccount.of(anonymous, "probe_creator", "creator");
    staff = staff("probe_staff");
    proof = proof(anonymous);
    banned = banned("probe_banned");
    gone = gone("probe_gone");
    owner = ApiAccount.of(anonymous, "probe_owner", "creator");
    fan = ApiAccount.of(anonymous, "probe_fan", "reader");
    contentOfOthers();
    moneyOfOthers();
    talkOfOthers();
    made(
        creator.api().put("/subscription-settings", new JsonObject().put("coupons_enabled", true)));
  }

  private ApiAccount staff(String name) {
    long id = ApiAccount.register(anonymous, name, "reader");
    update(
        """
        INSERT INTO user_roles (user_id, role, granted_at) VALUES (?, 'super_admin', '2026-01-01')
        """,
        id);
    return ApiAccount.login(anonymous, name);
  }

  /** The environment of a node like this one. */
  List<String> environment() {
    List<String> environment = new ArrayList<>(PaidRails.environment(rails));
    SETTINGS.forEach((key, value) -> environment.addAll(List.of("SHARESTACK_" + key, value)));
    return environment;
  }

  /** Proves to a node that it is staff who asks. */
  String proof(ApiClient anywhere) {
    JsonObject password =
        new JsonObject().put("method", "password").put("value", ApiAccount.PASSWORD);
    return made(anywhere.as(staff.accessToken()).post("/auth/reauthenticate", password))
        .getString("security_token");
  }

  String proof() {
    return proof;
  }

  /** Was banned after it had signed in, as a creator that is staff. */
  private ApiAccount banned(String name) {
    long id = ApiAccount.register(anonymous, name, "creator");
    update(
        """
        INSERT INTO user_roles (user_id, role, granted_at) VALUES (?, 'super_admin', '2026-01-01')
        """,
        id);
    ApiAccount account = ApiAccount.login(anonymous, name);
    update("UPDATE users SET status = 'banned', ban_reason = '发布广告' WHERE user_id = ?", id);
    new Signals(node.vertx()).userChanged(id);
    return account;
  }

  /** Has signed out. */
  private ApiAccount gone(String name) {
    ApiAccount account = ApiAccount.of(anonymous, name, "creator");
    made(account.api().post("/auth/logout", null));
    return account;
  }

  private void update(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  private static JsonObject made(ApiAnswer answer) {
    assertTrue(answer.status() < 300, answer::toString);
    return answer.data();
  }

  private void contentOfOthers() {
    JsonObject draft = new JsonObject().put("title", "别人的草稿").put("content", "还没有写完，先不给人看。");
    long article = made(owner.api().post("/articles", draft)).getLong("article_id");
    things.put("/articles/", String.valueOf(article));
    things.put("/users/", String.valueOf(owner.id()));
    things.put("/blocks/", String.valueOf(owner.id()));
    bodies.put(
        "coupons.create",
        new JsonObject()
            .put("name", "别人的文章")
            .put("discount_type", "percentage")
            .put("discount_value", 10)
            .put("expires_at", Instant.now().plusSeconds(864_000).toString())
            .put("article_ids", new JsonArray().add(article)));
  }

  private void moneyOfOthers() {
    long free = plan("别人的免费方案", "0.00", true);
    things.put("/subscription-plans/", String.valueOf(plan("别人的方案", "9.90", false)));
    JsonObject subscription =
        made(fan.api().post("/subscriptions", new JsonObject().put("plan_id", free)))
            .getJsonObject("subscription");
    things.put("/subscriptions/", subscription.getString("id"));
    String day = Instant.now().toString().substring(0, 10);
    JsonObject report =
        new JsonObject().put("report_type", "revenue").put("start_date", day).put("end_date", day);
    things.put(
        "/finance/reports/",
        made(owner.api().post("/finance/reports", report)).getJsonObject("report").getString("id"));
    payment();
    bodies.put(
        "payments.create",
        new JsonObject()
            .put("amount", 29.9)
            .put("currency", "CNY")
            .put("payment_method", "wechat")
            .put("order_type", "subscription")
            .put("order_id", subscription.getString("id"))
            .put("idempotency_key", "probe-" + UUID.randomUUID()));
  }

  private long plan(String name, String price, boolean active) {
    JsonObject plan =
        new JsonObject()
            .put("name", name)
            .put("price", price)
            .put("currency", "CNY")
            .put("billing_cycle", "monthly")
            .put("is_active", active);
    return made(owner.api().post("/subscription-plans", plan)).getJsonObject("plan").getLong("id");
  }

  /** Money that nothing was sold for, and a refund of it that waits for staff. */
  private void payment() {
    Instant paid = Instant.now().minusSeconds(86_400);
    update(
        """
        INSERT INTO payments (public_id, user_id, creator_id, order_type, order_id, purpose, list_fen,
          amount_fen, platform_fee_fen, creator_share_fen, rest_fen, channel_fee_fen, reserved_fen, status,
          payment_method, product, out_trade_no, transaction_id, description, expires_at, paid_at,
          created_at, updated_at)
        VALUES ('pay_eeeeeeeeeee1', ?, ?, 'one_time', 'pur_eeeeeeeeeee1', 'purchase', 2990, 2990, 299, 2691, 0,
          18, 1000, 'completed', 'wechat', 'NATIVE', 'PROBE00000000000001', 'TPROBE0001', '测试', ?, ?, ?, ?)
        """,
        fan.id(),
        owner.id(),
        paid,
        paid,
        paid,
        paid);
    update(
        """
        INSERT INTO refunds (public_id, payment_id, user_id, creator_id, kind, amount_fen, refund_type, reason,
          policy, operator_type, status, payment_method, out_refund_no, created_at, updated_at)
        SELECT 'rf_eeeeeeeeeee1', payment_id, user_id, creator_id, 'sale', 1000, 'partial', '不想要了', 'review',
          'manual', 'pending', payment_method, 'PROBER0000000000001', ?, ? FROM payments
        WHERE public_id = 'pay_eeeeeeeeeee1'
        """,
        paid,
        paid);
    things.put("/payments/", "pay_eeeeeeeeeee1");
    things.put("/refunds/", "rf_eeeeeeeeeee1");
  }

  /** Another refund of the payment that waits for staff. */
  String waitingRefund(int number) {
    String id = "rf_fffffffffff" + number;
    Instant now = Instant.now();
    update(
        """
        INSERT INTO payments (public_id, user_id, creator_id, order_type, order_id, purpose, list_fen,
          amount_fen, platform_fee_fen, creator_share_fen, rest_fen, channel_fee_fen, reserved_fen, status,
          payment_method, product, out_trade_no, transaction_id, description, expires_at, paid_at,
          created_at, updated_at)
        SELECT ?, user_id, creator_id, order_type, ?, purpose, list_fen, amount_fen, platform_fee_fen,
          creator_share_fen, rest_fen, channel_fee_fen, reserved_fen, status, payment_method, product, ?, ?,
          description, expires_at, paid_at, created_at, updated_at
        FROM payments WHERE public_id = 'pay_eeeeeeeeeee1'
        """,
        "pay_fffffffffff" + number,
        "pur_fffffffffff" + number,
        "PROBE0000000000010" + number,
        "TPROBE010" + number);
    update(
        """
        INSERT INTO refunds (public_id, payment_id, user_id, creator_id, kind, amount_fen, refund_type, reason,
          policy, operator_type, status, payment_method, out_refund_no, created_at, updated_at)
        SELECT ?, payment_id, user_id, creator_id, 'sale', 1000, 'partial', '不想要了', 'review', 'manual',
          'pending', payment_method, ?, ?, ? FROM payments WHERE public_id = ?
        """,
        id,
        "PROBER000000000010" + number,
        now,
        now,
        "pay_fffffffffff" + number);
    return id;
  }

  private void talkOfOthers() {
    JsonObject hello =
        new JsonObject()
            .put("client_msg_id", UUID.randomUUID().toString())
            .put("to_user_id", owner.id())
            .put("content", "这是两个人之间的话");
    JsonObject message = made(fan.api().post("/messages", hello)).getJsonObject("message");
    things.put("/messages/", String.valueOf(message.getLong("id")));
    things.put("/conversations/", String.valueOf(message.getLong("conversation_id")));
    bodies.put(
        "messages.send",
        new JsonObject()
            .put("client_msg_id", UUID.randomUUID().toString())
            .put("conversation_id", message.getLong("conversation_id"))
            .put("content", "我也想说"));
    update(
        """
        INSERT INTO notifications (user_id, type, event_name, title, content, metadata, first_created_at,
          created_at)
        VALUES (?, 'system', 'probe', '别人的通知', '别人的通知', '{}', '2026-11-01', '2026-11-01')
        """,
        owner.id());
    long notification =
        node.await(
            () ->
                node.db()
                    .rows("SELECT notification_id FROM notifications WHERE event_name = 'probe'")
                    .getFirst()
                    .getLong(0));
    things.put("/notifications/", String.valueOf(notification));
  }

  /** The id of somebody else's thing that belongs in the operation's path, if one is known. */
  Optional<String> thingOfOthers(Operation operation) {
    String upToId = operation.path().substring(0, operation.path().indexOf('{'));
    return Optional.ofNullable(things.get(upToId));
  }

  /** A body of the operation that names somebody else's thing. */
  Optional<JsonObject> bodyAboutOthers(Operation operation) {
    return Optional.ofNullable(bodies.get(operation.id())).map(JsonObject::copy);
  }

  /** Somebody who may call the operation. */
  ApiClient callerOf(Operation operation) {
    if (operation.permission() != null) {
      return operation.stepUp() ? provedStaff() : staff.api();
    }
    return switch (operation.auth()) {
      case "none" -> anonymous;
      case "creator" -> creator.api();
      default -> creator.api(); // may all that a reader may, and gets further
    };
  }

  /** Staff that has just shown its password again. */
  ApiClient provedStaff() {
    return staff.api().with("X-Security-Token", proof);
  }

  /** A checksum of every table, but for what is noted of refused requests. */
  Map<String, Long> contents() {
    return node.await(
        () -> {
          List<String> tables = new ArrayList<>();
          node.db()
              .rows(
                  "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                      + " ORDER BY table_name")
              .forEach(row -> tables.add(row.getString(0)));
          tables.removeAll(NOTED);
          Map<String, Long> sums = new TreeMap<>();
          node.db()
              .rows("CHECKSUM TABLE " + String.join(", ", tables))
              .forEach(row -> sums.put(row.getString(0), row.getLong(1)));
          return sums;
        });
  }

  @Override
  public void close() {
    node.close();
    rails.close();
  }
}
