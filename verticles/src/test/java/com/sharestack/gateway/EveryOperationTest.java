package com.sharestack.gateway;

import static com.sharestack.gateway.EveryRequest.encode;
import static com.sharestack.gateway.EveryRequest.path;
import static com.sharestack.gateway.EveryRequest.smallest;
import static com.sharestack.gateway.EveryRequest.unknown;
import static com.sharestack.gateway.EveryRequest.withQuery;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiOperations;
import com.sharestack.testing.ApiOperations.Operation;
import com.sharestack.testing.ApiOperations.Parameter;
import com.sharestack.testing.ValidRequests;
import com.sharestack.testing.WrongRequests;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation of the contract against callers that mean no good: made from the contract, so
 * that an operation is probed from the day it is written down. ApiClient holds every answer against
 * the contract; here stands which answer it must be.
 */
class EveryOperationTest {

  /** Handshakes refuse what is no handshake before they ask who calls. */
  private static final Set<String> HANDSHAKES = Set.of("ws.messages");

  /** What anybody may see of others, and that one may unblock whom one has not blocked. */
  private static final Set<String> OPEN = Set.of("users.get", "blocks.delete");

  private static final Refusals REFUSALS = new Refusals();
  private static EveryStanding standing;

  @BeforeAll
  static void start() {
    standing = new EveryStanding("every_operation");
  }

  @AfterAll
  static void stop() {
    REFUSALS.write();
    standing.close();
  }

  private static Stream<DynamicNode> each(Function<Operation, List<DynamicTest>> cases) {
    return ApiOperations.all().stream()
        .filter(operation -> !HANDSHAKES.contains(operation.id()))
        .map(operation -> Map.entry(operation, cases.apply(operation)))
        .filter(entry -> !entry.getValue().isEmpty())
        .map(entry -> dynamicContainer(entry.getKey().id(), entry.getValue()));
  }

  private static void refused(
      Operation operation, ApiClient caller, Object body, int status, String code) {
    ApiAnswer answer = caller.send(operation.method(), path(operation), body);
    REFUSALS.expect(operation.id(), answer, status, code);
  }

  @TestFactory
  Stream<DynamicNode> whoIsNobodyIsNotLetIn() {
    Map<String, String> tokens = BadTokens.of(standing.node, standing.reader);
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          if (Set.of("user", "creator").contains(operation.auth())) {
            cases.add(
                dynamicTest(
                    "no token",
                    () -> refused(operation, standing.anonymous, null, 401, "UNAUTHORIZED")));
            cases.add(unauthorized(operation, "an empty token", "Bearer "));
          }
          if (!operation.auth().equals("none")) {
            String ended = "Bearer " + standing.gone.accessToken();
            cases.add(unauthorized(operation, "a session that has ended", ended));
            tokens.forEach((name, token) -> cases.add(unauthorized(operation, name, token)));
          }
          return cases;
        });
  }

  private static DynamicTest unauthorized(Operation operation, String name, String header) {
    ApiClient caller = standing.anonymous.with("Authorization", header);
    return dynamicTest(name, () -> refused(operation, caller, null, 401, "UNAUTHORIZED"));
  }

  @TestFactory
  Stream<DynamicNode> whoMayNotIsRefused() {
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          if (!operation.auth().equals("none")) {
            ApiClient banned = standing.banned.api();
            cases.add(
                dynamicTest(
                    "who is banned",
                    () -> refused(operation, banned, smallest(operation), 403, "ACCOUNT_BANNED")));
          }
          if (operation.auth().equals("creator") || operation.permission() != null) {
            cases.add(forbidden(operation, "a reader", standing.reader.api()));
          }
          if (operation.permission() != null) {
            cases.add(forbidden(operation, "a creator", standing.creator.api()));
          }
          if (operation.stepUp()) {
            cases.add(unproved(operation, "no proof", standing.staff.api()));
            for (String proof : List.of("nonsense", "x".repeat(3_000), "' OR 1=1 --")) {
              ApiClient caller = standing.staff.api().with("X-Security-Token", proof);
              cases.add(unproved(operation, "proof " + proof.substring(0, 8), caller));
            }
          }
          return cases;
        });
  }

  private static DynamicTest forbidden(Operation operation, String name, ApiClient caller) {
    return dynamicTest(
        name, () -> refused(operation, caller, smallest(operation), 403, "FORBIDDEN"));
  }

  private static DynamicTest unproved(Operation operation, String name, ApiClient caller) {
    return dynamicTest(
        name, () -> refused(operation, caller, smallest(operation), 403, "REAUTH_REQUIRED"));
  }

  @TestFactory
  Stream<DynamicNode> methodsThatAreNoneAreRefused() {
    return each(
        operation ->
            Stream.of("PATCH", "TRACE", "PROPFIND")
                .map(method -> dynamicTest(method, () -> notAllowed(operation, method)))
                .toList());
  }

  private static void notAllowed(Operation operation, String method) {
    ApiAnswer answer = standing.anonymous.send(method, path(operation), null);
    REFUSALS.expect(operation.id(), answer, 405, "METHOD_NOT_ALLOWED");
    List<String> allowed = List.of(answer.header("Allow").split(", "));
    assertTrue(allowed.contains(operation.method()), answer::toString);
  }

  @TestFactory
  Stream<DynamicNode> bodiesThatAreNoneAreRefused() {
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          if (operation.body() == null) {
            return cases;
          }
          for (WrongRequests.Wrong wrong : WrongRequests.wholes(smallest(operation))) {
            cases.add(wrongBody(operation, wrong));
          }
          ApiClient caller = standing.callerOf(operation);
          if (operation.bodyRequired()) {
            cases.add(wrongBody(operation, new WrongRequests.Wrong("none", null, "body")));
          }
          String large = "{\"probe\":\"" + "x".repeat(EveryStanding.MAX_BODY_BYTES) + "\"}";
          cases.add(
              dynamicTest(
                  "too large", () -> refused(operation, caller, large, 413, "PAYLOAD_TOO_LARGE")));
          for (String type : List.of("text/plain", "multipart/form-data; boundary=x", "x", "<b>")) {
            cases.add(
                dynamicTest(
                    "content type " + type,
                    () ->
                        refused(
                            operation,
                            caller.with("Content-Type", type),
                            smallest(operation),
                            415,
                            "UNSUPPORTED_MEDIA_TYPE")));
          }
          return cases;
        });
  }

  @TestFactory
  Stream<DynamicNode> fieldsThatAreWrongAreNamed() {
    return each(
        operation ->
            operation.body() != null
                ? WrongRequests.fields(operation.body(), smallest(operation)).stream()
                    .map(wrong -> wrongBody(operation, wrong))
                    .toList()
                : List.of());
  }

  private static DynamicTest wrongBody(Operation operation, WrongRequests.Wrong wrong) {
    ApiClient caller = standing.callerOf(operation);
    return dynamicTest(
        wrong.name(),
        () -> {
          ApiAnswer answer = caller.send(operation.method(), path(operation), wrong.body());
          if (wrong.field() == null) {
            REFUSALS.sound(operation.id(), answer);
          } else {
            REFUSALS.expectField(operation.id(), answer, wrong.field());
          }
        });
  }

  @TestFactory
  Stream<DynamicNode> keysThatAreNoneAreRefused() {
    return each(
        operation ->
            operation.idempotent()
                ? Stream.of("short", "k".repeat(65), "with a blank")
                    .map(key -> badKey(operation, key))
                    .toList()
                : List.of());
  }

  private static DynamicTest badKey(Operation operation, String key) {
    ApiClient caller = standing.callerOf(operation).with("Idempotency-Key", key);
    return dynamicTest(
        key,
        () -> {
          ApiAnswer answer = caller.send(operation.method(), path(operation), smallest(operation));
          REFUSALS.expectField(operation.id(), answer, "Idempotency-Key");
        });
  }

  @TestFactory
  Stream<DynamicNode> parametersThatAreWrongAreNamed() {
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          for (Parameter parameter : operation.parameters()) {
            if (!parameter.inPath() && !operation.raw()) {
              for (WrongRequests.WrongText wrong : WrongRequests.query(parameter.schema())) {
                cases.add(wrongQuery(operation, parameter, wrong));
              }
              cases.add(twice(operation, parameter));
              if (parameter.required()) {
                String bare = operation.path(EveryRequest::unknown);
                cases.add(named(operation, bare, "without " + parameter.name(), parameter.name()));
              }
            }
          }
          return cases;
        });
  }

  private static DynamicTest wrongQuery(
      Operation operation, Parameter parameter, WrongRequests.WrongText wrong) {
    String path =
        withQuery(
            operation,
            operation.path(EveryRequest::unknown),
            Map.of(parameter.name(), wrong.text()));
    String name = parameter.name() + " " + wrong.name();
    ApiClient caller = standing.callerOf(operation);
    return wrong.refused()
        ? named(operation, path, name, parameter.name())
        : dynamicTest(
            name,
            () ->
                REFUSALS.sound(
                    operation.id(), caller.send(operation.method(), path, smallest(operation))));
  }

  private static DynamicTest named(Operation operation, String path, String name, String field) {
    ApiClient caller = standing.callerOf(operation);
    return dynamicTest(
        name,
        () -> {
          ApiAnswer answer = caller.send(operation.method(), path, smallest(operation));
          REFUSALS.expectField(operation.id(), answer, field);
        });
  }

  private static DynamicTest twice(Operation operation, Parameter parameter) {
    String one = parameter.name() + "=" + encode("" + ValidRequests.value(parameter.schema()));
    String path = operation.path(EveryRequest::unknown) + "?" + one + "&" + one;
    return named(operation, path, parameter.name() + " twice", parameter.name());
  }

  @TestFactory
  Stream<DynamicNode> idsThatAreNoneNameNothing() {
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          for (Parameter parameter : operation.parameters()) {
            if (parameter.inPath()) {
              for (String id : badIds(parameter)) {
                cases.add(badId(operation, parameter, id));
              }
            }
          }
          return cases;
        });
  }

  private static List<String> badIds(Parameter parameter) {
    List<String> ids = new ArrayList<>();
    ids.addAll(List.of("-1", "abc", "1.5", "%00", "1%00", "..%2f1", "%2e%2e", "'%20OR%201=1--"));
    ids.addAll(List.of("%E6%94%AF%E4%BB%98%F0%9F%98%80", "%3Cscript%3E", "x".repeat(1_500)));
    ids.addAll(List.of("%ff", "%25", "1;2", "null", "NaN", "9".repeat(400)));
    if (parameter.schema().type().equals("integer")) {
      ids.addAll(List.of("0", "9223372036854775808", "9007199254740993"));
    }
    return ids;
  }

  private static DynamicTest badId(Operation operation, Parameter parameter, String id) {
    ApiClient caller = standing.callerOf(operation);
    String path =
        withQuery(
            operation,
            operation.path(other -> other.equals(parameter) ? id : unknown(other)),
            Map.of());
    return dynamicTest(
        parameter.name() + " " + (id.length() > 40 ? id.substring(0, 40) : id),
        () -> {
          ApiAnswer answer = caller.send(operation.method(), path, smallest(operation));
          REFUSALS.sound(operation.id(), answer);
          assertTrue(Set.of(400, 403, 404, 405).contains(answer.status()), answer::toString);
        });
  }

  @TestFactory
  Stream<DynamicNode> unknownIdsAreNotFound() {
    return each(
        operation ->
            operation.hasPathParameters()
                ? List.of(dynamicTest("unknown", () -> unknownIs404(operation)))
                : List.of());
  }

  private static void unknownIs404(Operation operation) {
    ApiAnswer answer =
        standing.callerOf(operation).send(operation.method(), path(operation), smallest(operation));
    REFUSALS.sound(operation.id(), answer);
    assertEquals(404, answer.status(), answer::toString);
    assertTrue(!"path".equals(answer.details().getValue("resource")), answer::toString);
  }

  @TestFactory
  Stream<DynamicNode> thingsOfOthersAreOutOfReach() {
    return each(
        operation -> {
          List<DynamicTest> cases = new ArrayList<>();
          if (operation.permission() != null || OPEN.contains(operation.id())) {
            return cases;
          }
          if (operation.hasPathParameters() && standing.thingOfOthers(operation).isPresent()) {
            String id = standing.thingOfOthers(operation).get();
            String path = withQuery(operation, operation.path(any -> id), Map.of());
            cases.add(outOfReach(operation, path, smallest(operation), "its path"));
          }
          standing
              .bodyAboutOthers(operation)
              .ifPresent(
                  body -> cases.add(outOfReach(operation, path(operation), body, "its body")));
          return cases;
        });
  }

  private static DynamicTest outOfReach(
      Operation operation, String path, JsonObject body, String name) {
    return dynamicTest(
        "named in " + name,
        () -> {
          Map<String, Long> before = standing.contents();
          ApiAnswer answer = standing.creator.api().send(operation.method(), path, body);
          REFUSALS.sound(operation.id(), answer);
          assertTrue(Set.of(403, 404).contains(answer.status()), answer::toString);
          assertEquals(before, standing.contents(), "nothing has changed");
        });
  }

  @Test
  void oneThingOfOthersIsKnownForEveryPath() {
    List<String> missing =
        ApiOperations.all().stream()
            .filter(operation -> operation.permission() == null && operation.hasPathParameters())
            .filter(operation -> standing.thingOfOthers(operation).isEmpty())
            .map(Operation::toString)
            .toList();
    assertEquals(List.of(), missing, "EveryStanding makes one thing of others for each");
  }
}
