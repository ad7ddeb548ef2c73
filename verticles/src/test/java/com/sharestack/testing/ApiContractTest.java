package com.sharestack.testing;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The referee itself: it must let good answers pass and catch each kind of bad one. */
class ApiContractTest {

  private final ApiContract contract = ApiContract.get();
  private final Map<String, List<String>> headers =
      new HashMap<>(
          Map.of(
              "cache-control", List.of("no-store"),
              "etag", List.of("W/\"a\""),
              "retry-after", List.of("1")));

  private static JsonObject meta() {
    return new JsonObject()
        .put("version", "v1")
        .put("timestamp", "2026-11-23T00:00:00Z")
        .put("request_id", "r");
  }

  private static JsonObject success(JsonObject data) {
    return new JsonObject()
        .put("success", true)
        .put("data", data)
        .putNull("error")
        .put("meta", meta());
  }

  private static JsonObject failure(String code, String message) {
    JsonObject error =
        new JsonObject().put("code", code).put("message", message).put("details", new JsonObject());
    return new JsonObject()
        .put("success", false)
        .putNull("data")
        .put("error", error)
        .put("meta", meta());
  }

  private void check(String method, String path, int status, JsonObject json) {
    byte[] body = json.encode().getBytes(StandardCharsets.UTF_8);
    contract.check(
        method,
        "/api/v1" + path,
        new ApiAnswer(method, path, status, headers, body, new JsonObject(json.encode())));
  }

  private void passes(String method, String path, int status, JsonObject json) {
    assertDoesNotThrow(() -> check(method, path, status, json));
  }

  private void caught(String method, String path, int status, JsonObject json, String why) {
    AssertionError error =
        assertThrows(AssertionError.class, () -> check(method, path, status, json));
    assertTrue(error.getMessage().contains(why), error.getMessage());
  }

  @Test
  void samplesOfTheContractPass() {
    passes("GET", "/articles/1", 200, success(ApiClient.sample("ArticleDetail")));
    passes("GET", "/subscription-plans/1", 200, success(ApiClient.sample("PlanDetail")));
  }

  @Test
  void aFieldTheContractDoesNotKnowIsCaughtAtAnyDepth() {
    JsonObject plan = ApiClient.sample("PlanDetail");
    caught("GET", "/subscription-plans/1", 200, success(plan.copy().put("x", 1)), "#/data");
    plan.getJsonObject("plan").put("secret", 1);
    caught("GET", "/subscription-plans/1", 200, success(plan), "#/data/plan");
    JsonObject article = ApiClient.sample("ArticleDetail");
    article.getJsonObject("author").put("email", "a@b.cn");
    caught("GET", "/articles/1", 200, success(article), "#/data/author");
    JsonObject more = success(ApiClient.sample("PlanDetail"));
    more.getJsonObject("meta").put("took", 1);
    caught("GET", "/subscription-plans/1", 200, more, "#/meta");
  }

  @Test
  void aMissingOrMistypedFieldIsCaught() {
    JsonObject plan = ApiClient.sample("PlanDetail");
    plan.getJsonObject("plan").remove("name");
    caught("GET", "/subscription-plans/1", 200, success(plan), "name");
    plan.getJsonObject("plan").put("name", 7);
    caught("GET", "/subscription-plans/1", 200, success(plan), "#/data/plan/name");
    plan.getJsonObject("plan").put("name", "n").put("price", "29.90");
    caught("GET", "/subscription-plans/1", 200, success(plan), "#/data/plan/price");
    plan.getJsonObject("plan").put("price", 29.999);
    caught("GET", "/subscription-plans/1", 200, success(plan), "#/data/plan/price");
  }

  @Test
  void aListIsCheckedPartByPart() {
    JsonObject list = new JsonObject();
    list.put("categories", new JsonArray().add(ApiClient.sample("Category").put("x", 1)));
    caught("GET", "/categories", 200, success(list), "#/data/categories/0");
  }

  @Test
  void aStatusOrCodeThatIsNotDeclaredIsCaught() {
    caught("GET", "/categories", 201, success(new JsonObject()), "status not declared");
    caught("GET", "/categories", 404, failure("NOT_FOUND", "请求"), "status not declared");
    caught("GET", "/articles/1", 404, failure("PLAN_NOT_FOUND", "方案"), "code not declared");
    caught("GET", "/articles/1", 404, failure("MADE_UP", "方案"), "unknown error code");
    caught("GET", "/articles/1", 409, failure("NOT_FOUND", "方案"), "status of the code");
    passes("GET", "/articles/1", 404, failure("NOT_FOUND", "请求的内容不存在"));
  }

  @Test
  void whatMustNotBeShownIsCaught() {
    caught("GET", "/articles/1", 404, failure("NOT_FOUND", "not found"), "Chinese");
    caught(
        "GET",
        "/articles/1",
        404,
        failure("NOT_FOUND", "坏 java.lang.NullPointerException"),
        "inside");
    caught("GET", "/articles/1", 400, failure("VALIDATION_ERROR", "请求"), "no errors");
  }

  @Test
  void headersThatMustBeThereAreMissed() {
    headers.remove("retry-after");
    caught("GET", "/articles/1", 503, failure("SERVICE_UNAVAILABLE", "服务"), "Retry-After");
    headers.remove("etag");
    caught("GET", "/articles/1", 200, success(ApiClient.sample("ArticleDetail")), "ETag");
    headers.remove("cache-control");
    caught("GET", "/articles/1", 404, failure("NOT_FOUND", "请求"), "Cache-Control");
  }

  @Test
  void pathsAndMethodsAreTold() {
    passes("GET", "/nothing", 404, failure("NOT_FOUND", "请求"));
    passes("DELETE", "/categories", 405, failure("METHOD_NOT_ALLOWED", "不支持"));
    caught("DELETE", "/categories", 404, failure("NOT_FOUND", "请求"), "expected 405");
    caught("GET", "/nothing", 200, success(new JsonObject()), "does not know");
  }
}
