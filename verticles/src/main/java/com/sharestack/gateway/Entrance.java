package com.sharestack.gateway;

import com.sharestack.platform.errors.Errors;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Where every request comes in. The API goes straight to the contract, past the vertx-web router,
 * which only serves the pages around it. Whatever throws is answered: nobody waits for nothing.
 */
final class Entrance implements Handler<HttpServerRequest> {

  private final CommonHeaders headers;
  private final Cors cors;
  private final Handler<HttpServerRequest> contract;
  private final Handler<HttpServerRequest> pages;
  private final Responses responses;

  Entrance(
      CommonHeaders headers,
      Cors cors,
      Handler<HttpServerRequest> contract,
      Handler<HttpServerRequest> pages,
      Responses responses) {
    this.headers = headers;
    this.cors = cors;
    this.contract = contract;
    this.pages = pages;
    this.responses = responses;
  }

  @Override
  public void handle(HttpServerRequest request) {
    String requestId = headers.put(request);
    try {
      if (request.version() == HttpVersion.HTTP_1_1
          && !request.headers().contains(HttpHeaders.HOST)) {
        responses.failure(request, requestId, null, Errors.invalid("Host", "缺少 Host 请求头"));
      } else if (!cors.answered(request, requestId)) {
        (isApi(request.path()) ? contract : pages).handle(request);
      }
    } catch (RuntimeException broken) {
      responses.failure(request, requestId, null, broken);
    }
  }

  private static boolean isApi(String path) {
    int prefix = ContractHandler.PREFIX.length();
    return path != null
        && path.startsWith(ContractHandler.PREFIX)
        && (path.length() == prefix || path.charAt(prefix) == '/');
  }
}
