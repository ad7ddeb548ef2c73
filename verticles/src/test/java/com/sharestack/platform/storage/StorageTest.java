package com.sharestack.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.config.ConfigLoader;
import com.sharestack.testing.SettableClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.serviceproxy.ServiceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The S3 client against our own store, over real sockets. */
class StorageTest {

  private static final SettableClock CLOCK = new SettableClock();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int LIMIT = 3_000_000;

  @TempDir private static Path folder;
  private static Vertx vertx;
  private static LocalStore local;
  private static S3ObjectStore store;
  private static Config.Storage settings;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    Config config =
        ConfigLoader.load(
            Map.of(
                "SHARESTACK_MODE", "test",
                "SHARESTACK_STORAGE_MAX_OBJECT_BYTES", String.valueOf(LIMIT),
                "SHARESTACK_STORAGE_CALL_TIMEOUT_MILLIS", "400"));
    settings = config.storage().at(null, "key", "the secret of the tests");
    local = get(LocalStore.start(vertx, folder, settings, CLOCK));
    store = client("the secret of the tests");
  }

  private static S3ObjectStore client(String secret) {
    return new S3ObjectStore(vertx, settings.at(local.endpoint(), "key", secret), CLOCK);
  }

  @AfterAll
  static void stop() {
    get(store.close());
    get(local.close());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] content) {
    return HexFormat.of().formatHex(SigV4.sha256().digest(content));
  }

  private static Future<Void> put(ObjectStore to, String key, byte[] content, String hash)
      throws IOException {
    Path file = Files.write(folder.resolve("source"), content);
    return vertx
        .fileSystem()
        .open(file.toString(), new OpenOptions().setWrite(false))
        .compose(
            body ->
                to.put(key, new ObjectStore.Upload(body, content.length, hash, "text/csv"))
                    .eventually(body::close));
  }

  private static byte[] read(String key) throws IOException {
    Path file = folder.resolve("target");
    get(
        vertx
            .fileSystem()
            .open(file.toString(), new OpenOptions().setTruncateExisting(true))
            .compose(target -> store.get(key, target)));
    return Files.readAllBytes(file);
  }

  private static HttpResponse<byte[]> download(String url) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  @Test
  void whatIsPutIsReadAndIsGoneWhenDeleted() throws Exception {
    byte[] content = random(2_500_000);
    get(put(store, "reports/7/big.bin", content, sha256(content)));
    assertEquals(sha256(content), sha256(read("reports/7/big.bin")));

    byte[] other = random(10);
    get(put(store, "reports/7/big.bin", other, sha256(other)));
    assertEquals(sha256(other), sha256(read("reports/7/big.bin")));

    get(store.delete("reports/7/big.bin"));
    get(store.delete("reports/7/big.bin"));
    StorageException gone = assertThrows(StorageException.class, () -> read("reports/7/big.bin"));
    assertEquals("404 NoSuchKey", gone.status() + " " + gone.code());
  }

  @Test
  void aPresignedAddressServesTheFileUntilItExpires() throws Exception {
    byte[] content = random(4000);
    get(put(store, "a/b.csv", content, sha256(content)));
    String url = store.presignedGet("a/b.csv", Duration.ofMinutes(10), "收入 报表.csv");
    assertFalse(url.contains("the secret"));

    HttpResponse<byte[]> answer = download(url);
    assertEquals(200, answer.statusCode());
    assertEquals(sha256(content), sha256(answer.body()));
    assertEquals("text/csv", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(
        "attachment; filename=\"_____.csv\";"
            + " filename*=UTF-8''%E6%94%B6%E5%85%A5%20%E6%8A%A5%E8%A1%A8.csv",
        answer.headers().firstValue("Content-Disposition").orElseThrow());

    CLOCK.advance(Duration.ofMinutes(9));
    assertEquals(200, download(url).statusCode());
    CLOCK.advance(Duration.ofMinutes(1));
    HttpResponse<byte[]> late = download(url);
    assertEquals(403, late.statusCode());
    assertTrue(new String(late.body()).contains("AccessDenied"));
  }

  @Test
  void aChangedAddressIsRefused() throws Exception {
    get(put(store, "mine.csv", random(10), sha256(random(10))));
    get(put(store, "yours.csv", random(10), sha256(random(10))));
    String url = store.presignedGet("mine.csv", Duration.ofMinutes(10), "mine.csv");

    assertEquals(403, download(url.replace("/mine.csv?", "/yours.csv?")).statusCode());
    assertEquals(403, download(url.replace("Expires=600", "Expires=6000")).statusCode());
    assertEquals(403, download(url.replace("mine.csv%22", "evil.exe%22")).statusCode());
    assertEquals(403, download(url.replaceFirst("\\?.*", "")).statusCode());
    assertEquals(
        403, download(url.replaceFirst("X-Amz-Date=\\d+T", "X-Amz-Date=bad")).statusCode());
    assertEquals(200, download(url).statusCode());
  }

  @Test
  void onlyTheHolderOfTheKeyWrites() throws Exception {
    S3ObjectStore stranger = client("another secret");
    StorageException refused =
        assertThrows(
            StorageException.class, () -> get(put(stranger, "x", random(10), sha256(random(10)))));
    assertEquals("403 SignatureDoesNotMatch", refused.status() + " " + refused.code());
    String url = stranger.presignedGet("x", Duration.ofMinutes(1), "x");
    assertEquals(403, download(url).statusCode());
    get(stranger.close());
  }

  @Test
  void aClockThatIsFarOffIsRefused() throws Exception {
    SettableClock off = new SettableClock();
    off.advance(Duration.ofDays(2));
    S3ObjectStore late =
        new S3ObjectStore(
            vertx, settings.at(local.endpoint(), "key", "the secret of the tests"), off);
    StorageException refused =
        assertThrows(
            StorageException.class, () -> get(put(late, "x", random(10), sha256(random(10)))));
    assertEquals("RequestTimeTooSkewed", refused.code());
    get(late.close());
  }

  @Test
  void contentThatIsNotWhatWasSignedIsNotKept() {
    StorageException refused =
        assertThrows(
            StorageException.class,
            () -> get(put(store, "broken", random(1000), sha256(random(999)))));
    assertEquals("400 XAmzContentSHA256Mismatch", refused.status() + " " + refused.code());
    assertThrows(StorageException.class, () -> read("broken"));
  }

  @Test
  void filesThatAreTooLongAreNotSentAndNotTaken() throws Exception {
    byte[] content = random(LIMIT + 1);
    assertThrows(
        IllegalArgumentException.class, () -> get(put(store, "long", content, sha256(content))));
  }

  @Test
  void keysOutsideTheBucketAreNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> store.presignedGet("../secrets.properties", Duration.ofMinutes(1), "x"));
  }

  @Test
  void aStoreThatIsAwayOrSilentIsUnavailableInTime() throws Exception {
    HttpServer silent =
        get(vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1"));
    S3ObjectStore waiting =
        new S3ObjectStore(
            vertx, settings.at("http://127.0.0.1:" + silent.actualPort(), "key", "secret"), CLOCK);
    ServiceException slow = assertThrows(ServiceException.class, () -> get(waiting.delete("x")));
    assertEquals("STORAGE_AWAY", slow.getDebugInfo().getString("reason"));
    get(silent.close());
    ServiceException away = assertThrows(ServiceException.class, () -> get(waiting.delete("x")));
    assertEquals("SERVICE_UNAVAILABLE", away.getMessage());
    get(waiting.close());
  }
}
