package com.sharestack.platform.storage;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.CopyOptions;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object store of our own for machines without one: the part of the S3 protocol that {@link
 * S3ObjectStore} speaks, path style, one bucket, files below a folder. Checks signatures, expiry
 * and the hash of what it is sent, as a real one does; not for production.
 */
public final class LocalStore {

  private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);
  private static final String OCTETS = "application/octet-stream";

  private final FileSystem files;
  private final Path folder;
  private final String bucket;
  private final long maxBytes;
  private final LocalAuth auth;
  private HttpServer server;

  private LocalStore(Vertx vertx, Path folder, Config.Storage settings, Clock clock) {
    this.files = vertx.fileSystem();
    this.folder = folder;
    this.bucket = settings.bucket();
    this.maxBytes = settings.maxObjectBytes();
    this.auth = new LocalAuth(settings.accessKey(), settings.secretKey(), settings.region(), clock);
  }

  /**
   * Listens on {@code 127.0.0.1}.
   *
   * @param folder made when it is not there
   * @param settings with keys and bucket; port 0 = a free one
   */
  public static Future<LocalStore> start(
      Vertx vertx, Path folder, Config.Storage settings, Clock clock) {
    LocalStore store = new LocalStore(vertx, folder, settings, clock);
    return store
        .files
        .mkdirs(folder.resolve("incoming").toString())
        .compose(
            made ->
                vertx
                    .createHttpServer(
                        new HttpServerOptions()
                            .setHost("127.0.0.1")
                            .setPort(settings.port())
                            .setHttp2ClearTextEnabled(false)
                            .setIdleTimeout(60))
                    .requestHandler(store::answer)
                    .listen())
        .map(
            listening -> {
              store.server = listening;
              return store;
            });
  }

  /** {@code http://127.0.0.1:port}. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    String path = URLDecoder.decode(request.path().replace("+", "%2B"), StandardCharsets.UTF_8);
    Optional<LocalAuth.Refusal> refusal = auth.refusal(request, path);
    String root = "/" + bucket + "/";
    if (refusal.isPresent()) {
      refuse(request, refusal.get().status(), refusal.get().code());
    } else if (!path.startsWith(root)) {
      refuse(request, 404, "NoSuchBucket");
    } else if (!ObjectKeys.valid(path.substring(root.length()))) {
      refuse(request, 400, "InvalidArgument");
    } else {
      dispatch(request, path.substring(root.length()));
    }
  }

  private void dispatch(HttpServerRequest request, String key) {
    switch (request.method().name()) {
      case "PUT" -> put(request, key);
      case "GET", "HEAD" -> get(request, key);
      case "DELETE" ->
          remove(object(key))
              .compose(gone -> remove(type(key)))
              .onSuccess(gone -> request.response().setStatusCode(204).end())
              .onFailure(broken -> broken(request, broken));
      default -> refuse(request, 405, "MethodNotAllowed");
    }
  }

  private String object(String key) {
    return folder.resolve("objects").resolve(key).toString();
  }

  private String type(String key) {
    return folder.resolve("types").resolve(key).toString();
  }

  private void put(HttpServerRequest request, String key) {
    String length = request.getHeader("Content-Length");
    if (length == null) {
      refuse(request, 411, "MissingContentLength");
      return;
    }
    if (Long.parseLong(length) > maxBytes) {
      refuse(request, 400, "EntityTooLarge");
      return;
    }
    String incoming = folder.resolve("incoming").resolve(Ids.random("in_", 20)).toString();
    String contentType = request.getHeader("Content-Type");
    receive(request, incoming)
        .compose(
            hash -> {
              String claimed = request.getHeader("x-amz-content-sha256");
              if (!SigV4.UNSIGNED.equals(claimed) && !hash.equals(claimed)) {
                refuse(request, 400, "XAmzContentSHA256Mismatch");
                return remove(incoming);
              }
              return keep(key, incoming, contentType == null ? OCTETS : contentType)
                  .onSuccess(kept -> request.response().putHeader("ETag", quoted(hash)).end());
            })
        .onFailure(
            broken -> {
              remove(incoming);
              broken(request, broken);
            });
  }

  private static String quoted(String hash) {
    return "\"" + hash.substring(0, 32) + "\"";
  }

  /** The object appears under its key at once and whole. */
  private Future<Void> keep(String key, String incoming, String contentType) {
    String target = object(key);
    String typeFile = type(key);
    return files
        .mkdirs(Path.of(target).getParent().toString())
        .compose(made -> files.mkdirs(Path.of(typeFile).getParent().toString()))
        .compose(made -> files.writeFile(typeFile, io.vertx.core.buffer.Buffer.buffer(contentType)))
        .compose(
            written ->
                files.move(
                    incoming,
                    target,
                    new CopyOptions().setReplaceExisting(true).setAtomicMove(true)));
  }

  /**
   * Writes the body to a file, as fast as the disk takes it.
   *
   * @return the body's SHA-256 in hex
   */
  private Future<String> receive(HttpServerRequest request, String incoming) {
    MessageDigest digest = SigV4.sha256();
    return files
        .open(incoming, new OpenOptions().setCreateNew(true).setRead(false))
        .compose(
            file -> {
              Promise<Void> ended = Promise.promise();
              request.exceptionHandler(ended::tryFail);
              request.endHandler(end -> ended.tryComplete());
              request.handler(
                  chunk -> {
                    digest.update(chunk.getBytes());
                    file.write(chunk).onFailure(ended::tryFail);
                    if (file.writeQueueFull()) {
                      request.pause();
                      file.drainHandler(drained -> request.resume());
                    }
                  });
              request.resume();
              return ended.future().eventually(() -> closed(file));
            })
        .map(whole -> HexFormat.of().formatHex(digest.digest()));
  }

  private static Future<Void> closed(AsyncFile file) {
    return file.close();
  }

  private void get(HttpServerRequest request, String key) {
    String path = object(key);
    files
        .props(path)
        .compose(
            props ->
                files
                    .readFile(type(key))
                    .map(Object::toString)
                    .otherwise(OCTETS)
                    .compose(type -> send(request, path, props.size(), type)))
        .onFailure(
            broken -> {
              if (broken.getCause() instanceof NoSuchFileException) {
                refuse(request, 404, "NoSuchKey");
              } else {
                broken(request, broken);
              }
            });
  }

  private static Future<Void> send(
      HttpServerRequest request, String path, long size, String contentType) {
    String disposition = request.getParam("response-content-disposition");
    if (disposition != null && disposition.chars().allMatch(c -> c >= ' ' && c < 127)) {
      request.response().putHeader("Content-Disposition", disposition);
    }
    request
        .response()
        .putHeader("Content-Type", contentType)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "private, no-store");
    if (request.method().name().equals("HEAD")) {
      return request.response().putHeader("Content-Length", String.valueOf(size)).end();
    }
    return request.response().sendFile(path);
  }

  private Future<Void> remove(String path) {
    return files
        .exists(path)
        .compose(there -> there ? files.delete(path) : Future.succeededFuture());
  }

  private static void broken(HttpServerRequest request, Throwable failure) {
    LOG.warn("storage: {} failed: {}", request.method(), failure.toString());
    if (!request.response().ended() && !request.response().headWritten()) {
      refuse(request, 500, "InternalError");
    }
  }

  private static void refuse(HttpServerRequest request, int status, String code) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/xml")
        // what is left of a body is not read
        .putHeader("Connection", "close")
        .end("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code></Error>");
  }
}
