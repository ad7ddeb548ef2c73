package com.sharestack.gateway;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Encoded answers that are the same for every anonymous caller ({@code x-cache: {scope: public}}),
 * kept by this event loop for the seconds the contract allows, bounded in bytes. However many ask
 * for what is missing, one call is made.
 */
final class PublicCache {

  private static final long MAX_BYTES = 32L << 20;

  private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(256, 0.75f, true);
  private final Map<String, Future<Tagged>> asked = new HashMap<>();
  private long bytes;

  /** An answer with its ETag. */
  record Tagged(Envelope.Answer answer, String etag) {}

  private record Kept(Tagged tagged, long untilNanos) {}

  /** The kept answer, or that of {@code load}, which is not kept when it fails. */
  Future<Tagged> get(String key, int seconds, Supplier<Future<Tagged>> load) {
    Kept present = kept.get(key);
    if (present != null && System.nanoTime() - present.untilNanos() < 0) {
      return Future.succeededFuture(present.tagged());
    }
    Future<Tagged> running = asked.get(key);
    if (running != null) {
      return running;
    }
    Future<Tagged> answer = load.get();
    asked.put(key, answer);
    return answer.onComplete(
        done -> {
          asked.remove(key);
          if (done.succeeded()) {
            keep(key, done.result(), seconds);
          }
        });
  }

  private void keep(String key, Tagged tagged, int seconds) {
    Kept old = kept.put(key, new Kept(tagged, System.nanoTime() + seconds * 1_000_000_000L));
    bytes += size(key, tagged) - (old == null ? 0 : size(key, old.tagged()));
    var eldest = kept.entrySet().iterator();
    while (bytes > MAX_BYTES && eldest.hasNext()) {
      var entry = eldest.next();
      bytes -= size(entry.getKey(), entry.getValue().tagged());
      eldest.remove();
    }
  }

  private static long size(String key, Tagged tagged) {
    return 200L + 2L * key.length() + tagged.answer().data().length();
  }
}
