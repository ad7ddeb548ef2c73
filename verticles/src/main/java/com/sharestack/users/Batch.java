package com.sharestack.users;

import com.sharestack.platform.errors.Errors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** The keys of a batch look-up: distinct, bounded, and in few different numbers. */
final class Batch {

  private Batch() {}

  /**
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR when there are more than {@code
   *     most}
   */
  static <T> List<T> distinct(String field, Collection<T> keys, int most) {
    List<T> distinct = List.copyOf(new LinkedHashSet<>(keys));
    if (distinct.size() > most) {
      throw Errors.invalid(field, "最多 " + most + " 个");
    }
    return distinct;
  }

  /**
   * The same keys, the last one repeated up to the next power of two, as arguments of an IN list:
   * nine different statements instead of 200 in the prepared-statement cache of each connection.
   */
  static Object[] arguments(List<?> keys, Object... before) {
    int size = Integer.highestOneBit(Math.max(1, 2 * keys.size() - 1));
    List<Object> padded = new ArrayList<>(List.of(before));
    padded.addAll(keys);
    while (padded.size() < before.length + size) {
      padded.add(keys.getLast());
    }
    return padded.toArray();
  }
}
