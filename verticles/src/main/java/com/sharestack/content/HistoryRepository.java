package com.sharestack.content;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.slf4j.MDC;

/** The tables article_versions, article_status_log and article_slugs: what an article was. */
final class HistoryRepository {

  private static final int PREVIEW_LENGTH = 100;

  /**
   * One version.
   *
   * @param plain text without markup, of which the list shows the beginning
   * @param metadata the other fields as of this version
   */
  record Version(
      long articleId,
      int number,
      String changeType,
      String title,
      String excerpt,
      String content,
      String format,
      String plain,
      int words,
      String summary,
      JsonObject metadata,
      long createdBy) {}

  /** The fields besides the text that a version remembers. */
  static JsonObject metadata(
      List<String> tags,
      Long categoryId,
      Visibility visibility,
      Long priceFen,
      String seoTitle,
      String seoDescription) {
    return new JsonObject()
        .put("tags", new JsonArray(tags))
        .put("category_id", categoryId)
        .put("visibility", visibility.literal())
        .put("price", priceFen == null ? null : Money.ofFen(priceFen))
        .put("seo_title", seoTitle)
        .put("seo_description", seoDescription);
  }

  void addVersion(Tx tx, Version version, Instant now) {
    tx.insert(
        """
        INSERT INTO article_versions (article_id, version_number, change_type, title, excerpt,
          content, content_format, content_preview, word_count, changes_summary, metadata,
          created_by, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        version.articleId(),
        version.number(),
        version.changeType(),
        version.title(),
        version.excerpt(),
        version.content(),
        version.format(),
        first(version.plain().replaceAll("\\s+", " "), PREVIEW_LENGTH),
        version.words(),
        first(version.summary(), 255),
        version.metadata(),
        version.createdBy(),
        now);
  }

  /** One line of the status log; {@code by} null = the system. */
  void log(
      Tx tx,
      long articleId,
      ArticleStatus from,
      ArticleStatus to,
      Long by,
      String reason,
      Instant now) {
    tx.insert(
        """
        INSERT INTO article_status_log (article_id, from_status, to_status, changed_by,
          change_reason, request_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        articleId,
        from,
        to,
        by,
        reason,
        MDC.get("request_id"),
        now);
  }

  /** Takes a slug for good; CONFLICT/SLUG_TAKEN when another article has or had it. */
  void takeSlug(Tx tx, String slug, long articleId, Instant now) {
    boolean own =
        tx.row(
                "SELECT article_id FROM article_slugs WHERE slug = ? AND article_id = ?",
                slug,
                articleId)
            .isPresent();
    if (own) {
      return;
    }
    try {
      tx.update(
          "INSERT INTO article_slugs (slug, article_id, created_at) VALUES (?, ?, ?)",
          slug,
          articleId,
          now);
    } catch (DuplicateKeyException taken) {
      throw slugTaken();
    }
  }

  static RuntimeException slugTaken() {
    return Errors.of(ErrorCode.CONFLICT, "reason", "SLUG_TAKEN", "field", "custom_url");
  }

  private static String first(String text, int codePoints) {
    return text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints));
  }
}
