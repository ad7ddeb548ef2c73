package com.sharestack.billing;

import com.sharestack.contract.AccessQuota;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.AccessVerdictReason;
import com.sharestack.contract.AccessVerdictSource;
import com.sharestack.contract.ContentScope;
import com.sharestack.contract.EntitlementFeature;
import com.sharestack.contract.EntitlementFeatureType;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.Visibility;
import java.time.Instant;
import java.util.Optional;

/** Pure parts of subscriptions.accessCheck. */
final class AccessRules {

  private AccessRules() {}

  /** The literals of content's engine in the words of this operation. */
  static AccessVerdictSource source(AccessSource source) {
    return source == null ? AccessVerdictSource.NONE : AccessVerdictSource.of(source.literal());
  }

  /**
   * Content's reason in the words of this operation; what has no word of its own says what would
   * help: a purchase for what is sold singly, a subscription otherwise.
   */
  static AccessVerdictReason reason(AccessReason reason, boolean soldSingly) {
    if (reason == null) {
      return AccessVerdictReason.CONTENT_UNAVAILABLE;
    }
    return switch (reason) {
      case LOGIN_REQUIRED -> AccessVerdictReason.LOGIN_REQUIRED;
      case SUBSCRIPTION_REQUIRED -> AccessVerdictReason.SUBSCRIPTION_REQUIRED;
      case PURCHASE_REQUIRED -> AccessVerdictReason.PURCHASE_REQUIRED;
      case EXPIRED ->
          soldSingly
              ? AccessVerdictReason.PURCHASE_REQUIRED
              : AccessVerdictReason.SUBSCRIPTION_REQUIRED;
      case NOT_YET_VALID, PERMISSION_RULE -> AccessVerdictReason.CONTENT_UNAVAILABLE;
    };
  }

  /** Whether a subscription to {@code plan} would open an article of this visibility. */
  static boolean opens(
      PlanRow plan, long articleId, Visibility visibility, boolean includedInSubscription) {
    PlanEntitlements opened = plan.entitlements();
    boolean level =
        switch (visibility) {
          case PUBLIC -> true;
          case SUBSCRIBERS -> opened.visibilityLevels().contains(EntitlementLevel.SUBSCRIBERS);
          case PAID ->
              includedInSubscription
                  && plan.priced()
                  && opened.visibilityLevels().contains(EntitlementLevel.PAID);
        };
    return level
        && (opened.contentScope() == ContentScope.ALL || opened.articleIds().contains(articleId));
  }

  static Optional<EntitlementFeature> feature(PlanEntitlements opened, String key) {
    return opened.features().stream()
        .filter(feature -> feature.featureKey().equals(key))
        .findFirst();
  }

  /** A quota of nothing is a promise of nothing; a quota without a number has no bound. */
  static boolean grants(EntitlementFeature feature) {
    return feature.type() != EntitlementFeatureType.QUOTA
        || feature.limit() == null
        || feature.limit() > 0;
  }

  /**
   * The quota of a feature, null when it has none. Nothing is used: the operation that consumes
   * quotas does not exist.
   */
  static AccessQuota quota(EntitlementFeature feature, Instant resetsAt) {
    return feature.type() == EntitlementFeatureType.QUOTA && feature.limit() != null
        ? new AccessQuota(feature.limit(), 0, resetsAt)
        : null;
  }
}
