package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.Set;

/** The routes around the contract: request id and headers for all, CORS, the reference pages. */
final class Pages {

  private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

  /** The reference draws with inline styles and data images; scripts only from here. */
  private static final String DOCS_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'none'";

  private Pages() {}

  static Router router(
      Vertx vertx, Config config, Buffer openapi, ContractHandler contract, Responses responses) {
    Router router = Router.router(vertx);
    boolean secure = config.http().publicUrl().startsWith("https://");
    router.route().handler(context -> common(context, secure));
    if (!config.http().corsOrigins().isEmpty()) {
      router.route().handler(cors(config));
    }
    router
        .route(ContractHandler.PREFIX + "/*")
        .handler(context -> contract.handle(context.request()));
    docs(router, openapi);
    router.route().handler(context -> fail(context, responses, ErrorCode.NOT_FOUND));
    for (ErrorCode code :
        Set.of(ErrorCode.NOT_FOUND, ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.INTERNAL_ERROR)) {
      router.errorHandler(code.status(), context -> fail(context, responses, code));
    }
    router.errorHandler(403, context -> fail(context, responses, ErrorCode.FORBIDDEN));
    router.errorHandler(
        400,
        context ->
            responses.failure(
                context.request(),
                requestId(context),
                null,
                Errors.invalid("request", "不是有效的 HTTP 请求")));
    return router;
  }

  private static void common(RoutingContext context, boolean secure) {
    HttpServerResponse response = context.response();
    response.putHeader("X-Request-Id", RequestIds.of(context.request().getHeader("X-Request-Id")));
    response.putHeader("X-Content-Type-Options", "nosniff");
    response.putHeader("X-Frame-Options", "DENY");
    response.putHeader("Referrer-Policy", "no-referrer");
    response.putHeader("Content-Security-Policy", API_POLICY);
    if (secure) {
      response.putHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
    context.next();
  }

  private static CorsHandler cors(Config config) {
    return CorsHandler.create()
        .addOrigins(config.http().corsOrigins())
        .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE))
        .allowedHeaders(
            Set.of(
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-None-Match",
                "X-Request-Id",
                "X-Security-Token",
                "X-Device-Id",
                "X-Device-Name",
                "X-App-Version",
                "X-Platform"))
        .exposedHeaders(
            Set.of(
                "X-Request-Id",
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                "Retry-After",
                "ETag",
                "Idempotent-Replayed"))
        .maxAgeSeconds(600);
  }

  private static void docs(Router router, Buffer openapi) {
    router
        .get("/openapi.json")
        .handler(
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .end(openapi));
    router.get("/").handler(context -> context.redirect("/docs/"));
    router.getWithRegex("/docs").handler(context -> context.redirect("/docs/"));
    router
        .route("/docs/*")
        .method(HttpMethod.GET)
        .handler(
            context -> {
              context.response().putHeader("Content-Security-Policy", DOCS_POLICY);
              context.next();
            });
    router
        .get("/docs/assets/*")
        .handler(
            StaticHandler.create("META-INF/resources/webjars/swagger-ui/" + swaggerVersion())
                .setCachingEnabled(true));
    router.get("/docs/*").handler(StaticHandler.create("docs").setIndexPage("index.html"));
  }

  private static String swaggerVersion() {
    Properties pom = new Properties();
    try (InputStream in =
        Pages.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      pom.load(in);
      return pom.getProperty("version");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String requestId(RoutingContext context) {
    String id = context.response().headers().get("X-Request-Id");
    return id == null ? RequestIds.of(null) : id;
  }

  private static void fail(RoutingContext context, Responses responses, ErrorCode code) {
    Throwable failure = context.failure();
    responses.failure(
        context.request(),
        requestId(context),
        null,
        failure != null && code == ErrorCode.INTERNAL_ERROR ? failure : Errors.of(code));
  }
}
