package com.sharestack.content;

import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ContentScope;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.Visibility;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what with an article (content contract, conventions "Visibility" and access.rules.get
 * for the defaults of the other permissions). Pure: facts in, verdict out.
 */
final class AccessRules {

  /** Literals of permission_type. */
  enum Permission {
    VIEW,
    COMMENT,
    SHARE,
    DOWNLOAD
  }

  /** A manual grant or a purchase; null expiry = for good. */
  record Pass(Instant expiresAt) {
    boolean valid(Instant now) {
      return expiresAt == null || expiresAt.isAfter(now);
    }
  }

  /**
   * What is known about a reader and an article.
   *
   * @param subscription to the author, when billing says it gives access now
   * @param categoryLine the article's category and all above it
   */
  record Facts(
      Optional<Pass> grant,
      Optional<Pass> purchase,
      Optional<SubscriptionGrant> subscription,
      Set<Long> categoryLine) {

    static final Facts NONE =
        new Facts(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
  }

  private AccessRules() {}

  /** Whether {@code viewer} may read the whole text; the first rule that applies decides. */
  static AccessInfo decide(Viewer viewer, ArticleRow article, Facts facts, Instant now) {
    if (viewer.wrote(article)) {
      return allowed(AccessSource.AUTHOR, null);
    }
    if (viewer.staff()) {
      return allowed(AccessSource.ADMIN, null);
    }
    if (article.visibility() == Visibility.PUBLIC) {
      return allowed(AccessSource.FREE, null);
    }
    if (viewer.anonymous()) {
      return denied(AccessReason.LOGIN_REQUIRED);
    }
    Optional<Pass> grant = facts.grant().filter(pass -> pass.valid(now));
    if (grant.isPresent()) {
      return allowed(AccessSource.GRANTED, grant.get().expiresAt());
    }
    Optional<Pass> purchase = facts.purchase().filter(pass -> pass.valid(now));
    if (purchase.isPresent()) {
      return allowed(AccessSource.PURCHASED, purchase.get().expiresAt());
    }
    Optional<SubscriptionGrant> subscription =
        facts.subscription().filter(grants -> opens(grants, article, facts.categoryLine(), now));
    if (subscription.isPresent()) {
      return allowed(AccessSource.SUBSCRIPTION, subscription.get().accessUntil());
    }
    return denied(missing(article, facts));
  }

  /** Whether {@code viewer} may do {@code permission}, given the verdict about viewing. */
  static AccessInfo permit(
      Permission permission, Viewer viewer, ArticleRow article, AccessInfo view) {
    boolean inCharge = view.source() == AccessSource.AUTHOR || view.source() == AccessSource.ADMIN;
    if (permission == Permission.VIEW || inCharge) {
      return view;
    }
    if (permission == Permission.SHARE) {
      return allowed(AccessSource.FREE, null);
    }
    if (viewer.anonymous()) {
      return denied(AccessReason.LOGIN_REQUIRED);
    }
    if (!view.allowed()) {
      return view;
    }
    boolean closed = !article.allowComments() || !article.published();
    return permission == Permission.COMMENT && closed ? denied(AccessReason.PERMISSION_RULE) : view;
  }

  private static boolean opens(
      SubscriptionGrant grant, ArticleRow article, Set<Long> categoryLine, Instant now) {
    if (grant.accessUntil() != null && !grant.accessUntil().isAfter(now)) {
      return false;
    }
    boolean level =
        article.visibility() == Visibility.SUBSCRIBERS
            ? grant.visibilityLevels().contains(EntitlementLevel.SUBSCRIBERS)
            : grant.priced()
                && article.includedInSubscription()
                && grant.visibilityLevels().contains(EntitlementLevel.PAID);
    return level
        && (grant.contentScope() == ContentScope.ALL
            || grant.articleIds().contains(article.id())
            || grant.categoryIds().stream().anyMatch(categoryLine::contains));
  }

  private static AccessReason missing(ArticleRow article, Facts facts) {
    if (facts.grant().isPresent() || facts.purchase().isPresent()) {
      return AccessReason.EXPIRED;
    }
    return article.priceFen() == null
        ? AccessReason.SUBSCRIPTION_REQUIRED
        : AccessReason.PURCHASE_REQUIRED;
  }

  private static AccessInfo allowed(AccessSource source, Instant until) {
    return new AccessInfo(true, source, null, until);
  }

  private static AccessInfo denied(AccessReason reason) {
    return new AccessInfo(false, null, reason, null);
  }
}
