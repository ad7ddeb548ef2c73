package com.sharestack.content;

import com.sharestack.contract.CategoryRef;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import java.time.Instant;
import java.util.List;

/** The table categories. */
final class CategoryRepository {

  /** The taxonomy is kept by staff and small; more rows than this are not served. */
  private static final int MOST = 2000;

  private final Sql db;

  CategoryRepository(Sql db) {
    this.db = db;
  }

  /**
   * A category.
   *
   * @param path ids from the root to itself with slashes: /1/5/
   * @param articles live articles of the category itself
   */
  record CategoryRow(
      long id,
      Long parentId,
      String path,
      String name,
      String slug,
      String description,
      String color,
      String icon,
      int order,
      boolean active,
      long articles,
      Instant createdAt,
      Instant updatedAt) {

    CategoryRef ref() {
      return new CategoryRef(id, name, slug);
    }
  }

  /** All of them, siblings in the order they are shown. */
  List<CategoryRow> all() {
    return db
        .rows(
            """
            SELECT category_id, parent_id, path, name, slug, description, color, icon, sort_order,
              status, articles_count, created_at, updated_at
            FROM categories
            WHERE path IS NOT NULL
            ORDER BY sort_order, name, category_id
            LIMIT ?
            """,
            MOST)
        .stream()
        .map(
            row ->
                new CategoryRow(
                    row.getLong("category_id"),
                    row.getLong("parent_id"),
                    row.getString("path"),
                    row.getString("name"),
                    row.getString("slug"),
                    row.getString("description"),
                    row.getString("color"),
                    row.getString("icon"),
                    row.getInteger("sort_order"),
                    row.getString("status").equals("active"),
                    row.getLong("articles_count"),
                    Rows.instant(row, "created_at"),
                    Rows.instant(row, "updated_at")))
        .toList();
  }
}
