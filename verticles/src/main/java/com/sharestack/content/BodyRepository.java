package com.sharestack.content;

import com.sharestack.contract.TocEntry;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The table article_bodies. Slot current is what the row says now; slot published keeps the last
 * public text for readers with a purchase while the row is not published.
 */
final class BodyRepository {

  private static final String TEXTS =
      """
      b.version_number, b.content, b.content_html, b.free_content, b.free_html, b.hidden_words,
      b.toc, b.free_toc, b.renderer
      """;

  private final Sql db;

  BodyRepository(Sql db) {
    this.db = db;
  }

  /** A row and its current text as of one moment: no later text under an earlier visibility. */
  record Whole(ArticleRow article, Body body) {}

  Optional<Whole> whole(long id) {
    return whole(db, id);
  }

  Optional<Whole> whole(Sql sql, long id) {
    return sql.row(
            "SELECT "
                + ArticleRepository.COLUMNS
                + ", "
                + TEXTS
                + """
                FROM articles a
                JOIN article_bodies b ON b.article_id = a.article_id AND b.slot = 'current'
                WHERE a.article_id = ? AND a.deleted_at IS NULL
                """,
            id)
        .map(row -> new Whole(ArticleRepository.article(row), body(row)));
  }

  /** The last public version of a row that is not public now. */
  record LastPublished(Body body, String title, String excerpt) {}

  Optional<LastPublished> lastPublished(long id) {
    return db.row(
            "SELECT "
                + TEXTS
                + """
                , v.title, v.excerpt
                FROM article_bodies b
                JOIN article_versions v
                  ON v.article_id = b.article_id AND v.version_number = b.version_number
                WHERE b.article_id = ? AND b.slot = 'published'
                """,
            id)
        .map(row -> new LastPublished(body(row), row.getString("title"), row.getString("excerpt")));
  }

  void save(Tx tx, long id, int version, String content, Rendering rendering, Instant now) {
    Rendering.Free free = rendering.free();
    tx.update(
        """
        INSERT INTO article_bodies (article_id, slot, version_number, content, content_html,
          free_content, free_html, hidden_words, toc, free_toc, renderer, updated_at)
        VALUES (?, 'current', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE version_number = VALUES(version_number),
          content = VALUES(content), content_html = VALUES(content_html),
          free_content = VALUES(free_content), free_html = VALUES(free_html),
          hidden_words = VALUES(hidden_words), toc = VALUES(toc), free_toc = VALUES(free_toc),
          renderer = VALUES(renderer), updated_at = VALUES(updated_at)
        """,
        id,
        version,
        content,
        rendering.html(),
        free.content(),
        free.html(),
        free.hiddenWords(),
        Wire.text(rendering.toc()),
        Wire.text(free.toc()),
        Renderer.VERSION,
        now);
  }

  /** Call before the current text changes and before the row leaves the status published. */
  void keepPublished(Tx tx, long id) {
    tx.update(
        """
        INSERT INTO article_bodies (article_id, slot, version_number, content, content_html,
          free_content, free_html, hidden_words, toc, free_toc, renderer, updated_at)
        SELECT article_id, 'published', version_number, content, content_html, free_content,
          free_html, hidden_words, toc, free_toc, renderer, updated_at
        FROM article_bodies WHERE article_id = ? AND slot = 'current'
        ON DUPLICATE KEY UPDATE version_number = VALUES(version_number),
          content = VALUES(content), content_html = VALUES(content_html),
          free_content = VALUES(free_content), free_html = VALUES(free_html),
          hidden_words = VALUES(hidden_words), toc = VALUES(toc), free_toc = VALUES(free_toc),
          renderer = VALUES(renderer), updated_at = VALUES(updated_at)
        """,
        id);
  }

  void dropPublished(Tx tx, long id) {
    tx.update("DELETE FROM article_bodies WHERE article_id = ? AND slot = 'published'", id);
  }

  /** A body that an older renderer made. */
  record Stale(long id, String slot, int renderer) {}

  List<Stale> stale(int limit) {
    return db
        .rows(
            """
            SELECT article_id, slot, renderer FROM article_bodies
            WHERE renderer < ?
            ORDER BY renderer, article_id
            LIMIT ?
            """,
            Renderer.VERSION,
            limit)
        .stream()
        .map(
            row ->
                new Stale(
                    row.getLong("article_id"), row.getString("slot"), row.getInteger("renderer")))
        .toList();
  }

  Optional<String> source(Stale stale) {
    return db.row(
            "SELECT content FROM article_bodies WHERE article_id = ? AND slot = ? AND renderer = ?",
            stale.id(),
            stale.slot(),
            stale.renderer())
        .map(row -> row.getString("content"));
  }

  /**
   * Compare-and-set on the renderer: every other write of a body sets the present one.
   *
   * @return whether the body was still stale
   */
  boolean rerendered(Tx tx, Stale stale, Rendering rendering) {
    Rendering.Free free = rendering.free();
    return tx.update(
            """
            UPDATE article_bodies SET content_html = ?, free_content = ?, free_html = ?,
              hidden_words = ?, toc = ?, free_toc = ?, renderer = ?
            WHERE article_id = ? AND slot = ? AND renderer = ?
            """,
            rendering.html(),
            free.content(),
            free.html(),
            free.hiddenWords(),
            Wire.text(rendering.toc()),
            Wire.text(free.toc()),
            Renderer.VERSION,
            stale.id(),
            stale.slot(),
            stale.renderer())
        == 1;
  }

  private static Body body(Row row) {
    return new Body(
        row.getInteger("version_number"),
        row.getString("content"),
        row.getString("content_html"),
        toc(row, "toc"),
        row.getString("free_content"),
        row.getString("free_html"),
        toc(row, "free_toc"),
        row.getInteger("hidden_words"),
        row.getInteger("renderer"));
  }

  private static List<TocEntry> toc(Row row, String column) {
    return List.of(Wire.parse(row.getString(column), TocEntry[].class));
  }
}
