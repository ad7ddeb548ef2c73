package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.SessionsRevokedSinceRequest;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.LoggerFactory;

/** Two real JVMs: the gateway here, a service behind its guard there. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

  private static final Caller CALLER = Callers.system("cluster-test");

  private static TestNode node;
  private static Process remote;
  private static TrialService trials;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void startBoth() throws Exception {
    String name = Ids.random("test-", 8);
    int here = freePort();
    int there = freePort();
    String member = "127.0.0.1:" + here;
    node =
        TestNode.of(
            "cluster",
            "SHARESTACK_ROLES",
            "gateway",
            "SHARESTACK_CLUSTER_ENABLED",
            "true",
            "SHARESTACK_CLUSTER_NAME",
            name,
            "SHARESTACK_CLUSTER_PORT",
            String.valueOf(here),
            "SHARESTACK_CLUSTER_PORT_RANGE",
            "1",
            "SHARESTACK_CLUSTER_MEMBERS",
            member,
            "SHARESTACK_HTTP_CALL_TIMEOUT_MILLIS",
            "3000",
            "SHARESTACK_START_REACH_SECONDS",
            "1");
    node.fake(SessionsService.class, new NoRevocations()).startAll();
    remote = startRemote(name, there, member);
    trials =
        com.sharestack.platform.service.ServiceHost.client(
            node.vertx(), TrialService.class, Set.of(), 4_000);
    awaitFirstAnswer();
  }

  private static final class NoRevocations implements SessionsService {
    @Override
    public Future<Revocations> revokedSince(Caller caller, SessionsRevokedSinceRequest request) {
      return Future.succeededFuture(new Revocations(List.of(), null));
    }
  }

  private static Process startRemote(String name, int port, String member) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx256m", "-cp", System.getProperty("java.class.path"), RemoteNode.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("SHARESTACK_"));
    builder.environment().put("SHARESTACK_MODE", "test");
    builder.environment().put("SHARESTACK_CLUSTER_NAME", name);
    builder.environment().put("SHARESTACK_CLUSTER_PORT", String.valueOf(port));
    builder.environment().put("SHARESTACK_CLUSTER_PORT_RANGE", "1");
    builder.environment().put("SHARESTACK_CLUSTER_MEMBERS", member);
    Process process = builder.redirectErrorStream(true).start();
    BufferedReader out = process.inputReader();
    CompletableFuture<Boolean> up =
        CompletableFuture.supplyAsync(
            () -> out.lines().peek(System.out::println).anyMatch("remote node is up"::equals));
    assertTrue(up.orTimeout(60, TimeUnit.SECONDS).join(), "the other JVM ended before it was up");
    Thread.ofVirtual().start(() -> out.lines().forEach(System.out::println));
    return process;
  }

  /** A registration takes a moment to reach this node's view of the cluster. */
  private static void awaitFirstAnswer() {
    node.await(
        () -> {
          for (int attempt = 0; ; attempt++) {
            Throwable failure =
                call(1).map(answer -> (Throwable) null).otherwise(cause -> cause).await();
            if (failure == null) {
              return null;
            }
            if (attempt == 50) {
              throw new IllegalStateException("the other JVM never answered", failure);
            }
            node.vertx().timer(100, TimeUnit.MILLISECONDS).await();
          }
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Future<TrialContent> call(long id) {
    return trials.get(CALLER, new TrialGetRequest(id));
  }

  private static HttpResponse<String> get(long id) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + node.node().httpPort() + "/api/v1/articles/" + id + "/trial");
    return HTTP.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @AfterAll
  static void stopBoth() {
    if (remote != null) {
      remote.destroyForcibly();
    }
    if (node != null) {
      node.close();
    }
  }

  @Test
  @Order(1)
  void slowCallsToTheOtherJvmRunConcurrently() {
    List<TrialContent> answers =
        node.await(
            () ->
                Future.all(
                        LongStream.range(0, RemoteNode.SLOW_CALLS)
                            .mapToObj(i -> call(RemoteNode.SLOW + i))
                            .toList())
                    .await()
                    .list());
    assertTrue(
        answers.stream().anyMatch(a -> a.title().equals("most at once " + RemoteNode.SLOW_CALLS)),
        () -> "not concurrent: " + answers.stream().map(TrialContent::title).toList());
  }

  @Test
  @Order(2)
  void aThrownConflictArrivesWithItsDetails() throws Exception {
    ServiceException conflict =
        assertThrows(
            ServiceException.class, () -> node.await(() -> call(RemoteNode.CONFLICT).await()));
    assertEquals(409, conflict.failureCode());
    assertEquals("CONFLICT", conflict.getMessage());
    assertEquals("EDIT_CONFLICT", conflict.getDebugInfo().getString("reason"));
    assertEquals(7, conflict.getDebugInfo().getInteger("current_version"));
    HttpResponse<String> answer = get(RemoteNode.CONFLICT);
    assertEquals(409, answer.statusCode());
    assertTrue(answer.body().contains("\"current_version\":7"), answer.body());
  }

  @Test
  @Order(3)
  void aBugOfTheOtherJvmTellsNothing() throws Exception {
    HttpResponse<String> answer = get(RemoteNode.BROKEN);
    assertEquals(500, answer.statusCode());
    assertTrue(answer.body().contains("\"code\":\"INTERNAL_ERROR\""), answer.body());
    assertTrue(!answer.body().contains("secret"), answer.body());
  }

  @Test
  @Order(4)
  void moneyCrossesBusAndHttpExactly() throws Exception {
    TrialContent large = node.await(() -> call(RemoteNode.LARGE).await());
    assertEquals("99999999.99", large.paywall().price().toPlainString());
    TrialContent small = node.await(() -> call(2).await());
    assertEquals("29.90", small.paywall().price().toPlainString());
    assertTrue(get(RemoteNode.LARGE).body().contains("\"price\":99999999.99,"));
    assertTrue(get(3).body().contains("\"price\":29.90,"));
  }

  @Test
  @Order(5)
  void theRequestIdTravelsToTheOtherJvm() throws Exception {
    HttpResponse<String> answer = get(4);
    String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    assertTrue(answer.body().contains("\"title\":\"" + id + "\""), answer.body());
  }

  private static long millisUntilItsAddressIsGone() {
    try {
      return Waiting.until(
          "the dead node's address is gone",
          10,
          () -> {
            io.vertx.core.Promise<List<io.vertx.core.spi.cluster.RegistrationInfo>> found =
                io.vertx.core.Promise.promise();
            node.node().membership().getRegistrations(TrialService.ADDRESS, found);
            return found
                .future()
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .isEmpty();
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Order(6)
  void aDeadNodeGivesAnErrorAndNoHang() throws Exception {
    CompletableFuture<Long> gone =
        CompletableFuture.supplyAsync(ClusterTest::millisUntilItsAddressIsGone);
    remote.destroyForcibly().waitFor();
    long start = System.nanoTime();
    HttpResponse<String> answer = get(5);
    assertTrue(
        answer.statusCode() == 503 || answer.statusCode() == 504,
        () -> answer.statusCode() + answer.body());
    assertTrue(
        System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10), "answered only after 10 s");
    assertTrue(
        answer.statusCode() == 504 || answer.headers().firstValue("Retry-After").isPresent());
    long millis = gone.get(15, TimeUnit.SECONDS);
    LoggerFactory.getLogger(ClusterTest.class).info("its address was gone after {} ms", millis);
  }
}
