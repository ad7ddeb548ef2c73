package com.sharestack.content;

import com.sharestack.content.BodyRepository.Whole;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.platform.cache.LocalCache;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Articles with their texts and tags, the texts from memory while the row keeps its revision. What
 * is kept is the same for every reader; which part of it a reader gets is decided per call.
 */
final class Details {

  private static final Logger LOG = LoggerFactory.getLogger(Details.class);
  private static final long MOST_CHARACTERS = 32_000_000;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private record Key(long articleId, long revision) {}

  private record Kept(Body body, List<String> tags) {}

  /** An article as of one moment. */
  record Detail(ArticleRow article, Body body, List<String> tags) {}

  private final ArticleRepository articles;
  private final BodyRepository bodies;
  private final TagRepository tags;
  private final Renderer renderer;
  private final LocalCache<Key, Kept> cache;

  Details(
      ArticleRepository articles,
      BodyRepository bodies,
      TagRepository tags,
      Renderer renderer,
      Clock clock) {
    this.articles = articles;
    this.bodies = bodies;
    this.tags = tags;
    this.renderer = renderer;
    this.cache = new LocalCache<>(clock, KEPT, MOST_CHARACTERS, kept -> kept.body.weight());
  }

  Optional<Detail> find(long id) {
    Optional<ArticleRow> row = articles.find(id);
    Optional<Detail> kept =
        row.flatMap(
            article ->
                cache
                    .get(new Key(id, article.revision()))
                    .map(found -> new Detail(article, found.body, found.tags)));
    return row.isEmpty() || kept.isPresent() ? kept : load(id);
  }

  /**
   * Row and text come from one statement: a text written a moment later must not be served under
   * the visibility of a moment ago.
   */
  private Optional<Detail> load(long id) {
    return bodies
        .whole(id)
        .map(
            whole -> {
              List<String> names = tags.namesOf(List.of(id)).getOrDefault(id, List.of());
              Body body = fresh(whole);
              cache.put(new Key(id, whole.article().revision()), new Kept(body, names));
              return new Detail(whole.article(), body, names);
            });
  }

  /**
   * What an older renderer made is never served: it is rendered again here, and in its row later.
   */
  private Body fresh(Whole whole) {
    return whole.body().stale() ? rendered(whole.article(), whole.body()) : whole.body();
  }

  Body rendered(ArticleRow article, Body body) {
    try {
      return body.with(
          renderer.render(
              body.content(), article.contentFormat(), article.visibility(), article.preview()));
    } catch (UnrenderableText broken) {
      LOG.error("article {} cannot be rendered any more: {}", article.id(), broken.reason());
      return body.with(Rendering.EMPTY);
    }
  }

  void forget(long articleId) {
    cache.evictIf(key -> key.articleId == articleId);
  }
}
