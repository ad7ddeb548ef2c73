package com.sharestack.content;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counters of categories (articles_count), of authors (author_counts) and of views. */
final class CountRepository {

  private final Sql db;

  CountRepository(Sql db) {
    this.db = db;
  }

  /**
   * Live articles went into and out of categories; null keys (no category) are skipped. Categories
   * are locked by ascending id.
   */
  void categories(Tx tx, Map<Long, Long> changes) {
    new TreeMap<>(changes)
        .forEach(
            (id, change) -> {
              if (change != 0) {
                tx.update(
                    """
                    UPDATE categories SET articles_count = GREATEST(articles_count + ?, 0)
                    WHERE category_id = ?
                    """,
                    change,
                    id);
              }
            });
  }

  /** An author has that many live articles and likes on them more, or fewer. */
  void author(Tx tx, long authorId, long articles, long likes) {
    tx.update(
        """
        INSERT INTO author_counts (author_id, articles_count, likes_received)
        VALUES (?, GREATEST(?, 0), GREATEST(?, 0))
        ON DUPLICATE KEY UPDATE articles_count = GREATEST(articles_count + ?, 0),
          likes_received = GREATEST(likes_received + ?, 0)
        """,
        authorId,
        articles,
        likes,
        articles,
        likes);
  }

  record Author(long articles, long likes) {
    static final Author NONE = new Author(0, 0);
  }

  Map<Long, Author> authors(Collection<Long> ids) {
    Map<Long, Author> counts = new HashMap<>();
    for (Row row :
        db.rows(
            """
            SELECT author_id, articles_count, likes_received FROM author_counts
            WHERE author_id IN (%s)
            """
                .formatted(Rows.marks(ids.size())),
            ids.toArray())) {
      counts.put(
          row.getLong("author_id"),
          new Author(row.getLong("articles_count"), row.getLong("likes_received")));
    }
    return counts;
  }

  /** Adds collected views in one statement, whatever their number. */
  void addViews(Map<Long, Long> views) {
    List<Object> pairs = new ArrayList<>();
    new TreeMap<>(views).forEach((id, count) -> pairs.add(new JsonArray(List.of(id, count))));
    db.update(
        """
        UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
            id BIGINT PATH '$[0]', seen BIGINT PATH '$[1]')) AS v
          STRAIGHT_JOIN articles a ON a.article_id = v.id
        SET a.views_count = a.views_count + v.seen
        """,
        new JsonArray(pairs));
  }

  /**
   * Copies users.content_hidden and the state of the account to every article of an author, with
   * the counters that count live articles.
   */
  void hideAuthor(Tx tx, long authorId, boolean hidden) {
    List<Row> live =
        tx.rows(
            """
            SELECT category_id, COUNT(*) AS articles, CAST(SUM(likes_count) AS SIGNED) AS likes
            FROM articles
            WHERE author_id = ? AND status = 'published' AND deleted_at IS NULL
              AND author_hidden <> ?
            GROUP BY category_id
            FOR UPDATE
            """,
            authorId,
            hidden);
    tx.update(
        """
        UPDATE articles SET author_hidden = ?, revision = revision + 1
        WHERE author_id = ? AND author_hidden <> ?
        """,
        hidden,
        authorId,
        hidden);
    Map<Long, Long> changes = new HashMap<>();
    long articles = 0;
    long likes = 0;
    int sign = hidden ? -1 : 1;
    for (Row row : live) {
      articles += sign * row.getLong("articles");
      likes += sign * row.getLong("likes");
      if (row.getLong("category_id") != null) {
        changes.put(row.getLong("category_id"), sign * row.getLong("articles"));
      }
    }
    categories(tx, changes);
    if (articles != 0) {
      author(tx, authorId, articles, likes);
    }
  }
}
