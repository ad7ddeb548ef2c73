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

/** blocks.create and blocks.delete through HTTP and bus, on all roles. */
class BlocksApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("blocks_api");
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

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  @Test
  void theBlockedOneLosesSightOfTheBlockerUntilTheBlockIsTakenBack() {
    long blockerId = register("blocker");
    long blockedId = register("blocked");
    ApiClient blocker = login("blocker");
    ApiClient blocked = login("blocked");
    JsonObject body = new JsonObject().put("target_user_id", blockedId).put("reason", "广告");
    assertEquals(200, blocked.get("/users/" + blockerId).status());

    ApiAnswer made = blocker.post("/blocks", body);
    assertEquals(201, made.status());
    assertEquals(
        "blocked", made.data().getJsonObject("block").getJsonObject("user").getString("username"));
    ApiAnswer again = blocker.post("/blocks", body.copy().put("reason", "另一个原因"));
    assertEquals(200, again.status());
    assertEquals(made.data(), again.data());
    assertEquals("404 NOT_FOUND", code(blocked.get("/users/" + blockerId)));
    assertEquals(200, blocker.get("/users/" + blockedId).status());

    assertEquals(200, blocker.delete("/blocks/" + blockedId).status());
    assertEquals(200, blocker.delete("/blocks/" + blockedId).status());
    assertEquals(200, blocked.get("/users/" + blockerId).status());
  }

  @Test
  void whatIsNotPossibleIsRefusedByName() {
    long id = register("lonely");
    ApiClient lonely = login("lonely");
    JsonObject self = new JsonObject().put("target_user_id", id);
    assertEquals("401 UNAUTHORIZED", code(anonymous.post("/blocks", self)));
    assertEquals("401 UNAUTHORIZED", code(anonymous.delete("/blocks/1")));
    assertEquals("400 VALIDATION_ERROR", code(lonely.post("/blocks", self)));
    assertEquals("400 VALIDATION_ERROR", code(lonely.post("/blocks", new JsonObject())));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(lonely.post("/blocks", self.copy().put("reason", "长".repeat(201)))));
    assertEquals(
        "404 USER_NOT_FOUND",
        code(lonely.post("/blocks", new JsonObject().put("target_user_id", 9_999_999))));
    assertEquals("404 USER_NOT_FOUND", code(lonely.delete("/blocks/9999999")));
  }
}
