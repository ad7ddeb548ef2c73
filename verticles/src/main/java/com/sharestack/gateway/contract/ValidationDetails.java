package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The {@code details} of a VALIDATION_ERROR: every failing field as a key with its reason, {@code
 * field} and {@code message} of the first one, and {@code errors: [{pointer, field, reason}]} with
 * all of them.
 *
 * <p>The three fixed names win over request fields of the same name (a chat message has a field
 * {@code message}); {@code errors} still lists those.
 */
public final class ValidationDetails {
  private ValidationDetails() {}

  /**
   * @param problems at least one
   * @throws IllegalArgumentException when there is none: then nothing failed and no error may be
   *     sent
   */
  public static JsonObject of(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("a validation error needs at least one problem");
    }
    JsonObject details = new JsonObject();
    JsonArray errors = new JsonArray();
    for (Problem problem : problems) {
      details.getMap().putIfAbsent(problem.field(), problem.reason());
      errors.add(
          new JsonObject()
              .put("pointer", problem.pointer())
              .put("field", problem.field())
              .put("reason", problem.reason()));
    }
    Problem first = problems.getFirst();
    return details.put("field", first.field()).put("message", first.reason()).put("errors", errors);
  }
}
