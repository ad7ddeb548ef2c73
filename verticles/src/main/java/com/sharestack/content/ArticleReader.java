package com.sharestack.content;

import com.sharestack.content.Entitlements.Verdict;
import com.sharestack.content.Visible.Seen;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticlesGetRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentViewEvent;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.Paywall;
import com.sharestack.contract.TocEntry;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.UserInteractions;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading one article: articles.get and trial.get. */
final class ArticleReader {

  private static final Logger LOG = LoggerFactory.getLogger(ArticleReader.class);

  private final Visible visible;
  private final Entitlements entitlements;
  private final Paywalls paywalls;
  private final Categories categories;
  private final ArticleViews views;
  private final Watermarks watermarks;
  private final ViewCounter counter;
  private final Db db;
  private final Outbox outbox;
  private final Clock clock;

  ArticleReader(
      Visible visible,
      Entitlements entitlements,
      Paywalls paywalls,
      Categories categories,
      ArticleViews views,
      Watermarks watermarks,
      ViewCounter counter,
      Db db,
      Outbox outbox,
      Clock clock) {
    this.visible = visible;
    this.entitlements = entitlements;
    this.paywalls = paywalls;
    this.categories = categories;
    this.views = views;
    this.watermarks = watermarks;
    this.counter = counter;
    this.db = db;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** The part of a text that one reader gets. */
  private record Part(String content, String html, List<TocEntry> toc) {
    static final Part NOTHING = new Part("", "", List.of());

    static Part whole(Body body) {
      return new Part(body.content(), body.html(), body.toc());
    }

    static Part free(Body body) {
      return new Part(body.freeContent(), body.freeHtml(), body.freeToc());
    }
  }

  ArticleDetail get(Caller caller, ArticlesGetRequest request) {
    Viewer viewer = Viewer.of(caller);
    Seen seen = visible.require(caller, viewer, request.id());
    ArticleRow article = seen.article();
    Verdict verdict = verdict(caller, viewer, article, request.includeContent());
    boolean truncated = article.cut() && !verdict.access().allowed();
    boolean inCharge = viewer.staff() || viewer.wrote(article);
    ArticleDetail.Builder detail =
        views
            .detail(
                article,
                seen.detail().tags(),
                categories.tree().ref(article.categoryId()),
                seen.author(),
                inCharge)
            .userInteractions(
                new UserInteractions(false, false, subscribed(caller, viewer, article, verdict)))
            .access(verdict.access())
            .contentTruncated(truncated)
            .paywall(truncated ? paywall(caller, seen) : null)
            .watermark(watermark(viewer, article, verdict.access()));
    if (request.includeContent()) {
      Part part = part(seen.detail().body(), article, viewer, truncated);
      detail.content(part.content()).contentHtml(part.html()).toc(part.toc());
    }
    if (request.trackView() && article.published() && !inCharge && !ViewCounter.bot(caller)) {
      count(caller, article);
    }
    return detail.build();
  }

  /**
   * The first time a buyer, or a subscriber who has paid lately, is handed the whole text billing
   * is told before: refunds that need no staff ask what was read. Refunded in the same moment:
   * decided anew.
   */
  private Verdict verdict(Caller caller, Viewer viewer, ArticleRow article, boolean wholeText) {
    Verdict verdict = entitlements.decide(caller, viewer, article);
    boolean firstOpening = wholeText && article.cut() && verdict.untold();
    return firstOpening && !entitlements.open(caller, viewer.userId(), article, verdict)
        ? entitlements.decide(caller, viewer, article)
        : verdict;
  }

  /** The free part, the same for everyone; the whole of what is free for all. */
  TrialContent trial(Caller caller, long id) {
    Viewer viewer = Viewer.of(caller);
    Seen seen = visible.require(caller, viewer, id);
    ArticleRow article = seen.article();
    if (!article.published()) {
      throw Visible.notFound();
    }
    if (article.cut() && viewer.anonymous() && !article.preview().allowAnonymous()) {
      throw Errors.of(ErrorCode.UNAUTHORIZED);
    }
    Body body = seen.detail().body();
    return TrialContent.builder()
        .articleId(article.id())
        .title(article.title())
        .contentType(article.contentType())
        .contentHtml(article.cut() ? body.freeHtml() : body.html())
        .paywall(article.cut() ? paywall(caller, seen) : null)
        .settings(ArticleViews.preview(article))
        .build();
  }

  private static Part part(Body body, ArticleRow article, Viewer viewer, boolean truncated) {
    if (!truncated) {
      return Part.whole(body);
    }
    boolean withheld = viewer.anonymous() && !article.preview().allowAnonymous();
    return withheld ? Part.NOTHING : Part.free(body);
  }

  private Paywall paywall(Caller caller, Seen seen) {
    return paywalls.of(caller, seen.article(), seen.detail().body().hiddenWords());
  }

  private String watermark(Viewer viewer, ArticleRow article, AccessInfo access) {
    boolean reader =
        access.allowed()
            && access.source() != AccessSource.AUTHOR
            && access.source() != AccessSource.ADMIN;
    return reader && article.visibility() == Visibility.PAID
        ? watermarks.of(viewer.userId(), article.id())
        : null;
  }

  /**
   * Whether the reader subscribes to the author. Of an article that needs no subscription it is a
   * mere ornament: while billing is away it is shown as no.
   */
  private boolean subscribed(Caller caller, Viewer viewer, ArticleRow article, Verdict verdict) {
    if (verdict.subscribed().isPresent()) {
      return verdict.subscribed().get();
    }
    if (viewer.anonymous() || viewer.wrote(article)) {
      return false;
    }
    try {
      return entitlements.subscribed(caller, viewer.userId(), article.authorId());
    } catch (RuntimeException away) {
      LOG.warn("subscription shown as none: {}", away.toString());
      return false;
    }
  }

  /** Behind the answer: a reader does not wait for counters. */
  private void count(Caller caller, ArticleRow article) {
    Future<Boolean> counted = counter.view(article.id(), counter.visitor(caller));
    if (!EventTopic.CONTENT_VIEW.consumers().isEmpty() && counted.await()) {
      db.tx(
          tx -> {
            outbox.publish(tx, EventTopic.CONTENT_VIEW, event(caller, article));
            return null;
          });
    }
  }

  private ContentViewEvent event(Caller caller, ArticleRow article) {
    return ContentViewEvent.builder()
        .articleId(article.id())
        .actorId(caller.userId())
        .visitor(caller.userId() == null ? counter.visitor(caller) : null)
        .authorId(article.authorId())
        .at(clock.instant())
        .build();
  }
}
