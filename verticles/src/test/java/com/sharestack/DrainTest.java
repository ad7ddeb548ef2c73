package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.SessionsRevokedSinceRequest;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.testing.KeptConnection;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of a node see while it stops. */
@Timeout(60)
class DrainTest {

  private static final long SLOW = 1;
  private static final long NOTICE_MILLIS = 1_500;

  private final CompletableFuture<Void> entered = new CompletableFuture<>();
  private final Promise<TrialContent> slow = Promise.promise();

  private TestNode node() {
    TestNode node =
        TestNode.of(
            "drain",
            "SHARESTACK_ROLES",
            "gateway",
            "SHARESTACK_HTTP_CALL_TIMEOUT_MILLIS",
            "20000",
            "SHARESTACK_DRAIN_NOTICE_MILLIS",
            String.valueOf(NOTICE_MILLIS),
            "SHARESTACK_DRAIN_DEADLINE_MILLIS",
            "20000");
    node.fake(
        SessionsService.class,
        new SessionsService() {
          @Override
          public Future<Revocations> revokedSince(
              Caller caller, SessionsRevokedSinceRequest request) {
            return Future.succeededFuture(new Revocations(List.of(), null));
          }
        });
    node.fake(
        TrialService.class,
        new TrialService() {
          @Override
          public Future<TrialContent> get(Caller caller, TrialGetRequest request) {
            if (request.id() != SLOW) {
              return Future.failedFuture(Errors.of(ErrorCode.NOT_FOUND));
            }
            entered.complete(null);
            return slow.future();
          }
        });
    return node.startAll();
  }

  private static KeptConnection.Answer get(KeptConnection connection, long id) throws IOException {
    return connection.send("GET", "/articles/" + id + "/trial", null, null);
  }

  private static HttpResponse<String> ready(TestNode node) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.node().managementPort() + "/health/ready");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void clientsAreShownOutAndWhatTheyWaitForIsAnswered() throws Exception {
    TestNode node = node();
    int port = node.node().httpPort();
    CompletableFuture<Boolean> stepRan = new CompletableFuture<>();
    Promise<Void> step = Promise.promise();
    node.node()
        .gateway()
        .onDrain(
            () -> {
              stepRan.complete(node.node().gateway().closing());
              return step.future();
            });
    try (KeptConnection idle = new KeptConnection(port);
        KeptConnection waiting = new KeptConnection(port)) {
      assertFalse(get(idle, 2).close(), "nobody is sent away from a node that runs");
      CompletableFuture<KeptConnection.Answer> late =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return get(waiting, SLOW);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      entered.get(10, TimeUnit.SECONDS);
      assertEquals(200, ready(node).statusCode());

      Thread stopping = Thread.ofPlatform().start(node::close);
      while (ready(node).statusCode() == 200) {
        Thread.onSpinWait();
      }
      assertTrue(ready(node).body().contains("\"draining\""));
      KeptConnection.Answer told = get(idle, 2);
      assertEquals(404, told.status(), "it still serves");
      assertTrue(told.close(), "and asks to go elsewhere");
      try (KeptConnection fresh = new KeptConnection(port)) {
        assertTrue(get(fresh, 3).close(), "new clients are told, too");
      }

      assertTrue(stepRan.get(10, TimeUnit.SECONDS), "sockets are closed after clients were told");
      assertFalse(late.isDone());
      step.complete();
      while (listens(port)) {
        Thread.onSpinWait();
      }
      assertFalse(late.isDone(), "the slow one goes on without a listening socket");
      slow.fail(Errors.of(ErrorCode.NOT_FOUND));
      assertEquals(404, late.get(10, TimeUnit.SECONDS).status());
      assertTrue(late.get().close(), "decided when the head is written");
      stopping.join(10_000);
      assertFalse(stopping.isAlive(), "stopped");
      assertThrows(IOException.class, () -> new KeptConnection(port));
    }
  }

  private static boolean listens(int port) throws IOException {
    try {
      new KeptConnection(port).close();
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (java.net.SocketException reset) {
      return true; // taken in by the kernel while the socket was being closed
    }
  }
}
