package com.sharestack.gateway.live;

import com.sharestack.contract.ErrorCode;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;

/** A client frame that is answered with an error frame. Expected, so it carries no stack trace. */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  static final String BAD_FRAME = "BAD_FRAME";
  static final String UNKNOWN_TYPE = "UNKNOWN_TYPE";
  static final String NOT_READY = "NOT_READY";
  static final String AUTH_FAILED = "AUTH_FAILED";

  private final String code;
  private final transient JsonObject details;

  /**
   * @param code of the protocol or of REST
   * @param text Chinese, for people
   * @param details null for none
   */
  Refused(String code, String text, JsonObject details) {
    super(text, null, false, false);
    this.code = code;
    this.details = details;
  }

  static Refused badFrame(String text) {
    return new Refused(BAD_FRAME, text, null);
  }

  static Refused invalid(String field, String reason) {
    ErrorCode code = ErrorCode.VALIDATION_ERROR;
    return new Refused(
        code.name(),
        code.text() + "：" + field + " " + reason,
        new JsonObject().put("field", field).put("message", reason));
  }

  /** A failure of a service as clients may see it; what it does not name stays inside. */
  static Refused of(ServiceException failure) {
    ErrorCode code = known(failure.getMessage());
    JsonObject details = code == ErrorCode.INTERNAL_ERROR ? null : failure.getDebugInfo();
    String said =
        details != null && details.getValue("message") instanceof String text ? text : null;
    return new Refused(code.name(), said == null ? code.text() : said, details);
  }

  private static ErrorCode known(String name) {
    try {
      return ErrorCode.valueOf(String.valueOf(name));
    } catch (IllegalArgumentException unknown) {
      return ErrorCode.INTERNAL_ERROR;
    }
  }

  String code() {
    return code;
  }

  /** Whether it counts among the ten that end a session. */
  boolean malformed() {
    return code.equals(BAD_FRAME)
        || code.equals(UNKNOWN_TYPE)
        || code.equals(ErrorCode.VALIDATION_ERROR.name());
  }

  JsonObject data(boolean fatal) {
    Object retry = details == null ? null : details.getValue("retry_after");
    return new JsonObject()
        .put("code", code)
        .put("message", getMessage())
        .put("retry_after", retry)
        .put("fatal", fatal)
        .put("details", details == null || details.isEmpty() ? null : details);
  }
}
