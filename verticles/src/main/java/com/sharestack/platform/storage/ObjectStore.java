package com.sharestack.platform.storage;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;

/**
 * Files by key. Keys are up to 512 of {@code A-Z a-z 0-9 . _ - /}, without empty, {@code .} and
 * {@code ..} segments. Nothing is sent twice by itself: the callers are jobs that come again.
 *
 * <p>Failures: {@link StorageException}; SERVICE_UNAVAILABLE, details.reason STORAGE_AWAY, when the
 * store does not answer in time, STORAGE_NOT_CONFIGURED when there is none.
 */
public interface ObjectStore {

  /**
   * What to store.
   *
   * @param body read once, from its start
   * @param length in bytes, exactly
   * @param sha256 of the whole body in lower-case hex; the store refuses other content
   */
  record Upload(ReadStream<Buffer> body, long length, String sha256, String contentType) {}

  /** Stores the object; one that stands under the key already is replaced whole. */
  Future<Void> put(String key, Upload upload);

  /** Writes the object's bytes to {@code target} and ends it. */
  Future<Void> get(String key, WriteStream<Buffer> target);

  /** Removes the object; one that is not there is removed already. */
  Future<Void> delete(String key);

  /**
   * An address at which whoever holds it may read the object until it expires. Nothing is asked:
   * the object need not exist.
   *
   * @param expiry 1 s to 7 days
   * @param fileName under which a browser saves it
   */
  String presignedGet(String key, Duration expiry, String fileName);

  /** Where no store is configured. */
  ObjectStore NONE =
      new ObjectStore() {
        @Override
        public Future<Void> put(String key, Upload upload) {
          return Future.failedFuture(missing());
        }

        @Override
        public Future<Void> get(String key, WriteStream<Buffer> target) {
          return Future.failedFuture(missing());
        }

        @Override
        public Future<Void> delete(String key) {
          return Future.failedFuture(missing());
        }

        @Override
        public String presignedGet(String key, Duration expiry, String fileName) {
          throw missing();
        }

        private RuntimeException missing() {
          return Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "STORAGE_NOT_CONFIGURED");
        }
      };
}
