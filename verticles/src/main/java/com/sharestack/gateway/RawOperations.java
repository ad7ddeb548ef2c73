package com.sharestack.gateway;

import com.sharestack.gateway.contract.Operation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The operations of the contract that no service answers ({@code x-handler: raw}), by operationId.
 * Some are only answered here, after everything generic was done; others are served from the first
 * byte.
 */
final class RawOperations {

  private final Map<String, Function<Exchange, Future<JsonObject>>> answered = new HashMap<>();
  private final Map<String, Consumer<Exchange>> served = new HashMap<>();

  /** Answered by the gateway instead of a service; authentication, limits and checks are done. */
  RawOperations answer(String operationId, Function<Exchange, Future<JsonObject>> answer) {
    answered.put(operationId, answer);
    return this;
  }

  /** Served by hand as a whole; only the route was found. */
  RawOperations serve(String operationId, Consumer<Exchange> handler) {
    served.put(operationId, handler);
    return this;
  }

  /** Null for an operation that goes the common way. */
  Consumer<Exchange> serving(Operation operation) {
    return served.get(operation.id());
  }

  /** Null for an operation that a service answers. */
  Function<Exchange, Future<JsonObject>> answering(Operation operation) {
    return answered.get(operation.id());
  }

  /**
   * @throws IllegalStateException naming what the contract has and the gateway has not, or reverse
   */
  RawOperations requireComplete(List<Operation> operations) {
    TreeSet<String> wanted = new TreeSet<>();
    operations.stream()
        .filter(operation -> operation.handler() != null)
        .forEach(operation -> wanted.add(operation.id()));
    TreeSet<String> present = new TreeSet<>(answered.keySet());
    present.addAll(served.keySet());
    if (!wanted.equals(present)) {
      throw new IllegalStateException(
          "raw operations of the contract: " + wanted + ", of the gateway: " + present);
    }
    return this;
  }
}
