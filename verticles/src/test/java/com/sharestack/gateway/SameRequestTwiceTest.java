package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.WholeNode;
import com.sharestack.gateway.IdempotentRequests.Request;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiOperations;
import com.sharestack.testing.ApiOperations.Operation;
import com.sharestack.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each operation that honours Idempotency-Key, asked several times at once with the same key: one
 * effect, and every answer is the first one or the documented conflict. Once with the claims of the
 * gateway and once without: two nodes on one database that know nothing of each other's claims, as
 * when Redis is away (billing contract, section idempotency: the database key alone decides).
 */
class SameRequestTwiceTest {

  private static final int AT_ONCE = 4;

  private static EveryStanding standing;
  private static TestNode other;
  private static String otherProof;

  @BeforeAll
  static void start() {
    standing = new EveryStanding("same_twice");
    List<String> environment = standing.environment();
    environment.addAll(List.of("SHARESTACK_MYSQL_URL", standing.node.config().mysql().url()));
    other = WholeNode.empty("same_twice_b", environment.toArray(String[]::new));
    otherProof = standing.proof(new ApiClient(other.node().httpPort()));
  }

  @AfterAll
  static void stop() {
    other.close();
    standing.close();
  }

  private static ApiClient here(Request request, String key) {
    return client(standing.node, request, standing.proof(), key);
  }

  private static ApiClient there(Request request, String key) {
    return client(other, request, otherProof, key);
  }

  private static ApiClient client(TestNode node, Request request, String proof, String key) {
    return new ApiClient(node.node().httpPort())
        .as(request.token())
        .with("X-Security-Token", proof)
        .with("Idempotency-Key", key);
  }

  private static Stream<DynamicTest> each(int round, java.util.function.Consumer<Request> test) {
    return IdempotentRequests.of(standing, round).entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> test.accept(entry.getValue())));
  }

  private static List<ApiAnswer> atOnce(Request request, List<ApiClient> clients) {
    List<CompletableFuture<ApiAnswer>> sent = new ArrayList<>();
    clients.forEach(client -> sent.add(client.sendAsync("POST", request.path(), request.body())));
    return sent.stream().map(CompletableFuture::join).toList();
  }

  private static long effects(Request request) {
    return standing.node.await(
        () ->
            standing
                .node
                .db()
                .rows("SELECT COUNT(*) FROM " + request.effects())
                .getFirst()
                .getLong(0));
  }

  @Test
  void aRequestIsKnownForEachOperation() {
    TreeSet<String> idempotent = new TreeSet<>();
    ApiOperations.all().stream()
        .filter(Operation::idempotent)
        .forEach(operation -> idempotent.add(operation.id()));
    Map<String, Request> known = IdempotentRequests.of(standing, 3);
    assertEquals(idempotent, new TreeSet<>(known.keySet()));
  }

  @TestFactory
  Stream<DynamicTest> theSameRequestAtOnceHasOneEffect() {
    return each(1, SameRequestTwiceTest::hasOneEffect);
  }

  private static void hasOneEffect(Request request) {
    long before = effects(request);
    ApiClient caller = here(request, "twice-" + UUID.randomUUID());
    List<ApiAnswer> answers = atOnce(request, java.util.Collections.nCopies(AT_ONCE, caller));
    List<ApiAnswer> done = answers.stream().filter(answer -> answer.status() < 300).toList();
    assertFalse(done.isEmpty(), answers::toString);
    answers.stream()
        .filter(answer -> answer.status() >= 300)
        .forEach(refused -> assertEquals("IDEMPOTENCY_IN_PROGRESS", refused.errorCode()));
    assertEquals(before + 1, effects(request), answers::toString);

    ApiAnswer again = caller.post(request.path(), request.body());
    assertEquals("true", again.header("Idempotent-Replayed"), again::toString);
    List<ApiAnswer> same = new ArrayList<>(done);
    same.add(again);
    same.forEach(answer -> assertEquals(done.getFirst().data(), answer.data()));
    ApiAnswer changed = caller.post(request.path(), request.other());
    assertEquals("IDEMPOTENCY_CONFLICT", changed.errorCode(), changed::toString);
    assertEquals(before + 1, effects(request));
  }

  @TestFactory
  Stream<DynamicTest> withoutCommonClaimsTheDatabaseLetsItHappenOnce() {
    return each(2, SameRequestTwiceTest::happensOnceOnTwoNodes);
  }

  private static void happensOnceOnTwoNodes(Request request) {
    long before = effects(request);
    String key = "apart-" + UUID.randomUUID();
    ApiClient here = here(request, key);
    ApiClient there = there(request, key);
    List<ApiAnswer> answers = atOnce(request, List.of(here, there));
    List<ApiAnswer> done = answers.stream().filter(answer -> answer.status() < 300).toList();
    assertFalse(done.isEmpty(), answers::toString);
    answers.forEach(
        answer -> assertTrue(answer.status() < 300 || answer.status() == 409, answers::toString));
    assertEquals(before + 1, effects(request), answers::toString);
  }
}
