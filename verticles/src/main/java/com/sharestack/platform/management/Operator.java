package com.sharestack.platform.management;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What the management port shows and changes of the running node and its cluster. */
public interface Operator {

  /** {@code {answered_by, nodes: [...]}}: every node, those that do not answer in time too. */
  Future<JsonObject> cluster();

  /**
   * Changes how many instances of a role's verticle run in this process; those removed finish what
   * they took.
   *
   * @return {@code {role, instances}} as it is then
   * @throws IllegalArgumentException when the role does not run here or the number is out of range
   */
  Future<JsonObject> scale(String role, int instances);
}
