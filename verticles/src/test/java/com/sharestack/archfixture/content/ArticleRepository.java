package com.sharestack.archfixture.content;

import io.vertx.sqlclient.Row;

/** A repository with its row mapper inside: allowed. */
public final class ArticleRepository {
  private record Mapper() {
    String title(Row row) {
      return row.getString(0);
    }
  }

  String title(Row row) {
    return new Mapper().title(row);
  }
}
