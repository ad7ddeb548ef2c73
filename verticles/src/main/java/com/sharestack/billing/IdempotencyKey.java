package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/**
 * The Idempotency-Key of a request as money rows keep it: the row is the answer to a repeat, for
 * ever, and whatever became of the cache (billing entry "idempotency").
 *
 * @param key null when the client sent none
 * @param hash SHA-256 of the canonical request, 32 bytes; null without key
 */
public record IdempotencyKey(String key, Buffer hash) {

  public static IdempotencyKey of(Caller caller) {
    if (caller.idempotencyKey() == null || caller.requestHash() == null) {
      return new IdempotencyKey(null, null);
    }
    return new IdempotencyKey(
        caller.idempotencyKey(), Buffer.buffer(HexFormat.of().parseHex(caller.requestHash())));
  }

  public boolean present() {
    return key != null;
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException IDEMPOTENCY_CONFLICT when the key was used for
   *     another request
   */
  public void requireSame(Buffer stored) {
    if (!hash.equals(stored)) {
      throw Errors.of(ErrorCode.IDEMPOTENCY_CONFLICT);
    }
  }
}
