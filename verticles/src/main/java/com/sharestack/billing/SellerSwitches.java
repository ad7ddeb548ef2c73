package com.sharestack.billing;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;

/**
 * What a creator switched off for new subscriptions (entity SubscriptionSettings); the one place
 * where orders ask. Whether he may make coupons at all is the business of coupons.create: codes
 * that exist are honoured.
 */
final class SellerSwitches {

  /** Without a row the defaults hold. */
  boolean trialEnabled(Sql sql, long creatorId) {
    return sql.row(
            "SELECT trial_enabled FROM subscription_settings WHERE creator_id = ?", creatorId)
        .map(row -> Rows.flag(row, "trial_enabled"))
        .orElse(true);
  }
}
