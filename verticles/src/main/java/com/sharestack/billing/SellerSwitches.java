package com.sharestack.billing;

import com.sharestack.platform.db.Sql;

/**
 * What a creator switched off for new subscriptions; the one place where orders ask. Whether he may
 * make coupons is the business of coupons.create: codes that exist are honoured.
 */
final class SellerSwitches {

  private final SettingsRepository settings = new SettingsRepository();

  boolean trialEnabled(Sql sql, long creatorId) {
    return settings.find(sql, creatorId).trial();
  }
}
