package com.sharestack.content;

import com.sharestack.content.text.Fingerprint;
import com.sharestack.content.text.SearchTokens;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.util.List;

/** The tables article_search and article_fingerprints: by what articles are found. */
final class IndexRepository {

  private static final int CANDIDATES_PER_BAND = 200;

  private final Sql db;

  IndexRepository(Sql db) {
    this.db = db;
  }

  /**
   * @param text what anybody may find the article by: never a word of a hidden part
   */
  void index(Tx tx, long articleId, long authorId, String text) {
    tx.update(
        """
        INSERT INTO article_search (article_id, author_id, tokens) VALUES (?, ?, ?)
        ON DUPLICATE KEY UPDATE tokens = VALUES(tokens)
        """,
        articleId,
        authorId,
        SearchTokens.index(text));
  }

  /** Notes what is public now, so that copies of it are recognised. */
  void fingerprint(Tx tx, long articleId, long fingerprint) {
    if (fingerprint == Fingerprint.NONE) {
      forget(tx, articleId);
      return;
    }
    tx.update(
        """
        INSERT INTO article_fingerprints (article_id, fingerprint, band_0, band_1, band_2, band_3)
        VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE fingerprint = VALUES(fingerprint), band_0 = VALUES(band_0),
          band_1 = VALUES(band_1), band_2 = VALUES(band_2), band_3 = VALUES(band_3)
        """,
        articleId,
        fingerprint,
        band(fingerprint, 0),
        band(fingerprint, 1),
        band(fingerprint, 2),
        band(fingerprint, 3));
  }

  void forget(Tx tx, long articleId) {
    tx.update("DELETE FROM article_fingerprints WHERE article_id = ?", articleId);
  }

  /**
   * Fingerprints of other public articles that share a band with this one: every one that differs
   * in at most three bits is among them, unless a band has more than 200.
   */
  List<Long> near(long fingerprint, long articleId) {
    if (fingerprint == Fingerprint.NONE) {
      return List.of();
    }
    String one =
        "(SELECT fingerprint FROM article_fingerprints WHERE band_%d = ? AND article_id <> ? LIMIT "
            + CANDIDATES_PER_BAND
            + ")";
    return db
        .rows(
            String.join(
                " UNION ", one.formatted(0), one.formatted(1), one.formatted(2), one.formatted(3)),
            band(fingerprint, 0),
            articleId,
            band(fingerprint, 1),
            articleId,
            band(fingerprint, 2),
            articleId,
            band(fingerprint, 3),
            articleId)
        .stream()
        .map(row -> row.getLong("fingerprint"))
        .toList();
  }

  private static int band(long fingerprint, int number) {
    return (int) (fingerprint >>> 16 * number & 0xffff);
  }
}
