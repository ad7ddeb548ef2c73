package com.sharestack.social;

import com.sharestack.platform.cache.LocalCache;
import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.crypto.Sealer;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/**
 * Texts at rest: AES-256-GCM under a key per conversation, which is sealed by the master key. A
 * sealed text opens only as the message it was made for.
 */
final class Vault {

  private static final String KEY_COLUMN = "conversations.data_key";
  private static final int KEY_BYTES = 32;
  private static final int KEYS_KEPT = 10_000;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final Sealer master;
  private final BlindIndex index;
  private final SecureRandom random = new SecureRandom();

  /** By the sealed key itself: an id may be given anew after a rollback, a key never is. */
  private final LocalCache<Buffer, Sealer> open;

  Vault(Sealer master, BlindIndex index, Clock clock) {
    this.master = master;
    this.index = index;
    this.open = LocalCache.ofEntries(clock, KEPT, KEYS_KEPT);
  }

  /** A key for a new conversation, sealed. */
  byte[] newKey() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return master.seal(KEY_COLUMN, Base64.getEncoder().encodeToString(key));
  }

  Buffer seal(byte[] dataKey, long senderId, String clientMsgId, String text) {
    return Buffer.buffer(sealer(dataKey).seal(place(senderId, clientMsgId), text));
  }

  /** The text of a message; null without one. Whoever shows it asks first whether he may. */
  String text(byte[] dataKey, MessageRow message) {
    return message.content() == null
        ? null
        : open(dataKey, message.senderId(), message.clientMsgId(), message.content());
  }

  String open(byte[] dataKey, long senderId, String clientMsgId, Buffer content) {
    return sealer(dataKey).open(place(senderId, clientMsgId), content.getBytes());
  }

  private static String place(long senderId, String clientMsgId) {
    return "messages.content/" + senderId + "/" + clientMsgId;
  }

  private Sealer sealer(byte[] dataKey) {
    Buffer sealed = Buffer.buffer(dataKey);
    return open.get(sealed)
        .orElseGet(
            () -> {
              Sealer sealer = Sealer.ofKey(master.open(KEY_COLUMN, dataKey));
              open.put(sealed, sealer);
              return sealer;
            });
  }

  /** Keyed hash of what a repeated client_msg_id must equal besides its recipient. */
  Buffer requestKey(Draft draft) {
    String request =
        draft.type() + "\n" + draft.replyTo() + "\n" + draft.attachmentId() + "\n" + draft.text();
    return Buffer.buffer(index.of("messages.request", request));
  }

  /** Keyed hash of a text's normal form. */
  Buffer textKey(String normal) {
    return Buffer.buffer(index.of("messages.text", normal));
  }
}
