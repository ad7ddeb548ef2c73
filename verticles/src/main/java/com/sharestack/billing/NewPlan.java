package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.PlanEntitlements;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A plan that passed {@link PlanRules} and may be stored. */
record NewPlan(
    long creatorId,
    String name,
    String description,
    long priceFen,
    BillingCycle cycle,
    List<String> features,
    int trialDays,
    boolean active,
    boolean isDefault,
    int sortOrder,
    PlanEntitlements entitlements,
    JsonObject metadata) {

  NewPlan withEntitlements(PlanEntitlements opened) {
    return new NewPlan(
        creatorId,
        name,
        description,
        priceFen,
        cycle,
        features,
        trialDays,
        active,
        isDefault,
        sortOrder,
        opened,
        metadata);
  }
}
