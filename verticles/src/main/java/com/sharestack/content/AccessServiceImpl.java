package com.sharestack.content;

import com.sharestack.content.AccessRules.Permission;
import com.sharestack.content.Visible.Seen;
import com.sharestack.contract.AccessCheck;
import com.sharestack.contract.AccessCheckRequest;
import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Paywall;
import com.sharestack.contract.Principal;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;

/** Operations access.* of the contract. */
final class AccessServiceImpl implements AccessService {

  private final Visible visible;
  private final Entitlements entitlements;
  private final Paywalls paywalls;
  private final Authors authors;

  AccessServiceImpl(
      Visible visible, Entitlements entitlements, Paywalls paywalls, Authors authors) {
    this.visible = visible;
    this.entitlements = entitlements;
    this.paywalls = paywalls;
    this.authors = authors;
  }

  @Override
  public Future<AccessCheck> check(Caller caller, AccessCheckRequest request) {
    Seen seen = visible.require(caller, Viewer.of(caller), request.id());
    ArticleRow article = seen.article();
    Viewer asked = asked(caller, article, request.userId());
    Permission permission = Permission.valueOf(request.permissionType().toUpperCase(Locale.ROOT));
    AccessInfo view = entitlements.decide(caller, asked, article).access();
    AccessInfo access = AccessRules.permit(permission, asked, article, view);
    boolean unlockable = !access.allowed() && !view.allowed() && article.cut();
    Paywall paywall =
        unlockable ? paywalls.of(caller, article, seen.detail().body().hiddenWords()) : null;
    return Future.succeededFuture(
        new AccessCheck(
            article.id(), request.permissionType(), access, paywall, access.expiresAt()));
  }

  /** Author and staff may ask for somebody else. */
  private Viewer asked(Caller caller, ArticleRow article, Long userId) {
    Viewer viewer = Viewer.of(caller);
    if (userId == null || userId.equals(caller.userId())) {
      return viewer;
    }
    if (!viewer.staff() && !viewer.wrote(article)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_OWNER");
    }
    Principal other =
        authors
            .principal(caller, userId)
            .orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND, "resource", "user"));
    List<String> held = other.permissions();
    return new Viewer(
        userId, held.contains(Viewer.MANAGE) || held.contains(Viewer.REVIEW) || held.contains("*"));
  }

  @Override
  public Future<AccessDecision> decide(Caller caller, AccessDecideRequest request) {
    AccessDecideQuery query = request.body();
    Viewer viewer =
        query.userId() != null && Callers.isUser(caller, query.userId())
            ? Viewer.of(caller)
            : new Viewer(query.userId(), false);
    return Future.succeededFuture(
        visible
            .find(caller, viewer, query.articleId())
            .map(seen -> decision(caller, viewer, seen.article()))
            .orElseGet(() -> AccessDecision.builder().found(false).build()));
  }

  private AccessDecision decision(Caller caller, Viewer viewer, ArticleRow article) {
    return AccessDecision.builder()
        .found(true)
        .creatorId(article.authorId())
        .access(entitlements.decide(caller, viewer, article).access())
        .articleStatus(article.status())
        .visibility(article.visibility())
        .price(Money.ofFen(article.priceFen()))
        .includedInSubscription(article.includedInSubscription())
        .build();
  }
}
