package com.sharestack.gateway;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The pages around the API: its description and the reference that draws it. */
final class Pages {

  /** The reference draws with inline styles and data images; scripts only from here. */
  private static final String DOCS_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'none'";

  /** What vertx-web may fail with by itself; each wears the envelope like everything else. */
  private static final Map<Integer, ErrorCode> FAILURES =
      Map.of(
          400, ErrorCode.VALIDATION_ERROR,
          403, ErrorCode.FORBIDDEN,
          404, ErrorCode.NOT_FOUND,
          405, ErrorCode.METHOD_NOT_ALLOWED,
          416, ErrorCode.VALIDATION_ERROR,
          500, ErrorCode.INTERNAL_ERROR);

  /** What the reference needs of the webjar; its own index shows somebody else's API. */
  private static final Set<String> ASSETS =
      Set.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

  private static final String ASSETS_PATH = "/docs/assets/";

  private Pages() {}

  static Router router(Vertx vertx, Buffer openapi, Responses responses) {
    Router router = Router.router(vertx);
    docs(router, openapi);
    FAILURES.forEach(
        (status, code) -> router.errorHandler(status, context -> fail(context, responses, code)));
    return router;
  }

  private static void docs(Router router, Buffer openapi) {
    read(router, "/openapi.json").handler(context -> describe(context, openapi));
    read(router, "/").handler(context -> context.redirect("/docs/"));
    router.routeWithRegex("/docs").handler(context -> context.redirect("/docs/"));
    read(router, "/docs/*").handler(Pages::allowReference);
    read(router, ASSETS_PATH + "*")
        .handler(Pages::onlyAssets)
        .handler(
            StaticHandler.create("META-INF/resources/webjars/swagger-ui/" + swaggerVersion())
                .setCachingEnabled(true));
    read(router, "/docs/*").handler(StaticHandler.create("docs").setIndexPage("index.html"));
  }

  private static Route read(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void describe(RoutingContext context, Buffer openapi) {
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(openapi.length())).end();
    } else {
      response.end(openapi);
    }
  }

  private static void allowReference(RoutingContext context) {
    context.response().putHeader(CommonHeaders.CONTENT_POLICY, DOCS_POLICY);
    context.next();
  }

  private static void onlyAssets(RoutingContext context) {
    String path = context.normalizedPath();
    if (path.startsWith(ASSETS_PATH) && ASSETS.contains(path.substring(ASSETS_PATH.length()))) {
      context.next();
    } else {
      context.fail(404);
    }
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

  private static void fail(RoutingContext context, Responses responses, ErrorCode code) {
    Throwable failure =
        switch (code) {
          case VALIDATION_ERROR -> Errors.invalid("request", "不是有效的 HTTP 请求");
          case INTERNAL_ERROR -> context.failure() == null ? Errors.of(code) : context.failure();
          default -> Errors.of(code, "resource", "path");
        };
    if (code == ErrorCode.METHOD_NOT_ALLOWED) {
      context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
    }
    String requestId = context.response().headers().get(CommonHeaders.REQUEST_ID);
    responses.failure(context.request(), requestId, null, failure);
  }
}
