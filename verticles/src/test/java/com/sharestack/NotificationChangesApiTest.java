package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** notifications.read, read_all and delete through HTTP and bus, on all roles. */
class NotificationChangesApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("notification_api");
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static long register(String name) {
    return ApiAccount.register(anonymous, name, "reader");
  }

  private static ApiClient login(String name) {
    return ApiAccount.login(anonymous, name).api();
  }

  private static void insert(long userId, String type, int count) {
    for (int i = 0; i < count; i++) {
      node.await(
          () ->
              node.db()
                  .update(
                      """
                      INSERT INTO notifications (user_id, type, event_name, title, content, metadata,
                        first_created_at, created_at)
                      VALUES (?, ?, 'system_updates', '标题', '内容',
                        '{"event":"system_updates","priority":"normal","count":1,"actors":[]}', ?, ?)
                      """,
                      userId,
                      type,
                      node.clock().instant(),
                      node.clock().instant()));
    }
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  private static int unread(ApiClient reader) {
    return reader.get("/notifications/unread-count").data().getInteger("unread_count");
  }

  @Test
  void aReaderReadsAndDeletesHisOwnNotifications() {
    long id = register("notified");
    ApiClient reader = login("notified");
    register("nosy");
    ApiClient nosy = login("nosy");
    insert(id, "system", 2);
    insert(id, "payment", 2);
    assertEquals(4, unread(reader));
    long first =
        reader
            .get("/notifications?type=system")
            .data()
            .getJsonArray("notifications")
            .getJsonObject(0)
            .getLong("notification_id");
    String path = "/notifications/" + first;

    assertEquals("401 UNAUTHORIZED", code(anonymous.put(path + "/read", null)));
    assertEquals("404 DATA_NOT_FOUND", code(nosy.put(path + "/read", null)));
    assertEquals("404 DATA_NOT_FOUND", code(nosy.delete(path)));
    JsonObject read = reader.put(path + "/read", null).data();
    assertEquals(true, read.getBoolean("is_read"));
    assertEquals(read, reader.put(path + "/read", null).data());
    assertEquals(3, unread(reader));

    JsonObject payments = new JsonObject().put("type", "payment");
    assertEquals(
        2, reader.put("/notifications/read-all", payments).data().getInteger("marked_count"));
    assertEquals(1, unread(reader));
    assertEquals(1, reader.put("/notifications/read-all", null).data().getInteger("marked_count"));
    assertEquals(0, unread(reader));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(reader.put("/notifications/read-all", new JsonObject().put("type", "gossip"))));

    assertEquals(200, reader.delete(path).status());
    assertEquals("404 DATA_NOT_FOUND", code(reader.delete(path)));
    assertEquals(
        3,
        reader
            .get("/notifications")
            .data()
            .getJsonObject("summary")
            .getInteger("total_notifications"));
  }
}
