package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.PlanStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * A plan as stored.
 *
 * @param everSold fixes cycle and free or priced
 * @param subscriberCount users with access on this plan
 */
record PlanRow(
    long id,
    long creatorId,
    String name,
    String description,
    long priceFen,
    BillingCycle cycle,
    List<String> features,
    int trialDays,
    boolean active,
    boolean everActivated,
    boolean everSold,
    boolean deleted,
    PlanEntitlements entitlements,
    JsonObject metadata,
    long subscriberCount,
    Instant createdAt,
    Instant updatedAt) {

  boolean priced() {
    return priceFen > 0;
  }

  PlanStatus status() {
    if (active) {
      return PlanStatus.ACTIVE;
    }
    return everActivated ? PlanStatus.INACTIVE : PlanStatus.DRAFT;
  }
}
