package com.sharestack.cluster;

import com.sharestack.testing.KeptConnection;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients on kept-alive connections that go to another node only when a connection is refused or an
 * answer says {@code Connection: close}. Nothing is sent twice: every other end of a request is a
 * failure, and counted.
 */
final class LoadClient implements AutoCloseable {

  private static final long PAUSE_MILLIS = 5;

  private final List<Integer> ports;
  private final String token;
  private final long creatorId;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final AtomicInteger succeeded = new AtomicInteger();
  private final AtomicInteger moved = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong titles = new AtomicLong();
  private final AtomicLong slowest = new AtomicLong();
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean running = true;

  record Failure(long atNanos, long tookMillis, int port, String what) {}

  LoadClient(List<Integer> ports, String token, long creatorId) {
    this.ports = ports;
    this.token = token;
    this.creatorId = creatorId;
  }

  LoadClient start(int clients) {
    for (int i = 0; i < clients; i++) {
      int first = i;
      workers.add(Thread.ofVirtual().start(() -> work(first)));
    }
    return this;
  }

  int succeeded() {
    return succeeded.get();
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Titles of the articles whose creation was acknowledged. */
  List<String> written() {
    return List.copyOf(written);
  }

  String figures() {
    return succeeded
        + " answered, "
        + failures.size()
        + " failed, "
        + moved
        + " asked to go elsewhere, "
        + refused
        + " connections refused, slowest "
        + slowest
        + " ms";
  }

  private void work(int first) {
    int node = first;
    int turn = first;
    KeptConnection connection = null;
    while (running) {
      int port = ports.get(node % ports.size());
      long start = System.nanoTime();
      try {
        if (connection == null) {
          connection = new KeptConnection(port);
        }
        KeptConnection.Answer answer = call(connection, turn++);
        slowest.accumulateAndGet(Waiting.millisSince(start), Math::max);
        if (answer.status() >= 300) {
          fail(start, port, answer.status() + " " + answer.body());
        }
        succeeded.incrementAndGet();
        if (answer.close()) {
          moved.incrementAndGet();
          connection.close();
          connection = null;
          node++;
        }
        Waiting.pause(PAUSE_MILLIS);
      } catch (ConnectException nobody) {
        refused.incrementAndGet();
        node++;
      } catch (IOException broken) {
        fail(start, port, broken.toString());
        if (connection != null) {
          connection.close();
          connection = null;
        }
        node++;
      } catch (InterruptedException e) {
        return;
      }
    }
    if (connection != null) {
      connection.close();
    }
  }

  private void fail(long start, int port, String what) {
    failures.add(new Failure(start, Waiting.millisSince(start), port, what));
  }

  private KeptConnection.Answer call(KeptConnection connection, int turn) throws IOException {
    return switch (turn % 5) {
      case 0 -> connection.send("GET", "/articles?limit=" + (1 + turn % 20), null, null);
      case 1 -> connection.send("GET", "/subscription-plans?creator_id=" + creatorId, null, null);
      case 2 -> connection.send("GET", "/notifications", token, null);
      case 3 -> connection.send("GET", "/users/" + creatorId, token, null);
      default -> write(connection);
    };
  }

  private KeptConnection.Answer write(KeptConnection connection) throws IOException {
    String title = "load " + titles.incrementAndGet() + " " + Integer.toHexString(hashCode());
    JsonObject article =
        new JsonObject()
            .put("title", title)
            .put("content", "关于“" + title + "”的一段草稿。")
            .put("visibility", "public")
            .put("status", "draft");
    KeptConnection.Answer answer = connection.send("POST", "/articles", token, article.encode());
    if (answer.status() == 201) {
      written.add(title);
    }
    return answer;
  }

  @Override
  public void close() {
    end();
  }

  /** Ends every client after the request it is at. */
  void end() {
    running = false;
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
