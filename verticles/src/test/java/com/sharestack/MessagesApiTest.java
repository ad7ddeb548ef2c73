package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Private messages through HTTP and bus, on all roles. */
class MessagesApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("messages_api");
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** Somebody with an account. */
  private record User(long id, ApiClient api) {

    static User of(String name) {
      ApiAccount account = ApiAccount.of(anonymous, name, "reader");
      return new User(account.id(), account.api());
    }

    ApiAnswer send(JsonObject message) {
      return api.post("/messages", message);
    }
  }

  private static JsonObject to(User recipient, String text) {
    return new JsonObject()
        .put("client_msg_id", UUID.randomUUID().toString())
        .put("to_user_id", recipient.id())
        .put("content", text);
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  @Test
  void twoReadersTalk() {
    User anna = User.of("dm_anna");
    User ben = User.of("dm_ben");
    ApiAnswer opened = anna.api().post("/conversations", new JsonObject().put("user_id", ben.id()));
    assertEquals(201, opened.status());
    assertEquals(
        200, anna.api().post("/conversations", new JsonObject().put("user_id", ben.id())).status());
    assertFalse(opened.data().containsKey("existed"));
    long conversation = opened.data().getJsonObject("conversation").getLong("id");
    assertEquals(
        "dm_ben",
        opened.data().getJsonObject("conversation").getJsonObject("peer").getString("username"));

    JsonObject message = to(ben, "你好，课程的第三章在哪里？");
    ApiAnswer sent = anna.send(message);
    assertEquals(201, sent.status());
    assertFalse(sent.data().getBoolean("duplicate"));
    ApiAnswer again = anna.send(message);
    assertEquals(200, again.status());
    assertTrue(again.data().getBoolean("duplicate"));
    assertEquals(sent.data().getValue("message"), again.data().getValue("message"));
    assertEquals(
        "409 IDEMPOTENCY_CONFLICT", code(anna.send(message.copy().put("content", "另一个问题"))));

    JsonObject counts = ben.api().get("/messages/unread-count").data();
    assertEquals(1, counts.getInteger("request_total"));
    JsonObject requests = ben.api().get("/conversations?box=requests").data();
    assertEquals(1, requests.getJsonArray("conversations").size());
    assertEquals(0, ben.api().get("/conversations").data().getJsonArray("conversations").size());

    ApiAnswer sync = ben.api().get("/messages/sync?since_seq=0");
    assertEquals(1, sync.data().getLong("head_seq"));
    assertEquals(
        "message.new", sync.data().getJsonArray("events").getJsonObject(0).getString("type"));
    assertEquals("400 VALIDATION_ERROR", code(ben.api().get("/messages/sync?since_seq=9")));
    assertEquals("400 VALIDATION_ERROR", code(ben.api().get("/messages/sync")));

    ApiAnswer answer =
        ben.send(
            new JsonObject()
                .put("client_msg_id", UUID.randomUUID().toString())
                .put("conversation_id", conversation)
                .put("reply_to_message_id", sent.data().getJsonObject("message").getLong("id"))
                .put("content", "在目录的下面"));
    assertEquals(201, answer.status());
    ApiAnswer history = anna.api().get("/conversations/" + conversation + "/messages?limit=1");
    assertTrue(history.data().getBoolean("has_more"));
    assertEquals(2, history.data().getLong("head_seq"));

    ApiAnswer read =
        anna.api()
            .put("/conversations/" + conversation + "/read", new JsonObject().put("up_to_seq", 2));
    assertEquals(2, read.data().getLong("my_read_seq"));
    assertEquals(0, read.data().getLong("unread_total"));
    assertEquals(
        2,
        anna.api()
            .put("/conversations/" + conversation + "/read", new JsonObject())
            .data()
            .getLong("my_read_seq"));

    long answered = answer.data().getJsonObject("message").getLong("id");
    assertEquals(
        "403 PERMISSION_DENIED", code(anna.api().post("/messages/" + answered + "/recall", null)));
    ApiAnswer recalled = ben.api().post("/messages/" + answered + "/recall", null);
    assertEquals("recalled", recalled.data().getJsonObject("message").getString("status"));
    assertNull(recalled.data().getJsonObject("message").getString("content"));
  }

  @Test
  void strangersSeeNothingAndFormsAreChecked() {
    User carl = User.of("dm_carl");
    User dora = User.of("dm_dora");
    User eve = User.of("dm_eve");
    long conversation =
        carl.send(to(dora, "只有我们两个人看得到"))
            .data()
            .getJsonObject("message")
            .getLong("conversation_id");
    String path = "/conversations/" + conversation;
    assertEquals("404 CONVERSATION_NOT_FOUND", code(eve.api().get(path + "/messages")));
    assertEquals(
        "404 CONVERSATION_NOT_FOUND", code(eve.api().put(path + "/read", new JsonObject())));
    assertEquals("404 MESSAGE_NOT_FOUND", code(eve.api().post("/messages/1/recall", null)));
    assertEquals("401 UNAUTHORIZED", code(anonymous.get("/conversations")));
    assertEquals("401 UNAUTHORIZED", code(anonymous.post("/messages", to(carl, "hallo"))));
    assertEquals("400 VALIDATION_ERROR", code(eve.send(to(carl, "x").put("client_msg_id", "42"))));
    assertEquals("400 VALIDATION_ERROR", code(eve.send(to(carl, "y".repeat(2001)))));
    assertEquals("400 VALIDATION_ERROR", code(eve.send(to(eve, "an mich selbst"))));
    assertEquals("404 USER_NOT_FOUND", code(eve.send(to(new User(987_654_321L, null), "wer da"))));
    assertEquals("400 CONTENT_MODERATION_FAILED", code(eve.send(to(carl, "裸聊加我"))));
  }

  @Test
  void aBlockRefusesBothSidesAndEndsWithIt() {
    User fred = User.of("dm_fred");
    User gina = User.of("dm_gina");
    fred.send(to(gina, "请问直播几点开始呢"));
    gina.send(to(fred, "晚上八点，不见不散"));
    JsonObject target = new JsonObject().put("target_user_id", fred.id());
    assertEquals(201, gina.api().post("/blocks", target).status());
    assertEquals("403 MESSAGE_NOT_ALLOWED", code(fred.send(to(gina, "您看到我的消息了吗"))));
    assertEquals("403 USER_BLOCKED", code(gina.send(to(fred, "我不想再聊这个了"))));
    JsonObject peer = new JsonObject().put("user_id", fred.id());
    ApiAnswer reopened = gina.api().post("/conversations", peer);
    assertEquals(200, reopened.status(), "to read it");
    assertFalse(reopened.data().getJsonObject("conversation").getBoolean("can_send"));
    User hans = User.of("dm_hans");
    hans.api().post("/blocks", new JsonObject().put("target_user_id", gina.id()));
    assertEquals(
        "403 MESSAGE_NOT_ALLOWED",
        code(gina.api().post("/conversations", new JsonObject().put("user_id", hans.id()))));
    assertEquals(200, gina.api().delete("/blocks/" + fred.id()).status());
    assertEquals(201, fred.send(to(gina, "谢谢您解除了屏蔽")).status());
  }

  @Test
  void whoIsAwayIsNotifiedAndCountsItInHisBadge() {
    User mia = User.of("dm_mia");
    User noah = User.of("dm_noah");
    mia.send(to(noah, "明天的读书会你参加吗"));
    noah.send(to(mia, "参加，我带上笔记"));
    mia.send(to(noah, "太好了，明天见面聊"));
    assertEquals(1, badge(noah).getInteger("unread_messages"));
    assertEquals(0, badge(noah).getInteger("unread_count"));
    node.clock().advance(java.time.Duration.ofSeconds(11));
    long end = System.nanoTime() + 20_000_000_000L;
    while (badge(noah).getInteger("unread_count") == 0) {
      assertTrue(System.nanoTime() < end, "a notification within 20 s");
      node.await(() -> node.vertx().timer(50, java.util.concurrent.TimeUnit.MILLISECONDS).await());
    }
    JsonObject notification =
        noah.api().get("/notifications").data().getJsonArray("notifications").getJsonObject(0);
    assertEquals("private_message", notification.getJsonObject("metadata").getString("event"));
    assertFalse(notification.encode().contains("明天见面"), "no text of a message");
  }

  private static JsonObject badge(User user) {
    return user.api().get("/notifications/unread-count").data();
  }

  @Test
  void aConversationIsAcceptedPinnedAndMuted() {
    User ida = User.of("dm_ida");
    User jan = User.of("dm_jan");
    long id =
        ida.send(to(jan, "想请教一个关于写作的问题"))
            .data()
            .getJsonObject("message")
            .getLong("conversation_id");
    String path = "/conversations/" + id;
    assertEquals(
        "request", jan.api().get(path).data().getJsonObject("conversation").getString("state"));
    JsonObject arranged =
        jan.api()
            .put(path, new JsonObject().put("accept", true).put("is_pinned", true))
            .data()
            .getJsonObject("conversation");
    assertEquals("active", arranged.getString("state"));
    assertTrue(arranged.getBoolean("is_pinned"));
    assertEquals("400 VALIDATION_ERROR", code(jan.api().put(path, new JsonObject())));
    assertEquals("404 CONVERSATION_NOT_FOUND", code(ida.api().get("/conversations/987654321")));
    assertEquals(
        "404 CONVERSATION_NOT_FOUND",
        code(anonymousUser().put(path, new JsonObject().put("is_muted", true))));
  }

  private static ApiClient anonymousUser() {
    return User.of("dm_nobody").api();
  }

  @Test
  void settingsKeepWhatIsNotSent() {
    User kim = User.of("dm_kim");
    JsonObject defaults = kim.api().get("/messages/settings").data().getJsonObject("settings");
    assertEquals("everyone", defaults.getString("who_can_message"));
    assertNull(defaults.getInteger("auto_archive_days"));
    JsonObject change =
        new JsonObject()
            .put("who_can_message", "nobody")
            .put("filter_keywords", new io.vertx.core.json.JsonArray().add("推广"))
            .put("auto_archive_days", 30);
    kim.api().put("/messages/settings", change);
    JsonObject changed =
        kim.api()
            .put("/messages/settings", new JsonObject().putNull("auto_archive_days"))
            .data()
            .getJsonObject("settings");
    assertEquals(
        defaults
            .copy()
            .put("who_can_message", "nobody")
            .put("filter_keywords", change.getJsonArray("filter_keywords")),
        changed);
    assertEquals("403 MESSAGE_NOT_ALLOWED", code(User.of("dm_lou").send(to(kim, "可以认识一下吗"))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(kim.api().put("/messages/settings", new JsonObject().put("auto_archive_days", 3))));
  }
}
