package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.gateway.contract.CachePolicy;
import com.sharestack.gateway.contract.Operation;
import com.sharestack.gateway.contract.Problems;
import com.sharestack.gateway.contract.RouteTable;
import com.sharestack.gateway.contract.ValidationDetails;
import com.sharestack.platform.errors.Errors;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way of every request that the contract knows: route, read, authenticate, limit, validate,
 * step up, claim, forward, wrap. Everything generic happens here once; nothing here knows an
 * operation.
 */
final class ContractHandler implements Handler<HttpServerRequest> {

  static final String PREFIX = "/api/v1";
  private static final int MAX_QUERY_PARAMETERS = 100;

  /** What the decoder makes of bytes that are no UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private final RouteTable routes;
  private final ClientAddress addresses;
  private final Bodies bodies;
  private final Authentication authentication;
  private final Limits limits;
  private final StepUp stepUp;
  private final Idempotency idempotency;
  private final Calls calls;
  private final RawOperations raw;
  private final Responses responses;
  private final PublicCache publicCache = new PublicCache();

  /** What the handler is made of. */
  record Parts(
      RouteTable routes,
      ClientAddress addresses,
      Bodies bodies,
      Authentication authentication,
      Limits limits,
      StepUp stepUp,
      Idempotency idempotency,
      Calls calls,
      RawOperations raw,
      Responses responses) {}

  ContractHandler(Parts parts) {
    this.routes = parts.routes();
    this.addresses = parts.addresses();
    this.bodies = parts.bodies();
    this.authentication = parts.authentication();
    this.limits = parts.limits();
    this.stepUp = parts.stepUp();
    this.idempotency = parts.idempotency();
    this.calls = parts.calls();
    this.raw = parts.raw();
    this.responses = parts.responses();
  }

  @Override
  public void handle(HttpServerRequest request) {
    String requestId = request.response().headers().get(CommonHeaders.REQUEST_ID);
    String path = request.path().substring(PREFIX.length());
    switch (routes.match(request.method().name(), path)) {
      case RouteTable.NotFound missing ->
          responses.failure(
              request, requestId, null, Errors.of(ErrorCode.NOT_FOUND, "resource", "path"));
      case RouteTable.MethodNotAllowed other -> {
        request.response().putHeader(HttpHeaders.ALLOW, String.join(", ", other.allowed()));
        responses.failure(request, requestId, null, Errors.of(ErrorCode.METHOD_NOT_ALLOWED));
      }
      case RouteTable.Match match -> {
        Exchange exchange =
            new Exchange(
                request, match.operation(), match.pathParams(), requestId, addresses.of(request));
        Consumer<Exchange> byHand = raw.serving(match.operation());
        if (byHand == null) {
          serve(exchange);
        } else {
          byHand.accept(exchange);
        }
      }
    }
  }

  private void serve(Exchange exchange) {
    Future<Buffer> body =
        exchange.operation.body() == null
            ? Future.succeededFuture(Buffer.buffer())
            : bodies.read(exchange.http);
    authentication
        .authenticate(exchange)
        .compose(known -> limits.admit(exchange))
        .compose(admitted -> body)
        .compose(
            bytes -> {
              exchange.request = validated(exchange, bytes);
              return stepUp.require(exchange);
            })
        .compose(proved -> answer(exchange))
        .map(
            tagged -> {
              responses.success(exchange, tagged.answer(), tagged.etag());
              return tagged;
            })
        .onFailure(
            failure -> responses.failure(exchange.http, exchange.requestId, exchange, failure));
  }

  private static JsonObject validated(Exchange exchange, Buffer bytes) {
    Object body =
        exchange.operation.body() == null ? Operation.NO_BODY : Bodies.parse(exchange.http, bytes);
    Map<String, List<String>> query = query(exchange.http);
    Problems problems = new Problems();
    JsonObject request =
        exchange.operation.request(
            exchange.pathValues, name -> query.getOrDefault(name, List.of()), body, problems);
    if (!problems.isEmpty()) {
      throw Errors.of(ErrorCode.VALIDATION_ERROR, ValidationDetails.of(problems.list()));
    }
    return request;
  }

  /** The parameters of the address; VALIDATION_ERROR when they cannot be read. */
  static Map<String, List<String>> query(HttpServerRequest http) {
    if (http.query() == null || http.query().isEmpty()) {
      return Map.of();
    }
    try {
      Map<String, List<String>> query =
          new QueryStringDecoder(
                  http.query(),
                  java.nio.charset.StandardCharsets.UTF_8,
                  false,
                  MAX_QUERY_PARAMETERS)
              .parameters();
      if (query.toString().indexOf(REPLACEMENT) >= 0
          && !http.query().toUpperCase(Locale.ROOT).contains("%EF%BF%BD")) {
        throw Errors.invalid("query", "查询参数不是有效的 UTF-8 文本");
      }
      return query;
    } catch (IllegalArgumentException badPercent) {
      throw Errors.invalid("query", "查询参数的百分号编码无效");
    }
  }

  private Future<PublicCache.Tagged> answer(Exchange exchange) {
    CachePolicy policy = exchange.operation.cache();
    if (policy == null) {
      return answerOnce(exchange).map(answer -> new PublicCache.Tagged(answer, null));
    }
    boolean shared = policy.scope() == CachePolicy.Scope.PUBLIC && exchange.anonymous();
    if (!shared || policy.maxAgeSeconds() == 0) {
      return call(exchange).map(ContractHandler::tagged);
    }
    return publicCache.get(
        exchange.operation.id() + exchange.request.encode(),
        policy.maxAgeSeconds(),
        () -> call(exchange).map(ContractHandler::tagged));
  }

  private static PublicCache.Tagged tagged(Envelope.Answer answer) {
    return new PublicCache.Tagged(answer, Responses.etag(answer.data()));
  }

  private Future<Envelope.Answer> answerOnce(Exchange exchange) {
    String key = Idempotency.key(exchange);
    if (key == null) {
      return call(exchange);
    }
    exchange.idempotencyKey = key;
    exchange.requestHash = Idempotency.hash(exchange);
    return idempotency
        .claim(exchange, key, exchange.requestHash)
        .compose(
            claim -> {
              if (claim.replay() != null) {
                exchange.replayed = true;
                return Future.succeededFuture(claim.replay());
              }
              return call(exchange)
                  .compose(
                      answer -> idempotency.keep(claim, answer).map(answer),
                      failure ->
                          idempotency
                              .keepFailure(claim, failure)
                              .compose(kept -> Future.failedFuture(failure)));
            });
  }

  private Future<Envelope.Answer> call(Exchange exchange) {
    var here = raw.answering(exchange.operation);
    Future<JsonObject> reply = here == null ? calls.forward(exchange) : here.apply(exchange);
    return reply.map(data -> Envelope.answer(exchange.operation, data));
  }
}
