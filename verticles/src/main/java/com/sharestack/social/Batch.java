package com.sharestack.social;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Keys of an IN list, in few different numbers, so that few statements are prepared. */
final class Batch {

  private Batch() {}

  /** The same keys, the last one repeated up to the next power of two. */
  static Object[] padded(Collection<?> keys) {
    int size = Integer.highestOneBit(Math.max(1, 2 * keys.size() - 1));
    List<Object> padded = new ArrayList<>(keys);
    while (padded.size() < size) {
      padded.add(padded.getLast());
    }
    return padded.toArray();
  }

  /** What stands before the list, then the list. */
  static Object[] arguments(Object[] list, Object... before) {
    Object[] all = new Object[before.length + list.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(list, 0, all, before.length, list.length);
    return all;
  }
}
