package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.CategoryList;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the API, the reference that draws it, and pages of other origins. */
class PagesTest {

  private static final String OURS = "https://app.sharestack.test";
  private static ApiGateway gateway;
  private static ApiClient api;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start(
                "gw_pages",
                "SHARESTACK_HTTP_CORS_ORIGINS",
                OURS + ",http://localhost:5173",
                "SHARESTACK_HTTP_PUBLIC_URL",
                "https://api.sharestack.test")
            .answer(
                CategoriesService.class,
                "list",
                (c, r) -> Future.succeededFuture(new CategoryList(List.of())));
    api = gateway.api();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void theDescriptionIsOpenApiWithoutWhatIsInternal() {
    ApiAnswer answer = api.page("GET", "/openapi.json");
    assertEquals(200, answer.status());
    JsonObject document = answer.json();
    assertEquals("3.1.0", document.getString("openapi"));
    assertTrue(document.getJsonObject("paths").size() > 10);
    assertFalse(answer.text().contains("/internal/"));
    assertFalse(answer.text().contains("x-internal"));
    List<String> broken = new ArrayList<>();
    references(document, document, broken);
    assertEquals(List.of(), broken);
    ApiAnswer head = api.page("HEAD", "/openapi.json");
    assertEquals(200, head.status());
    assertEquals(String.valueOf(answer.body().length), head.header("Content-Length"));
  }

  private static void references(Object node, JsonObject document, List<String> broken) {
    if (node instanceof JsonObject object) {
      String ref = object.getValue("$ref") instanceof String text ? text : null;
      if (ref != null) {
        String name = ref.replaceFirst("^#/components/schemas/", "");
        if (!document.getJsonObject("components").getJsonObject("schemas").containsKey(name)) {
          broken.add(ref);
        }
      }
      object.forEach(field -> references(field.getValue(), document, broken));
    } else if (node instanceof JsonArray array) {
      array.forEach(part -> references(part, document, broken));
    }
  }

  @Test
  void theReferenceLoadsEverythingFromThisServer() {
    ApiAnswer page = api.page("GET", "/docs/");
    assertEquals(200, page.status());
    assertTrue(page.header("Content-Type").startsWith("text/html"));
    assertTrue(page.header("Content-Security-Policy").contains("default-src 'self'"));
    List<String> loaded = new ArrayList<>();
    var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.text());
    while (links.find()) {
      assertTrue(links.group(1).startsWith("/"), "from elsewhere: " + links.group(1));
      loaded.add(links.group(1));
    }
    assertTrue(loaded.size() >= 4, loaded.toString());
    for (String path : loaded) {
      ApiAnswer part = api.page("GET", path);
      assertEquals(200, part.status(), path);
      assertTrue(part.body().length > 100, path);
      assertEquals(200, api.page("HEAD", path).status(), path);
    }
    assertTrue(api.page("GET", "/docs/reference.js").text().contains("/openapi.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs"})
  void theShortAddressesLeadToTheReference(String path) {
    ApiAnswer answer = api.page("GET", path);
    assertEquals(302, answer.status());
    assertEquals("/docs/", answer.header("Location"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/nothing.js",
        "/docs/assets",
        "/docs/assets/",
        "/docs/assets/nothing",
        "/favicon.ico",
        "/docs/../logback.xml",
        "/docs/%2e%2e/logback.xml",
        "/docs/..%2flogback.xml",
        "/docs/assets/../../../../logback.xml",
        "/docs/..%5clogback.xml",
        "/docs//etc/passwd"
      })
  void whatIsNotThereOrLiesOutsideIsNotFoundInTheEnvelope(String path) throws Exception {
    try (ApiSocket socket = new ApiSocket(api.port())) {
      ApiAnswer answer = socket.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertEquals("404 NOT_FOUND", answer.status() + " " + answer.errorCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /docs/", "DELETE /openapi.json", "POST /"})
  void pagesAreOnlyRead(String start) throws Exception {
    try (ApiSocket socket = new ApiSocket(api.port())) {
      ApiAnswer answer = socket.write(start + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertEquals("405 METHOD_NOT_ALLOWED", answer.status() + " " + answer.errorCode());
      assertEquals("GET, HEAD", answer.header("Allow"));
    }
  }

  @Test
  void aRangeThatIsNotThereIsRefusedInTheEnvelope() throws Exception {
    try (ApiSocket socket = new ApiSocket(api.port())) {
      socket.write("GET /docs/reference.js HTTP/1.1\r\nHost: x\r\nRange: bytes=99999999-\r\n\r\n");
      assertEquals(400, socket.read().status());
    }
  }

  @Test
  void clientsThatCameByHttpsAreTold() {
    assertNotNull(api.get("/categories").header("Strict-Transport-Security"));
    assertNotNull(api.page("GET", "/docs/").header("Strict-Transport-Security"));
  }

  private static ApiAnswer preflight(String origin) throws Exception {
    try (ApiSocket socket = new ApiSocket(api.port())) {
      return socket
          .write(
              "OPTIONS /api/v1/articles/1 HTTP/1.1\r\nHost: x\r\nOrigin: "
                  + origin
                  + "\r\nAccess-Control-Request-Method: PUT\r\n"
                  + "Access-Control-Request-Headers: authorization\r\n\r\n")
          .read();
    }
  }

  @Test
  void aConfiguredOriginMayCall() throws Exception {
    ApiAnswer answer = preflight(OURS);
    assertEquals(204, answer.status());
    assertEquals(OURS, answer.header("Access-Control-Allow-Origin"));
    assertTrue(answer.header("Access-Control-Allow-Methods").contains("PUT"));
    assertTrue(answer.header("Access-Control-Allow-Headers").contains("Authorization"));
    assertEquals("600", answer.header("Access-Control-Max-Age"));
    assertNull(answer.header("Access-Control-Allow-Credentials"));

    ApiAnswer call = api.with("Origin", OURS).get("/categories");
    assertEquals(OURS, call.header("Access-Control-Allow-Origin"));
    assertTrue(call.header("Access-Control-Expose-Headers").contains("X-Request-Id"));
    assertTrue(call.headers().get("vary").toString().toLowerCase().contains("origin"));
    assertEquals(
        OURS, api.with("Origin", OURS).get("/nothing").header("Access-Control-Allow-Origin"));
  }

  @Test
  void anotherOriginGetsNoPermission() throws Exception {
    for (String origin :
        List.of("https://evil.test", OURS + ".evil.test", "null", "http://app.sharestack.test")) {
      ApiAnswer answer = preflight(origin);
      assertEquals("403 FORBIDDEN", answer.status() + " " + answer.errorCode());
      assertNull(answer.header("Access-Control-Allow-Origin"));
      ApiAnswer call = api.with("Origin", origin).get("/categories");
      assertEquals(200, call.status());
      assertNull(call.header("Access-Control-Allow-Origin"));
    }
  }

  @Test
  void answersThatMayBeKeptSayThatTheOriginMatters() {
    ApiAnswer answer = api.get("/categories");
    assertTrue(answer.headers().get("vary").toString().toLowerCase().contains("origin"));
    assertTrue(answer.headers().get("vary").toString().contains("Authorization"));
  }
}
