package com.sharestack.content;

import static com.sharestack.contract.ArticleStatus.ARCHIVED;
import static com.sharestack.contract.ArticleStatus.DRAFT;
import static com.sharestack.contract.ArticleStatus.PENDING_REVIEW;
import static com.sharestack.contract.ArticleStatus.PUBLISHED;
import static com.sharestack.contract.ArticleStatus.REJECTED;
import static com.sharestack.contract.ArticleStatus.SCHEDULED;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The statuses of an article and what moves it between them (content contract, convention "Status
 * machine of an article").
 */
final class StatusMachine {

  /** What happens to an article. */
  enum Event {
    /** It goes public now. */
    PUBLISH,
    /** It shall go public later. */
    SCHEDULE,
    /** Moderation wants a human to look first. */
    HOLD,
    /** Author or staff take it back. */
    WITHDRAW,
    /** The author changes it again. */
    REVISE,
    /** Its time has come and moderation refused it. */
    REFUSE
  }

  private static final Map<ArticleStatus, Map<Event, ArticleStatus>> MOVES =
      new EnumMap<>(
          Map.of(
              DRAFT,
              moves(
                  Event.PUBLISH, PUBLISHED, Event.SCHEDULE, SCHEDULED, Event.HOLD, PENDING_REVIEW),
              SCHEDULED,
              new EnumMap<>(
                  Map.of(
                      Event.PUBLISH, PUBLISHED,
                      Event.SCHEDULE, SCHEDULED,
                      Event.HOLD, PENDING_REVIEW,
                      Event.WITHDRAW, DRAFT,
                      Event.REFUSE, DRAFT)),
              PENDING_REVIEW,
              moves(Event.WITHDRAW, DRAFT),
              PUBLISHED,
              moves(Event.WITHDRAW, DRAFT, Event.HOLD, PENDING_REVIEW),
              ARCHIVED,
              moves(Event.PUBLISH, PUBLISHED, Event.REVISE, DRAFT),
              REJECTED,
              moves(Event.REVISE, DRAFT)));

  private StatusMachine() {}

  private static Map<Event, ArticleStatus> moves(Object... pairs) {
    Map<Event, ArticleStatus> moves = new EnumMap<>(Event.class);
    for (int i = 0; i < pairs.length; i += 2) {
      moves.put((Event) pairs[i], (ArticleStatus) pairs[i + 1]);
    }
    return moves;
  }

  /** Where {@code event} leads from {@code status} in one step. */
  static Optional<ArticleStatus> next(ArticleStatus status, Event event) {
    return Optional.ofNullable(MOVES.get(status).get(event));
  }

  /**
   * The statuses that {@code event} leads through. A rejected or archived article may be handed in
   * again: it becomes a draft first, and both steps are logged.
   *
   * @throws ServiceException INVALID_STATE_TRANSITION
   */
  static List<ArticleStatus> path(ArticleStatus status, Event event) {
    Optional<ArticleStatus> direct = next(status, event);
    if (direct.isPresent()) {
      return List.of(direct.get());
    }
    Optional<ArticleStatus> again = next(status, Event.REVISE).flatMap(draft -> next(draft, event));
    if (again.isPresent()) {
      return List.of(DRAFT, again.get());
    }
    throw refused(status, target(event));
  }

  private static ArticleStatus target(Event event) {
    return switch (event) {
      case PUBLISH -> PUBLISHED;
      case SCHEDULE -> SCHEDULED;
      case HOLD -> PENDING_REVIEW;
      case WITHDRAW, REVISE, REFUSE -> DRAFT;
    };
  }

  /** The statuses that one step may reach, in the order of the contract. */
  static List<ArticleStatus> allowed(ArticleStatus status) {
    return MOVES.get(status).values().stream().distinct().sorted().toList();
  }

  static ServiceException refused(ArticleStatus from, ArticleStatus to) {
    return Errors.of(ErrorCode.INVALID_STATE_TRANSITION, details(from, to));
  }

  /** Staff took the article down; its author may edit it, but not move it. */
  static ServiceException held(ArticleStatus from, ArticleStatus to) {
    return Errors.of(
        ErrorCode.INVALID_STATE_TRANSITION, details(from, to).put("reason", "REVIEW_HOLD"));
  }

  private static JsonObject details(ArticleStatus from, ArticleStatus to) {
    return new JsonObject()
        .put("from", from.literal())
        .put("to", to.literal())
        .put("allowed", new JsonArray(allowed(from).stream().map(ArticleStatus::literal).toList()));
  }
}
