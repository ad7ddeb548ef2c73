package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.function.Executable;

/** Expected failures as tests name them. */
record Failures(String code, JsonObject details) {

  static Failures failureOf(Executable call) {
    ServiceException thrown = assertThrows(ServiceException.class, call);
    return new Failures(thrown.getMessage(), thrown.getDebugInfo());
  }

  /** The code and one of its details. */
  String named(String detail) {
    return code + " " + details.getValue(detail);
  }
}
