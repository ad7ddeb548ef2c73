package com.sharestack.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A reader of server-sent events, as a browser is one. */
public final class EventSource implements AutoCloseable {

  private static final long WAIT_SECONDS = 12;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpResponse<Stream<String>> response;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private JsonObject failure;

  /**
   * @param id null when the event has none
   */
  public record Event(String name, String id, JsonObject data) {}

  private EventSource(HttpResponse<Stream<String>> response) {
    this.response = response;
    if (response.statusCode() == 200) {
      Thread.ofVirtual().start(this::read);
    } else {
      failure = new JsonObject(String.join("", response.body().toList()));
    }
  }

  /**
   * @param token null without Authorization header
   * @param lastEventId null for a fresh reader
   */
  public static EventSource open(int port, String path, String token, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
            .header("Accept", "text/event-stream")
            .header("Accept-Encoding", "gzip");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      return new EventSource(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (Stream<String> lines = response.body()) {
      String[] parts = new String[3];
      lines.forEach(line -> line(line, parts));
    } catch (RuntimeException cut) {
      // the end is what tests ask for, however it came
    } finally {
      ended.complete(null);
    }
  }

  private void line(String line, String[] parts) {
    if (line.startsWith("event: ")) {
      parts[0] = line.substring(7);
    } else if (line.startsWith("id: ")) {
      parts[1] = line.substring(4);
    } else if (line.startsWith("data: ")) {
      parts[2] = line.substring(6);
    } else if (line.isEmpty()) {
      if (parts[0] != null) {
        events.add(new Event(parts[0], parts[1], new JsonObject(parts[2])));
      }
      java.util.Arrays.fill(parts, null);
    }
  }

  public int status() {
    return response.statusCode();
  }

  public String errorCode() {
    return failure.getJsonObject("error").getString("code");
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  public Event next() {
    try {
      Event event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event; ended: " + ended.isDone());
      }
      return event;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next event of this name; others before it are dropped. */
  public Event await(String name) {
    Event event = next();
    while (!event.name().equals(name)) {
      event = next();
    }
    return event;
  }

  /** Whether the server ends the stream; waits for it some seconds. */
  public boolean ended() {
    try {
      ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (Exception open) {
      return false;
    }
  }

  @Override
  public void close() {
    response.body().close();
  }
}
