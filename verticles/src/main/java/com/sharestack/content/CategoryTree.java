package com.sharestack.content;

import com.sharestack.content.CategoryRepository.CategoryRow;
import com.sharestack.contract.Category;
import com.sharestack.contract.CategoryRef;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The categories of one moment. Immutable. */
final class CategoryTree {

  private final List<CategoryRow> rows;
  private final Map<Long, CategoryRow> byId;
  private final Map<String, CategoryRow> bySlug;

  /**
   * @param rows siblings in the order they are shown
   */
  CategoryTree(List<CategoryRow> rows) {
    this.rows = List.copyOf(rows);
    this.byId =
        rows.stream()
            .collect(
                Collectors.toMap(
                    CategoryRow::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    this.bySlug = rows.stream().collect(Collectors.toMap(CategoryRow::slug, Function.identity()));
  }

  Optional<CategoryRow> find(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** By id when {@code word} has digits only, else by slug. */
  Optional<CategoryRow> find(String word) {
    if (word.matches("[0-9]{1,18}")) {
      return find(Long.parseLong(word));
    }
    return Optional.ofNullable(bySlug.get(word));
  }

  /** Null for null and for a category that is gone. */
  CategoryRef ref(Long id) {
    return id == null ? null : find(id).map(CategoryRow::ref).orElse(null);
  }

  /** The category and all above it. */
  Set<Long> line(Long id) {
    Optional<CategoryRow> row = id == null ? Optional.empty() : find(id);
    return row.map(found -> ids(found.path())).orElse(Set.of());
  }

  /** The category and all below it. */
  List<CategoryRow> subtree(CategoryRow root) {
    return rows.stream().filter(row -> row.path().startsWith(root.path())).toList();
  }

  /** Whether it and all above it are active: an inactive one hides its subtree. */
  boolean open(CategoryRow row) {
    return ids(row.path()).stream().allMatch(id -> find(id).map(CategoryRow::active).orElse(false));
  }

  private static Set<Long> ids(String path) {
    return Arrays.stream(path.split("/"))
        .filter(part -> !part.isEmpty())
        .map(Long::valueOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The categories that browsing shows, nested; below {@code parentId} when it is given. */
  List<Category> active(Long parentId, boolean counted) {
    Optional<CategoryRow> parent = parentId == null ? Optional.empty() : find(parentId);
    if (parentId != null && !parent.map(this::open).orElse(false)) {
      return List.of();
    }
    return nested(parentId, counted);
  }

  private List<Category> nested(Long parentId, boolean counted) {
    return rows.stream()
        .filter(row -> java.util.Objects.equals(row.parentId(), parentId) && row.active())
        .map(row -> category(row, counted, nested(row.id(), counted)))
        .toList();
  }

  /** The inactive ones, flat: what is below them may be active by itself. */
  List<Category> inactive(Long parentId, boolean counted) {
    return rows.stream()
        .filter(row -> !row.active())
        .filter(row -> parentId == null || parentId.equals(row.parentId()))
        .map(row -> category(row, counted, List.of()))
        .toList();
  }

  private Category category(CategoryRow row, boolean counted, List<Category> children) {
    return Category.builder()
        .id(row.id())
        .name(row.name())
        .slug(row.slug())
        .description(row.description())
        .color(row.color())
        .icon(row.icon())
        .parentId(row.parentId())
        .order(row.order())
        .status(row.active() ? "active" : "inactive")
        .articlesCount(
            counted ? subtree(row).stream().mapToLong(CategoryRow::articles).sum() : null)
        .children(children)
        .createdAt(row.createdAt())
        .updatedAt(row.updatedAt())
        .build();
  }
}
