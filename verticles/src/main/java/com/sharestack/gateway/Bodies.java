package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.BadBody;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.gateway.contract.StrictJson;
import com.sharestack.gateway.contract.ValidationDetails;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Reads request bodies: bounded in size and time, JSON only. */
final class Bodies {

  private static final long READ_SECONDS = 20;
  private final int maxBytes;

  Bodies(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The whole body. Must be called before the first asynchronous step, or chunks are lost. Fails
   * with PAYLOAD_TOO_LARGE as soon as the limit is passed, without keeping the rest.
   */
  Future<Buffer> read(HttpServerRequest request) {
    if (declaredLength(request) > maxBytes) {
      return Future.failedFuture(tooLarge());
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer collected = Buffer.buffer();
    request.handler(
        chunk -> {
          if (collected.length() + chunk.length() > maxBytes) {
            request.handler(rest -> {});
            whole.tryFail(tooLarge());
          } else {
            collected.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(whole::tryFail);
    request.endHandler(end -> whole.tryComplete(collected));
    return whole.future().timeout(READ_SECONDS, TimeUnit.SECONDS);
  }

  private static long declaredLength(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return header == null ? 0 : Long.parseLong(header);
  }

  private RuntimeException tooLarge() {
    return Errors.of(ErrorCode.PAYLOAD_TOO_LARGE, "max_bytes", maxBytes);
  }

  /**
   * The body as JSON, or {@link Operation#NO_BODY} when there is none.
   *
   * @throws RuntimeException UNSUPPORTED_MEDIA_TYPE or VALIDATION_ERROR
   */
  static Object parse(HttpServerRequest request, Buffer body) {
    if (body.length() == 0) {
      return Operation.NO_BODY;
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (!isJson(type)) {
      throw Errors.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "content_type", type, "supported", "application/json");
    }
    try {
      return StrictJson.parse(body);
    } catch (BadBody bad) {
      throw Errors.of(ErrorCode.VALIDATION_ERROR, ValidationDetails.of(List.of(bad.toProblem())));
    }
  }

  private static boolean isJson(String contentType) {
    if (contentType == null) {
      return false;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")
          && !parameter.substring(8).replace("\"", "").equals("utf-8")) {
        return false;
      }
    }
    return parts[0].strip().equals("application/json");
  }
}
