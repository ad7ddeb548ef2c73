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

/** plans.update, plans.delete and the trial balance through HTTP and bus, on all roles. */
class PlanEditingApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node = WholeNode.empty("plan_editing_api");
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ApiClient account(String name, String type) {
    return ApiAccount.of(anonymous, name, type).api();
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  @Test
  void aPlanIsChangedAndDeletedByItsCreatorOnly() {
    ApiClient creator = account("planeditor", "creator");
    ApiClient reader = account("planreader", "reader");
    JsonObject draft =
        new JsonObject()
            .put("name", "会员")
            .put("price", 29.90)
            .put("currency", "CNY")
            .put("billing_cycle", "monthly");
    long id = creator.post("/subscription-plans", draft).data().getJsonObject("plan").getLong("id");
    String path = "/subscription-plans/" + id;
    JsonObject change =
        new JsonObject()
            .put("price", "39.90")
            .putNull("description")
            .put("metadata", new JsonObject().putNull("note").put("sort_order", 2));

    JsonObject changed = creator.put(path, change).data().getJsonObject("plan");
    assertEquals("39.90", changed.getValue("price").toString());
    assertEquals(change.getJsonObject("metadata"), changed.getJsonObject("metadata"));
    assertEquals("会员", changed.getString("name"));

    assertEquals("400 VALIDATION_ERROR", code(creator.put(path, new JsonObject().putNull("name"))));
    assertEquals(
        "400 VALIDATION_ERROR", code(creator.put(path, new JsonObject().put("price", 9.999))));
    assertEquals("404 PLAN_NOT_FOUND", code(reader.put(path, change)));
    assertEquals("401 UNAUTHORIZED", code(anonymous.put(path, change)));
    assertEquals("404 PLAN_NOT_FOUND", code(reader.delete(path)));
    assertEquals(200, creator.delete(path).status());
    assertEquals("404 PLAN_NOT_FOUND", code(creator.delete(path)));
  }

  @Test
  void theBooksAreForStaffOnly() {
    assertEquals("401 UNAUTHORIZED", code(anonymous.get("/admin/finance/trial-balance")));
    assertEquals(
        "403 FORBIDDEN", code(account("curious", "creator").get("/admin/finance/trial-balance")));
  }
}
