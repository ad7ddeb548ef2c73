package com.sharestack.cluster;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  private static final int TIMEOUT_MILLIS = 15_000;
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
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean running = true;

  record Failure(long atNanos, long tookMillis, int port, String what) {}

  private record Answer(int status, boolean close, String body) {}

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
        + " connections refused";
  }

  private void work(int first) {
    int node = first;
    int turn = first;
    Connection connection = null;
    while (running) {
      int port = ports.get(node % ports.size());
      long start = System.nanoTime();
      try {
        if (connection == null) {
          connection = new Connection(port);
        }
        Answer answer = call(connection, turn++);
        if (answer.status() >= 300) {
          fail(start, port, answer.status() + " " + answer.body());
        }
        succeeded.incrementAndGet();
        if (answer.close()) {
          moved.incrementAndGet();
          connection = connection.close();
          node++;
        }
        Waiting.pause(PAUSE_MILLIS);
      } catch (ConnectException nobody) {
        refused.incrementAndGet();
        node++;
      } catch (IOException broken) {
        fail(start, port, broken.toString());
        connection = connection == null ? null : connection.close();
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

  private Answer call(Connection connection, int turn) throws IOException {
    return switch (turn % 5) {
      case 0 -> connection.send("GET", "/articles?limit=" + (1 + turn % 20), null, null);
      case 1 -> connection.send("GET", "/subscription-plans?creator_id=" + creatorId, null, null);
      case 2 -> connection.send("GET", "/notifications", token, null);
      case 3 -> connection.send("GET", "/users/" + creatorId, token, null);
      default -> write(connection);
    };
  }

  private Answer write(Connection connection) throws IOException {
    String title = "load " + titles.incrementAndGet() + " " + Integer.toHexString(hashCode());
    JsonObject article =
        new JsonObject()
            .put("title", title)
            .put("content", "关于“" + title + "”的一段草稿。")
            .put("visibility", "public")
            .put("status", "draft");
    Answer answer = connection.send("POST", "/articles", token, article.encode());
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

  private static final class Connection {
    private final Socket socket = new Socket();
    private final InputStream in;

    Connection(int port) throws IOException {
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    }

    Answer send(String method, String path, String token, String body) throws IOException {
      byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
      StringBuilder head = new StringBuilder();
      head.append(method).append(" /api/v1").append(path).append(" HTTP/1.1\r\nHost: test\r\n");
      if (token != null) {
        head.append("Authorization: Bearer ").append(token).append("\r\n");
      }
      if (body != null) {
        head.append("Content-Type: application/json\r\nContent-Length: ")
            .append(bytes.length)
            .append("\r\n");
      }
      byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
      byte[] whole = java.util.Arrays.copyOf(start, start.length + bytes.length);
      System.arraycopy(bytes, 0, whole, start.length, bytes.length);
      socket.getOutputStream().write(whole);
      return read();
    }

    private Answer read() throws IOException {
      String status = line();
      int length = 0;
      boolean close = false;
      for (String header = line(); !header.isEmpty(); header = line()) {
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        } else if (lower.startsWith("connection:")) {
          close = lower.contains("close");
        }
      }
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("in the middle of an answer");
      }
      return new Answer(
          Integer.parseInt(status.split(" ")[1]), close, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("closed without an answer");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    Connection close() {
      try {
        socket.close();
      } catch (IOException closed) {
        throw new java.io.UncheckedIOException(closed);
      }
      return null;
    }
  }
}
