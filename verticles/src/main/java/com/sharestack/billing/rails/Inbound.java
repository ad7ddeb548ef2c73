package com.sharestack.billing.rails;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * A notification as it came in.
 *
 * @param headers names compared without case
 * @param body the bytes as received: the signature covers these
 */
public record Inbound(MultiMap headers, Buffer body) {

  /** Longer bodies are refused unread; the contract's limit of both webhooks. */
  public static final int MAX_BYTES = 64 * 1024;
}
