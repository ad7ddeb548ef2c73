package com.sharestack.platform.cache;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A bounded map inside this process: the least recently used entries leave when the weight of all
 * exceeds the limit, each entry leaves when its time is over. Thread-safe; loads nothing by itself,
 * so no lock is held while a caller computes.
 */
public final class LocalCache<K, V> {

  private record Entry<V>(V value, long weight, long untilMillis) {}

  private final Clock clock;
  private final Duration ttl;
  private final long maxWeight;
  private final ToLongFunction<V> weigher;
  private final Map<K, Entry<V>> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long weight;

  /**
   * @param maxWeight sum of the weights kept at most; a heavier single value is not kept
   */
  public LocalCache(Clock clock, Duration ttl, long maxWeight, ToLongFunction<V> weigher) {
    this.clock = clock;
    this.ttl = ttl;
    this.maxWeight = maxWeight;
    this.weigher = weigher;
  }

  /** A cache of at most {@code maxEntries} values of equal weight. */
  public static <K, V> LocalCache<K, V> ofEntries(Clock clock, Duration ttl, long maxEntries) {
    return new LocalCache<>(clock, ttl, maxEntries, value -> 1);
  }

  public synchronized Optional<V> get(K key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.untilMillis <= clock.millis()) {
      evict(key);
      return Optional.empty();
    }
    return Optional.of(entry.value);
  }

  public synchronized void put(K key, V value) {
    evict(key);
    long added = weigher.applyAsLong(value);
    if (added > maxWeight) {
      return;
    }
    entries.put(key, new Entry<>(value, added, clock.millis() + ttl.toMillis()));
    weight += added;
    var eldest = entries.entrySet().iterator();
    while (weight > maxWeight) {
      weight -= eldest.next().getValue().weight;
      eldest.remove();
    }
  }

  public synchronized void evict(K key) {
    Entry<V> gone = entries.remove(key);
    if (gone != null) {
      weight -= gone.weight;
    }
  }

  public synchronized void evictIf(Predicate<K> keys) {
    entries
        .entrySet()
        .removeIf(
            entry -> {
              boolean goes = keys.test(entry.getKey());
              weight -= goes ? entry.getValue().weight : 0;
              return goes;
            });
  }

  public synchronized void clear() {
    entries.clear();
    weight = 0;
  }

  public synchronized int size() {
    return entries.size();
  }
}
