package com.sharestack.billing;

import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessRequirement;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AccessVerdict;
import com.sharestack.contract.AccessVerdictReason;
import com.sharestack.contract.AccessVerdictSource;
import com.sharestack.contract.Caller;
import com.sharestack.contract.EntitlementFeature;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.SubscriptionsAccessCheckRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Operation {@code subscriptions.accessCheck}. Articles are decided by content's engine alone;
 * creator areas and features are decided here.
 */
final class AccessChecks {

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final SubscriptionRepository subscriptions;
  private final AccessService access;

  AccessChecks(Db db, Clock clock, Tables tables, AccessService access) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.subscriptions = tables.subscriptions();
    this.access = access;
  }

  AccessVerdict check(Caller caller, SubscriptionsAccessCheckRequest asked) {
    requireOneQuestion(asked);
    if (asked.articleId() != null) {
      return article(caller, asked.articleId());
    }
    return asked.featureKey() == null
        ? creatorArea(caller, asked.creatorId())
        : feature(caller, asked.creatorId(), asked.featureKey());
  }

  private static void requireOneQuestion(SubscriptionsAccessCheckRequest asked) {
    if (asked.featureKey() != null && asked.creatorId() == null) {
      throw Errors.invalid("creator_id", "查询功能权限时须指定创作者");
    }
    if ((asked.articleId() == null) == (asked.creatorId() == null)) {
      throw Errors.invalid("article_id", "请指定文章或创作者，且只能指定其一");
    }
  }

  private AccessVerdict article(Caller caller, long articleId) {
    AccessDecision decision =
        access
            .decide(
                caller, new AccessDecideRequest(new AccessDecideQuery(caller.userId(), articleId)))
            .await();
    if (!decision.found()) {
      throw Errors.of(ErrorCode.NOT_FOUND, "resource", "article");
    }
    AccessInfo info = decision.access();
    Optional<SubscriptionRow> mine = unexpired(caller, decision.creatorId());
    if (info.allowed()) {
      AccessVerdictSource source = AccessRules.source(info.source());
      return granted(
          source,
          source == AccessVerdictSource.SUBSCRIPTION
              ? mine.map(SubscriptionRow::publicId).orElse(null)
              : null,
          info.expiresAt());
    }
    boolean soldSingly = decision.visibility() == Visibility.PAID && decision.price() != null;
    boolean included = Boolean.TRUE.equals(decision.includedInSubscription());
    return refused(
        refinedByGrace(AccessRules.reason(info.reason(), soldSingly), mine),
        decision.creatorId(),
        plan -> AccessRules.opens(plan, articleId, decision.visibility(), included),
        soldSingly ? decision.price() : null);
  }

  private AccessVerdict creatorArea(Caller caller, long creatorId) {
    Optional<AccessVerdictSource> byRole = byRole(caller, creatorId);
    if (byRole.isPresent()) {
      return granted(byRole.get(), null, null);
    }
    Optional<SubscriptionRow> mine = unexpired(caller, creatorId);
    return mine.filter(this::grantsAccess)
        .map(row -> bySubscription(row))
        .orElseGet(() -> refused(reason(caller, mine), creatorId, plan -> true, null));
  }

  private AccessVerdict feature(Caller caller, long creatorId, String key) {
    Optional<AccessVerdictSource> byRole = byRole(caller, creatorId);
    if (byRole.isPresent()) {
      return granted(byRole.get(), null, null);
    }
    Optional<SubscriptionRow> mine = unexpired(caller, creatorId);
    Optional<SubscriptionRow> granting = mine.filter(this::grantsAccess);
    Optional<EntitlementFeature> found =
        granting
            .flatMap(row -> AccessRules.feature(row.entitlements(), key))
            .filter(AccessRules::grants);
    if (found.isEmpty()) {
      return refused(
          reason(caller, mine),
          creatorId,
          plan ->
              AccessRules.feature(plan.entitlements(), key).filter(AccessRules::grants).isPresent(),
          null);
    }
    SubscriptionRow row = granting.orElseThrow();
    return AccessVerdict.builder()
        .hasAccess(true)
        .source(AccessVerdictSource.SUBSCRIPTION)
        .subscriptionId(row.publicId())
        .expiresAt(SubscriptionRules.accessEnd(row))
        .quota(AccessRules.quota(found.get(), row.periodEnd()))
        .build();
  }

  private static Optional<AccessVerdictSource> byRole(Caller caller, long creatorId) {
    if (Callers.isUser(caller, creatorId)) {
      return Optional.of(AccessVerdictSource.AUTHOR);
    }
    return Actors.readsEverything(caller)
        ? Optional.of(AccessVerdictSource.ADMIN)
        : Optional.empty();
  }

  private Optional<SubscriptionRow> unexpired(Caller caller, long creatorId) {
    return Callers.anonymous(caller)
        ? Optional.empty()
        : subscriptions.unexpired(db, caller.userId(), creatorId);
  }

  private boolean grantsAccess(SubscriptionRow row) {
    return SubscriptionRules.grantsAccess(row, clock.instant());
  }

  private AccessVerdictReason reason(Caller caller, Optional<SubscriptionRow> mine) {
    return Callers.anonymous(caller)
        ? AccessVerdictReason.LOGIN_REQUIRED
        : refinedByGrace(AccessVerdictReason.SUBSCRIPTION_REQUIRED, mine);
  }

  /** "Subscribe" is the wrong advice to somebody whose renewal failed. */
  private AccessVerdictReason refinedByGrace(
      AccessVerdictReason reason, Optional<SubscriptionRow> mine) {
    Instant now = clock.instant();
    boolean graceEnded =
        reason == AccessVerdictReason.SUBSCRIPTION_REQUIRED
            && mine.filter(row -> SubscriptionRules.graceEnded(row, now)).isPresent();
    return graceEnded ? AccessVerdictReason.GRACE_ENDED : reason;
  }

  private static AccessVerdict bySubscription(SubscriptionRow row) {
    return granted(
        AccessVerdictSource.SUBSCRIPTION, row.publicId(), SubscriptionRules.accessEnd(row));
  }

  private static AccessVerdict granted(
      AccessVerdictSource source, String subscriptionId, Instant expiresAt) {
    return AccessVerdict.builder()
        .hasAccess(true)
        .source(source)
        .subscriptionId(subscriptionId)
        .expiresAt(expiresAt)
        .build();
  }

  /** A refusal names the active plans that would help and the single price, if there is one. */
  private AccessVerdict refused(
      AccessVerdictReason reason,
      long creatorId,
      Predicate<PlanRow> helps,
      BigDecimal singlePrice) {
    List<PlanRow> active = plans.page(db, creatorId, PlanStatus.ACTIVE, PlanRules.MOST_PLANS, 0);
    return AccessVerdict.builder()
        .hasAccess(false)
        .source(AccessVerdictSource.NONE)
        .required(
            new AccessRequirement(
                active.stream().filter(helps).map(Views::plan).toList(), singlePrice))
        .reason(reason)
        .build();
  }
}
