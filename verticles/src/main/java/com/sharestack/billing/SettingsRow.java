package com.sharestack.billing;

import java.time.Instant;

/**
 * Subscription switches of a creator (entity SubscriptionSettings).
 *
 * @param autoRenew new agreements are allowed
 * @param trial trials of plans hold for new subscriptions
 * @param coupons he may issue coupons
 * @param emailNotifications mails about subscribers
 * @param updatedAt null when never saved
 */
record SettingsRow(
    boolean autoRenew,
    boolean trial,
    boolean coupons,
    boolean emailNotifications,
    String welcomeTitle,
    String welcomeMessage,
    Instant updatedAt) {

  /** When never saved. */
  static final SettingsRow DEFAULTS = new SettingsRow(true, true, false, true, "", "", null);
}
