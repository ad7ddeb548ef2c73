package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All operations of the contract, internal ones too. */
public final class Operations {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final Map<String, Operation> byId;

  private Operations(Map<String, Operation> byId) {
    this.byId = byId;
  }

  /**
   * Compiles a merged, expanded OpenAPI 3.1 document, which is not changed.
   *
   * @throws IllegalArgumentException with a sentence naming operation and pointer, for anything not
   *     understood
   */
  public static Operations load(JsonObject merged) {
    OperationReader reader = new OperationReader(merged);
    Map<String, Operation> byId = new LinkedHashMap<>();
    JsonObject paths = merged.getJsonObject("paths", new JsonObject());
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        if (METHODS.contains(method)) {
          Operation operation = reader.read(path, method, item);
          if (byId.put(operation.id(), operation) != null) {
            throw new IllegalArgumentException(
                "operation " + operation.id() + " stands twice in the contract");
          }
        }
      }
    }
    return new Operations(byId);
  }

  /** In the order of the contract. */
  public List<Operation> all() {
    return new ArrayList<>(byId.values());
  }

  public Optional<Operation> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }
}
