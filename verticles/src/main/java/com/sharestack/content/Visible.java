package com.sharestack.content;

import com.sharestack.content.BodyRepository.LastPublished;
import com.sharestack.content.Details.Detail;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.errors.Errors;
import io.vertx.serviceproxy.ServiceException;
import java.util.Optional;

/**
 * Which articles exist for whom: published ones of shown authors for everybody, the rest for author
 * and staff; buyers and grantees keep the last published version of one that was taken back.
 */
final class Visible {

  private final Details details;
  private final BodyRepository bodies;
  private final Authors authors;
  private final AuthorVisibility authorVisibility;
  private final Entitlements entitlements;

  Visible(
      Details details,
      BodyRepository bodies,
      Authors authors,
      AuthorVisibility authorVisibility,
      Entitlements entitlements) {
    this.details = details;
    this.bodies = bodies;
    this.authors = authors;
    this.authorVisibility = authorVisibility;
    this.entitlements = entitlements;
  }

  /** An article that exists for a viewer. */
  record Seen(Detail detail, UserCard author) {
    ArticleRow article() {
      return detail.article();
    }
  }

  Seen require(Caller caller, Viewer viewer, long id) {
    return find(caller, viewer, id).orElseThrow(Visible::notFound);
  }

  Optional<Seen> find(Caller caller, Viewer viewer, long id) {
    Optional<Detail> found = details.find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ArticleRow article = found.get().article();
    UserCard author = authors.card(caller, article.authorId()).orElse(null);
    authorVisibility.check(article, author);
    boolean inCharge = viewer.staff() || viewer.wrote(article);
    if (author == null || (!inCharge && !Authors.shown(author))) {
      return Optional.empty();
    }
    if (inCharge || article.published()) {
      return Optional.of(new Seen(found.get(), author));
    }
    return lastPublished(caller, viewer, found.get()).map(detail -> new Seen(detail, author));
  }

  private Optional<Detail> lastPublished(Caller caller, Viewer viewer, Detail detail) {
    ArticleRow article = detail.article();
    if (article.publishedVersion() == null
        || article.review().hold()
        || !entitlements.keeps(caller, viewer, article)) {
      return Optional.empty();
    }
    return bodies.lastPublished(article.id()).map(last -> asPublished(detail, last));
  }

  private Detail asPublished(Detail detail, LastPublished last) {
    ArticleRow article = detail.article().withText(last.title(), last.excerpt());
    Body body = last.body().stale() ? details.rendered(article, last.body()) : last.body();
    return new Detail(article, body, detail.tags());
  }

  static ServiceException notFound() {
    return Errors.of(ErrorCode.NOT_FOUND, "resource", "article");
  }
}
