package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.BadBody;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.gateway.contract.StrictJson;
import com.sharestack.gateway.contract.ValidationDetails;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Locale;

/** Reads request bodies: bounded in size and time, JSON only. */
final class Bodies {

  private static final long READ_MILLIS = 20_000;

  private final Vertx vertx;
  private final int maxBytes;

  Bodies(Vertx vertx, int maxBytes) {
    this.vertx = vertx;
    this.maxBytes = maxBytes;
  }

  /**
   * The whole body. Must be called before the first asynchronous step, or chunks are lost. Fails
   * with PAYLOAD_TOO_LARGE as soon as the limit is passed, without keeping the rest, and with
   * VALIDATION_ERROR when it does not arrive in time; the connection is then closed.
   */
  Future<Buffer> read(HttpServerRequest request) {
    if (declaredLength(request) > maxBytes) {
      return Future.failedFuture(last(request, tooLarge()));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer collected = Buffer.buffer();
    request.handler(
        chunk -> {
          if (collected.length() + chunk.length() <= maxBytes) {
            collected.appendBuffer(chunk);
          } else if (whole.tryFail(last(request, tooLarge()))) {
            request.handler(rest -> {});
          }
        });
    long deadline =
        vertx.setTimer(
            READ_MILLIS,
            late -> whole.tryFail(last(request, Errors.invalid("body", "请求体未在规定时间内传完"))));
    request.exceptionHandler(
        broken -> whole.tryFail(last(request, Errors.invalid("body", "请求体传输中断"))));
    request.endHandler(end -> whole.tryComplete(collected));
    return whole.future().onComplete(done -> vertx.cancelTimer(deadline));
  }

  /** Says that nothing more is read from this connection; {@link Responses} then closes it. */
  private static ServiceException last(HttpServerRequest request, ServiceException failure) {
    HttpServerResponse response = request.response();
    if (!response.headWritten() && Responses.hasConnectionHeader(request)) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    return failure;
  }

  /** Netty refuses a Content-Length that is no long before we see it. */
  private static long declaredLength(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return header == null ? 0 : Long.parseLong(header.strip());
  }

  private ServiceException tooLarge() {
    return Errors.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "max_bytes",
        maxBytes,
        "message",
        "提交的内容过大，最多 " + maxBytes / 1024 + " KB");
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
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "content_type",
          type,
          "supported",
          "application/json",
          "message",
          "不支持的内容类型，请以 application/json（UTF-8）提交");
    }
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw Errors.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "content_encoding",
          encoding,
          "supported",
          "identity",
          "message",
          "请求体不能压缩，请不带 Content-Encoding 提交");
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
