package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.Operation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * The one place that knows the envelope: {@code {success, data, error{code, message, details},
 * meta{version, timestamp, request_id, …}}}.
 */
final class Envelope {

  private final Clock clock;

  Envelope(Clock clock) {
    this.clock = clock;
  }

  /**
   * A service's answer taken apart.
   *
   * @param data encoded, shared between callers when the operation is cached
   * @param meta fields the contract moves or copies to meta; null when there are none
   */
  record Answer(int status, Buffer data, JsonObject meta) {}

  /** Splits a service's answer into data and meta as {@code x-meta} says. */
  static Answer answer(Operation operation, JsonObject reply) {
    if (reply == null) {
      return new Answer(operation.status(), Buffer.buffer("null"), null);
    }
    int status = operation.status();
    JsonObject meta = null;
    for (var rule : operation.meta().entrySet()) {
      String field = rule.getKey();
      Object value =
          rule.getValue() == Operation.MetaRule.COPY
              ? reply.getValue(field)
              : reply.getMap().remove(field);
      if (rule.getValue() == Operation.MetaRule.STATUS) {
        status = Boolean.TRUE.equals(value) ? operation.alternateStatus() : status;
      } else if (value != null) {
        meta = meta == null ? new JsonObject() : meta;
        meta.put(field, value);
      }
    }
    return new Answer(status, reply.toBuffer(), meta);
  }

  Buffer success(Exchange exchange, Answer answer) {
    Buffer out = Buffer.buffer(answer.data().length() + 200);
    out.appendString("{\"success\":true,\"data\":")
        .appendBuffer(answer.data())
        .appendString(",\"error\":null,\"meta\":");
    appendMeta(out, exchange.requestId);
    if (answer.meta() != null) {
      for (var field : answer.meta()) {
        out.appendString(",\"")
            .appendString(field.getKey())
            .appendString("\":")
            .appendBuffer(Json.encodeToBuffer(field.getValue()));
      }
    }
    if (Boolean.TRUE.equals(exchange.operation.timing())) {
      long millis = (System.nanoTime() - exchange.startedNanos) / 1_000_000;
      out.appendString(",\"query_time\":\"").appendString(millis + "ms").appendByte((byte) '"');
    }
    return out.appendString("}}");
  }

  Buffer failure(String requestId, ServiceException failure) {
    JsonObject details = details(failure);
    ErrorCode code = code(failure);
    Buffer out = Buffer.buffer(300);
    out.appendString("{\"success\":false,\"data\":null,\"error\":{\"code\":\"")
        .appendString(code.name())
        .appendString("\",\"message\":")
        .appendString(Json.encode(message(code, details)))
        .appendString(",\"details\":")
        .appendBuffer(details.toBuffer())
        .appendString("},\"meta\":");
    appendMeta(out, requestId);
    return out.appendString("}}");
  }

  /** The code a failure names; a name the contract does not know must not reach clients. */
  static ErrorCode code(ServiceException failure) {
    try {
      return ErrorCode.valueOf(String.valueOf(failure.getMessage()));
    } catch (IllegalArgumentException unknown) {
      return ErrorCode.INTERNAL_ERROR;
    }
  }

  private static JsonObject details(ServiceException failure) {
    boolean tellable = code(failure) != ErrorCode.INTERNAL_ERROR;
    return tellable && failure.getDebugInfo() != null ? failure.getDebugInfo() : new JsonObject();
  }

  /** What a service says to the user ({@code details.message}), else the code's own text. */
  private static String message(ErrorCode code, JsonObject details) {
    if (!(details.getValue("message") instanceof String said)) {
      return code.text();
    }
    return code == ErrorCode.VALIDATION_ERROR
        ? code.text() + "：" + details.getString("field", "") + " " + said
        : said;
  }

  /** Open at the end: the caller may add fields before closing the brace. */
  private void appendMeta(Buffer out, String requestId) {
    out.appendString("{\"version\":\"v1\",\"timestamp\":\"")
        .appendString(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
        .appendString("\",\"request_id\":\"")
        .appendString(requestId)
        .appendByte((byte) '"');
  }
}
