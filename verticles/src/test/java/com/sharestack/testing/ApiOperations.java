package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What clients may call, read from the contract alone: no code is shared with the gateway. */
public final class ApiOperations {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  private ApiOperations() {}

  /**
   * @param auth none, optional, user or creator
   * @param permission null when none is demanded
   * @param body null when it takes no JSON body
   */
  public record Operation(
      String id,
      String method,
      String path,
      String auth,
      String permission,
      boolean stepUp,
      boolean idempotent,
      boolean raw,
      List<Parameter> parameters,
      RequestSchema body,
      boolean bodyRequired) {

    /** The path with something in the place of its parameters. */
    public String path(Function<Parameter, String> value) {
      String filled = path;
      for (Parameter parameter : parameters) {
        if (parameter.inPath()) {
          filled = filled.replace("{" + parameter.name() + "}", value.apply(parameter));
        }
      }
      return filled;
    }

    public boolean hasPathParameters() {
      return parameters.stream().anyMatch(Parameter::inPath);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  public record Parameter(String name, boolean inPath, boolean required, RequestSchema schema) {}

  /** Every routed operation, in the order of the contract. */
  public static List<Operation> all() {
    List<Operation> all = new ArrayList<>();
    for (var path : ApiContract.get().document().getJsonObject("paths")) {
      JsonObject item = (JsonObject) path.getValue();
      for (String method : item.fieldNames()) {
        if (METHODS.contains(method) && !path.getKey().startsWith("/internal/")) {
          all.add(operation(path.getKey(), method, item.getJsonObject(method)));
        }
      }
    }
    return all;
  }

  private static Operation operation(String path, String method, JsonObject source) {
    JsonObject body = source.getJsonObject("requestBody");
    JsonObject json =
        body == null ? null : body.getJsonObject("content").getJsonObject("application/json");
    boolean notification = path.startsWith("/payments/webhooks/");
    return new Operation(
        source.getString("operationId"),
        method.toUpperCase(java.util.Locale.ROOT),
        path,
        source.getString("x-auth", "user"),
        source.getString("x-permission"),
        source.getBoolean("x-step-up", false),
        source.getBoolean("x-idempotent", false),
        source.containsKey("x-handler"),
        source.getJsonArray("parameters", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .filter(parameter -> Set.of("path", "query").contains(parameter.getString("in")))
            .map(ApiOperations::parameter)
            .toList(),
        json == null || notification ? null : RequestSchema.of(json.getJsonObject("schema")),
        body != null && body.getBoolean("required", false));
  }

  private static Parameter parameter(JsonObject source) {
    return new Parameter(
        source.getString("name"),
        source.getString("in").equals("path"),
        source.getBoolean("required", false),
        RequestSchema.of(source.getJsonObject("schema")));
  }
}
