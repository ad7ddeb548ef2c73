package com.sharestack.social;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private final TokenBucket bucket = new TokenBucket(1);

  private TokenBucket.State emptied() {
    TokenBucket.State state = bucket.full(NOON);
    for (int i = 0; i < 10; i++) {
      assertTrue(TokenBucket.allows(state), "message " + (i + 1));
      state = TokenBucket.take(state);
    }
    return state;
  }

  @Test
  void tenMessagesAtOnceAndNoEleventh() {
    TokenBucket.State empty = emptied();
    assertFalse(TokenBucket.allows(empty));
    assertEquals(6, bucket.retryAfterSeconds(empty));
  }

  @Test
  void everySixSecondsThereIsRoomForOneMore() {
    TokenBucket.State empty = emptied();
    assertFalse(TokenBucket.allows(bucket.at(empty, NOON.plusMillis(5_999))));
    TokenBucket.State later = bucket.at(empty, NOON.plusSeconds(6));
    assertTrue(TokenBucket.allows(later));
    assertFalse(TokenBucket.allows(TokenBucket.take(later)));
    assertEquals(1, bucket.retryAfterSeconds(bucket.at(empty, NOON.plusMillis(5_500))));
  }

  @Test
  void itNeverHoldsMoreThanTen() {
    TokenBucket.State full = bucket.at(emptied(), NOON.plus(Duration.ofDays(400)));
    assertEquals(10_000, full.milli());
    assertEquals(10_000, bucket.at(full, NOON.plus(Duration.ofDays(401))).milli());
  }

  @Test
  void aClockThatGoesBackTakesNothingAway() {
    TokenBucket.State state = TokenBucket.take(bucket.full(NOON));
    assertEquals(state, bucket.at(state, NOON.minusSeconds(30)));
  }

  @Test
  void theFactorMultipliesTheLimit() {
    assertEquals(30_000, new TokenBucket(3).full(NOON).milli());
  }
}
