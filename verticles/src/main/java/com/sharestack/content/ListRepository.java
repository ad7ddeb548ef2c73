package com.sharestack.content;

import com.sharestack.content.ListQuery.Statement;
import com.sharestack.platform.db.Sql;
import java.util.List;

/** Runs the statements of {@link ListQuery}. */
final class ListRepository {

  private final Sql db;

  ListRepository(Sql db) {
    this.db = db;
  }

  List<ArticleRow> page(ListQuery query, int limit, int offset) {
    Statement page = query.page(limit, offset);
    return db.rows(page.sql(), page.args()).stream().map(ArticleRepository::article).toList();
  }

  /** At most {@link ListQuery#MOST_COUNTED}. */
  long count(ListQuery query) {
    Statement count = query.count();
    long total = db.row(count.sql(), count.args()).orElseThrow().getLong("total");
    return Math.min(total, ListQuery.MOST_COUNTED);
  }
}
