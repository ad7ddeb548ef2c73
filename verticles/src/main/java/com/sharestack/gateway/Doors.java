package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Ticket;
import com.sharestack.contract.TicketOrder;
import com.sharestack.contract.TicketPurpose;
import com.sharestack.contract.wire.Wire;
import com.sharestack.gateway.live.LiveLoop;
import com.sharestack.gateway.live.LiveNode;
import com.sharestack.gateway.live.Session;
import com.sharestack.gateway.live.Standing;
import com.sharestack.gateway.live.Streams;
import com.sharestack.gateway.live.Tickets;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may open a live connection: tickets and handshakes (contract entries ws.*). */
final class Doors {

  static final String MESSAGES_PROTOCOL = "sharestack.dm.v1";
  private static final String NOTIFICATIONS = "notifications";
  private static final int RETRY_FULL_SECONDS = 30;
  private static final int HANDSHAKES_PER_ADDRESS = 120;
  private static final int MINUTE = 60;
  private static final int MAX_AGENT = 500;
  private static final int RETRY_SECONDS = 5;

  private final Parts parts;
  private final Set<String> origins;
  private final String publicUrl;
  private final int handshakesPerAddress;

  /** What the doors are made of. */
  record Parts(
      Authentication authentication,
      RateLimiter limiter,
      Limits limits,
      LiveNode node,
      Streams streams,
      LiveLoop loop,
      Responses responses) {}

  Doors(Parts parts, Config config) {
    this.parts = parts;
    this.publicUrl = config.http().publicUrl();
    this.origins = new HashSet<>(config.http().corsOrigins());
    this.origins.add(publicUrl); // a page of our own
    this.handshakesPerAddress =
        Math.multiplyExact(HANDSHAKES_PER_ADDRESS, config.rates().operationFactor());
  }

  /** ws.ticket: authenticated, limited and validated like any operation. */
  Future<JsonObject> ticket(Exchange exchange) {
    TicketPurpose purpose =
        Wire.read(exchange.request.getJsonObject("body"), TicketOrder.class).purpose();
    Principals.Principal buyer = exchange.principal;
    boolean staff = buyer.may("analytics:platform_data") || buyer.may("monitoring:read");
    boolean may =
        switch (purpose) {
          case MESSAGES, NOTIFICATIONS -> true;
          case ANALYTICS -> buyer.creator() || staff;
          case MONITORING -> staff;
        };
    if (!may) {
      return Future.failedFuture(Errors.of(ErrorCode.PERMISSION_DENIED));
    }
    AccessTokens.Claims claims = exchange.claims;
    Tickets.Pass pass =
        new Tickets.Pass(claims.userId(), claims.sessionId(), claims.tokenId(), claims.expiresAt());
    return parts
        .loop()
        .tickets()
        .issue(pass, purpose.literal(), exchange.ip)
        .map(
            ticket ->
                Wire.write(new Ticket(ticket, purpose, Tickets.SECONDS, url(purpose, ticket))))
        .recover(away -> Future.failedFuture(unavailable()));
  }

  private String url(TicketPurpose purpose, String ticket) {
    String base = publicUrl + ContractHandler.PREFIX;
    String socket = base.replaceFirst("^http", "ws");
    return switch (purpose) {
          case MESSAGES -> socket + "/ws/messages";
          case NOTIFICATIONS -> base + "/notifications/stream";
          case ANALYTICS, MONITORING -> socket + "/analytics/realtime";
        }
        + "?ticket="
        + ticket
        + (purpose == TicketPurpose.MONITORING ? "&scope=platform" : "");
  }

  /** ws.messages: the handshake; what follows is the connection's. */
  void messages(Exchange exchange) {
    HttpServerRequest http = exchange.http;
    http.pause(); // until the upgrade, which comes after questions to others
    admitHandshake(exchange)
        .compose(welcome -> authenticate(exchange, LiveLoop.MESSAGES))
        .compose(known -> parts.limits().admit(exchange))
        .compose(admitted -> http.toWebSocket())
        .onSuccess(socket -> parts.loop().open(socket, session(exchange)))
        .onFailure(
            failure -> {
              http.resume();
              fail(exchange, failure);
            });
  }

  private Future<Void> admitHandshake(Exchange exchange) {
    HttpServerRequest http = exchange.http;
    if (parts.node().closedToSockets()) {
      return Future.failedFuture(unavailable());
    }
    String origin = http.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.contains(origin)) {
      return Future.failedFuture(
          Errors.of(ErrorCode.PERMISSION_DENIED, "reason", "ORIGIN_NOT_ALLOWED"));
    }
    if (!offers(http, MESSAGES_PROTOCOL)) {
      http.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      return Future.failedFuture(
          Errors.of(ErrorCode.UPGRADE_REQUIRED, "protocol", MESSAGES_PROTOCOL));
    }
    return limitAddress(exchange);
  }

  private static boolean offers(HttpServerRequest http, String protocol) {
    String offered = String.join(",", http.headers().getAll("Sec-WebSocket-Protocol"));
    return http.version() == HttpVersion.HTTP_1_1
        && "websocket".equalsIgnoreCase(http.getHeader(HttpHeaders.UPGRADE))
        && http.headers().contains("Sec-WebSocket-Key")
        && List.of(offered.split("\\s*,\\s*")).contains(protocol);
  }

  private Future<Void> limitAddress(Exchange exchange) {
    return parts
        .limiter()
        .acquire("handshake:i" + exchange.ip, handshakesPerAddress, MINUTE, true)
        .compose(
            decision -> {
              exchange.rate = decision;
              return decision.admitted()
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      Errors.of(
                          ErrorCode.RATE_LIMIT_EXCEEDED,
                          "retry_after",
                          Math.max(1, (decision.resetMillis() + 999) / 1000)));
            });
  }

  /** notifications.stream: everything up to the first byte of the answer. */
  void notifications(Exchange exchange) {
    HttpServerRequest http = exchange.http;
    if (http.method().equals(HttpMethod.HEAD)) {
      fail(exchange, Errors.of(ErrorCode.METHOD_NOT_ALLOWED));
      return;
    }
    admitStream()
        .compose(open -> authenticate(exchange, NOTIFICATIONS))
        .compose(known -> parts.limits().admit(exchange))
        .compose(admitted -> parts.streams().place(exchange.principal.userId()))
        .compose(
            place ->
                place
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                Errors.of(
                                    ErrorCode.RATE_LIMIT_EXCEEDED,
                                    "retry_after",
                                    RETRY_FULL_SECONDS))))
        .onSuccess(
            place ->
                parts.loop().stream(http.response(), session(exchange), place, lastEventId(http)))
        .onFailure(failure -> fail(exchange, failure));
  }

  private Future<Void> admitStream() {
    return parts.streams().closed() ? Future.failedFuture(unavailable()) : Future.succeededFuture();
  }

  /** What is no id of ours stands for a fresh client. */
  private static Long lastEventId(HttpServerRequest http) {
    String header = http.getHeader("Last-Event-ID");
    return header != null && header.matches("\\d{1,15}") ? Long.valueOf(header) : null;
  }

  private void fail(Exchange exchange, Throwable failure) {
    parts.responses().failure(exchange.http, exchange.requestId, exchange, failure);
  }

  /** By the ticket of the address, else by the Authorization header. */
  Future<Void> authenticate(Exchange exchange, String purpose) {
    Map<String, List<String>> query = ContractHandler.query(exchange.http);
    String ticket = query.getOrDefault("ticket", List.of("")).getFirst();
    boolean tokenInAddress =
        query.containsKey("token") || query.containsKey("access_token") || ticket.contains(".");
    if (tokenInAddress) {
      return Future.failedFuture(Errors.invalid("ticket", "访问令牌不能放在地址中，请先购买凭证"));
    }
    if (ticket.isEmpty()) {
      return parts.authentication().authenticate(exchange);
    }
    return parts
        .loop()
        .tickets()
        .redeem(ticket, purpose, exchange.ip)
        .recover(away -> Future.failedFuture(unavailable()))
        .compose(pass -> accept(exchange, pass));
  }

  private Future<Void> accept(Exchange exchange, Optional<Tickets.Pass> pass) {
    if (pass.isEmpty()) {
      return Future.failedFuture(Exchange.unauthorized("ticket_invalid"));
    }
    Tickets.Pass buyer = pass.get();
    return parts
        .authentication()
        .accept(
            exchange,
            new AccessTokens.Claims(
                buyer.userId(), buyer.sessionId(), buyer.tokenId(), buyer.expiresAt()));
  }

  static Session session(Exchange exchange) {
    AccessTokens.Claims claims = exchange.claims;
    String agent = exchange.http.getHeader(HttpHeaders.USER_AGENT);
    return new Session(
        claims.userId(),
        claims.sessionId(),
        claims.tokenId(),
        claims.expiresAt(),
        exchange.ip,
        agent == null || agent.length() <= MAX_AGENT ? agent : agent.substring(0, MAX_AGENT),
        standing(exchange.principal));
  }

  static Standing standing(Principals.Principal account) {
    return new Standing(
        account.active(),
        account.banned(),
        account.creator(),
        account.verified(),
        account.roles(),
        account.permissions());
  }

  static io.vertx.serviceproxy.ServiceException unavailable() {
    return Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "retry_after", RETRY_SECONDS);
  }
}
