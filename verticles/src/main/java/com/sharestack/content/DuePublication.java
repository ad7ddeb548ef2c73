package com.sharestack.content;

import com.sharestack.content.ArticleRepository.Due;
import com.sharestack.content.BodyRepository.Whole;
import com.sharestack.content.Publishing.Decision;
import com.sharestack.content.StatusMachine.Event;
import com.sharestack.content.Transitions.Move;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * articles.publish_due. Each due row is claimed by a lock that other nodes skip, in a transaction
 * of its own: moderation runs again inside it, and one row that fails keeps no other from going
 * public.
 */
final class DuePublication {

  private static final Logger LOG = LoggerFactory.getLogger(DuePublication.class);

  private final Store store;
  private final Renderer renderer;
  private final Publishing publishing;
  private final Authors authors;
  private final Db db;
  private final Clock clock;

  DuePublication(
      Store store, Renderer renderer, Publishing publishing, Authors authors, Db db, Clock clock) {
    this.store = store;
    this.renderer = renderer;
    this.publishing = publishing;
    this.authors = authors;
    this.db = db;
    this.clock = clock;
  }

  /**
   * @return how many rows left the status scheduled for published or pending_review
   */
  int publish(Caller caller, int limit) {
    List<Due> rows = store.articles().due(clock.instant(), limit);
    Map<Long, UserCard> cards =
        rows.isEmpty()
            ? Map.of()
            : authors.cards(caller, rows.stream().map(Due::authorId).toList());
    int published = 0;
    for (Due row : rows) {
      boolean shown = Authors.shown(cards.get(row.authorId()));
      try {
        published += db.tx(tx -> publish(tx, caller, row.id(), shown)) ? 1 : 0;
      } catch (RuntimeException failure) {
        LOG.error("article {} is due and stays scheduled", row.id(), failure);
      }
    }
    return published;
  }

  private boolean publish(Tx tx, Caller caller, long id, boolean authorShown) {
    Instant now = clock.instant();
    if (store.articles().claimDue(tx, id, now).isEmpty()) {
      return false;
    }
    Whole whole = store.bodies().whole(tx, id).orElseThrow();
    ArticleRow row = whole.article();
    try {
      Decision decision = decide(tx, caller, whole, authorShown);
      boolean held = decision.event() == Event.HOLD;
      move(tx, row, decision, held ? "moderation" : "timer", held ? "内容需要人工审核" : null, now);
      return true;
    } catch (ServiceException refused) {
      if (!refusal(refused)) {
        throw refused;
      }
      move(tx, row, new Decision(Event.REFUSE, 0), "timer", "定时发布未通过：" + reason(refused), now);
      return false;
    }
  }

  private Decision decide(Tx tx, Caller caller, Whole whole, boolean authorShown) {
    ArticleRow row = whole.article();
    if (row.review().hold()
        || !authors.card(caller, row.authorId()).map(Authors::shown).orElse(false)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "RESTRICTED");
    }
    try {
      Rendering text =
          renderer.render(
              whole.body().content(), row.contentFormat(), row.visibility(), row.preview());
      return publishing.decide(
          caller,
          Publication.candidate(row, store.tags().namesOf(tx, row.id()), text),
          Event.PUBLISH);
    } catch (UnrenderableText broken) {
      throw Renderer.refusal(broken);
    }
  }

  /** What the author must mend; anything else is tried again at the next round. */
  private static boolean refusal(ServiceException failure) {
    return failure.failureCode() < 500;
  }

  private static String reason(ServiceException refused) {
    String reason = refused.getDebugInfo().getString("reason");
    return reason == null ? refused.getMessage() : reason;
  }

  private void move(
      Tx tx, ArticleRow row, Decision decision, String cause, String reason, Instant now) {
    List<ArticleStatus> path = StatusMachine.path(row.status(), decision.event());
    Map<String, Object> columns =
        Transitions.columns(path.getLast(), row.publishedAt(), row.version(), null, now);
    columns.put("updated_at", now);
    if (!store.articles().update(tx, row.id(), row.revision(), columns)) {
      throw new IllegalStateException("a locked row changed: " + row.id());
    }
    Long fingerprint = decision.event() == Event.PUBLISH ? decision.fingerprint() : null;
    store.transitions().apply(tx, Move.of(row, path, fingerprint).by(null, cause, reason), now);
  }
}
