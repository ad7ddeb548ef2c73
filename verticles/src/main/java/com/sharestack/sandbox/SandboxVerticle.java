package com.sharestack.sandbox;

import com.sharestack.platform.config.Config;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role {@code sandbox}: deploy one instance, on an event loop. All state is in memory and ends
 * with the verticle.
 */
public final class SandboxVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxVerticle.class);
  private static final int MAX_BODY = 256 * 1024;
  private static final long TICK_MILLIS = 200;
  private static final long COLLECT_MILLIS = 2_000;

  private final Config.Endpoint endpoint;
  private final SandboxKeys keys;
  private final SandboxOptions options;
  private final Clock clock;
  private volatile HttpServer server;
  private volatile Mailbox mailbox;
  private Twin twin;

  /**
   * @param endpoint port 0 = a free one, see {@link #port()}
   * @param clock the node's own: what is signed must be as old there as here
   */
  public SandboxVerticle(
      Config.Endpoint endpoint, SandboxKeys keys, SandboxOptions options, Clock clock) {
    this.endpoint = endpoint;
    this.keys = keys;
    this.options = options;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    twin = new Twin(vertx, keys, options, clock);
    return Mailbox.start(vertx, endpoint.host(), options.smtpPort(), options.maxMails())
        .compose(
            started -> {
              mailbox = started;
              return vertx
                  .createHttpServer(
                      new HttpServerOptions()
                          .setHost(endpoint.host())
                          .setPort(endpoint.port())
                          .setIdleTimeout(60))
                  .requestHandler(router())
                  .listen();
            })
        .onSuccess(this::started);
  }

  private void started(HttpServer listening) {
    server = listening;
    twin.origin("http://" + endpoint.host() + ":" + listening.actualPort());
    vertx.setPeriodic(TICK_MILLIS, tick -> twin.tick());
    if (mailbox.port() >= 0) {
      vertx.setPeriodic(COLLECT_MILLIS, tick -> collect());
    }
    LOG.info("sandbox: {}", twin.url("/"));
  }

  /** Keeps the mail server's own store from growing while nobody looks. */
  private void collect() {
    mailbox.mails(null).onFailure(broken -> LOG.warn("sandbox mailbox: {}", broken.toString()));
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    new WechatTwin(twin, twin.wechatSeal()).mount(router);
    new AlipayTwin(twin, twin.alipaySeal()).mount(router);
    ControlApi control = new ControlApi(twin);
    control.mount(router);
    new Pages(twin, control, mailbox).mount(router);
    router.route().failureHandler(SandboxVerticle::failed);
    return router;
  }

  /** Of the control API and the pages; the rails write their own refusals. */
  private static void failed(RoutingContext call) {
    Throwable cause = call.failure();
    int status =
        switch (cause) {
          case null -> call.statusCode() < 400 ? 500 : call.statusCode();
          case TwinError refused -> refused.kind == TwinError.Kind.NOT_EXIST ? 404 : 409;
          case IllegalArgumentException bad -> 400;
          case DecodeException bad -> 400;
          case ClassCastException bad -> 400;
          case java.time.DateTimeException bad -> 400;
          default -> 500;
        };
    if (status == 500) {
      LOG.error("sandbox: {} {}", call.request().method(), call.request().path(), cause);
    }
    if (!call.response().ended()) {
      String message = cause == null ? "找不到页面" : String.valueOf(cause.getMessage());
      ControlApi.json(call, status, new JsonObject().put("error", message));
    }
  }

  /** The bound port; known once deployed. */
  public int port() {
    return server.actualPort();
  }

  /** Of the mailbox, -1 = none; known once deployed. */
  public int smtpPort() {
    return mailbox.port();
  }

  @Override
  public Future<?> stop() {
    return Future.join(server.close(), twin.notifier().close(), mailbox.stop());
  }
}
