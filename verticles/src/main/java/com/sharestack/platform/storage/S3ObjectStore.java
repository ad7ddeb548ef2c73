package com.sharestack.platform.storage;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client of an S3-compatible store, without blocking: signed requests of one part, a deadline over
 * each, limits on what is sent and read.
 */
public final class S3ObjectStore implements ObjectStore {

  private static final Logger LOG = LoggerFactory.getLogger(S3ObjectStore.class);
  private static final int CONNECTIONS = 8;
  private static final int WAITING = 64;
  private static final int MOST_ERROR_BYTES = 16_384;
  private static final Duration LONGEST_EXPIRY = Duration.ofDays(7);
  private static final Pattern ERROR_CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,60})</Code>");

  private final Config.Storage settings;
  private final Clock clock;
  private final Place inside;
  private final Place outside;
  private final HttpClient client;

  /**
   * @param settings with endpoint and keys
   */
  public S3ObjectStore(Vertx vertx, Config.Storage settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.inside = Place.of(settings.endpoint(), settings);
    this.outside = settings.publicUrl() == null ? inside : Place.of(settings.publicUrl(), settings);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(settings.connectTimeoutMillis())
                .setIdleTimeout(60)
                .setKeepAliveTimeout(15),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /**
   * Where objects are reached.
   *
   * @param authority host, with a port that is not the scheme's own; what is signed as host
   * @param root before the key
   */
  private record Place(String scheme, String authority, String root) {

    static Place of(String url, Config.Storage settings) {
      URI uri = URI.create(url);
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      String base = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
      return settings.pathStyle()
          ? new Place(uri.getScheme(), uri.getHost() + port, base + "/" + settings.bucket() + "/")
          : new Place(uri.getScheme(), settings.bucket() + "." + uri.getHost() + port, base + "/");
    }

    String address(String key) {
      return scheme + "://" + authority + SigV4.encode(root + key, true);
    }
  }

  @Override
  public Future<Void> put(String key, Upload upload) {
    if (upload.length() > settings.maxObjectBytes()) {
      return Future.failedFuture(
          new IllegalArgumentException(key + " is longer than storage.max_object_bytes"));
    }
    return call(
        HttpMethod.PUT,
        key,
        upload.sha256(),
        settings.transferTimeoutMillis(),
        request -> {
          request
              .putHeader("Content-Length", String.valueOf(upload.length()))
              .putHeader("Content-Type", upload.contentType());
          return request.send(upload.body()).compose(answer -> done("put", answer));
        });
  }

  @Override
  public Future<Void> get(String key, WriteStream<Buffer> target) {
    return call(
        HttpMethod.GET,
        key,
        SigV4.EMPTY_HASH,
        settings.transferTimeoutMillis(),
        request -> request.send().compose(answer -> read(key, answer, target)));
  }

  private Future<Void> read(String key, HttpClientResponse answer, WriteStream<Buffer> target) {
    if (answer.statusCode() != 200) {
      return done("get", answer);
    }
    String length = answer.getHeader("Content-Length");
    if (length == null || Long.parseLong(length) > settings.maxObjectBytes()) {
      answer.request().reset();
      return Future.failedFuture(
          new IllegalStateException(key + " is longer than storage.max_object_bytes"));
    }
    return answer.pipeTo(target);
  }

  @Override
  public Future<Void> delete(String key) {
    return call(
        HttpMethod.DELETE,
        key,
        SigV4.EMPTY_HASH,
        settings.callTimeoutMillis(),
        request ->
            request
                .send()
                .compose(
                    answer ->
                        answer.statusCode() == 404
                            ? Future.succeededFuture()
                            : done("delete", answer)));
  }

  @Override
  public String presignedGet(String key, Duration expiry, String fileName) {
    if (expiry.toSeconds() < 1 || expiry.compareTo(LONGEST_EXPIRY) > 0) {
      throw new IllegalArgumentException("a presigned address for " + expiry);
    }
    ObjectKeys.require(key);
    String time = SigV4.time(clock.instant());
    SortedMap<String, String> query = new TreeMap<>();
    query.put("X-Amz-Algorithm", SigV4.ALGORITHM);
    query.put(
        "X-Amz-Credential", settings.accessKey() + "/" + SigV4.scope(time, settings.region()));
    query.put("X-Amz-Date", time);
    query.put("X-Amz-Expires", String.valueOf(expiry.toSeconds()));
    query.put("X-Amz-SignedHeaders", "host");
    query.put("response-content-disposition", attachment(fileName));
    SigV4.Canonical canonical =
        new SigV4.Canonical(
            "GET", outside.root() + key, query, host(outside.authority()), SigV4.UNSIGNED);
    return outside.address(key)
        + "?"
        + SigV4.queryText(query)
        + "&X-Amz-Signature="
        + SigV4.signature(settings.secretKey(), time, settings.region(), canonical);
  }

  /** RFC 6266: the name in UTF-8, and one of ASCII letters for old clients. */
  private static String attachment(String fileName) {
    String ascii = fileName.replaceAll("[^A-Za-z0-9._-]", "_");
    return "attachment; filename=\""
        + ascii
        + "\"; filename*=UTF-8''"
        + SigV4.encode(fileName, false);
  }

  private static SortedMap<String, String> host(String authority) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", authority);
    return headers;
  }

  private Future<Void> call(
      HttpMethod method,
      String key,
      String payloadHash,
      long timeoutMillis,
      Function<HttpClientRequest, Future<Void>> send) {
    AtomicReference<HttpClientRequest> open = new AtomicReference<>();
    String address = inside.address(ObjectKeys.require(key));
    return client
        .request(new RequestOptions().setMethod(method).setAbsoluteURI(address))
        .compose(
            request -> {
              open.set(request);
              request.exceptionHandler(broken -> LOG.trace("storage: {}", broken.toString()));
              sign(request, method, key, payloadHash);
              return send.apply(request);
            })
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .recover(failure -> failed(method, key, open.get(), failure));
  }

  private void sign(HttpClientRequest request, HttpMethod method, String key, String payloadHash) {
    String time = SigV4.time(clock.instant());
    SortedMap<String, String> headers = host(inside.authority());
    headers.put("x-amz-content-sha256", payloadHash);
    headers.put("x-amz-date", time);
    SigV4.Canonical canonical =
        new SigV4.Canonical(
            method.name(), inside.root() + key, new TreeMap<>(), headers, payloadHash);
    headers.forEach(request::putHeader);
    request.putHeader(
        "Authorization",
        SigV4.ALGORITHM
            + " Credential="
            + settings.accessKey()
            + "/"
            + SigV4.scope(time, settings.region())
            + ",SignedHeaders="
            + canonical.signedHeaders()
            + ",Signature="
            + SigV4.signature(settings.secretKey(), time, settings.region(), canonical));
  }

  /** What the store said passes; everything else means that it is away. */
  private static Future<Void> failed(
      HttpMethod method, String key, HttpClientRequest open, Throwable failure) {
    if (failure instanceof StorageException || failure instanceof IllegalStateException) {
      return Future.failedFuture(failure);
    }
    if (open != null) {
      open.reset();
    }
    LOG.warn("storage: {} {}: {}", method, key, failure.toString());
    return Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "STORAGE_AWAY"));
  }

  private static Future<Void> done(String action, HttpClientResponse answer) {
    boolean good = answer.statusCode() / 100 == 2;
    return text(answer)
        .compose(
            text -> {
              if (good) {
                return Future.succeededFuture();
              }
              Matcher code = ERROR_CODE.matcher(text);
              return Future.failedFuture(
                  new StorageException(
                      action, answer.statusCode(), code.find() ? code.group(1) : ""));
            });
  }

  /** The answer's text as far as it is of use; the rest is read and forgotten. */
  private static Future<String> text(ReadStream<Buffer> answer) {
    Promise<String> read = Promise.promise();
    Buffer text = Buffer.buffer();
    answer.handler(
        chunk -> {
          if (text.length() < MOST_ERROR_BYTES) {
            text.appendBuffer(chunk);
          }
        });
    answer.exceptionHandler(read::tryFail);
    answer.endHandler(end -> read.tryComplete(text.toString()));
    return read.future();
  }

  public Future<Void> close() {
    return client.close();
  }
}
