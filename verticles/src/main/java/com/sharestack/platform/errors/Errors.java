package com.sharestack.platform.errors;

import com.sharestack.contract.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;

/**
 * The one factory of expected failures. A failure is a plain {@link ServiceException} because a
 * subclass would lose its type and details on a remote hop: code = HTTP status, message = the name
 * of the {@link ErrorCode}, debugInfo = the {@code details} clients see.
 */
public final class Errors {

  private Errors() {}

  /**
   * @param details alternating keys and values for {@code error.details}
   */
  public static ServiceException of(ErrorCode code, Object... details) {
    JsonObject json = new JsonObject();
    for (int i = 0; i < details.length; i += 2) {
      json.put((String) details[i], details[i + 1]);
    }
    return of(code, json);
  }

  public static ServiceException of(ErrorCode code, JsonObject details) {
    return new ServiceException(code.status(), code.name(), details);
  }

  /** VALIDATION_ERROR for one field, found by a rule that the contract's schema cannot state. */
  public static ServiceException invalid(String field, String reason) {
    return of(
        ErrorCode.VALIDATION_ERROR,
        new JsonObject()
            .put(field, reason)
            .put("field", field)
            .put("message", reason)
            .put(
                "errors",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("pointer", "/" + field)
                            .put("field", field)
                            .put("reason", reason))));
  }

  /** Whether {@code failure} is the expected failure {@code code}. */
  public static boolean is(Throwable failure, ErrorCode code) {
    return failure instanceof ServiceException expected
        && code.name().equals(expected.getMessage());
  }
}
