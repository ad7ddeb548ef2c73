package com.sharestack.content;

import com.sharestack.content.BodyRepository.Whole;
import com.sharestack.content.Publishing.Candidate;
import com.sharestack.content.Publishing.Decision;
import com.sharestack.content.StatusMachine.Event;
import com.sharestack.content.Transitions.Move;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.contract.ArticlePublishResult;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticleUnpublishResult;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** articles.publish and articles.unpublish. */
final class Publication {

  private static final int ATTEMPTS = 3;

  private final Store store;
  private final Renderer renderer;
  private final Publishing publishing;
  private final Db db;
  private final Clock clock;

  Publication(Store store, Renderer renderer, Publishing publishing, Db db, Clock clock) {
    this.store = store;
    this.renderer = renderer;
    this.publishing = publishing;
    this.db = db;
    this.clock = clock;
  }

  /**
   * @param at null = now
   */
  ArticlePublishResult publish(Caller caller, long id, Instant at) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Whole whole = store.bodies().whole(id).orElseThrow(Visible::notFound);
      Ownership.require(caller, whole.article(), "publish");
      Optional<ArticlePublishResult> result = attempt(caller, whole, at);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw Errors.of(ErrorCode.CONFLICT, "reason", "EDIT_CONFLICT");
  }

  private Optional<ArticlePublishResult> attempt(Caller caller, Whole whole, Instant at) {
    ArticleRow row = whole.article();
    Event wanted = at == null ? Event.PUBLISH : Event.SCHEDULE;
    ArticleStatus target = at == null ? ArticleStatus.PUBLISHED : ArticleStatus.SCHEDULED;
    boolean staff = !Callers.isUser(caller, row.authorId());
    if (row.review().hold() && !staff) {
      throw StatusMachine.held(row.status(), target);
    }
    if (row.published() && at == null) {
      return Optional.of(result(row.id(), row.status(), row.publishedAt(), null));
    }
    Instant now = clock.instant();
    InputRules.schedule(at, now);
    StatusMachine.path(row.status(), wanted);
    Decision decision =
        publishing.decide(
            caller, candidate(row, store.tags().namesOf(db, row.id()), render(whole)), wanted);
    List<ArticleStatus> path = StatusMachine.path(row.status(), decision.event());
    boolean held = decision.event() == Event.HOLD;
    ArticleStatus to = path.getLast();
    Map<String, Object> columns =
        Transitions.columns(to, row.publishedAt(), row.version(), at, now);
    columns.put("review_hold", false);
    columns.put("updated_at", now);
    Move move =
        Move.of(row, path, decision.fingerprint())
            .by(
                held ? null : caller.userId(),
                held ? "moderation" : staff ? "staff" : "author",
                held ? "内容需要人工审核" : null);
    boolean written =
        db.tx(
            tx -> {
              if (!store.articles().update(tx, row.id(), row.revision(), columns)) {
                return false;
              }
              store.transitions().apply(tx, move, now);
              return true;
            });
    return written
        ? Optional.of(
            result(
                row.id(),
                to,
                (Instant) columns.getOrDefault("published_at", row.publishedAt()),
                (Instant) columns.get("scheduled_at")))
        : Optional.empty();
  }

  private Rendering render(Whole whole) {
    try {
      return renderer.render(
          whole.body().content(),
          whole.article().contentFormat(),
          whole.article().visibility(),
          whole.article().preview());
    } catch (UnrenderableText broken) {
      throw Renderer.refusal(broken);
    }
  }

  static Candidate candidate(ArticleRow row, List<String> tags, Rendering text) {
    return new Candidate(
        row.id(),
        row.authorId(),
        row.title(),
        row.excerptGenerated() ? "" : row.excerpt(),
        tags,
        text,
        row.visibility(),
        row.categoryId(),
        row.publishedAt() == null);
  }

  private static ArticlePublishResult result(
      long id, ArticleStatus status, Instant publishedAt, Instant scheduledAt) {
    String message =
        switch (status) {
          case SCHEDULED -> "文章已设定定时发布";
          case PENDING_REVIEW -> "文章已提交，等待审核";
          default -> "文章已发布";
        };
    return ArticlePublishResult.builder()
        .message(message)
        .articleId(id)
        .status(status.literal())
        .publishedAt(publishedAt)
        .scheduledAt(scheduledAt)
        .build();
  }

  ArticleUnpublishResult unpublish(Caller caller, long id, String reason) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      ArticleRow row = store.articles().find(id).orElseThrow(Visible::notFound);
      Ownership.requireForTakedown(caller, row);
      Optional<ArticleUnpublishResult> result = attempt(caller, row, reason);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw Errors.of(ErrorCode.CONFLICT, "reason", "EDIT_CONFLICT");
  }

  private Optional<ArticleUnpublishResult> attempt(Caller caller, ArticleRow row, String reason) {
    Instant now = clock.instant();
    boolean staff = !Callers.isUser(caller, row.authorId());
    if (row.review().hold() && !staff) {
      throw StatusMachine.held(row.status(), ArticleStatus.DRAFT);
    }
    if (row.status() == ArticleStatus.DRAFT) {
      return Optional.of(unpublished(row.id(), row.updatedAt()));
    }
    if (staff && (reason == null || reason.isBlank())) {
      throw Errors.invalid("reason", "下架他人的文章必须说明理由");
    }
    List<ArticleStatus> path = StatusMachine.path(row.status(), Event.WITHDRAW);
    Map<String, Object> columns =
        Transitions.columns(ArticleStatus.DRAFT, row.publishedAt(), row.version(), null, now);
    columns.put("updated_at", now);
    if (staff) {
      columns.put("review_hold", true);
      columns.put("review_status", "rejected");
      columns.put("review_notes", reason);
      columns.put("reviewed_at", now);
    }
    Move move = Move.of(row, path, null).by(caller.userId(), staff ? "staff" : "author", reason);
    boolean written =
        db.tx(
            tx -> {
              if (!store.articles().update(tx, row.id(), row.revision(), columns)) {
                return false;
              }
              if (row.published()) {
                store.bodies().keepPublished(tx, row.id());
              }
              store.transitions().apply(tx, move, now);
              return true;
            });
    return written ? Optional.of(unpublished(row.id(), now)) : Optional.empty();
  }

  private static ArticleUnpublishResult unpublished(long id, Instant at) {
    return new ArticleUnpublishResult("文章已撤回为草稿", id, "draft", at);
  }
}
