package com.sharestack.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.testing.SettableClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bounded map of one process. */
class LocalCacheTest {

  private final SettableClock clock = new SettableClock();
  private final LocalCache<String, String> cache =
      new LocalCache<>(clock, Duration.ofMinutes(1), 10, String::length);

  @Test
  void theLeastRecentlyUsedLeaveWhenAllWeighTooMuch() {
    cache.put("a", "1234");
    cache.put("b", "1234");
    cache.get("a");
    cache.put("c", "1234");
    assertEquals(Optional.of("1234"), cache.get("a"));
    assertEquals(Optional.empty(), cache.get("b"));
    assertEquals(2, cache.size());
  }

  @Test
  void anEntryLeavesWhenItsTimeIsOver() {
    cache.put("a", "1");
    clock.advance(Duration.ofSeconds(61));
    assertEquals(Optional.empty(), cache.get("a"));
    assertEquals(0, cache.size());
  }

  @Test
  void whatIsTooHeavyByItselfIsNotKept() {
    cache.put("a", "1234");
    cache.put("b", "12345678901");
    assertEquals(Optional.of("1234"), cache.get("a"));
    assertEquals(Optional.empty(), cache.get("b"));
  }

  @Test
  void evictedAndReplacedEntriesGiveTheirWeightBack() {
    cache.put("a", "1234567890");
    cache.put("a", "12345");
    cache.put("b", "12345");
    cache.evictIf("a"::equals);
    cache.put("c", "12345");
    assertEquals(Optional.of("12345"), cache.get("b"));
    assertEquals(Optional.of("12345"), cache.get("c"));
    cache.clear();
    assertEquals(0, cache.size());
  }
}
