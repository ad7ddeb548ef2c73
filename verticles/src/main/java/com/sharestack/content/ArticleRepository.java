package com.sharestack.content;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table articles. Deleted rows do not exist for anybody here. */
final class ArticleRepository {

  /** Every column of {@link ArticleRow}; the table's alias is {@code a}. */
  static final String COLUMNS =
      """
      a.article_id, a.author_id, a.status, a.visibility, a.content_type, a.content_format,
      a.category_id, a.title, a.excerpt, a.excerpt_generated, a.cover_image, a.custom_url,
      a.price_fen, a.included_in_subscription, a.allow_comments, a.comment_review, a.is_featured,
      a.author_hidden, a.seo_title, a.seo_description, a.seo_keywords, a.canonical_url, a.robots,
      a.og_image, a.word_count, a.reading_minutes, a.duration_seconds, a.preview_mode,
      a.preview_percent, a.preview_trial_seconds, a.preview_allow_anonymous, a.review_status,
      a.review_hold, a.review_notes, a.reviewed_at, a.current_version, a.published_version,
      a.views_count, a.likes_count, a.comments_count, a.bookmarks_count, a.shares_count,
      a.scheduled_at, a.published_at, a.created_at, a.updated_at, a.revision
      """;

  private final Sql db;

  ArticleRepository(Sql db) {
    this.db = db;
  }

  Optional<ArticleRow> find(long id) {
    return find(db, id);
  }

  Optional<ArticleRow> find(Sql sql, long id) {
    return sql.row(
            "SELECT "
                + COLUMNS
                + " FROM articles a WHERE a.article_id = ? AND a.deleted_at IS NULL",
            id)
        .map(ArticleRepository::article);
  }

  /** Unknown and deleted ids are left out. */
  List<ArticleRow> findAll(Collection<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return db
        .rows(
            "SELECT "
                + COLUMNS
                + " FROM articles a WHERE a.article_id IN ("
                + Rows.marks(ids.size())
                + ") AND a.deleted_at IS NULL",
            ids.toArray())
        .stream()
        .map(ArticleRepository::article)
        .toList();
  }

  /** How many days a purchase of each article lasts; 0 = for good. */
  Map<Long, Integer> accessDays(Collection<Long> ids) {
    Map<Long, Integer> days = new HashMap<>();
    for (Row row :
        db.rows(
            "SELECT article_id, access_days FROM articles WHERE article_id IN (%s)"
                .formatted(Rows.marks(ids.size())),
            ids.toArray())) {
      days.put(row.getLong("article_id"), row.getInteger("access_days"));
    }
    return days;
  }

  /** An article created with an idempotency key. */
  record Replay(long id, String requestHash) {}

  Optional<Replay> findByKey(long authorId, String key) {
    return db.row(
            """
            SELECT article_id, request_hash FROM articles
            WHERE author_id = ? AND idempotency_key = ?
            """,
            authorId,
            key)
        .map(
            row ->
                new Replay(
                    row.getLong("article_id"),
                    HexFormat.of().formatHex(row.getBuffer("request_hash").getBytes())));
  }

  /** Columns come from code only, never from input. */
  long insert(Tx tx, Map<String, Object> columns) {
    return tx.insert(
        "INSERT INTO articles ("
            + String.join(", ", columns.keySet())
            + ") VALUES ("
            + Rows.marks(columns.size())
            + ")",
        columns.values().stream().map(ArticleRepository::bound).toArray());
  }

  /**
   * Compare-and-set: writes {@code columns} when the row still has {@code revision}, and counts it
   * up.
   *
   * @return whether it had
   */
  boolean update(Tx tx, long id, long revision, Map<String, Object> columns) {
    List<Object> args =
        new ArrayList<>(columns.values().stream().map(ArticleRepository::bound).toList());
    args.add(id);
    args.add(revision);
    String sets = String.join(" = ?, ", columns.keySet()) + " = ?, ";
    return tx.update(
            "UPDATE articles SET "
                + (columns.isEmpty() ? "" : sets)
                + "revision = revision + 1 WHERE article_id = ? AND revision = ? AND deleted_at IS"
                + " NULL",
            args.toArray())
        == 1;
  }

  private static Object bound(Object value) {
    return switch (value) {
      case byte[] bytes -> Buffer.buffer(bytes);
      case List<?> list -> new JsonArray(List.copyOf(list));
      case null, default -> value;
    };
  }

  record Due(long id, long authorId) {}

  /** Scheduled rows whose time has come, the longest due first. */
  List<Due> due(Instant now, int limit) {
    return db
        .rows(
            """
            SELECT article_id, author_id FROM articles
            WHERE status = 'scheduled' AND scheduled_at <= ? AND deleted_at IS NULL
            ORDER BY scheduled_at, article_id
            LIMIT ?
            """,
            now,
            limit)
        .stream()
        .map(row -> new Due(row.getLong("article_id"), row.getLong("author_id")))
        .toList();
  }

  /** Locks the row of one due article; empty when another node has it or had it. */
  Optional<ArticleRow> claimDue(Tx tx, long id, Instant now) {
    return tx.row(
            "SELECT "
                + COLUMNS
                + """
                FROM articles a
                WHERE a.article_id = ? AND a.status = 'scheduled' AND a.scheduled_at <= ?
                  AND a.deleted_at IS NULL
                FOR UPDATE SKIP LOCKED
                """,
            id,
            now)
        .map(ArticleRepository::article);
  }

  static ArticleRow article(Row row) {
    return new ArticleRow(
        row.getLong("article_id"),
        row.getLong("author_id"),
        ArticleStatus.of(row.getString("status")),
        Visibility.of(row.getString("visibility")),
        ContentType.of(row.getString("content_type")),
        ContentFormat.of(row.getString("content_format")),
        row.getLong("category_id"),
        row.getString("title"),
        row.getString("excerpt"),
        Rows.flag(row, "excerpt_generated"),
        row.getString("cover_image"),
        row.getString("custom_url"),
        row.getLong("price_fen"),
        Rows.flag(row, "included_in_subscription"),
        Rows.flag(row, "allow_comments"),
        Rows.flag(row, "comment_review"),
        Rows.flag(row, "is_featured"),
        Rows.flag(row, "author_hidden"),
        seo(row),
        row.getInteger("word_count"),
        row.getInteger("reading_minutes"),
        row.getInteger("duration_seconds"),
        new ArticleRow.Preview(
            row.getString("preview_mode"),
            row.getInteger("preview_percent"),
            row.getInteger("preview_trial_seconds"),
            Rows.flag(row, "preview_allow_anonymous")),
        new ArticleRow.Review(
            row.getString("review_status"),
            Rows.flag(row, "review_hold"),
            row.getString("review_notes"),
            Rows.instant(row, "reviewed_at")),
        row.getInteger("current_version"),
        row.getInteger("published_version"),
        counters(row),
        Rows.instant(row, "scheduled_at"),
        Rows.instant(row, "published_at"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        row.getLong("revision"));
  }

  private static ArticleRow.Seo seo(Row row) {
    JsonArray keywords = Rows.jsonArray(row, "seo_keywords");
    return new ArticleRow.Seo(
        row.getString("seo_title"),
        row.getString("seo_description"),
        keywords == null ? List.of() : keywords.stream().map(String.class::cast).toList(),
        row.getString("canonical_url"),
        row.getString("robots"),
        row.getString("og_image"));
  }

  private static ArticleRow.Counters counters(Row row) {
    return new ArticleRow.Counters(
        row.getLong("views_count"),
        row.getLong("likes_count"),
        row.getLong("comments_count"),
        row.getLong("bookmarks_count"),
        row.getLong("shares_count"));
  }
}
