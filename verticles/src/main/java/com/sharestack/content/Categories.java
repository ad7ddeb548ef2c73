package com.sharestack.content;

import com.sharestack.platform.cache.LocalCache;
import java.time.Clock;
import java.time.Duration;

/** The category tree, at most ten seconds old; counts are read afresh where they are shown. */
final class Categories {

  private static final String TREE = "tree";

  private final CategoryRepository repository;
  private final LocalCache<String, CategoryTree> cache;

  Categories(CategoryRepository repository, Clock clock) {
    this.repository = repository;
    this.cache = LocalCache.ofEntries(clock, Duration.ofSeconds(10), 1);
  }

  CategoryTree tree() {
    return cache.get(TREE).orElseGet(this::fresh);
  }

  CategoryTree fresh() {
    CategoryTree tree = new CategoryTree(repository.all());
    cache.put(TREE, tree);
    return tree;
  }
}
