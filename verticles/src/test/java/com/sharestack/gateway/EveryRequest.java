package com.sharestack.gateway;

import com.sharestack.testing.ApiOperations.Operation;
import com.sharestack.testing.ApiOperations.Parameter;
import com.sharestack.testing.ValidRequests;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests of an operation that its schemas take, about things that are not. */
final class EveryRequest {

  /** Ids of the right form that nothing has, by parameter; otherwise made from the schema. */
  private static final Map<String, String> UNKNOWN_IDS =
      Map.of(
          "payment_id", "pay_zzzzzzzzzzz9",
          "refund_id", "rf_zzzzzzzzzzz9",
          "subscription_id", "sub_zzzzzzzzzzz9",
          "reconciliation_id", "rec_zzzzzzzzzzz9",
          "report_id", "rpt_zzzzzzzzzzz9");

  /** What a service asks for beyond the schema, so that probes get beyond that question. */
  private static final Map<String, JsonObject> MORE =
      Map.of(
          "articles.create", new JsonObject().put("content", "一段正文。"),
          "conversations.update", new JsonObject().put("is_muted", true));

  private EveryRequest() {}

  static String unknown(Parameter parameter) {
    return UNKNOWN_IDS.getOrDefault(
        parameter.name(),
        parameter.schema().type().equals("integer")
            ? "987654321"
            : (String) ValidRequests.value(parameter.schema()));
  }

  /** The path with ids that nothing has, and what the query must have. */
  static String path(Operation operation) {
    return withQuery(operation, operation.path(EveryRequest::unknown), Map.of());
  }

  static String withQuery(Operation operation, String path, Map<String, String> more) {
    Map<String, String> query = new LinkedHashMap<>();
    for (Parameter parameter : operation.parameters()) {
      if (!parameter.inPath() && parameter.required()) {
        query.put(parameter.name(), String.valueOf(ValidRequests.value(parameter.schema())));
      }
    }
    query.putAll(more);
    List<String> parts = new ArrayList<>();
    query.forEach((name, value) -> parts.add(name + "=" + encode(value)));
    return parts.isEmpty() ? path : path + "?" + String.join("&", parts);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static JsonObject smallest(Operation operation) {
    return operation.body() == null
        ? null
        : ValidRequests.smallest(operation.body())
            .mergeIn(MORE.getOrDefault(operation.id(), new JsonObject()));
  }
}
