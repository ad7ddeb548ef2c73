package com.sharestack.testing;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The HTTP client of all API tests. Every answer is held against the contract before a test sees
 * it: status and error code declared, body exactly of the response's schema, request id echoed,
 * nothing of the inside shown. Immutable; {@link #as} and {@link #with} make changed copies.
 *
 * <p>Paths of the contract are written as there, {@code /articles/1?page=2}; the prefix is added.
 */
public final class ApiClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final AtomicLong REQUESTS = new AtomicLong();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final int port;
  private final Map<String, String> headers;

  public ApiClient(int port) {
    this(port, Map.of());
  }

  private ApiClient(int port, Map<String, String> headers) {
    this.port = port;
    this.headers = headers;
  }

  public int port() {
    return port;
  }

  /** The same client with a bearer token. */
  public ApiClient as(String token) {
    return with("Authorization", "Bearer " + token);
  }

  /** The same client with one more header. */
  public ApiClient with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new ApiClient(port, Collections.unmodifiableMap(more));
  }

  public ApiAnswer get(String path) {
    return send("GET", path, null);
  }

  public ApiAnswer head(String path) {
    return send("HEAD", path, null);
  }

  /**
   * @param body JSON object, array or text sent as it is; null for none
   */
  public ApiAnswer post(String path, Object body) {
    return send("POST", path, body);
  }

  public ApiAnswer put(String path, Object body) {
    return send("PUT", path, body);
  }

  public ApiAnswer delete(String path) {
    return send("DELETE", path, null);
  }

  public ApiAnswer send(String method, String path, Object body) {
    return join(sendAsync(method, path, body));
  }

  /** Many at once: the answer is checked before the future completes. */
  public CompletableFuture<ApiAnswer> sendAsync(String method, String path, Object body) {
    String whole = ApiContract.PREFIX + path;
    return exchange(method, whole, bytes(body))
        .thenApply(
            answer -> {
              ApiContract.get().check(method, whole.replaceFirst("\\?.*", ""), answer);
              return answer;
            });
  }

  /** What stands beside the contract, as {@code /docs/}: only the request id is checked. */
  public ApiAnswer page(String method, String wholePath) {
    return join(exchange(method, wholePath, null));
  }

  private CompletableFuture<ApiAnswer> exchange(String method, String path, byte[] body) {
    String requestId = headers.getOrDefault("X-Request-Id", "test-" + REQUESTS.incrementAndGet());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(TIMEOUT)
            .header("X-Request-Id", requestId)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    if (body != null && !headers.containsKey("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::setHeader);
    return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        .orTimeout(TIMEOUT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS) // of the body too
        .thenApply(response -> answer(method, path, response))
        .thenApply(answer -> identified(answer, requestId));
  }

  private static ApiAnswer answer(String method, String path, HttpResponse<byte[]> response) {
    Map<String, java.util.List<String>> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), all));
    boolean json =
        response.headers().firstValue("Content-Type").orElse("").startsWith("application/json")
            && response.headers().firstValue("Content-Encoding").isEmpty();
    return new ApiAnswer(
        method,
        path,
        response.statusCode(),
        headers,
        response.body(),
        json ? json(response.body()) : null);
  }

  static JsonObject json(byte[] body) {
    try {
      return body.length == 0 ? null : new JsonObject(new String(body, StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      throw new AssertionError("not JSON: " + new String(body, StandardCharsets.UTF_8), e);
    }
  }

  private static ApiAnswer identified(ApiAnswer answer, String requestId) {
    boolean wellFormed = requestId.matches("[A-Za-z0-9_-]{1,64}");
    String echoed = answer.header("X-Request-Id");
    if (echoed == null || wellFormed != echoed.equals(requestId)) {
      throw new AssertionError("X-Request-Id " + requestId + " became " + echoed + ": " + answer);
    }
    JsonObject meta = answer.json() == null ? null : answer.json().getJsonObject("meta");
    if (meta != null && !echoed.equals(meta.getString("request_id"))) {
      throw new AssertionError("header says " + echoed + ": " + answer);
    }
    return answer;
  }

  private static byte[] bytes(Object body) {
    return switch (body) {
      case null -> null;
      case byte[] raw -> raw;
      default -> body.toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  private static ApiAnswer join(CompletableFuture<ApiAnswer> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new UncheckedIOException(
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    }
  }

  /** A smallest answer of the contract's schema {@code name}, for fake services. */
  public static JsonObject sample(String name) {
    return ApiContract.get().sample(name);
  }
}
