package com.sharestack.content;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a change of status brings along, in the transaction that changes the row. */
final class Transitions {

  private final BodyRepository bodies;
  private final HistoryRepository history;
  private final IndexRepository index;
  private final CountRepository counts;
  private final Outbox outbox;

  Transitions(
      BodyRepository bodies,
      HistoryRepository history,
      IndexRepository index,
      CountRepository counts,
      Outbox outbox) {
    this.bodies = bodies;
    this.history = history;
    this.index = index;
    this.counts = counts;
    this.outbox = outbox;
  }

  /**
   * A row went through {@code path}.
   *
   * @param from null = it was just created
   * @param path the statuses after {@code from}; empty when the status stayed
   * @param fingerprint of the public text; null = it stays what it is
   * @param cause author, timer, moderation or staff
   */
  record Move(
      long articleId,
      long authorId,
      String title,
      ArticleStatus from,
      List<ArticleStatus> path,
      Long categoryBefore,
      Long categoryAfter,
      boolean authorHidden,
      long likes,
      boolean firstPublication,
      Long fingerprint,
      Long actorId,
      String cause,
      String reason) {

    ArticleStatus to() {
      return path.isEmpty() ? from : path.getLast();
    }

    boolean wasPublished() {
      return from == ArticleStatus.PUBLISHED;
    }

    boolean isPublished() {
      return to() == ArticleStatus.PUBLISHED;
    }

    /** A row that moves as it is. */
    static Move of(ArticleRow row, List<ArticleStatus> path, Long fingerprint) {
      return new Move(
          row.id(),
          row.authorId(),
          row.title(),
          row.status(),
          path,
          row.categoryId(),
          row.categoryId(),
          row.authorHidden(),
          row.counters().likes(),
          row.publishedAt() == null && path.contains(ArticleStatus.PUBLISHED),
          fingerprint,
          null,
          "timer",
          null);
    }

    Move by(Long actor, String why, String because) {
      return new Move(
          articleId,
          authorId,
          title,
          from,
          path,
          categoryBefore,
          categoryAfter,
          authorHidden,
          likes,
          firstPublication,
          fingerprint,
          actor,
          why,
          because);
    }
  }

  /**
   * Columns of a row that enters {@code to}.
   *
   * @param publishedAt of the first publication, null before it
   * @param version that becomes the public one
   * @param scheduledAt planned time, null = none
   */
  static Map<String, Object> columns(
      ArticleStatus to, Instant publishedAt, int version, Instant scheduledAt, Instant now) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("status", to);
    columns.put("scheduled_at", to == ArticleStatus.PUBLISHED ? null : scheduledAt);
    columns.put("review_status", to == ArticleStatus.PENDING_REVIEW ? "pending" : "not_required");
    if (to == ArticleStatus.PUBLISHED) {
      columns.put("published_at", publishedAt == null ? now : publishedAt);
      columns.put("published_version", version);
    }
    return columns;
  }

  /** Call after the row itself was written, and after {@link BodyRepository#keepPublished}. */
  void apply(Tx tx, Move move, Instant now) {
    count(tx, move);
    if (move.isPublished() && move.fingerprint() != null) {
      index.fingerprint(tx, move.articleId(), move.fingerprint());
    } else if (move.wasPublished() && !move.isPublished()) {
      index.forget(tx, move.articleId());
    }
    if (move.isPublished() && !move.wasPublished()) {
      bodies.dropPublished(tx, move.articleId());
    }
    ArticleStatus from = move.from();
    for (ArticleStatus to : move.path()) {
      history.log(tx, move.articleId(), from, to, move.actorId(), move.reason(), now);
      from = to;
    }
    boolean told = !move.path().isEmpty() && !(move.from() == null && from == ArticleStatus.DRAFT);
    if (told) {
      outbox.publish(tx, EventTopic.CONTENT_STATUS_CHANGED, event(move, now));
    }
  }

  private void count(Tx tx, Move move) {
    if (move.authorHidden()) {
      return;
    }
    Map<Long, Long> changes = new HashMap<>();
    if (move.wasPublished() && move.categoryBefore() != null) {
      changes.merge(move.categoryBefore(), -1L, Long::sum);
    }
    if (move.isPublished() && move.categoryAfter() != null) {
      changes.merge(move.categoryAfter(), 1L, Long::sum);
    }
    counts.categories(tx, changes);
    int articles = (move.isPublished() ? 1 : 0) - (move.wasPublished() ? 1 : 0);
    if (articles != 0) {
      counts.author(tx, move.authorId(), articles, articles * move.likes());
    }
  }

  private static ContentStatusChangedEvent event(Move move, Instant now) {
    return ContentStatusChangedEvent.builder()
        .articleId(move.articleId())
        .actorId(move.actorId())
        .authorId(move.authorId())
        .from(move.from())
        .to(move.to())
        .firstPublication(move.firstPublication())
        .title(move.title())
        .cause(move.cause())
        .at(now)
        .build();
  }
}
