package com.sharestack.gateway.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  private static final RouteTable TABLE =
      table(
          "GET /",
          "GET /users/{id:int}",
          "PUT /users/{id:int}",
          "GET /users/profile",
          "GET /users/{id:int}/followers",
          "GET /users/profile/{name:^.{1,60}$}",
          "DELETE /users/{key:str}",
          "GET /tags/{slug:^[a-z]+$}",
          "GET /tags/{name:str}",
          "GET /a/{x:str}/c",
          "GET /a/b/{y:str}/d",
          "POST /files/{one:str}/{two:str}");

  /** "GET /users/{id:int}": int, str or a pattern. */
  private static RouteTable table(String... routes) {
    return RouteTable.of(operations(List.of(routes)));
  }

  private static List<Operation> operations(List<String> routes) {
    JsonObject paths = new JsonObject();
    int number = 0;
    for (String route : routes) {
      String method = route.substring(0, route.indexOf(' ')).toLowerCase();
      JsonArray parameters = new JsonArray();
      StringBuilder path = new StringBuilder();
      for (String segment : route.substring(route.indexOf(' ') + 2).split("/")) {
        path.append('/')
            .append(segment.startsWith("{") ? "{" + parameter(segment, parameters) + "}" : segment);
      }
      JsonObject item = paths.getJsonObject(path.toString(), new JsonObject());
      item.put(
          method,
          new JsonObject()
              .put("operationId", "r.n" + number++)
              .put("tags", new JsonArray().add("t"))
              .put("parameters", parameters)
              .put("responses", new JsonObject().put("200", new JsonObject())));
      paths.put(path.toString(), item);
    }
    return Operations.load(new JsonObject().put("paths", paths)).all();
  }

  private static String parameter(String segment, JsonArray parameters) {
    int colon = segment.indexOf(':');
    String name = segment.substring(1, colon);
    String rule = segment.substring(colon + 1, segment.length() - 1);
    JsonObject schema =
        switch (rule) {
          case "int" -> new JsonObject().put("type", "integer");
          case "str" -> new JsonObject().put("type", "string");
          default -> new JsonObject().put("type", "string").put("pattern", rule);
        };
    parameters.add(
        new JsonObject()
            .put("name", name)
            .put("in", "path")
            .put("required", true)
            .put("schema", schema));
    return name;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "GET, /, /, {}",
        "GET, /users/profile, /users/profile, {}",
        "GET, /users/pro%66ile, /users/profile, {}",
        "GET, /users/42, /users/{id}, {id=42}",
        "HEAD, /users/42, /users/{id}, {id=42}",
        "DELETE, /users/42, /users/{key}, {key=42}",
        "DELETE, /users/profile, /users/{key}, {key=profile}",
        "GET, /users/profile/%E6%B1%89%2F+, /users/profile/{name}, {name=汉/+}",
        "GET, /tags/abc, /tags/{slug}, {slug=abc}",
        "GET, /tags/abc1, /tags/{name}, {name=abc1}",
        "GET, /a/b/c, /a/{x}/c, {x=b}",
        "GET, /a/b/c/d, /a/b/{y}/d, {y=c}",
      })
  void aRequestFindsTheMostSpecificRoute(
      String method, String path, String template, String values) {
    RouteTable.Match match = assertInstanceOf(RouteTable.Match.class, TABLE.match(method, path));
    assertEquals(template, match.operation().path());
    assertEquals(values, match.pathParams().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "/users",
        "/users/",
        "/users/42/",
        "//users/42",
        "/users//42",
        "/nothing",
        "/a/b/c/e",
        "/users/x/followers",
        "/users/１２/followers",
        "/tags/%",
        "/tags/%4",
        "/tags/%zz",
        "/tags/%C3",
        "/tags/%C0%AF",
        "/tags/%00",
        "/tags/a%0Ab",
        "/tags/.",
        "/tags/..",
        "/tags/%2E%2e",
        "/tags/%E6%B1%89",
        "/tags/a%20b",
        "/tags/%ED%A0%80",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"
      })
  void everythingElseIsNotFound(String path) {
    assertInstanceOf(RouteTable.NotFound.class, TABLE.match("GET", path));
  }

  @Test
  void aPathBeyondTheLimitIsNotFound() {
    String longest = "/tags/" + "x".repeat(Segments.MAX_PATH_CHARS - 6);
    assertInstanceOf(RouteTable.Match.class, TABLE.match("GET", longest));
    assertInstanceOf(RouteTable.NotFound.class, TABLE.match("GET", longest + "x"));
  }

  @Test
  void aKnownPathWithAnotherMethodTellsWhatIsAllowed() {
    assertEquals(
        new RouteTable.MethodNotAllowed(Set.of("DELETE", "GET", "HEAD", "PUT")),
        TABLE.match("POST", "/users/42"));
    assertEquals(new RouteTable.MethodNotAllowed(Set.of("POST")), TABLE.match("GET", "/files/a/b"));
    assertEquals(
        new RouteTable.MethodNotAllowed(Set.of("POST")), TABLE.match("HEAD", "/files/a/b"));
  }

  @Test
  void twoOperationsCannotAnswerTheSameRequests() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> table("GET /u/{a:int}", "GET /u/{b:int}"));
    assertTrue(error.getMessage().contains("r.n0 and r.n1 both answer GET"), error.getMessage());
  }

  /**
   * The naive matcher tries every template and takes the best by comparing segment ranks from the
   * left.
   */
  @Test
  void theTreeAgreesWithANaiveMatcherOnRandomTables() {
    Random random = new Random(5);
    String[] pieces = {"a", "b", "1", "{p%d:int}", "{q%d:str}", "{r%d:^[ab]+$}"};
    int matches = 0;
    for (int round = 0; round < 300; round++) {
      List<String> routes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        StringBuilder path = new StringBuilder(random.nextBoolean() ? "GET " : "PUT ");
        for (int depth = 0, length = 1 + random.nextInt(3); depth < length; depth++) {
          path.append('/').append(pieces[random.nextInt(pieces.length)].formatted(depth));
        }
        if (!routes.contains(path.toString())) {
          routes.add(path.toString());
        }
      }
      List<Operation> operations = operations(routes);
      RouteTable table = RouteTable.of(operations);
      for (int i = 0; i < 60; i++) {
        StringBuilder path = new StringBuilder();
        for (int length = 1 + random.nextInt(3); length > 0; length--) {
          path.append('/').append(List.of("a", "b", "1", "22", "ab", "x").get(random.nextInt(6)));
        }
        RouteTable.Result expected = naive(operations, path.toString());
        assertEquals(expected, table.match("GET", path.toString()), () -> routes + " on " + path);
        matches += expected instanceof RouteTable.Match ? 1 : 0;
      }
    }
    assertTrue(matches > 1_000, "only " + matches + " requests matched anything");
  }

  private static RouteTable.Result naive(List<Operation> operations, String path) {
    String[] segments = path.substring(1).split("/");
    Operation best = null;
    String bestRank = "~";
    Set<String> allowed = new java.util.TreeSet<>();
    for (Operation operation : operations) {
      String rank = rank(operation.path().substring(1).split("/"), segments);
      if (rank == null) {
        continue;
      }
      allowed.add(operation.httpMethod());
      if (operation.httpMethod().equals("GET") && rank.compareTo(bestRank) < 0) {
        best = operation;
        bestRank = rank;
      }
    }
    if (best != null) {
      return new RouteTable.Match(best, values(best.path().substring(1).split("/"), segments));
    }
    return allowed.isEmpty() ? new RouteTable.NotFound() : new RouteTable.MethodNotAllowed(allowed);
  }

  private static String rank(String[] template, String[] segments) {
    if (template.length != segments.length) {
      return null;
    }
    StringBuilder rank = new StringBuilder();
    for (int i = 0; i < template.length; i++) {
      String rule = template[i];
      boolean fits =
          switch (rule.substring(0, Math.min(2, rule.length()))) {
            case "{p" -> segments[i].matches("[0-9]+");
            case "{r" -> segments[i].matches("[ab]+");
            case "{q" -> true;
            default -> rule.equals(segments[i]);
          };
      if (!fits) {
        return null;
      }
      rank.append(
          rule.startsWith("{p") ? 1 : rule.startsWith("{r") ? 2 : rule.startsWith("{q") ? 3 : 0);
    }
    return rank.toString();
  }

  private static Map<String, String> values(String[] template, String[] segments) {
    Map<String, String> values = new java.util.HashMap<>();
    for (int i = 0; i < template.length; i++) {
      if (template[i].startsWith("{")) {
        values.put(template[i].substring(1, template[i].length() - 1), segments[i]);
      }
    }
    return values;
  }
}
