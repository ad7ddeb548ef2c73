package com.sharestack.content;

import com.sharestack.content.BodyRepository.Stale;
import com.sharestack.content.text.Fingerprint;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * articles.render_stale: bodies that an older renderer made, or none, are rendered, cut and indexed
 * again. A body that somebody saves meanwhile is current by that.
 */
final class StaleBodies {

  private static final Logger LOG = LoggerFactory.getLogger(StaleBodies.class);

  private final Store store;
  private final Renderer renderer;
  private final Db db;

  StaleBodies(Store store, Renderer renderer, Db db) {
    this.store = store;
    this.renderer = renderer;
    this.db = db;
  }

  /**
   * @return how many bodies were found stale; 0 = all are current
   */
  int render(int limit) {
    List<Stale> stale = store.bodies().stale(limit);
    stale.forEach(this::render);
    return stale.size();
  }

  private void render(Stale stale) {
    Optional<ArticleRow> row = store.articles().find(stale.id());
    Optional<String> source = store.bodies().source(stale);
    if (source.isEmpty()) {
      return;
    }
    // A deleted article keeps its body for a while: rendered as if public, it is served to nobody.
    Rendering text = row.map(article -> rendered(article, source.get())).orElse(Rendering.EMPTY);
    db.tx(
        tx -> {
          if (store.bodies().rerendered(tx, stale, text)
              && row.isPresent()
              && stale.slot().equals("current")) {
            derive(tx, row.get(), text);
          }
          return null;
        });
  }

  private Rendering rendered(ArticleRow row, String source) {
    try {
      return renderer.render(source, row.contentFormat(), row.visibility(), row.preview());
    } catch (UnrenderableText broken) {
      LOG.error("article {} cannot be rendered any more: {}", row.id(), broken.reason());
      return Rendering.EMPTY;
    }
  }

  /** What else hangs on the text; a row that changed meanwhile was derived anew by that change. */
  private void derive(Tx tx, ArticleRow row, Rendering text) {
    String excerpt = row.excerptGenerated() ? text.excerpt() : row.excerpt();
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("excerpt", excerpt);
    columns.put("word_count", text.words());
    columns.put("reading_minutes", text.minutes());
    if (!store.articles().update(tx, row.id(), row.revision(), columns)) {
      return;
    }
    store
        .index()
        .index(
            tx,
            row.id(),
            row.authorId(),
            String.join("\n", row.title(), excerpt, text.searchable()));
    if (row.published()) {
      List<String> tags = store.tags().namesOf(tx, row.id());
      store
          .index()
          .fingerprint(
              tx, row.id(), Fingerprint.of(Publication.candidate(row, tags, text).words()));
    }
  }
}
