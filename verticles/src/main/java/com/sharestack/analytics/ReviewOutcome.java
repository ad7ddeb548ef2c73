package com.sharestack.analytics;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentStatusChangedEvent;
import java.util.Optional;

/** What a change of an article's status means to its author, who did not make it himself. */
enum ReviewOutcome {
  APPROVED(Template.REVIEW_APPROVED),
  REJECTED(Template.REVIEW_REJECTED),
  SENT_BACK(Template.REVIEW_SENT_BACK),
  TAKEN_DOWN(Template.REVIEW_TAKEN_DOWN),
  SCHEDULE_DONE(Template.SCHEDULE_DONE),
  SCHEDULE_FAILED(Template.SCHEDULE_FAILED);

  private final Template template;

  ReviewOutcome(Template template) {
    this.template = template;
  }

  Template template() {
    return template;
  }

  /** Empty when the author made the change, or when it tells him nothing. */
  static Optional<ReviewOutcome> of(ContentStatusChangedEvent change) {
    if (change.from() == null || causedByAuthor(change)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (change.from()) {
          case PENDING_REVIEW -> ofReview(change.to());
          case SCHEDULED -> ofSchedule(change.to());
          case PUBLISHED -> ofTakedown(change.to());
          case DRAFT, ARCHIVED, REJECTED -> null;
        });
  }

  private static boolean causedByAuthor(ContentStatusChangedEvent change) {
    if (change.cause() != null) {
      return change.cause().equals("author");
    }
    return change.actorId() != null && change.actorId() == change.authorId();
  }

  private static ReviewOutcome ofReview(ArticleStatus to) {
    return switch (to) {
      case PUBLISHED, SCHEDULED -> APPROVED;
      case REJECTED -> REJECTED;
      case DRAFT -> SENT_BACK;
      case ARCHIVED -> TAKEN_DOWN;
      case PENDING_REVIEW -> null;
    };
  }

  private static ReviewOutcome ofSchedule(ArticleStatus to) {
    return switch (to) {
      case PUBLISHED -> SCHEDULE_DONE;
      case DRAFT, PENDING_REVIEW -> SCHEDULE_FAILED;
      case REJECTED -> REJECTED;
      case ARCHIVED -> TAKEN_DOWN;
      case SCHEDULED -> null;
    };
  }

  private static ReviewOutcome ofTakedown(ArticleStatus to) {
    return to == ArticleStatus.PUBLISHED ? null : TAKEN_DOWN;
  }
}
