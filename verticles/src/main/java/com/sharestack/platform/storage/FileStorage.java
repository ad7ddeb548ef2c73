package com.sharestack.platform.storage;

import com.sharestack.platform.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The store of a node: the configured one, or our own, started here. Nodes that share their secrets
 * share the keys of our own store, which are derived from them.
 */
public final class FileStorage {

  private static final String OWN_ACCESS_KEY = "sharestack";

  private final S3ObjectStore store;
  private final LocalStore own;

  private FileStorage(S3ObjectStore store, LocalStore own) {
    this.store = store;
    this.own = own;
  }

  /** Connects to the configured endpoint; without one, starts our own store. */
  public static Future<FileStorage> open(Vertx vertx, Config config, Clock clock) {
    Config.Storage settings = config.storage();
    if (settings.accessKey() == null) {
      settings = settings.at(settings.endpoint(), OWN_ACCESS_KEY, derived(config.secrets().data()));
    }
    if (settings.endpoint() != null) {
      return Future.succeededFuture(
          new FileStorage(new S3ObjectStore(vertx, settings, clock), null));
    }
    Config.Storage keys = settings;
    return LocalStore.start(vertx, folder(config.data()), keys, clock)
        .map(
            started ->
                new FileStorage(
                    new S3ObjectStore(
                        vertx,
                        keys.at(started.endpoint(), keys.accessKey(), keys.secretKey()),
                        clock),
                    started));
  }

  private static Path folder(Path data) {
    try {
      return data == null ? Files.createTempDirectory("sharestack-files") : data.resolve("files");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String derived(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of()
          .formatHex(mac.doFinal("own object store".getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  public ObjectStore store() {
    return store;
  }

  /** Address of our own store; null where one is configured. */
  public String ownEndpoint() {
    return own == null ? null : own.endpoint();
  }

  public Future<Void> close() {
    return store.close().eventually(() -> own == null ? Future.succeededFuture() : own.close());
  }
}
