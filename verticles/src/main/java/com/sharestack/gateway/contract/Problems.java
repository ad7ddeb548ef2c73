package com.sharestack.gateway.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Collects what is wrong with one request, at most {@value #LIMIT} problems: the rest would help
 * nobody and cost memory.
 */
public final class Problems {
  public static final int LIMIT = 20;

  private final List<Problem> list = new ArrayList<>(0);

  /** Notes a problem unless the collection is {@linkplain #isFull() full}. */
  public void add(Path path, String reason) {
    if (!isFull()) {
      list.add(new Problem(path.pointer(), path.field(), reason));
    }
  }

  /** True when further checks cannot add anything; loops over hostile input stop here. */
  public boolean isFull() {
    return list.size() >= LIMIT;
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public int size() {
    return list.size();
  }

  public List<Problem> list() {
    return Collections.unmodifiableList(list);
  }
}
