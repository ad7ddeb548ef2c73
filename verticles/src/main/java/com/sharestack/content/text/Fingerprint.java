package com.sharestack.content.text;

import java.util.HashMap;
import java.util.Map;

/**
 * SimHash of 64 bits: texts that differ in a few words differ in a few bits. Of the normalised
 * text, so that spelling tricks, punctuation and layout do not hide a copy.
 */
public final class Fingerprint {
  /**
   * Shorter texts (characters after normalising) are too alike by chance; their fingerprint is
   * {@link #NONE}.
   */
  public static final int MIN_LENGTH = 80;

  /** The fingerprint of a text too short to have one; near nothing. */
  public static final long NONE = 0;

  /** At most this many different bits make a near copy. */
  public static final int NEAR_BITS = 3;

  private static final int MAX_LENGTH = 200_000;
  private static final int SHINGLE = 3;

  private Fingerprint() {}

  public static long of(String plain) {
    CharSequence text = NormalText.of(plain).text();
    int length = Math.min(text.length(), MAX_LENGTH);
    if (length < MIN_LENGTH) {
      return NONE;
    }
    int[] votes = new int[Long.SIZE];
    shingles(text, length).forEach((hash, times) -> vote(votes, hash, times));
    long fingerprint = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      fingerprint |= votes[bit] > 0 ? 1L << bit : 0;
    }
    return fingerprint;
  }

  /** Number of different bits, 0-64. */
  public static int distance(long a, long b) {
    return Long.bitCount(a ^ b);
  }

  public static boolean isNear(long a, long b) {
    return a != NONE && b != NONE && distance(a, b) <= NEAR_BITS;
  }

  private static void vote(int[] votes, long hash, int times) {
    // A phrase repeated a thousand times must not outvote the rest of the text.
    int weight = Math.min(times, 8);
    for (int bit = 0; bit < Long.SIZE; bit++) {
      votes[bit] += (hash >>> bit & 1) == 1 ? weight : -weight;
    }
  }

  /** How often each run of three characters occurs, by its hash. */
  static Map<Long, Integer> shingles(CharSequence text, int length) {
    Map<Long, Integer> times = new HashMap<>();
    for (int i = 0; i + SHINGLE <= length; i++) {
      long key = (long) text.charAt(i) << 32 | (long) text.charAt(i + 1) << 16 | text.charAt(i + 2);
      times.merge(mix(key), 1, Integer::sum);
    }
    return times;
  }

  // Finaliser of SplitMix64: spreads neighbouring keys over all bits.
  private static long mix(long key) {
    long z = key + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
