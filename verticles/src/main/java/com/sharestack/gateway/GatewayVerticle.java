package com.sharestack.gateway;

import com.sharestack.contract.AuthService;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.WebhooksService;
import com.sharestack.gateway.live.LiveLoop;
import com.sharestack.gateway.live.Tickets;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.InFlight;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.platform.service.Signals;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop of the HTTP gateway; one instance per core shares the port. */
public final class GatewayVerticle extends AbstractVerticle {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayVerticle.class);

  /** A client that does not answer a close is cut off after this. */
  private static final int WEBSOCKET_CLOSING_SECONDS = 5;

  /** What the protocol takes; larger ones do not come as far as this limit, see FrameGate. */
  private static final int MAX_FRAME_BYTES = 65_536;

  private final Gateway gateway;
  private Responses responses;
  private CommonHeaders headers;
  private HttpServer server;
  private volatile boolean closing;

  public GatewayVerticle(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void start(Promise<Void> started) {
    Platform platform = gateway.platform;
    Config config = platform.config();
    Principals principals =
        new Principals(client(UsersService.class), config.auth().principalSeconds());
    responses = new Responses(vertx, new Envelope(platform.clock()));
    headers = new CommonHeaders(config.http().publicUrl().startsWith("https://"));
    LiveLoop loop = liveLoop(principals);
    listenToHints(principals, loop);
    pollRevocations(config.auth().revocationPollMillis());
    ContractHandler contract = contract(principals, loop);
    gateway.streams.start(loop.notifications());
    gateway
        .live
        .start(loop.messages())
        .compose(listening -> gateway.firstPoll())
        .compose(known -> listen(config, contract))
        .onComplete(started);
  }

  /**
   * One of several instances may be removed under load: its clients are told to connect anew, which
   * brings them to another one, before their connections end.
   */
  @Override
  public void stop(Promise<Void> stopped) {
    boolean others = !gateway.closing();
    closing = true;
    gateway.closed(server);
    Config.Drain drain = gateway.platform.config().drain();
    Future<?> told =
        others ? vertx.timer(Math.max(1, drain.noticeMillis())) : Future.succeededFuture();
    told.compose(over -> server.shutdown(drain.deadlineMillis(), TimeUnit.MILLISECONDS))
        .onComplete(stopped);
  }

  private LiveLoop liveLoop(Principals principals) {
    Platform platform = gateway.platform;
    return new LiveLoop(
        vertx,
        new LiveLoop.Parts(
            gateway.live,
            gateway.streams,
            client(MessagesService.class),
            client(NotificationsService.class),
            new KnownSessions(gateway.revocations, principals),
            new Tickets(platform.cache(), platform.clock()),
            platform.clock(),
            Calls::tellable));
  }

  private ContractHandler contract(Principals principals, LiveLoop loop) {
    Platform platform = gateway.platform;
    Config config = platform.config();
    Authentication authentication =
        new Authentication(gateway.tokens, gateway.revocations, principals, platform.clock());
    Limits limits = new Limits(gateway.limiter, config.rates());
    Doors doors =
        new Doors(
            new Doors.Parts(
                authentication,
                gateway.limiter,
                limits,
                gateway.live,
                gateway.streams,
                loop,
                responses),
            config);
    return new ContractHandler(
        new ContractHandler.Parts(
            gateway.routes,
            new ClientAddress(Set.copyOf(config.http().trustedProxies())),
            new Bodies(vertx, config.http().maxBodyBytes()),
            authentication,
            limits,
            new StepUp(client(AuthService.class)),
            new Idempotency(platform.cache()),
            new Calls(vertx, config.localDomains(), config.http().callTimeoutMillis()),
            raw(doors),
            responses));
  }

  private RawOperations raw(Doors doors) {
    Config config = gateway.platform.config();
    ChannelDoor channels =
        new ChannelDoor(
            vertx,
            ServiceHost.client(
                vertx,
                WebhooksService.class,
                config.localDomains(),
                config.http().callTimeoutMillis()),
            responses);
    return new RawOperations()
        .serve("webhooks.wechat", channels::wechat)
        .serve("webhooks.alipay", channels::alipay)
        .serve("webhooks.stripe", channels::stripe)
        .answer("ws.ticket", doors::ticket)
        .serve("ws.messages", doors::messages)
        .serve("notifications.stream", doors::notifications)
        .requireComplete(gateway.operations);
  }

  private <T> T client(Class<T> type) {
    Config config = gateway.platform.config();
    return ServiceHost.client(
        vertx, type, config.localDomains(), config.services().callTimeoutMillis());
  }

  private Future<Void> listen(Config config, ContractHandler contract) {
    Entrance entrance =
        new Entrance(
            headers,
            new Cors(Set.copyOf(config.http().corsOrigins()), responses),
            contract,
            Pages.router(vertx, gateway.openapi, responses),
            responses);
    server =
        vertx
            .createHttpServer(options(config.http(), gateway.portToBind()))
            .requestHandler(
                new Doorkeeper(
                    gateway.platform.inFlight().of(InFlight.HTTP),
                    () -> closing || gateway.closing(),
                    entrance))
            .invalidRequestHandler(this::refuseMalformed);
    return server.listen().onSuccess(gateway::opened).mapEmpty();
  }

  private static HttpServerOptions options(Config.Http http, int port) {
    return new HttpServerOptions()
        .setHost(http.host())
        .setPort(port)
        .setIdleTimeout(http.idleTimeoutSeconds())
        .setMaxHeaderSize(http.maxHeaderBytes())
        .setMaxInitialLineLength(http.maxPathBytes())
        .setCompressionSupported(true)
        .setCompressionLevel(1)
        .setCompressionContentSizeThreshold(http.compressionMinBytes())
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(MAX_FRAME_BYTES)
        .setWebSocketSubProtocols(List.of(Doors.MESSAGES_PROTOCOL))
        .setWebSocketClosingTimeout(WEBSOCKET_CLOSING_SECONDS)
        .setTcpFastOpen(false)
        .setTcpNoDelay(true);
  }

  private void listenToHints(Principals principals, LiveLoop loop) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Signals.SESSION_REVOKED,
            hint -> gateway.revocations.revoke(hint.body().getString("session_id")));
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Signals.USER_CHANGED,
            hint -> {
              long userId = hint.body().getLong("user_id");
              principals.forget(userId);
              loop.accountChanged(userId);
            });
  }

  private void pollRevocations(int pauseMillis) {
    if (!gateway.claimPoll()) {
      return;
    }
    AtomicBoolean running = new AtomicBoolean();
    vertx.setPeriodic(
        1,
        pauseMillis,
        due -> {
          if (running.compareAndSet(false, true)) {
            gateway
                .revocations
                .poll()
                .onFailure(away -> LOG.warn("ended sessions not read: {}", away.getMessage()))
                .onComplete(done -> running.set(false));
          }
        });
  }

  /** What Netty could not read as HTTP still gets the envelope. */
  private void refuseMalformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ErrorCode code = ErrorCode.VALIDATION_ERROR;
    if (cause instanceof TooLongHttpLineException) {
      code = ErrorCode.URI_TOO_LONG;
    } else if (cause instanceof TooLongHttpHeaderException) {
      code = ErrorCode.HEADERS_TOO_LARGE;
    }
    String requestId = headers.put(request);
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    responses.failure(
        request,
        requestId,
        null,
        code == ErrorCode.VALIDATION_ERROR
            ? Errors.invalid("request", "不是有效的 HTTP 请求")
            : Errors.of(code));
    request.connection().close();
  }
}
